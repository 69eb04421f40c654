package dialog

import (
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

func TestForeignHostReachesNoAnswer(t *testing.T) {
	t.Parallel()
	body := do(newTestHost(t, testConfig()), "GET", "/sign_in", "", "Host: evil.test").Body.String()
	assert.NotContains(t, body, "evil.test")
	assert.Contains(t, body, testURL)
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
