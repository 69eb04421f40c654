package issuer_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

func TestGenerateKey(t *testing.T) {
	t.Parallel()
	for _, algorithm := range algorithms {
		key := keys()[algorithm].PublicKey()
		assert.Equal(t, algorithm, key.Algorithm())
		assert.False(t, key.Legacy())
	}
	another, err := issuer.GenerateKey(browserid.EdDSA)
	require.NoError(t, err)
	assert.False(t, another.PublicKey().Equal(keys()[browserid.EdDSA].PublicKey()), "each key is new")
}

func TestGenerateKeyRefusesOtherAlgorithms(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []browserid.Algorithm{"", "none", "HS256", browserid.RS128, browserid.DS256} {
		_, err := issuer.GenerateKey(algorithm)
		assert.Error(t, err, algorithm)
	}
}

func TestSignRefusesWhatItWouldNotWrite(t *testing.T) {
	t.Parallel()
	encode := base64.RawURLEncoding.EncodeToString
	tests := map[string]string{
		"another algorithm":  encode([]byte(`{"alg":"RS256"}`)) + "." + encode([]byte(`{}`)),
		"none":               encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(`{}`)),
		"a key of its own":   encode([]byte(`{"alg":"EdDSA","jwk":{}}`)) + "." + encode([]byte(`{}`)),
		"no payload":         encode([]byte(`{"alg":"EdDSA"}`)),
		"padding":            encode([]byte(`{"alg":"EdDSA"}`)) + "." + encode([]byte(`{}`)) + "=",
		"three parts":        encode([]byte(`{"alg":"EdDSA"}`)) + "." + encode([]byte(`{}`)) + ".",
		"a loose last digit": encode([]byte(`{"alg":"EdDSA"}`)) + ".e31",
		"nothing":            "",
	}
	for name, input := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signature, err := keys()[browserid.EdDSA].Sign(t.Context(), []byte(input))
			require.Error(t, err)
			assert.Empty(t, signature)
		})
	}
}
