package browserid_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// TestHugeModulusIsRefusedFast is security.md E11 and abuse test 30: a modulus
// of 262,144 bits fits into a support document and would cost seconds.
func TestHugeModulusIsRefusedFast(t *testing.T) {
	t.Parallel()
	documents := map[string]string{
		"decimal":      `{"algorithm":"RS","e":"65537","n":"` + strings.Repeat("7", 60000) + `"}`,
		"hexadecimal":  `{"algorithm":"DS","y":"7","p":"` + strings.Repeat("7", 60000) + `","q":"7","g":"7"}`,
		"JWK":          `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("7", 262144/6) + `"}`,
		"16,384 bits":  `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("7", 16384/6) + `"}`,
		"e too large":  `{"kty":"RSA","e":"gAAAAQ","n":"` + strings.Repeat("7", 2048/6) + `"}`,
		"e is one":     `{"kty":"RSA","e":"AQ","n":"` + strings.Repeat("7", 2048/6) + `"}`,
		"modulus even": `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("7", 340) + `4A"}`,
	}
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			fastest := time.Hour // of three: the machine is shared
			for range 3 {
				start := time.Now()
				_, err := browserid.ParsePublicKey([]byte(document))
				fastest = min(fastest, time.Since(start))
				require.ErrorIs(t, err, browserid.CodeKey)
			}
			assert.Less(t, fastest, 5*time.Millisecond)
		})
	}
}
