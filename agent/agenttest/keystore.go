package agenttest

import (
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// TestKeyStore checks what every agent.KeyStore promises. newStore returns an
// empty one; signatures are checked with Go's own cryptography.
func TestKeyStore(t *testing.T, newStore func(*testing.T) agent.KeyStore) {
	const alice, bob = browserid.Email("alice@idp.test"), browserid.Email("bob@idp.test")

	for _, alg := range []browserid.Algorithm{browserid.EdDSA, browserid.ES256, browserid.RS256} {
		t.Run("signs "+string(alg), func(t *testing.T) {
			store := newStore(t)
			require.True(t, store.Supports(alg))
			generated := mustGenerate(t, store, alg)
			require.NoError(t, store.Commit(t.Context(), alice, generated))
			loaded, err := store.Load(t.Context(), alice)
			require.NoError(t, err)
			for _, key := range []agent.Key{generated, loaded} {
				signature, err := key.Sign(t.Context(), []byte("input"))
				require.NoError(t, err)
				assert.Equal(t, alg, key.PublicKey().Algorithm())
				assert.NoError(t, Signatures{}.VerifySignature(t.Context(), generated.PublicKey(), []byte("input"), signature))
				assert.Error(t, Signatures{}.VerifySignature(t.Context(), generated.PublicKey(), []byte("other"), signature))
			}
			hash := sha256.Sum256(generated.PublicKey().JWK())
			assert.Equal(t, base64.RawURLEncoding.EncodeToString(hash[:]), loaded.Thumbprint())
		})
	}
	t.Run("a pending key is not stored", func(t *testing.T) {
		store := newStore(t)
		mustGenerate(t, store, browserid.ES256)
		_, err := store.Load(t.Context(), alice)
		assert.ErrorIs(t, err, agent.ErrNoKey)
	})
	t.Run("a new key replaces the old one", func(t *testing.T) {
		store := newStore(t)
		first, second := mustGenerate(t, store, browserid.ES256), mustGenerate(t, store, browserid.EdDSA)
		require.NoError(t, store.Commit(t.Context(), alice, first))
		require.NoError(t, store.Commit(t.Context(), alice, second))
		loaded, err := store.Load(t.Context(), alice)
		require.NoError(t, err)
		assert.Equal(t, second.Thumbprint(), loaded.Thumbprint())
		assert.NotEqual(t, first.Thumbprint(), loaded.Thumbprint())
	})
	t.Run("each address has its own key", func(t *testing.T) {
		store := newStore(t)
		hers, his := mustGenerate(t, store, browserid.ES256), mustGenerate(t, store, browserid.ES256)
		require.NoError(t, store.Commit(t.Context(), alice, hers))
		require.NoError(t, store.Commit(t.Context(), bob, his))
		require.NoError(t, store.Delete(t.Context(), bob))
		loaded, err := store.Load(t.Context(), alice)
		require.NoError(t, err)
		assert.Equal(t, hers.Thumbprint(), loaded.Thumbprint())
		_, err = store.Load(t.Context(), bob)
		assert.ErrorIs(t, err, agent.ErrNoKey)
		assert.NoError(t, store.Delete(t.Context(), bob), "deleting what is not there")
	})
}

func mustGenerate(t *testing.T, store agent.KeyStore, alg browserid.Algorithm) agent.Key {
	t.Helper()
	key, err := store.Generate(t.Context(), alg)
	require.NoError(t, err)
	return key
}
