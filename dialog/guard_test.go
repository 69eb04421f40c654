package dialog

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Security test 34, first half: G16.
func TestHost(t *testing.T) {
	t.Parallel()
	tests := []struct {
		public, host string
		want         int
	}{
		{"https://login.example", "login.example", 200},
		{"https://login.example", "login.example:443", 200},
		{"https://login.example", "LOGIN.example", 200},
		{"https://login.example", "login.example:80", 421},
		{"https://login.example", "login.example:8443", 421},
		{"https://login.example", "login.example.", 421},
		{"https://login.example", "evil.test", 421},
		{"https://login.example", "login.example.evil.test", 421},
		{"https://login.example", "192.0.2.1", 421},
		{"https://login.example", "", 421},
		{"https://login.example:8443", "login.example:8443", 200},
		{"https://login.example:8443", "login.example", 421},
		{"https://login.example:8443", "login.example:443", 421},
		{"http://localhost", "localhost:80", 200},
		{"http://localhost", "localhost:443", 421},
	}
	for _, test := range tests {
		t.Run(test.public+" asked as "+test.host, func(t *testing.T) {
			t.Parallel()
			config := testConfig()
			config.PublicURL, config.Dev = test.public, true
			response := do(newTestHost(t, config), "GET", "/sign_in", "", "Host: "+test.host, "X-Forwarded-Host: login.example")
			assert.Equal(t, test.want, response.Code)
		})
	}
}

// What does not fit is told to whoever set the host up, and reaches nothing else.
func TestMisdirectedRequestsAreExplained(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		header  []string
		trusted string
		want    int
		says    string
	}{
		{"another name", []string{"Host: evil.test"}, "", 421, "came as evil.test, but this server answers for " + testURL + " only"},
		{"by the address", []string{"Host: [2001:db8::1]:443"}, "", 421, "came as [2001:db8::1]:443, but"},
		{"markup", []string{"Host: <script>alert(1)</script>"}, "", 421, "with a Host that cannot be shown"},
		{"too long", []string{"Host: " + strings.Repeat("a", 256)}, "", 421, "with a Host that cannot be shown"},
		{"none", []string{"Host: "}, "", 421, "with a Host that cannot be shown"},
		{"http at the proxy", []string{"X-Forwarded-Proto: http"}, "192.0.2.1", 421, "came as http://login.example, but"},
		{"http at the last of the proxies", []string{"X-Forwarded-Proto: https, http"}, "192.0.2.1", 421, "came as http://"},
		{"https at the proxy", []string{"X-Forwarded-Proto: https"}, "192.0.2.1", 200, ""},
		{"a proxy that says nothing", nil, "192.0.2.1", 200, ""},
		{"the word of a stranger", []string{"X-Forwarded-Proto: http"}, "198.51.100.7", 200, ""},
		{"another name and http", []string{"Host: evil.test", "X-Forwarded-Proto: http"}, "192.0.2.1", 421, "came as http://evil.test"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := testConfig()
			if test.trusted != "" {
				config.TrustedProxies = []netip.Prefix{netip.PrefixFrom(netip.MustParseAddr(test.trusted), 32)}
			}
			response := do(newTestHost(t, config), "GET", "/sign_in", "", test.header...)
			assert.Equal(t, test.want, response.Code)
			assert.Contains(t, response.Body.String(), test.says)
			if test.want == 421 {
				assert.Equal(t, "text/plain; charset=utf-8", response.Header().Get("Content-Type"))
				assert.NotContains(t, response.Body.String(), "<")
				assert.Empty(t, response.Header().Values("Set-Cookie"))
			}
		})
	}
}

// Security test 38, first part.
func TestNoScriptIsAServiceWorker(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	module, _, exec := urlsOf(t, handler)
	for _, target := range []string{"/agent.js", "/include.js", "/provisioning_api.js", "/authentication_api.js", module, exec} {
		assert.Equal(t, 403, do(handler, "GET", target, "", "Service-Worker: script").Code, target)
	}
}

func TestSameOriginOnly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		header []string
		want   int
	}{
		{"own page", []string{"Sec-Fetch-Site: same-origin", "Origin: " + testURL}, 200},
		{"own page of an old browser", []string{"Origin: " + testURL}, 200},
		{"sibling", []string{"Sec-Fetch-Site: same-site"}, 403},
		{"other site", []string{"Sec-Fetch-Site: cross-site", "Origin: https://evil.test"}, 403},
		{"other site of an old browser", []string{"Origin: https://evil.test"}, 403},
		{"opaque origin", []string{"Origin: null"}, 403},
		{"address bar", []string{"Sec-Fetch-Site: none"}, 403},
		{"says nothing", nil, 403},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			response := do(newTestHost(t, testConfig()), "POST", "/api/address", `{"domain":"idp.test"}`, test.header...)
			assert.Equal(t, test.want, response.Code)
			if test.want == 403 {
				assert.Contains(t, response.Body.String(), `"code":"cross_origin"`)
			}
		})
	}
}
