package doctor

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

var noon = time.Date(2025, 11, 22, 12, 0, 0, 0, time.UTC)

// patient is a host as the tests make it ill.
type patient struct {
	*testing.T
	http       http.HandlerFunc
	pages      map[string]http.HandlerFunc // by path, over https
	addresses  []netip.Addr
	resolveErr error
	now        time.Time
	listening  bool
	trusted    bool
}

func newPatient(t *testing.T) *patient {
	document, err := document(t).SupportDocument()
	require.NoError(t, err)
	date := func(w http.ResponseWriter) { w.Header().Set("Date", noon.Format(http.TimeFormat)) }
	return &patient{
		T: t, now: noon, listening: true, trusted: true, addresses: []netip.Addr{netip.MustParseAddr("192.0.2.1")},
		http: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com/", http.StatusMovedPermanently)
		},
		pages: map[string]http.HandlerFunc{
			"/sign_in": func(w http.ResponseWriter, _ *http.Request) {
				date(w)
				w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
				w.Header().Set("X-Content-Type-Options", "nosniff")
				w.Header().Set("Strict-Transport-Security", "max-age=1")
			},
			"/readyz":   func(http.ResponseWriter, *http.Request) {},
			"/time":     func(w http.ResponseWriter, _ *http.Request) { date(w) },
			issuer.Path: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(document) },
		},
	}
}

func document(t *testing.T) *issuer.Issuer {
	key, err := issuer.GenerateKey(browserid.EdDSA)
	require.NoError(t, err)
	return &issuer.Issuer{Domain: "example.com", Keys: []browserid.Signer{key}, Authentication: "/a", Provisioning: "/p"}
}

// examine starts the patient's servers and sends the doctor.
func (p *patient) examine() []Finding {
	p.Helper()
	https := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page, ok := p.pages[r.URL.Path]; ok {
			page(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	p.Cleanup(https.Close)
	plain := httptest.NewServer(p.http)
	p.Cleanup(plain.Close)
	roots := x509.NewCertPool()
	if p.trusted {
		roots.AddCert(https.Certificate())
	}
	return Doctor{
		Origin: "https://example.com", Fallback: true, Reference: "https://example.com/time", Roots: roots,
		Now:     func() time.Time { return p.now },
		Resolve: func(context.Context, string) ([]netip.Addr, error) { return p.addresses, p.resolveErr },
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if !p.listening {
				return nil, errors.New("connection refused")
			}
			target := map[string]*httptest.Server{"example.com:443": https, "example.com:80": plain}[address]
			return (&net.Dialer{}).DialContext(ctx, network, target.Listener.Addr().String())
		},
	}.Examine(p.Context())
}

func TestHealthyHost(t *testing.T) {
	t.Parallel()
	findings := newPatient(t).examine()
	var about []string
	for _, finding := range findings {
		assert.Equal(t, Good, finding.Level, finding.Says)
		about = append(about, finding.About)
	}
	assert.Equal(t, "DNS TLS HTTP headers ready HTTP clock clock keys", strings.Join(about, " "))
}

func TestIllHosts(t *testing.T) {
	t.Parallel()
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, body, code) }
	}
	tests := []struct {
		name  string
		spoil func(*patient)
		level Level
		about string
		says  string
	}{
		{"no name", func(p *patient) { p.resolveErr = errors.New("no such host") }, Problem, "DNS", "leads nowhere: no such host"},
		{"private", func(p *patient) { p.addresses[0] = netip.MustParseAddr("10.0.0.1") }, Warning, "DNS", "private address"},
		{"nobody listens", func(p *patient) { p.listening = false }, Problem, "TLS", "Nothing listens there"},
		{"unknown authority", func(p *patient) { p.trusted = false }, Problem, "TLS", "Browsers will refuse it: "},
		{"certificate over", func(p *patient) { p.now = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) }, Problem, "TLS", "expired"},
		{"certificate ends", func(p *patient) { p.now = time.Date(2084, 1, 20, 0, 0, 0, 0, time.UTC) }, Warning, "TLS", "not renewed yet"},
		{"another name", func(p *patient) { p.pages["/sign_in"] = status(421, "This request came as x\n\nmore") }, Problem, "HTTP", "It says: This request came as x"},
		{"proxy alone", func(p *patient) { p.pages["/sign_in"] = status(502, "") }, Problem, "HTTP", "the proxy does not reach the host"},
		{"something else", func(p *patient) { delete(p.pages, "/sign_in") }, Problem, "HTTP", "answers 404, and not 200"},
		{"headers gone", func(p *patient) {
			p.pages["/sign_in"] = func(http.ResponseWriter, *http.Request) {}
		}, Problem, "headers", "takes Content-Security-Policy away"},
		{"a header too many", func(p *patient) {
			page := p.pages["/sign_in"]
			p.pages["/sign_in"] = func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
				page(w, r)
			}
		}, Problem, "headers", "cuts the sign-in window off"},
		{"not ready", func(p *patient) { p.pages["/readyz"] = status(503, "not ready: database") }, Problem, "ready", "The host says: not ready: database."},
		{"no readyz", func(p *patient) { delete(p.pages, "/readyz") }, Warning, "ready", "not passed on"},
		{"no redirect", func(p *patient) { p.http = status(200, "hello") }, Warning, "HTTP", "is not sent on"},
		{"redirect elsewhere", func(p *patient) {
			p.http = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://example.com.evil.test/", http.StatusMovedPermanently)
			}
		}, Warning, "HTTP", "is not sent on"},
		{"wrong clock", func(p *patient) { p.now = noon.Add(time.Minute) }, Problem, "clock", "The host's clock differs from this machine's by -1m0s"},
		{"no reference", func(p *patient) { delete(p.pages, "/time") }, Problem, "clock", "The clock of others differs"},
		{"no document", func(p *patient) { delete(p.pages, issuer.Path) }, Problem, "keys", "Verifiers get 404"},
		{"another document", func(p *patient) { p.pages[issuer.Path] = status(200, "hello") }, Problem, "keys", "no support document"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			test.spoil(p)
			found := false
			for _, finding := range p.examine() {
				found = found || finding.Level == test.level && finding.About == test.about && strings.Contains(finding.Says, test.says)
			}
			assert.True(t, found, "%v", p.examine())
		})
	}
}
