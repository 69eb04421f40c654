package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Bounds on the connections to SQLite: one writes, as SQLite allows no more.
const readConnections = 4

var sqliteDialect = dialect{
	name:   "sqlite",
	update: nil, // BEGIN IMMEDIATE, by the connection
	view:   &sql.TxOptions{ReadOnly: true},
	again:  isSQLiteBusy,
}

// isSQLiteBusy reports whether another process was in the way. Within this one,
// writers stand in line for their one connection.
func isSQLiteBusy(err error) bool {
	failure, ok := errors.AsType[*sqlite.Error](err)
	return ok && (failure.Code()&0xff == sqlite3.SQLITE_BUSY || failure.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// sqlitePath takes the path out of a URL; a bare path is one already.
func sqlitePath(url string) string {
	path, _ := strings.CutPrefix(url, "sqlite:")
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		return rest
	}
	return path
}

// sqliteURL names the file and how each connection is set up. SQLite itself
// waits for others but shortly, since it does not notice then that the context
// has ended; persist waits longer.
func sqliteURL(path string, settings ...string) string {
	query := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{
		"busy_timeout(200)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
		"temp_store(MEMORY)",
	}, settings...)}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String()
}

func (s *Store) openSQLite(ctx context.Context, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if err := makePrivate(path); err != nil {
		return err
	}
	s.dialect, s.path = sqliteDialect, path
	if s.write, err = openPool(sqliteURL(path), 1); err != nil {
		return err
	}
	if err := s.prepareSQLite(ctx); err != nil {
		return fmt.Errorf("database %s: %w", path, err)
	}
	s.read, err = openPool(sqliteURL(path, "query_only(1)"), readConnections)
	return err
}

var errForeign = errors.New("it belongs to another program")

// prepareSQLite makes sure that the file is a database of ours, of this version.
func (s *Store) prepareSQLite(ctx context.Context) error {
	switch id, err := idOf(ctx, s.write); {
	case err != nil:
		return err
	case id == idOfBackup:
		return ErrBackup
	case id != 0 && id != idOfDatabase:
		return errForeign
	}
	if err := s.migrateSQLite(ctx); err != nil {
		return err
	}
	_, err := s.write.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", idOfDatabase))
	return err
}

func openPool(url string, connections int) (*sql.DB, error) {
	connector, err := newConnector(url)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// makePrivate makes a file that only its owner reads, if there is none. SQLite
// gives the files beside it the same mode.
func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}
