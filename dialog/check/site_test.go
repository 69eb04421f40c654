package check_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/check"
)

// town is a web of sites by origin and path.
type town map[string]http.HandlerFunc

// checker looks at the town from outside.
func (w town) checker(t *testing.T, hosts ...browserid.Origin) check.Checker {
	t.Helper()
	handler := func(scheme string) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			page, found := w[scheme+"://"+r.Host+r.URL.Path]
			if !found {
				page = http.NotFound
			}
			page(rw, r)
		})
	}
	plain, secure := httptest.NewServer(handler("http")), httptest.NewUnstartedServer(handler("https"))
	authority := newAuthority(t)
	secure.TLS = authority.config()
	secure.StartTLS()
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, _ := net.SplitHostPort(address)
		server := map[string]*httptest.Server{"80": plain, "443": secure}[port]
		if !w.has(host) || server == nil {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	return check.Checker{Hosts: hosts, Discovery: discovery.New(discovery.Config{RootCAs: authority.roots, InsecureDial: dial})}
}

func (w town) has(host string) bool {
	for page := range w {
		if strings.HasPrefix(page, "https://"+host+"/") || strings.HasPrefix(page, "http://"+host+"/") {
			return true
		}
	}
	return false
}

func html(body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		_, _ = io.WriteString(w, body)
	}
}

func to(target string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) }
}

const (
	login   = "https://login.example"
	shop    = "https://shop.example/"
	include = `<script src="https://login.example/agent.js" referrerpolicy="no-referrer"></script>`
	csp     = "Content-Security-Policy"
)

// newTown has a login host and a shop where all is well.
func newTown() town {
	return town{
		login + "/sign_in":      html(`<meta name="navid-agent" content="x">`),
		shop:                    html(include + `<script>b.onclick = () => navigator.id.request()</script>`),
		"http://shop.example/":  to(shop),
		"http://www.shop.test/": to(shop),
	}
}

func TestHealthySite(t *testing.T) {
	t.Parallel()
	report := newTown().checker(t, login).Site(t.Context(), check.Site{Page: parse(t, shop), Audience: "https://shop.example"})
	assert.True(t, report.Works)
	assert.Empty(t, report.Codes(check.Warning))
	assert.Equal(t, []string{"tls", "host", "window", "origin", "audience"}, report.Codes(check.OK))
}

// Each of the ways in which sites keep people from signing in has its code (issue 6, point 5).
func TestBrokenSites(t *testing.T) {
	t.Parallel()
	page := func(body string, header ...string) func(town) {
		return func(w town) { w[shop] = html(body, header...) }
	}
	also := func(address string, answer http.HandlerFunc) func(town) {
		return func(w town) { w[address] = answer }
	}
	tests := []struct {
		name     string
		spoil    func(town)
		severity check.Severity
		code     string
	}{
		{"no script", page("<p>"), check.Error, "agent_missing"},
		{"as a module", page(strings.Replace(include, "<script", `<script type="module"`, 1)), check.Error, "agent_module"},
		{"by http", page(strings.Replace(include, "https:", "http:", 1)), check.Error, "agent_http"},
		{"another host's", page(strings.Replace(include, "login.example", "other.example", 1)), check.Error, "agent_other_host"},
		{"a copy", page(`<script src="/lib/agent.js"></script>`), check.Error, "agent_copy"},
		{"a copy with its host", page(`<script src="/lib/agent.js" data-host="https://login.example"></script>`), check.OK, "host"},
		{"no such host", also(login+"/sign_in", http.NotFound), check.Error, "agent_unknown_host"},
		{"twice", page(include + include), check.Note, "agent_twice"},
		{"two hosts", page(include + strings.Replace(include, "login.example", "other.example", 1)), check.Error, "agent_twice"},
		{"no referrerpolicy", page(strings.Replace(include, `referrerpolicy="no-referrer"`, "", 1)), check.Warning, "referrer"},
		{"the page's policy", page(strings.Replace(include, `referrerpolicy="no-referrer"`, "", 1), "Referrer-Policy", "no-referrer"), check.OK, "host"},
		{"integrity", page(strings.Replace(include, "<script", `<script integrity="sha256-x"`, 1)), check.Warning, "script_integrity"},
		{"CSP", page(include, csp, "script-src 'self'"), check.Error, "csp_script"},
		{"CSP in the page", page(`<meta http-equiv="content-security-policy" content="default-src 'self'">` + include), check.Error, "csp_script"},
		{"CSP, frames", page(include, csp, "script-src https:; frame-src 'none'"), check.Note, "csp_frame"},
		{"CSP, fetch", page(include, csp, "script-src https:; connect-src https://api.example"), check.Warning, "csp_connect"},
		{"CSP, sandbox", page(include, csp, "sandbox allow-scripts"), check.Error, "csp_sandbox"},
		{"Trusted Types", page(include, csp, "require-trusted-types-for 'script'"), check.OK, "trusted_types"},
		{"COOP", page(include, "Cross-Origin-Opener-Policy", "same-origin; report-to=x"), check.Error, "site_coop"},
		{"COOP, opted in", func(w town) {
			page(include, "Cross-Origin-Opener-Policy", "same-origin")(w)
			w[shop+".well-known/navid"] = html("{}")
		}, check.Warning, "site_coop"},
		{"COOP, popups", page(include, "Cross-Origin-Opener-Policy", "same-origin-allow-popups"), check.OK, "host"},
		{"after an await", page(include + `<script>b.onclick = async () => { await f(); navigator.id.request() }</script>`), check.Warning, "window_late"},
		{"in a file", func(w town) {
			page(include + `<script src="/app.js"></script>`)(w)
			w[shop+"app.js"] = html(`b.onclick = () => setTimeout(() => navigator.id.get(f))`)
		}, check.Warning, "window_late"},
		{"http, too", also("http://shop.example/", html(include)), check.Warning, "origin_several"},
		{"www, too", also("https://www.shop.example/", html(include)), check.Warning, "origin_several"},
		{"gone", also(shop, http.NotFound), check.Error, "page_missing"},
		{"failing", also(shop, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }), check.Error, "page_failing"},
		{"login wanted", also(shop, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }), check.Error, "page_status"},
		{"round and round", also(shop, to(shop)), check.Error, "page_redirects"},
		{"moved to http", func(w town) {
			w[shop] = to("http://shop.example/")
			w["http://shop.example/"] = html(include)
		}, check.Error, "site_http"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newTown()
			test.spoil(w)
			report := w.checker(t, login).Site(t.Context(), check.Site{Page: parse(t, shop)})
			assert.Contains(t, report.Codes(test.severity), test.code, "%+v", report.Findings)
			assert.Equal(t, test.severity != check.Error, report.Works)
			for _, finding := range report.Findings {
				assert.True(t, finding.Fix != "" || finding.Severity != check.Error, finding.Code)
			}
		})
	}
}

// What the site's server verifies for, and what a browser sent, are the page's own origin.
func TestAudiences(t *testing.T) {
	t.Parallel()
	const bundle = "eyJhbGciOiJSUzI1NiJ9.e30.AA~eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL3d3dy5leGFtcGxlLmNvbSIsImV4cCI6MTc5NTI2MjQwMDAwMH0.AA"
	for code, site := range map[string]check.Site{
		"audience_mismatch": {Audience: "https://www.shop.example"},
		"bundle_malformed":  {Bundle: "x"},
	} {
		site.Page = parse(t, shop)
		assert.Equal(t, []string{code}, newTown().checker(t).Site(t.Context(), site).Codes(check.Error))
	}
	report := newTown().checker(t).Site(t.Context(), check.Site{Page: parse(t, shop), Bundle: bundle})
	assert.Equal(t, []string{"audience_mismatch"}, report.Codes(check.Error))
	assert.Contains(t, report.Findings[0].Says, "“https://www.example.com”")
}

func parse(t *testing.T, text string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// What a site is told to do has nothing to do with support documents.
func TestAdviceForSites(t *testing.T) {
	t.Parallel()
	w := newTown()
	w[shop] = http.NotFound
	refused := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	for advice, checker := range map[string]check.Checker{
		"See whether its path is right.":      w.checker(t, login),
		"Have a web server listen at " + shop: {Discovery: discovery.New(discovery.Config{InsecureDial: refused})},
	} {
		report := checker.Site(t.Context(), check.Site{Page: parse(t, shop)})
		require.NotEmpty(t, report.Findings)
		assert.Contains(t, report.Findings[0].Fix, advice)
	}
}
