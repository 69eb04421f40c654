package storetest

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

func counters(t *testing.T, backend Backend) {
	inTurn(t, pair(t, backend), []check[[2]Store]{
		{"a window", countWindow}, {"a race", countRace}, {"within a transaction", countWithin},
	})
}

func countWindow(t *testing.T, replicas [2]Store) {
	for i, step := range []struct {
		name string
		at   time.Time
		want int
	}{
		{"a", now, 1},
		{"a", now, 2},
		{"b", now, 1},
		{"a", now.Add(time.Hour - time.Microsecond), 3},
		{"a", now.Add(time.Hour), 1},
		{"a", now.Add(2*time.Hour - time.Microsecond), 2},
		{"a", now.Add(2 * time.Hour), 1},
	} {
		got, err := replicas[i%2].Count(t.Context(), step.name, time.Hour, step.at)
		require.NoError(t, err)
		assert.Equal(t, step.want, got, "%s at %v", step.name, step.at)
	}
}

// countWithin is the same counter, and stands as it stood where the transaction
// was not done.
func countWithin(t *testing.T, replicas [2]Store) {
	count := func(want int, failure error) {
		err := replicas[0].Update(t.Context(), func(tx idp.Tx) error {
			got, err := tx.Count("within", time.Hour, now)
			require.NoError(t, err)
			assert.Equal(t, want, got)
			return failure
		})
		require.ErrorIs(t, err, failure)
	}
	count(1, nil)
	count(2, errors.New("no"))
	count(2, nil)
	got, err := replicas[1].Count(t.Context(), "within", time.Hour, now)
	require.NoError(t, err)
	assert.Equal(t, 3, got)
}

func countRace(t *testing.T, replicas [2]Store) {
	var mutex sync.Mutex
	var seen, want []int
	together(replicas, contenders, func(_ int, store Store) {
		stands, err := store.Count(t.Context(), "race", time.Hour, now)
		assert.NoError(t, err)
		mutex.Lock()
		defer mutex.Unlock()
		seen = append(seen, stands)
	})
	for i := range contenders {
		want = append(want, i+1)
	}
	slices.Sort(seen)
	assert.Equal(t, want, seen, "each count is seen by one")
}
