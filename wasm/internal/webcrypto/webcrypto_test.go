//go:build js && wasm

package webcrypto_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsxtest"
	"github.com/navid-login/navid/wasm/internal/webcrypto"
)

var algorithms = []browserid.Algorithm{browserid.RS256, browserid.ES256, browserid.EdDSA}

// Both directions, against Go's own cryptography.
func TestSignatures(t *testing.T) {
	t.Parallel()
	for _, alg := range algorithms {
		t.Run(string(alg), func(t *testing.T) {
			t.Parallel()
			ours := generate(t, webcrypto.NewGenerator(), alg)
			theirs := generate(t, new(agenttest.KeyStore), alg)
			assert.NoError(t, check(t, agenttest.Signatures{}, ours, "input", "input"), "Go does not verify what WebCrypto signed")
			assert.NoError(t, check(t, webcrypto.Signatures{}, theirs, "input", "input"), "WebCrypto does not verify what Go signed")
			assert.Error(t, check(t, webcrypto.Signatures{}, theirs, "input", "other"))
		})
	}
}

func check(t *testing.T, verifier agent.SignatureVerifier, key agent.Key, signed, shown string) error {
	t.Helper()
	signature, err := key.Sign(t.Context(), []byte(signed))
	require.NoError(t, err)
	return verifier.VerifySignature(t.Context(), key.PublicKey(), []byte(shown), signature)
}

func TestVerifySignatureRefuses(t *testing.T) {
	t.Parallel()
	key := generate(t, new(agenttest.KeyStore), browserid.ES256)
	signature, err := key.Sign(t.Context(), []byte("input"))
	require.NoError(t, err)
	offCurve, err := browserid.NewP256(make([]byte, 32), make([]byte, 32))
	require.NoError(t, err)
	for _, c := range []struct {
		name      string
		key       browserid.PublicKey
		signature []byte
	}{
		{"another key", generate(t, new(agenttest.KeyStore), browserid.ES256).PublicKey(), signature},
		{"a key of another kind", generate(t, new(agenttest.KeyStore), browserid.EdDSA).PublicKey(), signature},
		{"a point that is not on the curve", offCurve, signature},
		{"a short signature", key.PublicKey(), signature[:63]},
		{"no signature", key.PublicKey(), nil},
		{"DER", key.PublicKey(), append([]byte{0x30, 0x44, 2, 32}, signature...)},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Error(t, webcrypto.Signatures{}.VerifySignature(t.Context(), c.key, []byte("input"), c.signature))
		})
	}
}

// D1.7: no browser has DSA, and small RSA keys prove nothing.
func TestLegacyKeysAreUnsupported(t *testing.T) {
	t.Parallel()
	dsa, err := browserid.ParsePublicKey([]byte(`{"algorithm":"DS","y":"2","g":"2","p":"` + hexOf(1024) + `","q":"` + hexOf(160) + `"}`))
	require.NoError(t, err)
	rsa, err := browserid.NewRSA([]byte(strings.Repeat("\xff", 128)), 65537)
	require.NoError(t, err)
	for _, key := range []browserid.PublicKey{dsa, rsa, {}} {
		err := webcrypto.Signatures{}.VerifySignature(t.Context(), key, []byte("x"), []byte("y"))
		assert.ErrorIs(t, err, agent.ErrUnsupportedKey)
	}
}

func hexOf(bits int) string { return strings.Repeat("f", bits/4) }

func TestPrivateKeyCannotBeExported(t *testing.T) {
	t.Parallel()
	key, ok := generate(t, webcrypto.NewGenerator(), browserid.ES256).(*webcrypto.Key)
	require.True(t, ok)
	private, public := key.Pair()
	extractable, err := private.Get("extractable")
	require.NoError(t, err)
	is, err := extractable.Bool()
	require.NoError(t, err)
	assert.False(t, is)
	_, err = webcrypto.Open(t.Context(), public, public)
	assert.Error(t, err, "a public key is no private key")
}

func TestOpenRefusesExtractableKeys(t *testing.T) {
	t.Parallel()
	pair := jsxtest.Eval(t, `crypto.subtle.generateKey({name: "ECDSA", namedCurve: "P-256"}, true, ["sign", "verify"])`)
	private, err := pair.Get("privateKey")
	require.NoError(t, err)
	public, err := pair.Get("publicKey")
	require.NoError(t, err)
	_, err = webcrypto.Open(t.Context(), private, public)
	assert.Error(t, err)
}

func TestPreparedKeyIsUsedOnce(t *testing.T) {
	t.Parallel()
	generator := webcrypto.NewGenerator()
	generator.Prepare(algorithms)
	generator.Prepare(algorithms)
	first, second := generate(t, generator, browserid.RS256), generate(t, generator, browserid.RS256)
	assert.NotEqual(t, first.Thumbprint(), second.Thumbprint())
	assert.NoError(t, check(t, agenttest.Signatures{}, first, "input", "input"))
}

// Whoever waits for a key made ahead can leave.
func TestPreparedKeyAndContext(t *testing.T) {
	t.Parallel()
	generator := webcrypto.NewGenerator()
	generator.Prepare(algorithms)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := generator.Generate(ctx, browserid.RS256)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestSupports(t *testing.T) {
	t.Parallel()
	generator := webcrypto.NewGenerator()
	for _, alg := range algorithms {
		assert.True(t, generator.Supports(alg), alg)
	}
	assert.False(t, generator.Supports(browserid.DS128))
	_, err := generator.Generate(t.Context(), browserid.DS128)
	assert.ErrorIs(t, err, agent.ErrUnsupportedKey)
}

// A page that is no secure context has no crypto.subtle. The dialog must be
// able to say so.
func TestWithoutWebCrypto(t *testing.T) {
	defer jsxtest.Replace(t, "globalThis", "crypto", `() => ({})`)()
	generator := webcrypto.NewGenerator()
	assert.Equal(t, agent.CodeBrowserTooOld, agent.CodeOf(webcrypto.Check()))
	for _, alg := range algorithms {
		assert.False(t, generator.Supports(alg), alg)
	}
	_, err := generator.Generate(t.Context(), browserid.ES256)
	assert.Equal(t, agent.CodeBrowserTooOld, agent.CodeOf(err))
}

type maker interface {
	Generate(context.Context, browserid.Algorithm) (agent.Key, error)
}

func generate(t *testing.T, m maker, alg browserid.Algorithm) agent.Key {
	t.Helper()
	key, err := m.Generate(t.Context(), alg)
	require.NoError(t, err)
	return key
}
