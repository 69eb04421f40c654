package discovery_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// A document of an identity provider, and its key.
const (
	aKey     = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	document = `{"public-key":` + aKey + `,"authentication":"/sign_in","provisioning":"/provision"}`
)

// world is an Internet of domains behind one real TLS server, whose certificates come from an authority of its own.
type world struct {
	roots *x509.CertPool
	clock *clock

	mu       sync.Mutex
	sites    map[string]http.Handler
	requests []string // host and query, in order
	connect  func(ctx context.Context) (net.Conn, error)
}

// newWorld listens on a real port.
func newWorld(t *testing.T) *world {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return serveWorld(t, listener, func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String())
	})
}

// newPipeWorld listens on pipes, for tests in a synctest bubble: there a wait of 20 s takes no time. Both ends of each pipe get time
// to say goodbye before the server is closed, which else would wait for them with a lock held, for ever by the bubble's clock; and
// after it.
func newPipeWorld(t *testing.T) *world {
	t.Helper()
	goodbye := func() { time.Sleep(time.Minute) } // of the bubble
	t.Cleanup(goodbye)
	listener := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	w := serveWorld(t, listener, listener.dial)
	t.Cleanup(goodbye)
	return w
}

func serveWorld(t *testing.T, listener net.Listener, connect func(context.Context) (net.Conn, error)) *world {
	t.Helper()
	authority := testAuthority()
	w := &world{
		roots:   x509.NewCertPool(),
		clock:   &clock{now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)},
		sites:   make(map[string]http.Handler),
		connect: connect,
	}
	w.roots.AddCert(authority.leaf)
	server := &http.Server{
		Handler:           http.HandlerFunc(w.serve),
		TLSConfig:         &tls.Config{GetCertificate: authority.certificate},
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
	}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { _ = server.Close() })
	return w
}

func (w *world) serve(response http.ResponseWriter, request *http.Request) {
	w.mu.Lock()
	w.requests = append(w.requests, request.Host+"?"+request.URL.RawQuery)
	site := w.sites[request.Host]
	w.mu.Unlock()
	site.ServeHTTP(response, request)
}

// asked returns the requests since it was last called.
func (w *world) asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	requests := w.requests
	w.requests = nil
	return requests
}

// dial is an InsecureDial: it knows the domains that have a site.
func (w *world) dial(ctx context.Context, _, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port != "443" {
		return nil, errors.New("dialled " + address)
	}
	w.mu.Lock()
	_, ok := w.sites[host]
	w.mu.Unlock()
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return w.connect(ctx)
}

// site sets, changes or (nil) takes away what a domain serves.
func (w *world) site(domain string, site http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if site == nil {
		delete(w.sites, domain)
		return
	}
	w.sites[domain] = site
}

// publish serves a document, with header fields given in pairs.
func (w *world) publish(domain, document string, header ...string) {
	w.site(domain, answer(http.StatusOK, document, append([]string{"Content-Type", "application/json"}, header...)...))
}

func answer(status int, body string, header ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header()[header[i]] = []string{header[i+1]}
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// config discovers in this world, by its own clock.
func (w *world) config() discovery.Config {
	return discovery.Config{RootCAs: w.roots, InsecureDial: w.dial, Now: w.clock.Now}
}

// clock is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// requireState discovers and wants a failure.
func requireState(t *testing.T, client *discovery.Client, domain browserid.Domain, want discovery.State) *discovery.Error {
	t.Helper()
	provider, err := client.Discover(t.Context(), domain)
	require.Nil(t, provider)
	var failure *discovery.Error
	require.ErrorAs(t, err, &failure)
	require.Equal(t, want, failure.State, failure.Reason)
	require.Equal(t, domain, failure.Domain)
	return failure
}

// requireProvider discovers and wants success.
func requireProvider(t *testing.T, client *discovery.Client, domain browserid.Domain) *discovery.Provider {
	t.Helper()
	provider, err := client.Discover(t.Context(), domain)
	require.NoError(t, err)
	return provider
}

// pipeListener accepts the other ends of what it dials.
type pipeListener struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (l *pipeListener) dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// certificateAuthority signs a certificate for any name, made when first wanted.
type certificateAuthority struct {
	key  *ecdsa.PrivateKey
	leaf *x509.Certificate
}

// testAuthority is valid in a synctest bubble too, where the year is 2000.
var testAuthority = sync.OnceValue(func() *certificateAuthority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := certificateTemplate("test authority")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return &certificateAuthority{key: key, leaf: leaf}
})

func certificateTemplate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

func (a *certificateAuthority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	template := certificateTemplate(hello.ServerName)
	template.DNSNames = []string{hello.ServerName}
	return a.sign(template)
}

func (a *certificateAuthority) sign(template *x509.Certificate) (*tls.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, a.leaf, a.key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}, nil
}
