package check_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/check"
)

const (
	idp    = "https://idp.example"
	prove  = `<script src="https://login.example/provisioning_api.js"></script>`
	signIn = `<script src="https://login.example/authentication_api.js"></script>`
	onlyUs = "frame-ancestors https://login.example"
	nobody = "frame-ancestors 'none'"
	json   = "application/json"
)

// newProvider is a town with a provider where all is well.
func newProvider() town {
	return town{
		login + "/sign_in": html(`<meta name="navid-agent" content="x">`),
		idp + "/.well-known/browserid": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", json)
			_, _ = w.Write([]byte(`{"authentication":"/in","provisioning":"/prove","public-key":` + ed25519 + `}`))
		},
		idp + "/in":    html(signIn, csp, nobody),
		idp + "/prove": html(prove, csp, onlyUs),
	}
}

// What the pages of a provider may have wrong beside what is in the table of broken domains (package testbrowser).
func TestProviderPages(t *testing.T) {
	t.Parallel()
	page := func(body string, header ...string) func(town) {
		return func(w town) { w[idp+"/prove"] = html(body, append([]string{csp, onlyUs}, header...)...) }
	}
	tests := []struct {
		name     string
		spoil    func(town)
		host     browserid.Origin
		severity check.Severity
		code     string
	}{
		{"all well", func(town) {}, login, check.OK, "script"},
		{"no host is named", func(town) {}, "", check.OK, "script"},
		{"the other page's script", page(signIn), login, check.Error, "script_wrong"},
		{"a copy", page(`<script src="/provisioning_api.js"></script>`), login, check.Error, "script_copy"},
		{"a copy, and no host is named", page(`<script src="/provisioning_api.js"></script>`), "", check.Error, "script_copy"},
		{"a copy with its host", page(`<script src="/provisioning_api.js" data-host="https://login.example"></script>`), login, check.OK, "script"},
		{"a module", page(strings.Replace(prove, "<script", `<script type="module"`, 1)), login, check.Error, "script_module"},
		{"integrity", page(strings.Replace(prove, "<script", `<script integrity="sha256-x"`, 1)), login, check.Warning, "script_integrity"},
		{"two hosts", page(`<script src="https://other.example/provisioning_api.js"></script>` + prove), login, check.OK, "script"},
		{"sandbox", page(prove, csp, onlyUs+"; sandbox"), login, check.Error, "csp_sandbox"},
		{"moved", func(w town) {
			w[idp+"/prove"] = to("/prove2")
			w[idp+"/prove2"] = html(prove, csp, onlyUs)
		}, login, check.OK, "script"},
		{"round and round", func(w town) { w[idp+"/prove"] = to("/prove") }, login, check.Error, "page_redirects"},
		{"sign-in elsewhere", func(w town) { w[idp+"/in"] = to("https://sso.example/") }, login, check.Warning, "page_redirected"},
		{"failing", func(w town) {
			w[idp+"/in"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
		}, login, check.Error, "page_failing"},
		{"shut", func(w town) {
			w[idp+"/in"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }
		}, login, check.Error, "page_status"},
		{"large", page(prove + strings.Repeat(" ", 600<<10)), login, check.Warning, "page_large"},
		{"broken off", func(w town) {
			w[idp+"/in"] = func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }
		}, login, check.Error, "connection_lost"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newProvider()
			test.spoil(w)
			var hosts []browserid.Origin
			if test.host != "" {
				hosts = append(hosts, test.host)
			}
			report := w.checker(t, hosts...).Domain(t.Context(), "idp.example")
			assert.Contains(t, report.Codes(test.severity), test.code, "%+v", report.Findings)
			assert.Equal(t, test.severity != check.Error, report.Works)
		})
	}
}

// A document that delegates says nothing of whether the authority takes part.
func TestDelegationUnseen(t *testing.T) {
	t.Parallel()
	const unseen = "Whether idp.example is set to certify addresses at example.org: who runs it knows."
	w := newProvider()
	w["https://example.org/.well-known/browserid"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", json)
		_, _ = w.Write([]byte(`{"authority":"idp.example"}`))
	}
	checker := w.checker(t, login)
	assert.Contains(t, checker.Domain(t.Context(), "example.org").Unseen, unseen)
	assert.Len(t, checker.Domain(t.Context(), "idp.example").Unseen, 3)
}
