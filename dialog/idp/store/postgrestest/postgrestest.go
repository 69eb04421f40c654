// Package postgrestest runs a Postgres for tests: the one of this machine, in a
// temporary folder, on a unix socket, as a user without rights.
//
// NAVID_TEST_POSTGRES names another server by its URL; its user must be allowed
// to create schemas.
package postgrestest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/stretchr/testify/require"
)

// Variable names another server.
const Variable = "NAVID_TEST_POSTGRES"

const missing = `Postgres is needed for this test: "apt-get install postgresql" puts its programs into ` + programs +
	`, or set ` + Variable + ` to the URL of a server`

// Server is a running Postgres.
type Server struct {
	url     *url.URL // of the database "postgres"
	process *process // nil when somebody else runs it
}

// Start starts a server for the time of the test.
func Start(t testing.TB) *Server {
	t.Helper()
	if named := os.Getenv(Variable); named != "" {
		parsed, err := url.Parse(named)
		require.NoError(t, err, Variable)
		return &Server{url: parsed}
	}
	server := start(t, "unlimited")
	t.Cleanup(server.process.end)
	return server
}

// smallFile is in the 512 bytes of a shell: a little more than the 16 MiB of a piece of the log.
const smallFile = "36000"

// StartSmall starts a server whose files may not grow beyond 18 MB, as if the
// disk were full then. It ignores [Variable].
func StartSmall(t testing.TB) *Server {
	t.Helper()
	server := start(t, smallFile)
	t.Cleanup(server.process.end)
	return server
}

func start(t testing.TB, largestFile string) *Server {
	t.Helper()
	process := newProcess(t)
	process.largestFile = largestFile
	process.start(t)
	query := url.Values{"host": {process.folder}, "user": {superuser}}
	return &Server{&url.URL{Scheme: "postgres", Path: "/postgres", RawQuery: query.Encode()}, process}
}

var shared struct {
	sync.Mutex
	server *Server
}

// Shared returns the one server of a test binary whose TestMain is [Main].
func Shared(t testing.TB) *Server {
	t.Helper()
	if os.Getenv(Variable) != "" {
		return Start(t)
	}
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		shared.server = start(t, "unlimited")
	}
	return shared.server
}

// Main runs the tests, and ends the shared server.
func Main(m *testing.M) int {
	defer func() {
		if shared.server != nil {
			shared.server.process.end()
		}
	}()
	return m.Run()
}

// Owned tells whether the server may be killed and started again.
func (s *Server) Owned() bool { return s.process != nil }

// Kill ends the server as a crash would, with all its processes.
func (s *Server) Kill() { s.process.stop() }

// Restart starts the server again after Kill.
func (s *Server) Restart(t testing.TB) { s.process.start(t) }

var made atomic.Int64

// Database makes an empty place for tables, for the time of the test, and
// returns its URL. It is a schema: to make a whole database takes long.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("navid_%d_%d", os.Getpid(), made.Add(1))
	s.run(t, "CREATE SCHEMA "+name)
	if !s.Owned() {
		t.Cleanup(func() { s.run(t, "DROP SCHEMA "+name+" CASCADE") })
	}
	place := *s.url
	query := place.Query()
	query.Set("search_path", name)
	place.RawQuery = query.Encode()
	return place.String()
}

func (s *Server) run(t testing.TB, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", s.url.String())
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	_, err = db.ExecContext(context.WithoutCancel(t.Context()), statement)
	require.NoError(t, err, statement)
}

const (
	programs  = "/usr/lib/postgresql/*/bin"
	superuser = "navid"
	// startLimit is for a busy machine.
	startLimit = time.Minute
)

// program finds one of Postgres' programs, of the newest version.
func program(t testing.TB, name string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(programs, name))
	require.NoError(t, err)
	require.NotEmpty(t, found, missing)
	return found[len(found)-1]
}

// settings are for many small databases. Durability stays as it is by default.
var settings = []string{"listen_addresses=", "max_connections=400", "shared_buffers=64MB", "autovacuum=off", "log_min_messages=panic"}

func quoted(settings []string) string {
	var lines strings.Builder
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		fmt.Fprintf(&lines, "%s = '%s'\n", name, value)
	}
	return lines.String()
}
