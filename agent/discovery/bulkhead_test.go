package discovery

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
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

// Who owns one domain, even one with providers seen before, holds up the names under it and nobody else; and who has left leaves
// nothing behind.
func TestOneOwnerGetsAShare(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			b := newBulkhead(DefaultMaxLookups)
			var left []func()
			for i := range 1000 {
				leave, err := b.enter(t.Context(), browserid.Domain(fmt.Sprintf("d%d.evil.co.uk", i)), known)
				if len(left) == DefaultMaxLookups/siteShare {
					require.ErrorIs(t, err, ErrBusy)
					break
				}
				require.NoError(t, err)
				left = append(left, leave)
			}
			for _, other := range []browserid.Domain{"idp.test", "good.co.uk", "co.uk"} {
				leave, err := b.enter(t.Context(), other, known)
				require.NoError(t, err)
				left = append(left, leave)
			}
			for _, leave := range left {
				leave()
			}
			require.Empty(t, b.sites.lanes)
			require.Empty(t, b.known.admitted)
			require.Empty(t, b.strangers.admitted)
		})
	}
}

// Who finds the slots of all taken gives back the one of the site.
func TestBusyLeavesTheSite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBulkhead(1)
		leave, err := b.enter(t.Context(), "a.test", false)
		require.NoError(t, err)
		_, err = b.enter(t.Context(), "b.test", false)
		require.ErrorIs(t, err, ErrBusy)
		leave()
		require.Empty(t, b.sites.lanes)
	})
}
