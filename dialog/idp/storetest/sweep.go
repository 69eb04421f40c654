package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// sweep removes what has expired, and only that.
func sweep(t *testing.T, backend Backend) {
	inTurn(t, single(t, backend), []check[Store]{
		{"what expires", sweepExpired},
		{"deserted accounts", sweepDeserted},
		{"counters", sweepCounters},
	})
}

func sweepExpired(t *testing.T, store Store) {
	update(t, store, func(tx idp.Tx) error { return tx.AppendIssuance(sampleIssuance()) })
	var gone []string
	for _, step := range []struct {
		at   time.Time
		gone []string
	}{
		{now, nil},
		{after(5), []string{"familiar"}},
		{after(5).Add(time.Microsecond), []string{"ceremony"}},
		{after(10), nil},
		{after(10).Add(time.Microsecond), []string{"challenge", "challenge of its link"}},
		{after(31), []string{"mail"}},
		{after(61), []string{"session"}},
	} {
		gone = append(gone, step.gone...)
		update(t, store, replaceable)
		require.NoError(t, store.Sweep(t.Context(), step.at))
		update(t, store, func(tx idp.Tx) error {
			for name, kind := range kinds {
				var want error
				if slices.Contains(gone, name) {
					want = idp.ErrNotFound
				}
				_, err := kind.get(tx)
				assert.ErrorIs(t, err, want, "%s at %v", name, step.at)
			}
			logged, err := tx.IssuancesOf(sampleIssuance().EmailMAC, 1)
			assert.Len(t, logged, 1, "the log stays")
			return err
		})
	}
}

// An account goes with its last session, or stays for its addresses.
func sweepDeserted(t *testing.T, store Store) {
	for _, id := range []string{"addressed", "deserted", "signed in"} {
		putAll(t, store, nil, nil, []idp.Passkey{passkey(id, id)})
		update(t, store, func(tx idp.Tx) error { return tx.PutAccount(idp.Account{ID: id}) })
	}
	putAll(t, store, []idp.Address{address("addressed", alice)}, []idp.Session{session("s", "signed in")}, nil)
	require.NoError(t, store.Sweep(t.Context(), now))
	requireAccounts(t, store, "addressed", "signed in")
	require.NoError(t, store.Sweep(t.Context(), after(61)))
	requireAccounts(t, store, "addressed")
}

func requireAccounts(t *testing.T, store Store, want ...string) {
	t.Helper()
	view(t, store, func(r idp.Reader) error {
		for _, id := range []string{"addressed", "deserted", "signed in"} {
			_, accountErr := r.Account(id)
			_, passkeyErr := r.Passkey([]byte(id))
			assert.Equal(t, slices.Contains(want, id), accountErr == nil, id)
			assert.Equal(t, slices.Contains(want, id), passkeyErr == nil, id)
		}
		return nil
	})
}

// A counter that is swept has ended anyway.
func sweepCounters(t *testing.T, store Store) {
	count := func(name string, window time.Duration, want int) {
		t.Helper()
		got, err := store.Count(t.Context(), name, window, now)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
	count("hour", time.Hour, 1)
	count("day", 24*time.Hour, 1)
	require.NoError(t, store.Sweep(t.Context(), after(60)))
	count("hour", time.Hour, 2)
	require.NoError(t, store.Sweep(t.Context(), after(61)))
	count("hour", time.Hour, 1)
	count("day", 24*time.Hour, 2)
}
