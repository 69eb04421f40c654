package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store"
)

// The file, and those beside it, are for nobody else on the machine.
func TestSQLiteFileIsPrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "navid.db")
	opened, err := store.Open(t.Context(), path)
	require.NoError(t, err)
	defer opened.Close()
	now := time.Now()
	require.NoError(t, opened.Update(t.Context(), func(tx idp.Tx) error {
		return tx.PutAccount(idp.Account{ID: "a", Created: now, Handle: []byte{1}})
	}))
	var got idp.Account
	require.NoError(t, opened.View(t.Context(), func(r idp.Reader) (err error) {
		got, err = r.Account("a")
		return err
	}))
	assert.Equal(t, idp.Account{ID: "a", Created: now.UTC().Truncate(time.Microsecond), Handle: []byte{1}}, got)
	n, err := opened.Count(t.Context(), "x", time.Hour, now)
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	n, err = opened.Count(t.Context(), "x", time.Hour, now)
	require.NoError(t, err)
	assert.Equal(t, 2, n)
}
