package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/check"
)

// subject is a server with all the names of a test, and what it was asked for.
type subject struct {
	server *httptest.Server
	mu     sync.Mutex
	asked  []string
}

func newSubject(t *testing.T, pages map[string]http.HandlerFunc) *subject {
	t.Helper()
	s := &subject{}
	s.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Host+r.URL.String())
		s.mu.Unlock()
		page, found := pages[r.URL.Path]
		if !found {
			page = http.NotFound
		}
		page(w, r)
	}))
	t.Cleanup(s.server.Close)
	return s
}

// examination reaches the server by any https name; the certificate of httptest is for example.com.
func (s *subject) examination() examination {
	roots := x509.NewCertPool()
	roots.AddCert(s.server.Certificate())
	return examination{testOnlyRoots: roots, testOnlyDial: func(ctx context.Context, network, address string) (net.Conn, error) {
		if !strings.HasSuffix(address, ":443") {
			return nil, &net.OpError{Op: "dial", Err: io.EOF}
		}
		return new(net.Dialer).DialContext(ctx, network, s.server.Listener.Addr().String())
	}}
}

func served(contentType, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		_, _ = io.WriteString(w, body)
	}
}

func healthyProvider() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/.well-known/browserid": served("application/json", `{"authentication":"/in","provisioning":"/prove",
			"public-key":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}`),
		"/in": served("text/html", `<script src="https://login.example/authentication_api.js"></script>`, "X-Frame-Options", "DENY"),
		"/prove": served("text/html", `<script src="https://login.example/provisioning_api.js"></script>`,
			"Content-Security-Policy", "frame-ancestors https://login.example"),
	}
}

// runCheck runs the command at a subject.
func runCheck(t *testing.T, s *subject, args ...string) (string, error) {
	t.Helper()
	o := checkOptions{examination: s.examination()}
	var stdout bytes.Buffer
	err := o.run(t.Context(), args, streams{stdout: &stdout})
	return stdout.String(), err
}

// Of an address the domain alone is sent, and the rest only shown.
func TestCheck(t *testing.T) {
	t.Parallel()
	s := newSubject(t, healthyProvider())
	text, err := runCheck(t, s, "ann+x@Example.com", "-login-host", "https://login.example/")
	require.NoError(t, err)
	assert.Contains(t, text, "People sign in at    https://example.com/in?email=ann%2Bx%40example.com\n")
	assert.Contains(t, text, "\nok       The provisioning page has provisioning_api.js of https://login.example.\n")
	assert.Contains(t, text, "example.com has an identity provider, and nothing is seen that would keep it\nfrom working.\n")
	assert.Contains(t, text, "Not seen:")
	assert.ElementsMatch(t, []string{"example.com/.well-known/browserid?domain=example.com", "example.com/in", "example.com/prove"}, s.asked)
	for line := range strings.SplitSeq(text, "\n") {
		assert.True(t, len([]rune(line)) <= helpWidth || strings.Contains(line, "https://"), line)
	}
}

func TestCheckOfBrokenDomain(t *testing.T) {
	t.Parallel()
	pages := healthyProvider()
	delete(pages, "/prove")
	pages["/.well-known/browserid"] = served("text/\u202egnp", "{}")
	s := newSubject(t, pages)
	text, err := runCheck(t, s, "-json", "example.com")
	require.ErrorIs(t, err, errAnswered)
	var report check.Report
	require.NoError(t, json.Unmarshal([]byte(text), &report))
	assert.False(t, report.Works)
	assert.Equal(t, []string{"document_type"}, report.Codes(check.Error))

	text, err = runCheck(t, s, "example.com")
	require.ErrorIs(t, err, errAnswered)
	assert.NotContains(t, text, "\u202e", "what strangers publish turns no text round")
	assert.Contains(t, text, "[document_type]")
}

func TestCheckUsage(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"want navid check DOMAIN|ADDRESS":          {"check"},
		`"b.test" is one word too many`:            {"check", "a.test", "b.test"},
		`"a b" is neither a mail domain`:           {"check", "a b"},
		`"@a.test" is not an address`:              {"check", "@a.test"},
		`"ann@" is not an address`:                 {"check", "ann@"},
		"want navid check-site URL":                {"check-site"},
		`"shop.example" is not a URL such as`:      {"check-site", "shop.example"},
		"leave the name and the password out":      {"check-site", "https://ann:secret@shop.example"},
		"for flag -login-host: want an origin":     {"check-site", "https://shop.example", "-login-host", "login"},
		"there is no flag -jsno; did you mean -js": {"check", "a.test", "-jsno"},
	} {
		_, stderr := runFor(t, exitUsage, args...)
		assert.Contains(t, stderr, want)
	}
}

func TestDomainOrAddress(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"Idp.test", "ann@idp.test", "https://idp.test", "https://idp.test/.well-known/browserid?domain=a.test"} {
		domain, _, err := domainOrAddress(word)
		require.NoError(t, err)
		assert.EqualValues(t, "idp.test", domain, word)
	}
}

func TestCheckSite(t *testing.T) {
	t.Parallel()
	pages := map[string]http.HandlerFunc{
		"/":        served("text/html", `<script src="https://login.example.com/agent.js" referrerpolicy="no-referrer"></script>`),
		"/sign_in": served("text/html", `<meta name="navid-agent">`),
	}
	s := newSubject(t, pages)
	run := func(stdin string, args ...string) (string, error) {
		o := checkSiteOptions{examination: s.examination()}
		var stdout bytes.Buffer
		err := o.run(t.Context(), args, streams{stdin: strings.NewReader(stdin), stdout: &stdout})
		return stdout.String(), err
	}
	text, err := run("", "https://www.example.com")
	require.NoError(t, err, text)
	assert.Contains(t, text, "[origin_several]", "it answers without www, too")

	text, err = run("", "https://www.example.com", "-audience", "https://example.com")
	require.ErrorIs(t, err, errAnswered)
	assert.Contains(t, text, "[audience_mismatch]")

	const bundle = "eyJhbGciOiJSUzI1NiJ9.e30.AA~eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL3d3dy5leGFtcGxlLmNvbSIsImV4cCI6MTc5NTI2MjQwMDAwMH0.AA\n"
	text, err = run(bundle, "https://www.example.com", "-bundle", "-")
	require.NoError(t, err, text)
	assert.Contains(t, text, "The audience of the bundle is the page's origin")
	_, err = run("", "https://www.example.com", "-bundle", "/nowhere")
	require.Error(t, err)
}

// A site is tried on names that browsers know to be this machine, and resolvers do not.
func TestCheckSiteOnThisMachine(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(served("text/html", "<h1>Shop</h1>"))
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	var stdout bytes.Buffer
	err = examineSite(t.Context(), []string{"http://shop.localhost:" + port}, streams{stdout: &stdout})
	require.ErrorIs(t, err, errAnswered)
	assert.Contains(t, stdout.String(), "\n     200, text/html, ")
}
