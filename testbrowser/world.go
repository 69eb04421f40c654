package testbrowser

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"maps"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/navid-login/navid/testbrowser/site/idp"
)

// World is a set of sites by host name, each at https://HOST/ (and http://HOST/) for the browsers and clients of this world only.
type World struct {
	// IdP and IdP2 are the identity providers of the standard world, for their knobs. An empty world has none.
	IdP, IdP2 *idp.Provider
	// Mail is the mail server of a world [WithFallback], else nil.
	Mail *MailServer

	t        testing.TB
	server   *http.Server // the sites, over TLS
	proxy    *http.Server // the way there for browsers
	listener net.Listener
	entrance net.Listener
	recorder recorder
	hostLog  syncBuffer

	mu       sync.Mutex
	hosts    map[string]http.Handler
	leaves   map[string]func(*x509.Certificate)
	expected []*regexp.Regexp
	faults   []string
}

// NewEmptyWorld starts a world without sites. It ends with the test, and fails it when a handler panicked or an unknown host was asked for.
func NewEmptyWorld(t testing.TB) *World {
	t.Helper()
	w := &World{t: t, hosts: map[string]http.Handler{}, leaves: map[string]func(*x509.Certificate){}, listener: listen(t), entrance: listen(t)}
	w.server = &http.Server{
		Handler:   http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.serve(rw, r, "https") }),
		TLSConfig: &tls.Config{GetCertificate: w.certificate},
		ErrorLog:  log.New(serverLog{w}, "", 0),
	}
	w.proxy = &http.Server{Handler: http.HandlerFunc(w.serveProxy), ErrorLog: log.New(serverLog{w}, "", 0)}
	go func() { _ = w.server.ServeTLS(w.listener, "", "") }() // ends with http.ErrServerClosed
	go func() { _ = w.proxy.Serve(w.entrance) }()
	t.Cleanup(w.close)
	return w
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen on the loopback: %v", err)
	}
	return listener
}

func (w *World) close() {
	_ = w.proxy.Close() // closing a listener that was open cannot usefully fail
	_ = w.server.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, fault := range w.faults {
		w.t.Errorf("world: %s", fault)
	}
}

// Handle puts a site at a host, in place of what was there. It may be called while the world is in use.
func (w *World) Handle(host string, site http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts[host] = site
}

// HandleFunc is [World.Handle] for a func.
func (w *World) HandleFunc(host string, site http.HandlerFunc) {
	w.Handle(host, site)
}

// HandlePage puts one html document at every path of a host.
func (w *World) HandlePage(host, html string) {
	w.HandleFunc(host, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = rw.Write([]byte(html)) // a page that has gone does not want it
	})
}

// Certify changes the TLS certificate of a host: its names, or its time.
func (w *World) Certify(host string, change func(*x509.Certificate)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.leaves[host] = change
}

// certificate is a tls.Config.GetCertificate: it issues for whatever name is asked.
func (w *World) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	w.mu.Lock()
	change, ok := w.leaves[hello.ServerName]
	w.mu.Unlock()
	if ok {
		return testAuthority().issue(hello.ServerName, change)
	}
	return testAuthority().certificate(hello)
}

// Site returns what is at a host, for a test that wants to wrap it. It fails the test when there is nothing.
func (w *World) Site(host string) http.Handler {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	site, ok := w.hosts[host]
	if !ok {
		w.t.Fatalf("no site at %s; there are %v", host, slices.Sorted(maps.Keys(w.hosts)))
	}
	return site
}

// URL is the address of a path on a host.
func (w *World) URL(host, path string) string {
	return "https://" + host + path
}

// Requests returns all requests made to this world so far.
func (w *World) Requests() Requests {
	return w.recorder.all()
}

// ExpectUnknown says that hosts matching the pattern, which the world does not have, may be asked for.
func (w *World) ExpectUnknown(pattern string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = append(w.expected, regexp.MustCompile(pattern))
}

// RootCAs is the pool that trusts the certificates of all worlds.
func (w *World) RootCAs() *x509.CertPool {
	return testAuthority().pool()
}

// Dial connects to this world whatever the address is: the name in the TLS handshake says which site is meant. It fits
// net.Dialer.DialContext, and so discovery.Config.InsecureDial.
func (w *World) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", w.listener.Addr().String())
	if err != nil {
		return nil, fmt.Errorf("dial the world: %w", err)
	}
	return conn, nil
}

// Client is an HTTP client that lives in this world. It keeps no cookies and follows redirects.
func (w *World) Client() *http.Client {
	transport := &http.Transport{DialContext: w.Dial, TLSClientConfig: &tls.Config{RootCAs: w.RootCAs()}}
	w.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// serve records a request and gives it to its site.
func (w *World) serve(rw http.ResponseWriter, r *http.Request, scheme string) {
	host := (&url.URL{Host: r.Host}).Hostname()
	answered := w.recorder.begin(r, host, scheme)
	writer := &statusWriter{ResponseWriter: rw}
	defer func() {
		answered(writer.status)
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler {
				w.fault("panic serving %s %s%s: %v\n%s", r.Method, host, r.URL, p, debug.Stack())
			}
			panic(http.ErrAbortHandler)
		}
	}()
	w.siteOrUnknown(host).ServeHTTP(writer, r)
}

func (w *World) siteOrUnknown(host string) http.Handler {
	w.mu.Lock()
	site, ok := w.hosts[host]
	w.mu.Unlock()
	if ok {
		return site
	}
	w.unknown(host)
	return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		http.Error(rw, "this world has no "+host, http.StatusBadGateway)
	})
}

// errands are hosts that Chromium itself talks to, whatever the pages do. They get no answer here, and fail no test.
var errands = []string{
	"accounts.google.com", "android.clients.google.com", "clients2.google.com", "content-autofill.googleapis.com",
	"optimizationguide-pa.googleapis.com", "passwordsleakcheck-pa.googleapis.com", "safebrowsing.googleapis.com", "update.googleapis.com",
}

// unknown is called for a host that this world does not have.
func (w *World) unknown(host string) {
	if slices.Contains(errands, host) {
		return
	}
	w.mu.Lock()
	expected := slices.ContainsFunc(w.expected, func(pattern *regexp.Regexp) bool { return pattern.MatchString(host) })
	w.mu.Unlock()
	if !expected {
		w.fault("request for unknown host %q", host)
	}
}

// fault is something that fails the test when the world ends; it may happen on any goroutine, also after a wait has failed.
func (w *World) fault(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

// serverLog takes what net/http logs. Connections that browsers and clients give up are no fault of the world; anything else is.
type serverLog struct{ world *World }

func (l serverLog) Write(line []byte) (int, error) {
	if !strings.Contains(string(line), "TLS handshake error") {
		l.world.fault("server: %s", strings.TrimSpace(string(line)))
	}
	return len(line), nil
}
