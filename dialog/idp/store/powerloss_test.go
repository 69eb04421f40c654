package store_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
	"github.com/navid-login/navid/dialog/idp/storetest"
)

// Security.md 5, number 26: only what was synced is sure to survive. The workload
// is recorded as SQLite writes and syncs it, with a checkpoint every few
// transactions; then the power fails at random operations. Of what was not synced
// yet nothing is left, or any of the sectors.
//
// The kernel's part, that a synced byte is on the disk, is taken for granted.
// These tests share the recorder, so they are no parallel ones.
func TestPowerLoss(t *testing.T) {
	operations := recordWorkload(t, "FULL")
	for round := range storetest.Rounds(t, 200) {
		at, done := cut(operations)
		nothing := func() bool { return false }
		anything := func() bool { return rand.IntN(2) == 0 }
		folder := afterPowerLoss(t, operations[:at], []survives{nothing, anything}[round%2])
		s := open(t, filepath.Join(folder, "navid.db"))
		found := requireDone(t, s, 0, done)
		requireSpent(t, s, found)
		var verdict string
		require.NoError(t, s.Writer().QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict))
		require.Equal(t, "ok", verdict)
	}
}

// The recorder does notice what is lost: without a sync at each commit, something is.
func TestPowerLossWithoutSync(t *testing.T) {
	operations := recordWorkload(t, "NORMAL")
	lost := 0
	for range 20 {
		at, done := cut(operations)
		folder := afterPowerLoss(t, operations[:at], func() bool { return false })
		if stepsDone(t, open(t, filepath.Join(folder, "navid.db")), 0) < done {
			lost++
		}
	}
	assert.Positive(t, lost)
}

// cut picks when the power fails, after the database was made, and counts the
// steps that were reported before.
func cut(operations []operation) (at, done int) {
	first := 0
	for operations[first].kind != reported {
		first++
	}
	at = first + 1 + rand.IntN(len(operations)-first)
	for _, operation := range operations[:at] {
		if operation.kind == reported {
			done++
		}
	}
	return at, done
}

func recordWorkload(t *testing.T, synchronous string) []operation {
	t.Helper()
	folder := t.TempDir()
	recording().watch(folder)
	s := open(t, filepath.Join(folder, "navid.db"))
	for _, setting := range []string{"synchronous = " + synchronous, "wal_autocheckpoint = 60"} {
		_, err := s.Writer().ExecContext(t.Context(), "PRAGMA "+setting)
		require.NoError(t, err)
	}
	for n := range 25 * steps {
		require.NoError(t, step(t.Context(), s, n))
		recording().report()
	}
	operations := recording().taken()
	require.True(t, slices.ContainsFunc(operations, func(o operation) bool { return o.file == "navid.db" && o.kind == synced }),
		"checkpoints are a part of it")
	return operations
}

// The same on Postgres: of what was written since a checkpoint nothing is left but
// the log, as far as the server said that it was synced when a step was reported.
// The server's word for that is believed.
func TestPowerLossOfPostgres(t *testing.T) {
	t.Parallel()
	server := postgrestest.Start(t)
	if !server.Owned() {
		t.Logf("the files of %s are not ours: nothing is shown", postgrestest.Variable)
		return
	}
	url := server.Database(t)
	s := open(t, url)
	image := server.Freeze(t)
	synced := make([]postgrestest.LSN, 20*steps)
	for n := range synced {
		require.NoError(t, step(t.Context(), s, n))
		require.NoError(t, s.Writer().QueryRowContext(t.Context(), "SELECT pg_current_wal_flush_lsn()::text").Scan(&synced[n]))
	}
	server.Kill()
	for round := range max(2, storetest.Rounds(t, 0)/5) {
		t.Run(strconv.Itoa(round), func(t *testing.T) {
			last := rand.IntN(len(synced))
			revived := open(t, image.Start(t, synced[last]).At(t, url))
			found := requireDone(t, revived, 0, last+1)
			requireSpent(t, revived, found)
		})
	}
}
