package issuer_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

func TestKeyFileRoundTrip(t *testing.T) {
	t.Parallel()
	for _, algorithm := range algorithms {
		t.Run(string(algorithm), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "issuer.key")
			require.NoError(t, keys()[algorithm].WriteFile(path))
			info, err := os.Stat(path)
			require.NoError(t, err)
			assert.Equal(t, fs.FileMode(0o600), info.Mode())

			loaded, err := issuer.LoadKey(path)
			require.NoError(t, err)
			assert.True(t, loaded.PublicKey().Equal(keys()[algorithm].PublicKey()))
			from := newIssuer(algorithm)
			from.Keys = []browserid.Signer{loaded}
			token, err := from.Certificate(t.Context(), newRequest())
			require.NoError(t, err)
			verifyToken(t, token, keys()[algorithm].PublicKey())
		})
	}
}

// A name in the key file does not reach the header, which has alg alone (C5).
func TestLoadKeyWithAName(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "issuer.key")
	require.NoError(t, os.WriteFile(path, []byte(`{"version":1,"key":{"kty":"OKP","crv":"Ed25519","kid":"2026","use":"sig",
		"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}`), 0o600))
	key, err := issuer.LoadKey(path)
	require.NoError(t, err)
	from := newIssuer(browserid.EdDSA)
	from.Keys = []browserid.Signer{key}
	token, err := from.Certificate(t.Context(), newRequest())
	require.NoError(t, err)
	header, _ := verifyToken(t, token, key.PublicKey())
	assert.Equal(t, map[string]any{"alg": `"EdDSA"`}, header)
}

func TestWriteFileNeverReplaces(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	path := filepath.Join(directory, "issuer.key")
	require.NoError(t, keys()[browserid.ES256].WriteFile(path))
	require.ErrorIs(t, keys()[browserid.EdDSA].WriteFile(path), fs.ErrExist)

	loaded, err := issuer.LoadKey(path)
	require.NoError(t, err)
	assert.Equal(t, browserid.ES256, loaded.PublicKey().Algorithm())
	entries, err := os.ReadDir(directory)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no draft is left behind")
}

func TestWriteFileNeedsItsDirectory(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, keys()[browserid.ES256].WriteFile(filepath.Join(t.TempDir(), "gone", "issuer.key")), fs.ErrNotExist)
}

func TestLoadKeyRefusesAFileOpenToOthers(t *testing.T) {
	t.Parallel()
	for _, mode := range []fs.FileMode{0o604, 0o640, 0o602, 0o644, 0o666} {
		path := filepath.Join(t.TempDir(), "issuer.key")
		require.NoError(t, keys()[browserid.ES256].WriteFile(path))
		require.NoError(t, os.Chmod(path, mode))
		_, err := issuer.LoadKey(path)
		require.ErrorIs(t, err, issuer.ErrReadableByOthers, mode)
	}
}

// weakRSA is a whole key of 1024 bits, made for this test.
const weakRSA = `{"kty":"RSA","n":"v55Q_muC7x8dxX-mcIIwhIE1P-Fl2hdsWTXrvhGRG_wMPtQ-3rtZUFSmGOX3lA2OfbVSr0lFZZZkwUws8oGc0AdPVwxQfGlfZd3fCzoS9G2f0RK-eltjqw1wxTjW2GYTvwyBHVlsmxQWroiZUaAiFqYE659uKR7IG4p0kYf6Yt8","e":"AQAB","d":"Ax5F7iX8vvxwJRcjM8CCnp1lqvD1kduAuWDtwa2SgXSUFG-qyEAfP3XpMA2J_mBMGdKaEl0sYm9Um2qsbpPaY-cM4Nm855P_TrIL0TGbAaIU2z7CfVbpAe1OQFo6hurIUsRAOujHaSpzwuRKqW0IEJW2mcl9dW9mTvlgVO12TVk","p":"4VnM1pL6FXt7PWhGnDdOuML2L0_uXQosx4Hp8YpjbfFraxPP5DCUVGC-bBn_7FfltYpUfYgRNA2EBpGS9oSjRw","q":"2a4IUl0O5KkPoLNwn0ALs4uGIJXE6BAUs5ZdYjY37OolZ9GZjDOErnILdn-gghqyIgCH_P55pWto508O8LMfqQ","dp":"h7KzjmJjBZyd0ZSBMIB9fvSnmkXfm1cNL_YjEbfrt8CwloIPpbE7ILRA9oeRfJhRUshBqHXPJjEdV3dBsACe8Q","dq":"f9mzkYyOnsadIynBUAdx1_ZuxNyyVgp73i7GklR97Gxpo9x7btkjaMIa8XJsd33uegIN3Q4prHq1loXcpIrQYQ","qi":"12xKCelNOnYjcbHjSLsY5GvinQAsf7_-5O3V9DfSzAQleVTOrz8CqPzyaaqyF5h4aF3_72cSvlubrBxeiIeLBA"}`

// p384 is a whole key that no verifier of BrowserID knows, made for this test.
const p384 = `{"kty":"EC","crv":"P-384","x":"E2mru6OJ3vg2g6NwPQdmOefJWf_WigNNd1m-TUrwatI0Ac52b0IMlC3dMWrna-Bz","y":"jFOaPSbzOfgm_ly15MbXR_HBbVpzGAzgACx1zpgfiZjclNcHwCPu9dBWMgYVubFe","d":"FrQKBG-BHcZPhVaqKTmmpQCLNkwXH_iQT0jINgOffDAY9atqm8WlwfNXEBLMchhS"}`

func TestLoadKeyRefuses(t *testing.T) {
	t.Parallel()
	public, err := json.Marshal(map[string]any{"version": 1, "key": json.RawMessage(keys()[browserid.ES256].PublicKey().JWK())})
	require.NoError(t, err)
	tests := []struct{ name, content, want string }{
		{"nothing", ``, "unexpected end of JSON input"},
		{"not JSON", `-----BEGIN PRIVATE KEY-----`, "invalid character"},
		{"no key", `{"version":1}`, "not a private key"},
		{"a later version", `{"version":2}`, "version 2"},
		{"a public key", string(public), "not a private key"},
		{"a symmetric key", `{"version":1,"key":{"kty":"oct","k":"c2VjcmV0"}}`, "not a private key"},
		{"a weak key", `{"version":1,"key":` + weakRSA + `}`, "1024 bits is too weak"},
		{"a key of another curve", `{"version":1,"key":` + p384 + `}`, "browserid: "},
		{"a torn-off file", `{"version":1,"key":{"kty":"EC","crv":"P-256","x":"`, "unexpected end of JSON input"},
		{"an unknown curve", `{"version":1,"key":{"kty":"OKP","crv":"X25519","x":"AA","d":"AA"}}`, "unsupported key type"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "issuer.key")
			require.NoError(t, os.WriteFile(path, []byte(test.content), 0o600))
			_, err := issuer.LoadKey(path)
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestLoadKeyWithoutFile(t *testing.T) {
	t.Parallel()
	_, err := issuer.LoadKey(filepath.Join(t.TempDir(), "issuer.key"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}
