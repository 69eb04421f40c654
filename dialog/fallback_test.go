package dialog

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

// newFallbackHost is a host of two names that proves addresses under the first.
func newFallbackHost(t *testing.T) (http.Handler, *idptest.World) {
	t.Helper()
	w := idptest.New(t, nil)
	config := testConfig()
	config.PublicURL, config.OtherURLs = string(idptest.Origin), []string{testURL}
	config.Discovery, config.Fallback = w.Domains, w.Provider
	return newTestHost(t, config), w
}

func TestFallbackVouchesForDomainsWithoutProvider(t *testing.T) {
	t.Parallel()
	host, w := newFallbackHost(t)
	ask := func(name string) addressReply {
		response := do(host, "POST", "/api/address", `{"domain":"nobody.example"}`, "Sec-Fetch-Site: same-origin", "Host: "+name)
		require.Equal(t, http.StatusOK, response.Code)
		var reply addressReply
		require.NoError(t, json.Unmarshal(response.Body.Bytes(), &reply))
		return reply
	}
	reply := ask("login.test")
	assert.Equal(t, "fallback", reply.Type)
	assert.Equal(t, browserid.Domain("login.test"), reply.Authority)
	assert.Equal(t, []json.RawMessage{w.Key.PublicKey().JWK()}, reply.Keys)
	assert.NotEmpty(t, reply.Algorithms)
	assert.Equal(t, "none", ask("login.example").Type, "its certificates are of the first name")

	w.Domains.Set("nobody.example", &discovery.Provider{Domain: "nobody.example", Authority: "login.test"})
	assert.Equal(t, "fallback", ask("login.test").Type, "a domain that delegates to the host")
}

func TestFallbackPublishesItsKeys(t *testing.T) {
	t.Parallel()
	host, w := newFallbackHost(t)
	response := do(host, "GET", issuer.Path, "", "Host: login.test")
	assert.Equal(t, http.StatusOK, response.Code)
	assert.Equal(t, "application/json", response.Header().Get("Content-Type"))
	assert.Equal(t, "public, max-age=3600", response.Header().Get("Cache-Control"))
	assert.Equal(t, "*", response.Header().Get("Access-Control-Allow-Origin"))
	document, err := browserid.ParseSupportDocument(response.Body.Bytes())
	require.NoError(t, err)
	assert.True(t, document.PublicKeys[0].Equal(w.Key.PublicKey()))
	assert.Equal(t, http.StatusNotFound, do(host, "GET", issuer.Path, "", "Host: login.example").Code)
}

func TestFallbackAnswersOwnPagesOnly(t *testing.T) {
	t.Parallel()
	host, _ := newFallbackHost(t)
	const json = "Content-Type: application/json"
	for site, want := range map[string]int{"same-origin": http.StatusOK, "same-site": http.StatusForbidden, "cross-site": http.StatusForbidden} {
		assert.Equal(t, want, do(host, "POST", "/api/session", `{}`, json, "Sec-Fetch-Site: "+site, "Host: login.test").Code, site)
	}
	assert.Equal(t, http.StatusNotFound, do(host, "POST", "/api/session", `{}`, json, "Sec-Fetch-Site: same-origin", "Host: login.example").Code)
}

// One client that floods the host with questions does not keep others waiting, and
// no other site makes a visitor do that.
func TestFloodsOfQuestions(t *testing.T) {
	t.Parallel()
	host, _ := newFallbackHost(t)
	ask := func(peer, site string) int {
		return do(host, "POST", "/api/link", `{"token":"x"}`,
			"Content-Type: application/json", "Sec-Fetch-Site: "+site, "Host: login.test", "Peer: "+peer).Code
	}
	for range 2 * floodBurst {
		require.Equal(t, http.StatusForbidden, ask("203.0.113.1:1", "cross-site"))
	}
	for range floodBurst {
		require.Equal(t, http.StatusNotFound, ask("203.0.113.1:1", "same-origin"))
	}
	assert.Equal(t, http.StatusTooManyRequests, ask("203.0.113.1:2", "same-origin"))
	assert.Equal(t, http.StatusNotFound, ask("203.0.113.2:1", "same-origin"))
}
