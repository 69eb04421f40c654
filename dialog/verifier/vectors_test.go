package verifier

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// vectors are vectors/verifier_http_cases.json: what the verifiers of old
// answered.
type vectors struct {
	Failures    []vector          `json:"failures"`
	OldFailures []vector          `json:"old_persona_failures"`
	Headers     map[string]string `json:"response_headers"`
	Health      map[string]string `json:"health"`
}

type vector struct {
	Case string `json:"case"`
	HTTP int    `json:"http"`
}

// answer is what we say to a case of the vectors: the old status, in words of
// our own, and a code.
type answer struct {
	targets           []string
	contentType, body string
	status            int
	code              string
}

var (
	v1   = []string{"/verify", "/"}
	v2   = []string{"/v2"}
	both = append(slices.Clone(v1), v2...)
)

// asking is a request for an assertion at https://rp.test.
func asking(text any, code string) answer {
	return answer{both, typeJSON, object("assertion", text, "audience", "https://rp.test"), 200, code}
}

func answers() map[string]answer {
	expired := asking(bundle(func(_ *browserid.Certificate, a *browserid.Assertion) { a.Expires = at(-time.Hour) }), "assertion_expired")
	otherIssuer := asking(bundle(speak("own.example", ann)), "untrusted_issuer")
	// Differs: without an address nobody is trusted, not even who was asked to be (D1.4).
	nobody := asking(bundleWithPrincipal(`{}`), "address")
	unavailable := asking(bundle(speak("broken.test", "ann@broken.test")), CodeUnavailable)
	busy := asking(bundle(speak("crowded.test", "ann@crowded.test")), CodeBusy)
	unavailable.status, busy.status = 503, 503
	return map[string]answer{
		"no assertion":    {both, typeJSON, object("audience", "https://rp.test"), 400, CodeMissing},
		"no audience":     {both, typeJSON, object("assertion", "a~b"), 400, CodeMissing},
		"no params":       {v1, typeForm, "", 400, CodeMissing},
		"no content type": {v1, "", form("assertion", "a~b"), 415, CodeContentType},
		"content type":    {v1, "text/plain", "a~b", 415, CodeContentType},
		"not json":        {v2, typeForm, form("assertion", "a~b"), 415, CodeContentType},
		"trustedIssuers has a non-string": {
			v2, typeJSON, object("assertion", "a~b", "audience", "https://rp.test", "trustedIssuers", []any{7}), 400, CodeInvalid,
		},
		"forceIssuer not allowed": {
			v1, typeForm, form("assertion", bundle(), "audience", "https://rp.test", "experimental_forceIssuer", "own.example"), 200, CodeNotAllowed,
		},
		"worker failure": unavailable,
		"overload":       busy,
		"wrong port":     {both, typeJSON, object("assertion", bundle(), "audience", "https://rp.test:8443"), 200, "audience"},
		// Differs in the reason: http is refused before it is compared (D2).
		"wrong scheme":       {both, typeJSON, object("assertion", bundle(), "audience", "http://rp.test"), 200, "audience"},
		"assertion past exp": expired,
		"expired":            expired,
		"cert or assertion iat in the future": asking(bundle(func(c *browserid.Certificate, _ *browserid.Assertion) {
			c.IssuedAt = at(30 * time.Minute)
		}), "certificate_not_yet_valid"),
		"assertion is not a string": asking(7, "malformed_backed_assertion"),
		"token without 3 parts":     asking("a.b~c.d", "malformed_token"),
		// Differs: with Ed25519, since a DSA key is refused as such (C4.7).
		"DSA signature too long":               asking(bundle()+"AAAA", "invalid_assertion_signature"),
		"alg label differs from key":           asking(bundleOf(eddsa(), eddsa()), "algorithm"),
		"bad cert signature":                   asking(bundleOf(newKey(browserid.ES256)(), eddsa()), "invalid_certificate_signature"),
		"issuer not authority for the address": otherIssuer,
		"wrong issuer":                         otherIssuer,
		"no address and issuer not trusted":    nobody,
		"missing email":                        nobody,
		"bad email":                            asking(bundleWithPrincipal(`{"email":"ann"}`), "address"),
		"no support document":                  asking(bundle(speak("evil.test", "ann@nobody.test")), "untrusted_issuer"),
		"unverified email not allowed":         asking(bundleWithPrincipal(`{"unverified-email":"ann@idp.test"}`), "unverified_address"),
	}
}

// bundleWithPrincipal signs a certificate that SignCertificate would not.
func bundleWithPrincipal(principal string) string {
	certificate, assertion, _ := strings.Cut(bundle(), "~")
	parts := strings.Split(certificate, ".")
	claims := string(must(base64.RawURLEncoding.DecodeString(parts[1])))
	claims = strings.Replace(claims, `{"email":"ann@idp.test"}`, principal, 1)
	input := parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	signature := must(es256().Sign(context.Background(), []byte(input)))
	return input + "." + base64.RawURLEncoding.EncodeToString(signature) + "~" + assertion
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	for name, answer := range answers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, target := range answer.targets {
				response := post(handler, target, answer.contentType, answer.body)
				assert.Equal(t, answer.status, response.Code, target)
				reply := replyOf(t, response)
				assert.Equal(t, StatusFailure, reply.Status, target)
				assert.Equal(t, answer.code, reply.Code, target)
			}
		})
	}
}

// TestVectors finds cases of the shared vectors, where they are, that we have no
// answer for, or one with another status than the verifiers of old.
func TestVectors(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("NAVID_VECTORS")
	if folder == "" {
		return
	}
	var file vectors
	require.NoError(t, json.Unmarshal(must(os.ReadFile(filepath.Join(folder, "verifier_http_cases.json"))), &file))
	require.NotEmpty(t, file.Failures)
	known := answers()
	known["GET"] = answer{status: http.StatusMethodNotAllowed} // TestMethods
	for _, vector := range append(file.Failures, file.OldFailures...) {
		if assert.Contains(t, known, vector.Case) {
			assert.Equal(t, vector.HTTP, known[vector.Case].status, vector.Case)
		}
	}
	// Differs: there is nothing in a JSON reply that a browser could report.
	file.Headers["Content-Security-Policy"] = strings.TrimSuffix(file.Headers["Content-Security-Policy"], "; report-uri /__cspreport__")
	for name, value := range file.Headers {
		assert.Equal(t, value, headers[name], name)
	}
	for target := range file.Health {
		response := httptest.NewRecorder()
		newTestVerifier(t, testConfig()).ServeHTTP(response, httptest.NewRequest("GET", target, nil))
		assert.Equal(t, http.StatusOK, response.Code, target)
	}
}
