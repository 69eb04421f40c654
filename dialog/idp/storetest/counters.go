package storetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func counters(t *testing.T, backend Backend) {
	inTurn(t, pair(t, backend), []check[[2]Store]{{"a window", countWindow}, {"a race", countRace}})
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
