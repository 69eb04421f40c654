package verifier

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// D6: both versions, in each form of each.
func TestOkay(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	asForm := form("assertion", bundle(), "audience", "https://rp.test")
	asJSON := object("assertion", bundle(), "audience", "https://rp.test")
	for _, test := range []struct{ target, contentType, body string }{
		{"/verify", typeForm, asForm},
		{"/verify", typeForm + "; charset=UTF-8", asForm},
		{"/verify", "Application/X-WWW-Form-URLEncoded", asForm},
		{"/verify", typeJSON, asJSON},
		{"/verify", typeJSON + ";charset=utf-8", asJSON},
		{"/", typeForm, asForm},
		{"/", typeJSON, asJSON},
		{"/v2", typeJSON, asJSON},
		{"/v2", typeJSON, object("assertion", bundle(), "audience", "https://rp.test", "trustedIssuers", []string{})},
		{"/verify", typeForm, asForm + "&experimental_forceIssuer=&experimental_allowUnverified=false&other=1"},
		{"/verify", typeJSON, object("assertion", bundle(), "audience", "https://rp.test", "experimental_allowUnverified", false)},
	} {
		t.Run(test.target+" "+test.contentType, func(t *testing.T) {
			t.Parallel()
			response := post(handler, test.target, test.contentType, test.body)
			require.Equal(t, http.StatusOK, response.Code)
			assert.JSONEq(t, `{"status":"okay","email":"ann@idp.test","audience":"https://rp.test",
				"expires":1795262520000,"issuer":"idp.test"}`, response.Body.String())
		})
	}
}

func TestOkayTellsTheOtherClaims(t *testing.T) {
	t.Parallel()
	text := bundle(func(c *browserid.Certificate, a *browserid.Assertion) {
		c.Extra = map[string]json.RawMessage{"generation": json.RawMessage("7")}
		a.Extra = map[string]json.RawMessage{"screen": json.RawMessage(`"<b>"`)}
	})
	reply := replyOf(t, post(newTestVerifier(t, testConfig()), "/v2", typeJSON, object("assertion", text, "audience", "https://rp.test")))
	assert.JSONEq(t, "7", string(reply.IdPClaims["generation"]))
	assert.JSONEq(t, `"<b>"`, string(reply.UserClaims["screen"]))
}

// D2: an origin, whose default port and final slash make no difference; it
// comes back as the caller spelt it.
func TestAudience(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	for audience, want := range map[string]string{
		"https://rp.test":      StatusOkay,
		"https://rp.test:443":  StatusOkay,
		"https://rp.test/":     StatusOkay,
		"HTTPS://RP.TEST":      "audience", // a scheme in capitals is nobody's way to write an origin
		"https://RP.test":      StatusOkay,
		"https://rp.test:8443": "audience",
		"http://rp.test":       "audience",
		"rp.test":              "audience",
		"https://rp.test/path": "audience",
		"https://rp.test//":    "audience",
		"https://*.test":       "audience",
		"null":                 "audience",
	} {
		response := post(handler, "/verify", typeForm, form("assertion", bundle(), "audience", audience))
		assert.Equal(t, http.StatusOK, response.Code, audience)
		reply := replyOf(t, response)
		assert.Equal(t, want, reply.outcome(), audience)
		if want == StatusOkay {
			assert.Equal(t, audience, reply.Audience)
		}
	}
}

// What agent/verify finds is answered with 200, with its code and a reason.
func TestFailedAssertions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		text   string
		code   verify.Code
		reason string
	}{
		{"not an assertion", "ann@idp.test", verify.CodeBacked, "read: no certificate"},
		{"half a token", "a.b~c.d.e", verify.CodeToken, "read the certificate: token: not three parts"},
		{"two certificates", "a~" + bundle(), verify.CodeChain, "more than one certificate"},
		{
			"expired", bundle(func(_ *browserid.Certificate, a *browserid.Assertion) { a.Expires = at(-time.Hour) }),
			verify.CodeAssertionExpired, "assertion expired at 2026-11-21T11:00:00Z, it is 2026-11-21T12:00:00Z here",
		},
		{
			"not yet valid", bundle(func(c *browserid.Certificate, _ *browserid.Assertion) { c.IssuedAt = at(time.Hour) }),
			verify.CodeCertificateNotYetValid, "certificate issued at 2026-11-21T13:00:00Z, it is 2026-11-21T12:00:00Z here",
		},
		{
			"other site", bundle(func(_ *browserid.Certificate, a *browserid.Assertion) { a.Audience = "https://evil.test" }),
			verify.CodeAudience, "made for https://evil.test, not for https://rp.test",
		},
		{"other issuer", bundle(speak("own.example", ann)), verify.CodeUntrustedIssuer, "expected idp.test, got own.example"},
		{"fallback for a primary", bundle(speak("login.example", ann)), verify.CodeFallback, "idp.test has an identity provider"},
		{"no issuer", bundle(speak("evil.test", "ann@nobody.test")), verify.CodeUntrustedIssuer, "evil.test is not a known fallback: There is none."},
		{"offline", bundle(speak("offline.test", "ann@offline.test")), verify.CodeDiscovery, "who speaks for offline.test: No answer."},
		{"other key", bundleOf(eddsa(), eddsa()), verify.CodeAlgorithm, "the certificate's alg"},
		{
			"not the user's", bundle(func(c *browserid.Certificate, _ *browserid.Assertion) { c.PublicKey = rs256().PublicKey() }),
			verify.CodeAlgorithm, "the assertion's alg",
		},
		{
			"not proven", bundle(func(c *browserid.Certificate, _ *browserid.Assertion) { c.Principal.Unverified = true }),
			verify.CodeUnverified, "has not proven",
		},
	}
	handler := newTestVerifier(t, testConfig())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, target := range []string{"/verify", "/v2"} {
				response := post(handler, target, typeJSON, object("assertion", test.text, "audience", "https://rp.test"))
				require.Equal(t, http.StatusOK, response.Code)
				reply := replyOf(t, response)
				assert.Equal(t, string(test.code), reply.Code)
				assert.Contains(t, reply.Reason, test.reason)
				assert.Equal(t, Reply{Status: StatusFailure, Code: reply.Code, Reason: reply.Reason}, reply)
			}
		})
	}
}

func TestFallbackSpeaksForADomainWithoutProvider(t *testing.T) {
	t.Parallel()
	text := bundle(speak("login.example", "ann@nobody.test"))
	for fallback, want := range map[browserid.Domain]string{"login.example": StatusOkay, "own.example": "untrusted_issuer"} {
		config := testConfig()
		config.Fallbacks = []browserid.Domain{fallback}
		response := post(newTestVerifier(t, config), "/v2", typeJSON, object("assertion", text, "audience", "https://rp.test"))
		assert.Equal(t, want, replyOf(t, response).outcome(), fallback)
	}
}

// C4.7: the rule is for the one who runs the verifier to set.
func TestLegacyKeys(t *testing.T) {
	t.Parallel()
	weak := must(browserid.NewRSA(bytes.Repeat([]byte{0xff}, 128), 65537))
	text := bundle(func(c *browserid.Certificate, _ *browserid.Assertion) { c.PublicKey = weak })
	for allowed, want := range map[bool]verify.Code{false: verify.CodeLegacyKey, true: verify.CodeAlgorithm} { // the next check
		config := testConfig()
		config.AllowLegacyKeys = allowed
		response := post(newTestVerifier(t, config), "/v2", typeJSON, object("assertion", text, "audience", "https://rp.test"))
		assert.Equal(t, string(want), replyOf(t, response).Code)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Config){
		"Discovery is missing":         func(c *Config) { c.Discovery = nil },
		"MaxVerifications is negative": func(c *Config) { c.MaxVerifications = -1 },
		`issuer "Login.example"`:       func(c *Config) { c.Fallbacks = []browserid.Domain{"Login.example"} },
		`issuer "own.example."`:        func(c *Config) { c.TrustedIssuers = []browserid.Domain{"own.example."} },
	} {
		config := testConfig()
		change(&config)
		_, err := New(config)
		assert.ErrorContains(t, err, want)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	config := Config{}.withDefaults()
	assert.Equal(t, DefaultMaxVerifications, config.MaxVerifications)
	assert.WithinDuration(t, time.Now(), config.Now(), time.Minute)
	assert.NotNil(t, config.Log)
}

// Every other method and address is refused by the mux.
func TestMethods(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	for _, target := range []string{"/verify", "/v2", "/"} {
		for _, method := range []string{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"} {
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, httptest.NewRequest(method, target+"?"+form("assertion", bundle(), "audience", "https://rp.test"), nil))
			assert.Equal(t, http.StatusMethodNotAllowed, response.Code, method+target)
			assert.Equal(t, "POST", response.Header().Get("Allow"), method+target)
			assert.NotContains(t, response.Body.String(), "ann")
		}
	}
	assert.Equal(t, http.StatusNotFound, post(handler, "/verify/", typeJSON, "{}").Code)
	assert.Equal(t, http.StatusNotFound, post(handler, "/v3", typeJSON, "{}").Code)
}

// D6, and no CORS: a browser's answer is in the hands of its user.
func TestHeaders(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	for _, target := range []string{"/verify", "/v2", "/", "/nothing", "/status"} {
		for _, method := range []string{"POST", "GET", "OPTIONS"} {
			request := httptest.NewRequest(method, target, strings.NewReader("{}"))
			request.Header.Set("Origin", "https://rp.test")
			request.Header.Set("Access-Control-Request-Method", "POST")
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, request)
			header := response.Header()
			assert.Equal(t, "private, no-cache, no-store, must-revalidate, max-age=0", header.Get("Cache-Control"))
			assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
			assert.Equal(t, "DENY", header.Get("X-Frame-Options"))
			assert.Equal(t, "max-age=15552000", header.Get("Strict-Transport-Security"))
			assert.Equal(t, "default-src 'none'; frame-ancestors 'none'", header.Get("Content-Security-Policy"))
			for name := range header {
				assert.False(t, strings.HasPrefix(name, "Access-Control-"), name)
			}
		}
	}
}

func TestHeadersOfTheServerAroundStay(t *testing.T) {
	t.Parallel()
	response := httptest.NewRecorder()
	response.Header().Set("Strict-Transport-Security", "max-age=31536000")
	newTestVerifier(t, testConfig()).ServeHTTP(response, httptest.NewRequest("POST", "/verify", nil))
	assert.Equal(t, []string{"max-age=31536000"}, response.Header().Values("Strict-Transport-Security"))
}

func TestHealth(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	get := func(target string) string {
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, httptest.NewRequest("GET", target, nil))
		require.Equal(t, http.StatusOK, response.Code, target)
		return response.Body.String()
	}
	assert.Equal(t, "OK", get("/status"))
	assert.JSONEq(t, "{}", get("/__heartbeat__"))
	assert.JSONEq(t, "{}", get("/__lbheartbeat__"))
	var version map[string]string
	require.NoError(t, json.Unmarshal([]byte(get("/__version__")), &version))
	assert.Equal(t, "navid", version["name"])
	assert.Contains(t, version, "version")
}
