package issuer

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// FuzzParseKeyFile: what is read as a key signs, and is the same key when it is written and read again.
func FuzzParseKeyFile(f *testing.F) {
	for _, algorithm := range []browserid.Algorithm{browserid.RS256, browserid.ES256, browserid.EdDSA} {
		key, err := GenerateKey(algorithm)
		require.NoError(f, err)
		text, err := json.Marshal(keyFile{Version: keyFileVersion, Key: key.private})
		require.NoError(f, err)
		f.Add(text)
	}
	f.Add([]byte(`{"version":2}`))
	f.Add([]byte(`{"version":1,"key":{"kty":"oct","k":"AAAA"}}`))
	f.Add([]byte(`{"version":1,"key":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		key, err := parseKeyFile(text)
		if err != nil {
			require.Nil(t, key)
			return
		}
		require.False(t, key.PublicKey().Legacy())
		written, err := json.Marshal(keyFile{Version: keyFileVersion, Key: key.private})
		require.NoError(t, err)
		again, err := parseKeyFile(written)
		require.NoError(t, err)
		require.True(t, key.PublicKey().Equal(again.PublicKey()))
	})
}
