//go:build js && wasm

package fetch_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/fetch"
	"github.com/navid-login/navid/wasm/internal/jsx"
	"github.com/navid-login/navid/wasm/internal/jsxtest"
)

// These tests replace globalThis.fetch, so they are not parallel.

const domain = browserid.Domain("mail.test")

// host makes the fake host answer all requests with this script's value.
func host(t *testing.T, answer string) {
	t.Helper()
	jsxtest.Eval(t, `globalThis.realFetch ??= globalThis.fetch; globalThis.requests = [];
		globalThis.fetch = async (url, options) => { requests.push({url, ...options}); return (`+answer+`) }`)
	t.Cleanup(func() { jsxtest.Eval(t, `globalThis.fetch = realFetch`) })
}

func hostAnswers(t *testing.T, status int, body string) {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	host(t, fmt.Sprintf(`new Response(%s, {status: %d, headers: {"Content-Type": "application/json; charset=utf-8"}})`, text, status))
}

func primary(t *testing.T, change map[string]any) string {
	t.Helper()
	key, err := new(agenttest.KeyStore).Generate(t.Context(), browserid.ES256)
	require.NoError(t, err)
	reply := map[string]any{
		"domain": domain, "type": "primary", "authority": "idp.test", "now": 1_795_000_000_000, "display": map[string]string{"idp.test": "ідп.test"},
		"authentication": "https://idp.test/sign_in", "provisioning": "https://idp.test/provision",
		"keys": []any{key.PublicKey()}, "algorithms": []string{"EdDSA", "ES256"},
	}
	for name, value := range change {
		reply[name] = value
	}
	text, err := json.Marshal(reply)
	require.NoError(t, err)
	return string(text)
}

func TestDiscover(t *testing.T) {
	hostAnswers(t, 200, primary(t, nil))
	var now browserid.Millis
	provider, err := fetch.Discoverer{HostTime: func(m browserid.Millis) { now = m }}.Discover(t.Context(), domain)
	require.NoError(t, err)
	assert.Equal(t, browserid.Domain("idp.test"), provider.Authority)
	assert.Equal(t, browserid.Origin("https://idp.test"), provider.Origin)
	assert.Equal(t, "https://idp.test/sign_in", provider.Authentication)
	assert.Equal(t, "https://idp.test/provision", provider.Provisioning)
	assert.Equal(t, []browserid.Algorithm{browserid.EdDSA, browserid.ES256}, provider.Algorithms)
	assert.Len(t, provider.Keys, 1)
	assert.Equal(t, agent.Display{"idp.test": "ідп.test"}, provider.Display)
	assert.Equal(t, browserid.Millis(1_795_000_000_000), now)
}

// The host is asked about the domain alone, without cookie or referrer.
func TestRequest(t *testing.T) {
	hostAnswers(t, 200, primary(t, nil))
	_, err := fetch.Discoverer{}.Discover(t.Context(), domain)
	require.NoError(t, err)
	requests, err := jsx.JSON(jsxtest.Eval(t, `requests.map(({signal, ...rest}) => rest)`), 10_000)
	require.NoError(t, err)
	assert.JSONEq(t, `[{
		"url": "/api/address", "method": "POST", "body": "{\"domain\":\"mail.test\"}",
		"headers": {"Content-Type": "application/json", "Accept": "application/json"},
		"mode": "same-origin", "credentials": "omit", "cache": "no-store", "redirect": "error",
		"referrerPolicy": "no-referrer"
	}]`, string(requests))
}

func TestPages(t *testing.T) {
	for _, c := range []struct {
		name         string
		authority    string
		provisioning string // on which the authentication page is "sign_in"
		want         string // the origin, "" for an error
	}{
		{"https", "idp.test", "https://idp.test/p", "https://idp.test"},
		{"development", "idp.localhost", "http://idp.localhost:8080/p", "http://idp.localhost:8080"},
		{"http", "idp.test", "http://idp.test/p", ""},
		{"another host", "idp.test", "https://evil.test/p", ""},
		{"a host below", "idp.test", "https://a.idp.test/p", ""},
		{"another port", "idp.test", "https://idp.test:8443/p", ""},
		{"the default port, spelt out", "idp.test", "https://idp.test:443/p", ""},
		{"capitals", "idp.test", "https://IDP.test/p", ""},
		{"a user", "idp.test", "https://evil.test@idp.test/p", ""},
		{"a query", "idp.test", "https://idp.test/p?x", ""},
		{"a fragment", "idp.test", "https://idp.test/p#x", ""},
		{"a backslash", "idp.test", `https://idp.test/\evil.test`, ""},
		{"no path", "idp.test", "https://idp.test", ""},
		{"a script", "idp.test", "javascript://idp.test/%0aalert(1)", ""},
		{"nothing", "idp.test", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			authentication := strings.TrimSuffix(c.provisioning, "p") + "sign_in"
			hostAnswers(t, 200, primary(t, map[string]any{
				"authority": c.authority, "provisioning": c.provisioning, "authentication": authentication,
			}))
			provider, err := fetch.Discoverer{}.Discover(t.Context(), domain)
			if c.want == "" {
				assertHostAtFault(t, err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, string(provider.Origin))
		})
	}
}

func TestAlgorithmsOfOldProviders(t *testing.T) {
	hostAnswers(t, 200, primary(t, map[string]any{"algorithms": nil}))
	provider, err := fetch.Discoverer{}.Discover(t.Context(), domain)
	require.NoError(t, err)
	assert.Equal(t, []browserid.Algorithm{browserid.RS256}, provider.Algorithms)
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   error
	}{
		{"nobody", 200, `{"domain":"mail.test","type":"none"}`, agent.ErrNoProvider},
		{"offline", 200, `{"domain":"mail.test","type":"offline","reason":"m"}`, agent.ErrProviderUnreachable},
		{"invalid", 200, `{"domain":"mail.test","type":"invalid","reason":"m"}`, agent.ErrProviderInvalid},
		{"busy", 429, `{"code":"too_many_requests","message":"m"}`, agent.ErrHostBusy},
		{"refused", 400, `{"code":"invalid_domain","message":"m"}`, nil},
		{"a code with success", 200, `{"code":"internal"}`, nil},
		{"nobody, with a failure", 500, `{"domain":"mail.test","type":"none"}`, nil},
		{"another domain", 200, primary(t, map[string]any{"domain": "idp.test"}), nil},
		{"another type", 200, primary(t, map[string]any{"type": "secondary"}), nil},
		{"no keys", 200, primary(t, map[string]any{"keys": []any{}}), nil},
		{"a broken key", 200, primary(t, map[string]any{"keys": []any{1}}), nil},
		{"pages apart", 200, primary(t, map[string]any{"authentication": "http://idp.test/"}), nil},
		{"no JSON", 200, `<html>`, nil},
		{"nothing", 200, ``, nil},
		{"too long", 200, `{"domain":"mail.test","type":"none","more":"` + strings.Repeat("x", fetch.MaxBody) + `"}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			hostAnswers(t, c.status, c.body)
			_, err := fetch.Discoverer{}.Discover(t.Context(), domain)
			if c.want == nil {
				assertHostAtFault(t, err)
				return
			}
			assert.ErrorIs(t, err, c.want)
		})
	}
}

func TestHostUnreachable(t *testing.T) {
	for name, answer := range map[string]string{
		"network": `(() => { throw new TypeError("Failed to fetch") })()`,
		"HTML":    `new Response('{"domain":"mail.test","type":"none"}', {headers: {"Content-Type": "text/html"}})`,
		"no type": `new Response(new Uint8Array(2))`,
		"no body": `new Response(null, {status: 204, headers: {"Content-Type": "application/json"}})`,
	} {
		t.Run(name, func(t *testing.T) {
			host(t, answer)
			_, err := fetch.Discoverer{}.Discover(t.Context(), domain)
			assertHostAtFault(t, err)
		})
	}
}

func TestBusyByTheWordOfAProxy(t *testing.T) {
	host(t, `new Response("<h1>slow down</h1>", {status: 429, headers: {"Content-Type": "text/html"}})`)
	_, err := fetch.Discoverer{}.Discover(t.Context(), domain)
	assert.ErrorIs(t, err, agent.ErrHostBusy)
}

// Whoever leaves ends the request too.
func TestContextAbortsTheRequest(t *testing.T) {
	host(t, `await new Promise((_, reject) => options.signal.addEventListener("abort", () => reject(options.signal.reason)))`)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := fetch.Discoverer{}.Discover(ctx, domain)
		ended <- err
	}()
	jsxtest.Eval(t, `(async () => { while (requests.length === 0) await 0 })()`)
	cancel()
	assert.ErrorIs(t, <-ended, context.Canceled)
	assert.True(t, jsx.BoolOf(jsxtest.Eval(t, `new Promise(resolve => setTimeout(() => resolve(requests[0].signal)))`), "aborted"))
}

// assertHostAtFault asserts that an error says nothing about the domain.
func assertHostAtFault(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	for _, about := range []error{agent.ErrNoProvider, agent.ErrProviderUnreachable, agent.ErrProviderInvalid} {
		assert.NotErrorIs(t, err, about)
	}
}
