package verify_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// TestHostileKeysCostLittle is E11 and abuse test 30: no key makes a verification
// take 5 ms. What is beyond the limits is refused when it is read; what is
// within them, with the costliest exponent that design.md 8 allows, is used, up
// to ten times for an issuer of ten such keys. (For documents: agent/browserid
// and agent/discovery.)
func TestHostileKeysCostLittle(t *testing.T) { //nolint:paralleltest // it measures
	jwk := func(n []byte, e string) string {
		return fmt.Sprintf(`{"kty":"RSA","e":%q,"n":%q}`, e, base64.RawURLEncoding.EncodeToString(n))
	}
	odd := func(bits int) []byte { return bytes.Repeat([]byte{0xff}, bits/8) }
	cases := map[string]struct {
		key  string
		want verify.Code
	}{
		"262,144 bits, e = 2^31-1": {jwk(odd(262_144), "f____w"), verify.CodeBacked}, // is too long for a bundle
		"16,384 bits, e = 2^31-1":  {jwk(odd(16_384), "f____w"), verify.CodeUserKey},
		"4,096 bits, e = 2^31+1":   {jwk(odd(4096), "gAAAAQ"), verify.CodeUserKey},
		"4,096 bits, e = 2^31-1":   {jwk(odd(4096), "f____w"), verify.CodeAssertionSignature},
		"DSA of 16,384 bits":       {`{"algorithm":"DS","y":"7","q":"7","g":"7","p":"` + strings.Repeat("f", 4096) + `"}`, verify.CodeUserKey},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			a := newAttempt()
			claims := strings.Replace(certificateClaims("ann@idp.test"), string(must(es256().key.MarshalJSON())), test.key, 1)
			certificate := forge(rs256(), `{"alg":"RS256"}`, claims)
			a.bundle = func(_, _ string) string {
				return certificate + "~" + encode(`{"alg":"RS256"}`) + "." + encode(assertionClaims()) + "." + encode(strings.Repeat("\x01", 512))
			}
			requireCheap(t, a, test.want, 5*time.Millisecond)
		})
	}
	t.Run("issuer with ten of them", func(t *testing.T) {
		a := newAttempt()
		keys := make([]browserid.PublicKey, browserid.MaxKeys)
		for i := range keys {
			n := odd(4096)
			n[1] = byte(i)
			keys[i] = must(browserid.ParsePublicKey([]byte(jwk(n, "f____w"))))
		}
		a.providers["idp.test"] = provider("idp.test", keys...)
		token := encode(`{"alg":"RS256"}`) + "." + encode(certificateClaims("ann@idp.test")) + "." + encode(strings.Repeat("\x01", 512))
		a.bundle = replaceCertificate(token)
		requireCheap(t, a, verify.CodeCertificateSignature, browserid.MaxKeys*5*time.Millisecond)
	})
}

// requireCheap demands a refusal within a time. Of many, the fastest counts: the
// machine is shared.
func requireCheap(t *testing.T, a *attempt, want verify.Code, within time.Duration) {
	t.Helper()
	verifier, err := verify.New(a.config)
	require.NoError(t, err)
	text, fastest := a.text(), time.Hour
	for run := 0; run < 50 && fastest >= within; run++ {
		start := time.Now()
		_, err := verifier.Verify(t.Context(), text)
		fastest = min(fastest, time.Since(start))
		require.ErrorIs(t, err, want)
	}
	assert.Less(t, fastest, within)
}
