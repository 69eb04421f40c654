package agenttest

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// TestStore checks what every agent.Store promises. newStore returns an empty one.
func TestStore(t *testing.T, newStore func(*testing.T) agent.Store) {
	alice := agent.Identity{
		Email: "alice@idp.test", Certificate: "a.b.c", Thumbprint: "t", Authority: "idp.test", Used: 7, Display: "пример.test", Passkey: agent.PasskeySeen,
	}

	t.Run("starts empty", func(t *testing.T) {
		state, err := newStore(t).Load(t.Context())
		require.NoError(t, err)
		assert.Empty(t, state.Identities)
		assert.Empty(t, state.Sites)
	})
	t.Run("keeps identities and sites", func(t *testing.T) {
		store := newStore(t)
		require.NoError(t, store.Update(t.Context(), func(st *agent.State) error {
			st.Put(alice)
			st.Use("https://rp.test", agent.Site{Email: alice.Email, Used: 9, LoggedIn: true})
			return nil
		}))
		state, err := store.Load(t.Context())
		require.NoError(t, err)
		kept, ok := state.Identity(alice.Email)
		require.True(t, ok)
		alice := alice
		alice.Used = 9
		assert.Equal(t, alice, kept)
		assert.Equal(t, agent.Site{Email: alice.Email, Used: 9, LoggedIn: true}, state.Sites["https://rp.test"])
	})
	t.Run("a failed change changes nothing", func(t *testing.T) {
		store, failure := newStore(t), errors.New("no")
		err := store.Update(t.Context(), func(st *agent.State) error {
			st.Put(alice)
			return failure
		})
		require.ErrorIs(t, err, failure)
		state, err := store.Load(t.Context())
		require.NoError(t, err)
		assert.Empty(t, state.Identities)
	})
	t.Run("what Load returned is the caller's own", func(t *testing.T) {
		store := newStore(t)
		state, err := store.Load(t.Context())
		require.NoError(t, err)
		state.Put(alice)
		state.Use("https://rp.test", agent.Site{Email: alice.Email, Used: 9})
		state, err = store.Load(t.Context())
		require.NoError(t, err)
		assert.Empty(t, state.Identities)
		assert.Empty(t, state.Sites)
	})
	t.Run("concurrent updates lose nothing", func(t *testing.T) {
		store := newStore(t)
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				assert.NoError(t, store.Update(t.Context(), func(st *agent.State) error {
					id := alice
					id.Email = browserid.Email('a'+rune(i)) + "@idp.test"
					st.Put(id)
					return nil
				}))
			})
		}
		group.Wait()
		state, err := store.Load(t.Context())
		require.NoError(t, err)
		assert.Len(t, state.Identities, 20)
	})
}
