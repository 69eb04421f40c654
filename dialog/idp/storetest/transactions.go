package storetest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

var errChange = errors.New("this change is not to be")

// everything writes one record of each kind.
func everything(tx idp.Tx) error {
	return errors.Join(replaceable(tx), tx.AppendIssuance(sampleIssuance()))
}

// replaceable is everything but the log.
func replaceable(tx idp.Tx) (err error) {
	for _, kind := range kinds {
		err = errors.Join(err, kind.put(tx, kind.sample))
	}
	return err
}

// requireNothing fails when any record is there. It may take the ceremony.
func requireNothing(t *testing.T, store Store) {
	t.Helper()
	update(t, store, func(tx idp.Tx) error {
		for name, kind := range kinds {
			_, err := kind.get(tx)
			assert.ErrorIs(t, err, idp.ErrNotFound, name)
		}
		logged, err := tx.IssuancesOf(sampleIssuance().EmailMAC, 1)
		assert.Empty(t, logged)
		return err
	})
}

func transactions(t *testing.T, backend Backend) {
	inTurn(t, single(t, backend), []check[Store]{
		{"it answers", func(t *testing.T, store Store) { require.NoError(t, store.Ping(t.Context())) }},
		{"an error leaves nothing", errorLeavesNothing},
		{"a panic leaves nothing", panicLeavesNothing},
		{"a failed statement leaves nothing", badStatementLeavesNothing},
		{"an error in a view is returned", viewReturnsError},
		{"a transaction sees what it has put", seesItsOwn},
	})
}

func errorLeavesNothing(t *testing.T, store Store) {
	err := store.Update(t.Context(), func(tx idp.Tx) error {
		require.NoError(t, everything(tx))
		return errChange
	})
	require.ErrorIs(t, err, errChange)
	requireNothing(t, store)
}

func panicLeavesNothing(t *testing.T, store Store) {
	for range 30 { // more than there are connections
		require.PanicsWithError(t, errChange.Error(), func() {
			_ = store.Update(t.Context(), func(tx idp.Tx) error {
				require.NoError(t, everything(tx))
				panic(errChange)
			})
		})
	}
	requireNothing(t, store)
}

func badStatementLeavesNothing(t *testing.T, store Store) {
	bad := samplePasskey()
	bad.Name = "\x00"
	require.Error(t, store.Update(t.Context(), func(tx idp.Tx) error {
		require.NoError(t, everything(tx))
		return tx.PutPasskey(bad)
	}))
	requireNothing(t, store)
	require.Error(t, store.Update(t.Context(), func(tx idp.Tx) error {
		require.Error(t, tx.PutPasskey(bad))
		require.Error(t, everything(tx), "nothing more is possible")
		return nil
	}), "also when nobody minds")
	requireNothing(t, store)
}

func viewReturnsError(t *testing.T, store Store) {
	require.ErrorIs(t, store.View(t.Context(), func(idp.Reader) error { return errChange }), errChange)
}

func seesItsOwn(t *testing.T, store Store) {
	update(t, store, func(tx idp.Tx) error {
		require.NoError(t, everything(tx))
		got, err := tx.SessionsOf("account")
		assert.Equal(t, []idp.Session{sampleSession()}, got)
		return err
	})
}
