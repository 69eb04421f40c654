package dialog

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const wantCSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data:; frame-src https:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'; worker-src 'none'"

// everyKind answers one request of each kind that the host can get, by the
// status expected of it.
func everyKind(t *testing.T) map[string]*httptest.ResponseRecorder {
	t.Helper()
	handler := newTestHost(t, testConfig())
	module, agent, exec := urlsOf(t, handler)
	const own = "Sec-Fetch-Site: same-origin"
	responses := map[string]*httptest.ResponseRecorder{}
	expect := func(status int, method, target, body string, header ...string) {
		response := do(handler, method, target, body, header...)
		name := method + " " + target + " " + http.StatusText(status)
		require.Equal(t, status, response.Code, name)
		responses[name] = response
	}
	for _, target := range []string{
		"/", "/sign_in", "/sign_in?AUTH_RETURN", "/sign_in?AUTH_RETURN_CANCEL", "/sign_in?PROVISION_RETURN",
		"/sign_in?REDIRECT", "/communication_iframe", "/healthz", module, agent, exec,
		"/agent.js", "/include.js", "/provisioning_api.js", "/authentication_api.js",
	} {
		expect(200, "GET", target, "")
		expect(200, "HEAD", target, "")
	}
	expect(307, "GET", "//sign_in", "")
	expect(304, "GET", agent, "", `If-None-Match: *`)
	expect(403, "GET", "/agent.js", "", "Service-Worker: script")
	expect(404, "GET", "/nothing", "")
	expect(404, "GET", "/static/0123456789/agent.wasm", "")
	expect(405, "POST", "/sign_in", "")
	expect(421, "GET", "/sign_in", "", "Host: evil.test")
	expect(200, "POST", "/api/address", `{"domain":"idp.test"}`, own)
	expect(400, "POST", "/api/address", `{}`, own)
	expect(403, "POST", "/api/address", `{"domain":"idp.test"}`, "Sec-Fetch-Site: cross-site")
	expect(404, "POST", "/api/nothing", "", own)
	expect(200, "POST", "/verify", "assertion=a&audience=b", formType)
	expect(400, "POST", "/v2", "{}", "Content-Type: application/json")
	expect(405, "GET", "/verify", "")
	expect(415, "POST", "/v2", "", formType)
	return responses
}

// Security test 38, webplatform.md 4 and 9.
func TestHeadersOnEveryResponse(t *testing.T) {
	t.Parallel()
	for name, response := range everyKind(t) {
		header := response.Header()
		assert.Equal(t, policyFor(name), header.Get("Content-Security-Policy"), name)
		assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), name)
		assert.Equal(t, "no-referrer", header.Get("Referrer-Policy"), name)
		assert.Equal(t, "max-age=31536000", header.Get("Strict-Transport-Security"), name)
		assert.Contains(t, header.Get("Permissions-Policy"), "camera=()", name)
		assert.Empty(t, header.Values("Cross-Origin-Opener-Policy"), "%s: any COOP cuts the dialog off from the RP", name)
		assert.NotEmpty(t, header.Get("Cross-Origin-Resource-Policy"), name)
		assert.Empty(t, header.Values("Set-Cookie"), name)
	}
}

// policyFor is the policy of the answer to a request: three documents have one
// of their own.
func policyFor(name string) string {
	withLogos := strings.NewReplacer("img-src 'self' data:", "img-src 'self' data: https:")
	switch {
	case strings.Contains(name, "?REDIRECT"):
		return withLogos.Replace(strings.Replace(wantCSP, "connect-src 'self'", "connect-src 'self' https:", 1))
	case strings.Contains(name, "/sign_in OK"):
		return withLogos.Replace(wantCSP)
	case strings.Contains(name, "/communication_iframe"):
		return strings.NewReplacer("frame-ancestors 'none'", "frame-ancestors *", "frame-src https:", "frame-src 'none'").Replace(wantCSP)
	}
	return wantCSP
}

// Only the communication frame is there to be embedded, by pages under COEP
// too; it is cached, so that the host does not hear of each page (E6).
func TestCommunicationFrame(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	header := do(handler, "GET", "/communication_iframe", "").Header()
	assert.Equal(t, "require-corp", header.Get("Cross-Origin-Embedder-Policy"))
	assert.Equal(t, "cross-origin", header.Get("Cross-Origin-Resource-Policy"))
	assert.Equal(t, "public, max-age=86400, immutable", header.Get("Cache-Control"))
	for _, target := range []string{"/", "/sign_in", "/sign_in?REDIRECT"} {
		header := do(handler, "GET", target, "").Header()
		assert.Empty(t, header.Values("Cross-Origin-Embedder-Policy"), target)
		assert.Equal(t, "no-store", header.Get("Cache-Control"), target)
	}
}

func TestOnlyTheScriptsAreForOtherSites(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	_, agent, _ := urlsOf(t, handler)
	for _, target := range []string{"/agent.js", "/include.js", "/provisioning_api.js", "/authentication_api.js"} {
		header := do(handler, "GET", target, "").Header()
		assert.Equal(t, "cross-origin", header.Get("Cross-Origin-Resource-Policy"), target)
		assert.Equal(t, "*", header.Get("Access-Control-Allow-Origin"), target)
	}
	for _, target := range []string{"/", "/sign_in", "/nothing", agent} {
		header := do(handler, "GET", target, "", "Origin: https://rp.test").Header()
		assert.Equal(t, "same-origin", header.Get("Cross-Origin-Resource-Policy"), target)
		assert.Empty(t, header.Values("Access-Control-Allow-Origin"), target)
	}
}

func TestDevelopmentHeaders(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.PublicURL, config.Dev = "http://login.localhost:8080", true
	handler := newTestHost(t, config)
	header := do(handler, "GET", "/", "", "Host: login.localhost:8080").Header()
	assert.Contains(t, header.Get("Content-Security-Policy"), "frame-src https: http://localhost:* http://*.localhost:*;")
	header = do(handler, "GET", "/sign_in", "", "Host: login.localhost:8080").Header()
	assert.Contains(t, header.Get("Content-Security-Policy"), "img-src 'self' data: https: http://localhost:* http://*.localhost:*;")
	redirect := do(handler, "GET", "/sign_in?REDIRECT", "", "Host: login.localhost:8080").Header()
	assert.Contains(t, redirect.Get("Content-Security-Policy"), "connect-src 'self' https: http://localhost:* http://*.localhost:*;")
	assert.Empty(t, header.Get("Strict-Transport-Security"), "nothing to be strict about over http")
}
