package browserid_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// TestHugeModulusIsRefusedFast is security.md E11 and abuse test 30: a modulus
// of 262,144 bits fits into a support document and would cost seconds.
func TestHugeModulusIsRefusedFast(t *testing.T) { //nolint:paralleltest // it measures
	keys := map[string]string{
		"decimal":      `{"algorithm":"RS","e":"65537","n":"` + strings.Repeat("7", 60000) + `"}`,
		"hexadecimal":  `{"algorithm":"DS","y":"7","p":"` + strings.Repeat("7", 60000) + `","q":"7","g":"7"}`,
		"JWK":          `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("7", 262144/6) + `"}`,
		"16,384 bits":  `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("7", 16384/6) + `"}`,
		"8,192 bits":   `{"algorithm":"RS","e":"65537","n":"` + strings.Repeat("7", 2466) + `"}`,
		"e too large":  `{"kty":"RSA","e":"gAAAAQ","n":"` + strings.Repeat("7", 342) + `"}`,
		"e is one":     `{"kty":"RSA","e":"AQ","n":"` + strings.Repeat("7", 342) + `"}`,
		"modulus even": `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("7", 340) + `4A"}`,
	}
	for name, key := range keys {
		t.Run(name, func(t *testing.T) {
			requireFast(t, func() error { _, err := browserid.ParsePublicKey([]byte(key)); return err })
			document := `{"authentication":"/a","provisioning":"/p","public-key":` + key + `}`
			requireFast(t, func() error { _, err := browserid.ParseSupportDocument([]byte(document)); return err })
		})
	}
}

// requireFast demands that the refusal takes less than 5 ms. Of many, the
// fastest counts: the machine is shared.
func requireFast(t *testing.T, parse func() error) {
	t.Helper()
	fastest := time.Hour
	for run := 0; run < 50 && fastest >= 5*time.Millisecond; run++ {
		start := time.Now()
		err := parse()
		fastest = min(fastest, time.Since(start))
		require.ErrorIs(t, err, browserid.CodeKey)
	}
	assert.Less(t, fastest, 5*time.Millisecond)
}

// TestThumbprint is the example of RFC 7638, section 3.1.
func TestThumbprint(t *testing.T) {
	t.Parallel()
	key, err := browserid.ParsePublicKey([]byte(`{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`))
	require.NoError(t, err)
	digest := sha256.Sum256(key.JWK())
	assert.Equal(t, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", base64.RawURLEncoding.EncodeToString(digest[:]))
}

// TestParsePublicKeyRefuses is C4: whatever is not exactly a public key.
func TestParsePublicKeyRefuses(t *testing.T) {
	t.Parallel()
	p256 := `"crv":"P-256","x":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY","y":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"`
	cases := map[string]struct {
		text string
		want browserid.Code
	}{
		"a P-256 key":          {`{"kty":"EC",` + p256 + `}`, ""},
		"both forms":           {`{"kty":"EC","algorithm":"RS",` + p256 + `}`, browserid.CodeKey},
		"neither form":         {`{` + p256 + `}`, browserid.CodeKey},
		"private member":       {`{"kty":"EC","d":"AA",` + p256 + `}`, browserid.CodeKey},
		"symmetric member":     {`{"kty":"EC","k":"AA",` + p256 + `}`, browserid.CodeKey},
		"short coordinate":     {`{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`, browserid.CodeKey},
		"coordinate missing":   {`{"kty":"EC","crv":"P-256","x":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}`, browserid.CodeKey},
		"duplicate":            {`{"kty":"EC","kty":"EC",` + p256 + `}`, browserid.CodeDuplicate},
		"other curve":          {`{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}`, browserid.CodeUnsupportedKey},
		"X25519":               {`{"kty":"OKP","crv":"X25519","x":"AA"}`, browserid.CodeUnsupportedKey},
		"symmetric":            {`{"kty":"oct"}`, browserid.CodeUnsupportedKey},
		"Ed25519, too short":   {`{"kty":"OKP","crv":"Ed25519","x":"AA"}`, browserid.CodeKey},
		"number, not a string": {`{"algorithm":"RS","n":143,"e":3}`, browserid.CodeKey},
		"abandoned format":     {`{"algorithm":"RS","modulus":"AQAB","exponent":"AQAB","version":"2012.08.15"}`, browserid.CodeKey},
		"unknown family":       {`{"algorithm":"XX"}`, browserid.CodeUnsupportedKey},
		"RSA of 1536 bits":     {`{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("7", 256) + `"}`, browserid.CodeKey},
		"DSA of 512 bits":      {`{"algorithm":"DS","y":"7","p":"` + strings.Repeat("f", 128) + `","q":"` + strings.Repeat("f", 40) + `","g":"7"}`, browserid.CodeKey},
		"DSA, y is 1":          {dsaWith("1", "7"), browserid.CodeKey},
		"DSA, g is 1":          {dsaWith("7", "1"), browserid.CodeKey},
		"DSA, y is p":          {dsaWith(strings.Repeat("f", 256), "7"), browserid.CodeKey},
		"a DSA key":            {dsaWith("7", "7"), ""},
		"a string":             {`"RS"`, browserid.CodeKey},
		"null":                 {`null`, browserid.CodeKey},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, err := browserid.ParsePublicKey([]byte(test.text))
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.want)
			require.True(t, key.IsZero())
			_, ok := errors.AsType[*browserid.Error](err)
			require.True(t, ok)
		})
	}
}

func dsaWith(y, g string) string {
	return `{"algorithm":"DS","y":"` + y + `","p":"` + strings.Repeat("f", 256) + `","q":"` + strings.Repeat("f", 40) + `","g":"` + g + `"}`
}

// TestKeysOfOtherKinds: the accessors of another kind return nothing.
func TestKeysOfOtherKinds(t *testing.T) {
	t.Parallel()
	key := testKey()
	n, e := key.RSA()
	x, y := key.P256()
	dy, p, q, g := key.DSA()
	for _, number := range [][]byte{n, e, x, y, dy, p, q, g} {
		assert.Nil(t, number)
	}
	key.Ed25519()[0]++ // a copy
	assert.True(t, key.Equal(testKey()))
	assert.False(t, key.Legacy())
	assert.Equal(t, 256, key.Bits())

	var none browserid.PublicKey
	assert.True(t, none.IsZero())
	assert.Empty(t, none.Algorithm())
	assert.Nil(t, none.JWK())
	_, err := none.MarshalJSON()
	require.ErrorIs(t, err, browserid.CodeKey)
}

func TestNewKeysRefuse(t *testing.T) {
	t.Parallel()
	_, err := browserid.NewRSA(make([]byte, 256), 65537)
	require.ErrorIs(t, err, browserid.CodeKey)
	odd := []byte(strings.Repeat("\xff", 256))
	for _, e := range []uint32{0, 1, 2, 65536, 1 << 31, 1<<31 + 1, 1<<32 - 1} {
		_, err = browserid.NewRSA(odd, e)
		require.ErrorIs(t, err, browserid.CodeKey)
	}
	for _, e := range []uint32{3, 65537, 1<<31 - 1} {
		_, err = browserid.NewRSA(append([]byte{0}, odd...), e)
		require.NoError(t, err)
	}
	_, err = browserid.NewP256(make([]byte, 32), make([]byte, 31))
	require.ErrorIs(t, err, browserid.CodeKey)
	_, err = browserid.NewEd25519(make([]byte, 33))
	require.ErrorIs(t, err, browserid.CodeKey)
}
