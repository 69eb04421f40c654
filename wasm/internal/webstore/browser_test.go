//go:build js && wasm && browser

package webstore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsxtest"
	"github.com/navid-login/navid/wasm/internal/webcrypto"
	"github.com/navid-login/navid/wasm/internal/webstore"
)

// These tests are not parallel: the browser has one localStorage, and one
// database of each name.

var generator = webcrypto.NewGenerator()

const alice, bob = browserid.Email("alice@idp.test"), browserid.Email("bob@idp.test")

func TestStore(t *testing.T) {
	agenttest.TestStore(t, func(t *testing.T) agent.Store { return newStore(t) })
}

func TestKeyStore(t *testing.T) {
	agenttest.TestKeyStore(t, func(t *testing.T) agent.KeyStore { return newKeyStore(t) })
}

// A key is still there, and signs, for those who open the database anew.
func TestKeyStoreOutlivesItself(t *testing.T) {
	key := commit(t, newKeyStore(t), alice)
	loaded, err := webstore.NewKeyStore(webcrypto.NewGenerator()).Load(t.Context(), alice)
	require.NoError(t, err)
	assert.Equal(t, key.Thumbprint(), loaded.Thumbprint())
	extractable, err := jsxtest.Eval(t, `new Promise(resolve => {
		const open = indexedDB.open("navid")
		open.onsuccess = () => {
			const get = open.result.transaction("keys").objectStore("keys").get("alice@idp.test")
			get.onsuccess = () => { open.result.close(); resolve(get.result.privateKey.extractable) }
		}
	})`).Bool()
	require.NoError(t, err)
	assert.False(t, extractable)
}

func TestPendingKeysAreAKeyStore(t *testing.T) {
	agenttest.TestKeyStore(t, func(t *testing.T) agent.KeyStore {
		attempts := 0
		return webstore.NewPendingKeys(newKeyStore(t), func() string { attempts++; return fmt.Sprint(attempts) })
	})
}

// A pending key is there for those who come back on the same attempt, until it
// is forgotten.
func TestPendingKeyOutlivesPage(t *testing.T) {
	keys := newKeyStore(t)
	on := func(attempt string) *webstore.PendingKeys {
		return webstore.NewPendingKeys(keys, func() string { return attempt })
	}
	generate := func(attempt string, alg browserid.Algorithm) string {
		key, err := on(attempt).Generate(t.Context(), alg)
		require.NoError(t, err)
		return key.Thumbprint()
	}
	first := generate("1", browserid.ES256)
	assert.Equal(t, first, generate("1", browserid.ES256))
	assert.NotEqual(t, first, generate("2", browserid.ES256), "an attempt has its own")
	_, err := keys.Load(t.Context(), alice)
	require.ErrorIs(t, err, agent.ErrNoKey, "it is nobody's yet")

	require.NoError(t, on("2").Forget(t.Context()))
	assert.Equal(t, first, generate("1", browserid.ES256), "the other attempt goes on")
	other := generate("1", browserid.EdDSA)
	assert.NotEqual(t, first, other)
	assert.NotEqual(t, first, generate("1", browserid.ES256), "it has been replaced")
	require.NoError(t, on("1").Forget(t.Context()))
	assert.Zero(t, pendingKeys(t))
}

// What nobody comes back for is swept.
func TestOldPendingKeys(t *testing.T) {
	keys := newKeyStore(t)
	stale := webstore.NewPendingKeys(keys, func() string { return "stale" })
	before, err := stale.Generate(t.Context(), browserid.ES256)
	require.NoError(t, err)
	jsxtest.Eval(t, `new Promise(resolve => {
		const open = indexedDB.open("navid")
		open.onsuccess = () => {
			const transaction = open.result.transaction("keys", "readwrite"), keys = transaction.objectStore("keys")
			keys.get("pending stale").onsuccess = ({target}) => keys.put({...target.result, used: target.result.used - 601_000}, "pending stale")
			transaction.oncomplete = () => { open.result.close(); resolve() }
		}
	})`)
	require.NoError(t, webstore.NewPendingKeys(keys, func() string { return "another" }).Forget(t.Context()))
	assert.Zero(t, pendingKeys(t))
	after, err := stale.Generate(t.Context(), browserid.ES256)
	require.NoError(t, err)
	assert.NotEqual(t, before.Thumbprint(), after.Thumbprint())
}

func pendingKeys(t *testing.T) int {
	t.Helper()
	count, err := jsxtest.Eval(t, `new Promise(resolve => {
		const open = indexedDB.open("navid")
		open.onsuccess = () => {
			const names = open.result.transaction("keys").objectStore("keys").getAllKeys()
			names.onsuccess = () => { open.result.close(); resolve(names.result.filter(name => !name.includes("@")).length) }
		}
	})`).Int()
	require.NoError(t, err)
	return count
}

// What was put aside may name the address that is to be forgotten.
func TestRemovalDropsWhatWasPutAside(t *testing.T) {
	store := newStore(t)
	jsxtest.Eval(t, `localStorage.setItem("navid.corrupt", "{alice")`)
	aside := func() string { return jsxtest.Text(t, `localStorage.getItem("navid.corrupt") ?? ""`) }
	require.NoError(t, put(t, store, alice))
	require.NoError(t, put(t, store, alice))
	assert.Equal(t, "{alice", aside(), "whoever wants to know why may still look")
	require.NoError(t, store.Update(t.Context(), func(st *agent.State) error {
		st.Remove(alice, true)
		return nil
	}))
	assert.Empty(t, aside())
}

func TestCorruptTextIsPutAside(t *testing.T) {
	for name, first := range map[string]func(*webstore.Store) error{
		"Load": func(s *webstore.Store) error { _, err := s.Load(context.Background()); return err },
		"Update": func(s *webstore.Store) error {
			return s.Update(context.Background(), func(*agent.State) error { panic("change of a corrupt state") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			jsxtest.Eval(t, `localStorage.setItem("navid", "{broken")`)
			err := first(store)
			require.ErrorIs(t, err, agent.ErrStorageCorrupt)
			assert.Equal(t, agent.CodeStorageCorrupt, agent.CodeOf(err))
			state, err := store.Load(t.Context())
			require.NoError(t, err, "said once")
			assert.Empty(t, state.Identities)
			require.NoError(t, put(t, store, alice))
			assert.Equal(t, "{broken", jsxtest.Text(t, `localStorage.getItem("navid.corrupt")`))
		})
	}
}

func TestFullStorage(t *testing.T) {
	store := newStore(t)
	require.NoError(t, put(t, store, bob))
	jsxtest.Eval(t, `for (let size = 4 << 20; size > 0; size >>= 1)
		try { for (let i = 0; ; i++) localStorage.setItem("filler" + size + "." + i, "x".repeat(size)) } catch {}`)
	err := put(t, store, alice)
	require.ErrorIs(t, err, agent.ErrStorageFull)
	assert.Equal(t, agent.CodeStorageFull, agent.CodeOf(err))
	state, err := store.Load(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{string(bob)}, state.Known(""), "nothing is stored")
}

// Where the person has blocked storage, reading the property itself throws,
// which syscall/js alone would not survive.
func TestBlockedStorage(t *testing.T) {
	store := newStore(t)
	for _, getter := range []string{
		`() => { throw new DOMException("denied", "SecurityError") }`, `() => null`, `() => undefined`,
	} {
		restore := jsxtest.Replace(t, "globalThis", "localStorage", getter)
		_, err := store.Load(t.Context())
		updateErr := put(t, store, alice)
		restore()
		for _, err := range []error{err, updateErr} {
			require.ErrorIs(t, err, agent.ErrStorageBlocked)
			assert.Equal(t, agent.CodeStorageBlocked, agent.CodeOf(err))
		}
	}
}

func TestWithoutWebLocks(t *testing.T) {
	store := newStore(t)
	defer jsxtest.Replace(t, "navigator", "locks", `() => undefined`)()
	assert.ErrorIs(t, put(t, store, alice), agent.ErrStorageBlocked)
}

// Another window that holds the lock makes us wait, and no longer than ctx.
func TestUpdateWaitsForOtherWindows(t *testing.T) {
	store := newStore(t)
	jsxtest.Eval(t, `new Promise(held => navigator.locks.request("navid", () => new Promise(release => {
		globalThis.releaseLock = release
		held()
	})))`)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- store.Update(ctx, func(*agent.State) error { panic("not ours yet") }) }()
	jsxtest.Eval(t, `(async () => { while ((await navigator.locks.query()).pending.length === 0); })()`)
	cancel()
	require.ErrorIs(t, <-ended, agent.ErrStorageBlocked)
	go func() { ended <- put(t, store, alice) }()
	jsxtest.Eval(t, `(async () => { while ((await navigator.locks.query()).pending.length === 0); releaseLock() })()`)
	require.NoError(t, <-ended)
}

func TestChangeThatPanicsReleasesTheLock(t *testing.T) {
	store := newStore(t)
	assert.Error(t, store.Update(t.Context(), func(*agent.State) error { panic("oh") }))
	assert.NoError(t, put(t, store, alice))
}

// What is dropped for want of room leaves no key behind.
func TestDroppedAddressLosesItsKey(t *testing.T) {
	keys := newKeyStore(t)
	store := newStore(t)
	commit(t, keys, alice)
	require.NoError(t, put(t, store, alice))
	require.NoError(t, store.Update(t.Context(), func(st *agent.State) error {
		for i := range webstore.MaxIdentities {
			st.Put(identity(browserid.Email(fmt.Sprintf("u%d@idp.test", i)), 10))
		}
		return nil
	}))
	_, err := keys.Load(t.Context(), alice)
	assert.ErrorIs(t, err, agent.ErrNoKey)
}

func TestCommitFails(t *testing.T) {
	for _, c := range []struct {
		name, put string
		want      error
	}{
		{"full", `function() { throw new DOMException("full", "QuotaExceededError") }`, agent.ErrStorageFull},
		{"aborted", `function(...args) { const r = realPut.apply(this, args); this.transaction.abort(); return r }`, agent.ErrStorageBlocked},
	} {
		t.Run(c.name, func(t *testing.T) {
			keys := newKeyStore(t)
			old := commit(t, keys, alice)
			key, err := keys.Generate(t.Context(), browserid.ES256)
			require.NoError(t, err)
			jsxtest.Eval(t, `globalThis.realPut = IDBObjectStore.prototype.put`)
			restore := jsxtest.Replace(t, "IDBObjectStore.prototype", "put", `() => `+c.put)
			err = keys.Commit(t.Context(), alice, key)
			restore()
			require.ErrorIs(t, err, c.want)
			loaded, err := keys.Load(t.Context(), alice)
			require.NoError(t, err)
			assert.Equal(t, old.Thumbprint(), loaded.Thumbprint(), "the old key is there still")
		})
	}
}

func TestWithoutDatabase(t *testing.T) {
	keys := newKeyStore(t)
	for _, getter := range []string{`() => { throw new DOMException("denied", "SecurityError") }`, `() => undefined`} {
		restore := jsxtest.Replace(t, "globalThis", "indexedDB", getter)
		_, err := keys.Load(t.Context(), alice)
		restore()
		require.ErrorIs(t, err, agent.ErrStorageBlocked)
		assert.Equal(t, agent.CodeStorageBlocked, agent.CodeOf(err))
	}
}

func TestForeignRecordIsNoKey(t *testing.T) {
	keys := newKeyStore(t)
	commit(t, keys, bob)
	jsxtest.Eval(t, `new Promise(resolve => {
		const open = indexedDB.open("navid")
		open.onsuccess = () => {
			const transaction = open.result.transaction("keys", "readwrite")
			transaction.objectStore("keys").put({privateKey: "x"}, "alice@idp.test")
			transaction.oncomplete = () => { open.result.close(); resolve() }
		}
	})`)
	_, err := keys.Load(t.Context(), alice)
	assert.ErrorIs(t, err, agent.ErrNoKey)
}

func TestForeignKeyIsRefused(t *testing.T) {
	key, err := new(agenttest.KeyStore).Generate(t.Context(), browserid.ES256)
	require.NoError(t, err)
	assert.Error(t, newKeyStore(t).Commit(t.Context(), alice, key))
}

func newStore(t *testing.T) *webstore.Store {
	t.Helper()
	jsxtest.Eval(t, `localStorage.clear()`)
	return webstore.NewStore(webstore.NewKeyStore(generator))
}

func newKeyStore(t *testing.T) *webstore.KeyStore {
	t.Helper()
	jsxtest.Eval(t, `new Promise((resolve, reject) => {
		const gone = indexedDB.deleteDatabase("navid")
		gone.onsuccess = resolve
		gone.onerror = reject // blocked: a connection is still closing
	})`)
	return webstore.NewKeyStore(generator)
}

func commit(t *testing.T, keys agent.KeyStore, email browserid.Email) agent.Key {
	t.Helper()
	key, err := keys.Generate(t.Context(), browserid.ES256)
	require.NoError(t, err)
	require.NoError(t, keys.Commit(t.Context(), email, key))
	return key
}

func put(t *testing.T, store agent.Store, email browserid.Email) error {
	return store.Update(t.Context(), func(st *agent.State) error {
		st.Put(identity(email, 1))
		return nil
	})
}

func identity(email browserid.Email, used browserid.Millis) agent.Identity {
	return agent.Identity{
		Email: email, Certificate: strings.Repeat("c", 1000), Thumbprint: "t", Authority: "idp.test", Used: used,
	}
}
