package discovery

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// Neither those who were served nor those who gave up keep a place.
func TestLaneIsFreeAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lane := newLane(1)
		for range 100 {
			leave, err := lane.enter(t.Context())
			require.NoError(t, err)
			leave()
		}
		leave, err := lane.enter(t.Context())
		require.NoError(t, err)
		for range 100 {
			_, err := lane.enter(t.Context())
			require.ErrorIs(t, err, ErrBusy)
		}
		leave()
		require.Empty(t, lane.admitted)
		require.Empty(t, lane.running)
	})
}
