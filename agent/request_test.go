package agent_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

func TestParseRequest(t *testing.T) {
	t.Parallel()
	req, err := agent.ParseRequest("https://RP.test:443", []byte(`{"nonce":"n","algorithms":["EdDSA"],"email":"a@b.test","siteName":"x"}`))
	require.NoError(t, err)
	assert.Equal(t, agent.Request{Origin: rp, Nonce: "n", Algorithms: []browserid.Algorithm{"EdDSA"}, Email: "a@b.test"}, req)

	req, err = agent.ParseRequest(string(rp), []byte(`{"experimental_forceAuthentication":true,"experimental_forceIssuer":"IdP.test","experimental_allowUnverified":true}`))
	require.NoError(t, err)
	assert.True(t, req.ForceAuthentication)
	assert.Equal(t, browserid.Domain("idp.test"), req.ForceIssuer)
	assert.True(t, req.AllowUnverified)

	req, err = agent.ParseRequest("http://rp.localhost:8080", []byte(`{}`))
	require.NoError(t, err)
	assert.Equal(t, []browserid.Algorithm{browserid.RS256}, req.Algorithms, "old sites know nothing newer")
}

// A site's logo alone is larger than any other object that is read strictly (A4).
func TestParseRequestLogo(t *testing.T) {
	t.Parallel()
	_, err := agent.ParseRequest(string(rp), []byte(`{"siteLogo":"`+strings.Repeat("A", 128<<10)+`"}`))
	require.NoError(t, err)
}

// Names are exact: what is spelt otherwise is another option, which nobody knows.
func TestParseRequestNames(t *testing.T) {
	t.Parallel()
	req, err := agent.ParseRequest(string(rp), []byte(`{"nonce":"n","Nonce":"other","NONCE":7,"Email":"a@b.test"}`))
	require.NoError(t, err)
	assert.Equal(t, agent.Request{Origin: rp, Nonce: "n", Algorithms: []browserid.Algorithm{browserid.RS256}}, req)
}

// A1.4, A2.4: which API a site calls says whether it observes.
func TestParseRequestObserver(t *testing.T) {
	t.Parallel()
	for api, observer := range map[string]bool{
		"watch_with_onready": true, "watch_without_onready": true, "stateless": false, "get": false, "getVerifiedEmail": false, "": false,
	} {
		req, err := agent.ParseRequest(string(rp), []byte(`{"rp_api":"`+api+`"}`))
		require.NoError(t, err)
		assert.Equal(t, observer, req.Observer, api)
	}
}

func TestParseRequestRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		origin, params string
		want           agent.Code
	}{
		"opaque origin":    {"null", `{}`, agent.CodeInvalidOrigin},
		"plain http":       {"http://rp.test", `{}`, agent.CodeInvalidOrigin},
		"an extension":     {"chrome-extension://abcdef", `{}`, agent.CodeInvalidOrigin},
		"not JSON":         {string(rp), `x`, agent.CodeInvalidOptions},
		"a list":           {string(rp), `[]`, agent.CodeInvalidOptions},
		"nonce of a type":  {string(rp), `{"nonce":1}`, agent.CodeInvalidOptions},
		"long nonce":       {string(rp), `{"nonce":"` + strings.Repeat("n", 257) + `"}`, agent.CodeInvalidOptions},
		"long hint":        {string(rp), `{"email":"` + strings.Repeat("n", 255) + `"}`, agent.CodeInvalidOptions},
		"too much of all":  {string(rp), `{"x":"` + strings.Repeat("n", 256<<10) + `"}`, agent.CodeInvalidOptions},
		"truth a word":     {string(rp), `{"experimental_allowUnverified":"true"}`, agent.CodeInvalidOptions},
		"anew a number":    {string(rp), `{"experimental_forceAuthentication":1}`, agent.CodeInvalidOptions},
		"issuer a URL":     {string(rp), `{"experimental_forceIssuer":"https://idp.test"}`, agent.CodeInvalidOptions},
		"issuer an IP":     {string(rp), `{"experimental_forceIssuer":"127.0.0.1"}`, agent.CodeInvalidOptions},
		"issuer empty":     {string(rp), `{"experimental_forceIssuer":""}`, agent.CodeInvalidOptions},
		"issuer a list":    {string(rp), `{"experimental_forceIssuer":["idp.test"]}`, agent.CodeInvalidOptions},
		"nonce twice":      {string(rp), `{"nonce":"a","nonce":"b"}`, agent.CodeInvalidOptions},
		"algorithm a word": {string(rp), `{"algorithms":"RS256"}`, agent.CodeInvalidOptions},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := agent.ParseRequest(c.origin, []byte(c.params))
			assert.Equal(t, c.want, agent.CodeOf(err))
		})
	}
}
