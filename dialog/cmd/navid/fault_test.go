package main

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
)

// The tests of faults run this program as the processes that they kill: the test
// binary is navid, when its environment says so.
const (
	beNavid   = "BE_NAVID"
	unlimited = "unlimited" // nobody is refused for asking too often
)

func TestMain(m *testing.M) {
	if be := os.Getenv(beNavid); be != "" {
		if be == unlimited {
			raiseLimits()
		}
		main()
	}
	os.Exit(postgrestest.Main(m))
}

func raiseLimits() {
	const plenty = 1 << 30
	idp.DefaultLimits.TriesPerAddress, idp.DefaultLimits.OwnTriesPerAddress, idp.DefaultLimits.TriesPerNetwork = plenty, plenty, plenty
}

// faultRounds is how often a fault is made: NAVID_ROUNDS, or a few times.
func faultRounds(t *testing.T, byDefault int) int {
	t.Helper()
	named := os.Getenv("NAVID_ROUNDS")
	if named == "" {
		return byDefault
	}
	rounds, err := strconv.Atoi(named)
	require.NoError(t, err)
	return rounds
}

// backends are the databases that faults are tried on.
func backends(t *testing.T, check func(*testing.T, string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		check(t, filepath.Join(t.TempDir(), "navid.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		check(t, postgrestest.Shared(t).Database(t))
	})
}

// faults are hosts of one database, and a look into it beside them.
type faults struct {
	*rig.Rig
	t        *testing.T
	be       string
	database string
	db       *sql.DB

	mu    sync.Mutex
	hosts []*rig.Host
}

func newFaults(t *testing.T, database string) *faults {
	t.Helper()
	made, err := rig.New(t.TempDir())
	require.NoError(t, err)
	driver, source := "sqlite", database+"?_pragma=busy_timeout(10000)"
	if strings.HasPrefix(database, "postgres:") {
		driver, source = "pgx", database
	}
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	f := &faults{Rig: made, t: t, be: "navid", database: database, db: db}
	t.Cleanup(func() {
		for _, host := range f.hosts {
			host.Kill()
		}
		assert.NoError(t, errors.Join(made.Close(), db.Close()))
	})
	return f
}

// start starts a host more.
func (f *faults) start(settings ...string) *rig.Host {
	f.t.Helper()
	host, err := f.Start(rig.Program{Path: os.Args[0], Environ: []string{beNavid + "=" + f.be}}, f.database, settings...)
	require.NoError(f.t, err)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hosts = append(f.hosts, host)
	return host
}

// endLeases lets the time pass for which the mails of a dead host are its own. It
// comes some time after the death: what the host has sent to Postgres by then is
// done still. A host that lives may send a mail twice for it.
func (f *faults) endLeases() int {
	f.t.Helper()
	result, err := f.db.ExecContext(f.t.Context(), "UPDATE mails SET leased = 0 WHERE state = 'queued' AND leased > 0")
	require.NoError(f.t, err)
	ended, err := result.RowsAffected()
	require.NoError(f.t, err)
	return int(ended)
}

// count counts rows. The arguments are written as Postgres wants them, which
// SQLite takes too.
func (f *faults) count(from string, args ...any) (count int) {
	f.t.Helper()
	require.NoError(f.t, f.db.QueryRowContext(f.t.Context(), "SELECT count(*) FROM "+from, args...).Scan(&count))
	return count
}

// patient bounds what a test waits for: the lease of a mail may be part of it.
func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// requireRefused fails unless the host has refused with this code, in a sentence.
func requireRefused(t *testing.T, err error, code idp.ErrorCode) {
	t.Helper()
	refusal, ok := errors.AsType[*rig.Refusal](err)
	require.True(t, ok, "%v", err)
	require.EqualValues(t, code, refusal.Code)
	require.True(t, strings.HasSuffix(refusal.Message, "."), refusal.Message)
}
