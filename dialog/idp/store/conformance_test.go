package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp/store"
	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
	"github.com/navid-login/navid/dialog/idp/storetest"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		fmt.Fprintln(os.Stderr, child(url))
		os.Exit(1)
	}
	os.Exit(postgrestest.Main(m))
}

// backends are the databases that each test of them all is run on.
func backends(t *testing.T, check func(*testing.T, func(*testing.T) string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		check(t, sqliteFile)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		check(t, func(t *testing.T) string { return postgrestest.Shared(t).Database(t) })
	})
}

func sqliteFile(t *testing.T) string { return filepath.Join(t.TempDir(), "navid.db") }

// open opens a database for the time of the test.
func open(t *testing.T, url string, options ...store.Option) *store.Store {
	t.Helper()
	opened, err := store.Open(t.Context(), url, options...)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, opened.Close()) })
	return opened
}

func TestConformance(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		storetest.Run(t, func(t *testing.T) func(*testing.T) storetest.Store {
			url := database(t)
			return func(t *testing.T) storetest.Store { return open(t, url) }
		})
	})
}
