package verifier

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent/browserid"
)

// D4.1, D4.2, C6.2: what callers may ask for is for the configuration to say.
func TestRights(t *testing.T) {
	t.Parallel()
	trusting := func(c *Config) { c.TrustedIssuers = []browserid.Domain{"own.example"} }
	unverified := func(c *Config) { c.AllowUnverified = true }
	nothing := func(*Config) {}
	own, unproven := bundle(speak("own.example", ann)), bundle(func(c *browserid.Certificate, _ *browserid.Assertion) {
		c.Principal.Unverified = true
	})
	const force, allow, trust = "experimental_forceIssuer", "experimental_allowUnverified", "trustedIssuers"
	tests := []struct {
		name         string
		configure    func(*Config)
		target, text string
		name1        string
		value        any
		want         string
	}{
		{"trusted", trusting, "/v2", own, trust, []string{"own.example"}, StatusOkay},
		{"trusted, in capitals", trusting, "/v2", own, trust, []string{"OWN.example"}, StatusOkay},
		{"not asked to trust", trusting, "/v2", own, trust, []string{}, "untrusted_issuer"},
		{"trusts one too many", trusting, "/v2", own, trust, []string{"own.example", "evil.test"}, CodeNotAllowed},
		{"may not trust", nothing, "/v2", own, trust, []string{"own.example"}, CodeNotAllowed},
		{"trust is for v2", trusting, "/verify", own, trust, []string{"own.example"}, "untrusted_issuer"},
		{"forced", trusting, "/verify", own, force, "own.example", StatusOkay},
		{"forced, but another's", trusting, "/verify", bundle(), force, "own.example", "untrusted_issuer"},
		{"may not force", nothing, "/verify", own, force, "own.example", CodeNotAllowed},
		{"may not force the right one", nothing, "/verify", bundle(), force, "idp.test", CodeNotAllowed},
		{"force is for v1", trusting, "/v2", own, force, "own.example", "untrusted_issuer"},
		{"unverified", unverified, "/verify", unproven, allow, true, StatusOkay},
		{"unverified, spelt out", unverified, "/verify", unproven, allow, "true", StatusOkay},
		{"not asked to allow unverified", unverified, "/verify", unproven, allow, false, "unverified_address"},
		{"may not allow unverified", nothing, "/verify", unproven, allow, true, CodeNotAllowed},
		{"may not, and need not", nothing, "/verify", bundle(), allow, true, CodeNotAllowed},
		{"unverified is for v1", unverified, "/v2", unproven, allow, true, "unverified_address"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := testConfig()
			test.configure(&config)
			body := object("assertion", test.text, "audience", "https://rp.test", test.name1, test.value)
			response := post(newTestVerifier(t, config), test.target, typeJSON, body)
			assert.Equal(t, http.StatusOK, response.Code)
			assert.Equal(t, test.want, replyOf(t, response).outcome())
		})
	}
}

// A caller that does not look for it never takes an unproven address for a
// proven one.
func TestUnverifiedAddressHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.AllowUnverified = true
	text := bundle(func(c *browserid.Certificate, _ *browserid.Assertion) { c.Principal.Unverified = true })
	reply := replyOf(t, post(newTestVerifier(t, config), "/verify", typeForm,
		form("assertion", text, "audience", "https://rp.test", "experimental_allowUnverified", "true")))
	assert.Empty(t, reply.Email)
	assert.Equal(t, browserid.Email(ann), reply.UnverifiedEmail)
}
