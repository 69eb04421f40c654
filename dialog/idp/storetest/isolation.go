package storetest

import (
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

func isolation(t *testing.T, backend Backend) {
	inTurn(t, pair(t, backend), []check[[2]Store]{
		{"what is written is read at once", readsAtOnce},
		{"a view stands still", viewStandsStill},
		{"no update is lost", noLostUpdate},
		{"no write skew", noWriteSkew},
		{"no phantom", noPhantom},
	})
}

func readsAtOnce(t *testing.T, replicas [2]Store) {
	for i := range 20 {
		id := strconv.Itoa(i)
		update(t, replicas[i%2], func(tx idp.Tx) error { return tx.PutAccount(idp.Account{ID: id}) })
		view(t, replicas[(i+1)%2], func(r idp.Reader) error {
			_, err := r.Account(id)
			return err
		})
	}
}

func viewStandsStill(t *testing.T, replicas [2]Store) {
	before, changed := sampleAddress(), sampleAddress()
	changed.Generation++
	update(t, replicas[0], func(tx idp.Tx) error { return tx.PutAddress(before) })
	view(t, replicas[0], func(r idp.Reader) error {
		first, err := r.Address(alice)
		require.NoError(t, err)
		update(t, replicas[1], func(tx idp.Tx) error { return tx.PutAddress(changed) })
		second, err := r.Address(alice)
		assert.Equal(t, first, second)
		return err
	})
}

// together runs do in n goroutines that start at once, on both replicas in turn.
func together(replicas [2]Store, n int, do func(i int, store Store)) {
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			do(i, replicas[i%2])
		})
	}
	done.Wait()
}

func noLostUpdate(t *testing.T, replicas [2]Store) {
	const updates = 40
	update(t, replicas[0], func(tx idp.Tx) error { return tx.PutAddress(address("x", alice)) })
	together(replicas, updates, func(_ int, store Store) {
		assert.NoError(t, store.Update(t.Context(), func(tx idp.Tx) error {
			found, err := tx.Address(alice)
			found.Generation++
			return errors.Join(err, tx.PutAddress(found))
		}))
	})
	view(t, replicas[0], func(r idp.Reader) error {
		found, err := r.Address(alice)
		assert.EqualValues(t, 1+updates, found.Generation)
		return err
	})
}

const skewRounds = 15

// Each of two wants to remove its own passkey, but not the last one. They write
// different rows, so only what they have read is in the way.
func noWriteSkew(t *testing.T, replicas [2]Store) {
	for round := range skewRounds {
		account := strconv.Itoa(round)
		names := [2]string{"a" + account, "b" + account}
		putAll(t, replicas[0], nil, nil, []idp.Passkey{passkey(names[0], account), passkey(names[1], account)})
		together(replicas, 2, func(i int, store Store) {
			assert.NoError(t, store.Update(t.Context(), func(tx idp.Tx) error {
				left, err := tx.PasskeysOf(account)
				if err != nil || len(left) < 2 {
					return err
				}
				return tx.DeletePasskey([]byte(names[i]))
			}))
		})
		view(t, replicas[0], func(r idp.Reader) error {
			left, err := r.PasskeysOf(account)
			require.Len(t, left, 1, "round %d", round)
			return err
		})
	}
}

// Each of several wants to be an account's first session.
func noPhantom(t *testing.T, replicas [2]Store) {
	for round := range skewRounds {
		account := strconv.Itoa(round)
		together(replicas, 4, func(i int, store Store) {
			assert.NoError(t, store.Update(t.Context(), func(tx idp.Tx) error {
				there, err := tx.SessionsOf(account)
				if err != nil || len(there) > 0 {
					return err
				}
				return tx.PutSession(session(account+"/"+strconv.Itoa(i), account))
			}))
		})
		view(t, replicas[0], func(r idp.Reader) error {
			there, err := r.SessionsOf(account)
			require.Len(t, there, 1, "round %d", round)
			return err
		})
	}
}
