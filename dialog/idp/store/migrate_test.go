package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp/store"
)

// newer are the migrations of a version to come.
func newer(t *testing.T, statement string) fs.FS {
	t.Helper()
	folder := fstest.MapFS{"90000_later.sql": {Data: []byte("-- +goose Up\n" + statement + ";\n")}}
	names, err := fs.Glob(store.Embedded(), "*.sql")
	require.NoError(t, err)
	for _, name := range names {
		text, err := fs.ReadFile(store.Embedded(), name)
		require.NoError(t, err)
		folder[name] = &fstest.MapFile{Data: text}
	}
	return folder
}

const laterTable = "CREATE TABLE later (n BIGINT)"

// An older program leaves a newer one's database alone, and says why.
func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		url := database(t)
		person(t, open(t, url), "a")
		open(t, url, store.WithMigrations(newer(t, laterTable)))
		_, err := store.Open(t.Context(), url)
		require.ErrorIs(t, err, store.ErrNewerSchema)
		assert.ErrorContains(t, err, "its schema is number 90000")
		person(t, open(t, url, store.WithMigrations(newer(t, laterTable))), "b")
	})
}

func schemaBackups(t *testing.T, path string) []string {
	t.Helper()
	found, err := filepath.Glob(path + ".schema-*")
	require.NoError(t, err)
	return found
}

// What was there before a migration can be restored.
func TestMigrationIsPrecededByABackup(t *testing.T) {
	t.Parallel()
	path := sqliteFile(t)
	s := open(t, path)
	assert.Empty(t, schemaBackups(t, path), "there was nothing before the first")
	person(t, s, "a")
	open(t, path, store.WithMigrations(newer(t, laterTable)))
	open(t, path, store.WithMigrations(newer(t, laterTable)))
	backups := schemaBackups(t, path)
	require.Len(t, backups, 1)
	restored := filepath.Join(t.TempDir(), "restored.db")
	require.NoError(t, store.Restore(t.Context(), backups[0], restored, now))
	assert.True(t, leftOf(t, open(t, restored), "a").Account)
}

// A migration that fails changes nothing.
func TestMigrationThatFails(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		url := database(t)
		s := open(t, url)
		person(t, s, "a")
		_, err := store.Open(t.Context(), url, store.WithMigrations(newer(t, laterTable+"; CREATE TABLE accounts (n BIGINT)")))
		require.Error(t, err)
		assert.True(t, leftOf(t, open(t, url), "a").Session)
	})
}

// Any number of replicas may start at once on a new database.
func TestMigrationsAtOnce(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		url := database(t)
		var replicas sync.WaitGroup
		for range 6 {
			replicas.Go(func() {
				s, err := store.Open(t.Context(), url)
				if assert.NoError(t, err) {
					assert.NoError(t, s.Ping(t.Context()))
					assert.NoError(t, s.Close())
				}
			})
		}
		replicas.Wait()
	})
}

func TestForeignFileIsLeftAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "foreign.db")
	s := open(t, path)
	_, err := s.Writer().ExecContext(t.Context(), "PRAGMA application_id = 77")
	require.NoError(t, err)
	_, err = store.Open(t.Context(), path)
	require.ErrorContains(t, err, "another program")
	text := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(text, []byte("this is a text and no database, and it is long enough to see that"), 0o600))
	_, err = store.Open(t.Context(), text)
	require.ErrorContains(t, err, text)
}

func TestURLs(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "sqlite:", "sqlite://"} {
		path := filepath.Join(t.TempDir(), "a b?c#d%20e.db")
		open(t, prefix+path)
		for _, file := range []string{path, path + "-wal", path + "-shm"} {
			info, err := os.Stat(file)
			require.NoError(t, err, "%q", prefix)
			assert.EqualValues(t, 0o600, info.Mode().Perm(), "nobody else on the machine may read it")
		}
	}
}
