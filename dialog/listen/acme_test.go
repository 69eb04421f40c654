package listen

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/acme/autocert"

	"github.com/navid-login/navid/dialog/idp/store"
)

// resolver is a DNS server for which every name is this machine.
func resolver(t *testing.T) (address string) {
	t.Helper()
	listener := listenHere(t)
	server := &dns.Server{Listener: listener, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, question *dns.Msg) {
		answer := new(dns.Msg).SetReply(question)
		if name := question.Question[0].Name; question.Question[0].Qtype == dns.TypeA {
			answer.Answer = append(answer.Answer, &dns.A{
				Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: net.IPv4(127, 0, 0, 1),
			})
		}
		_ = w.WriteMsg(answer)
	})}
	go func() { _ = server.ActivateAndServe() }()
	return listener.Addr().String()
}

func listenHere(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

func portOf(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }

// pebble is Let's Encrypt's authority for tests, within this process. It looks
// for names at the listener.
type pebble struct {
	*httptest.Server
	authority *ca.CAImpl
}

func newPebble(t *testing.T, looksAt net.Listener) pebble {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	quiet := log.New(io.Discard, "", 0)
	memory := db.NewMemoryStore()
	profiles := map[string]ca.Profile{"default": {Description: "of a quarter", ValidityPeriod: 90 * 86400}}
	authority := ca.New(quiet, memory, "", "ecdsa", 0, 1, profiles)
	validation := va.New(quiet, 1, portOf(looksAt), false, resolver(t), memory)
	frontend := wfe.New(quiet, memory, validation, authority, []string{"pebble.test"}, false, false, 0, 0)
	server := httptest.NewTLSServer(frontend.Handler())
	t.Cleanup(server.Close)
	return pebble{server, authority}
}

// roots trusts what the authority certifies.
func (p pebble) roots(t *testing.T) *x509.CertPool {
	t.Helper()
	roots := x509.NewCertPool()
	root := p.authority.GetRootCert(0)
	require.NotNil(t, root)
	require.True(t, roots.AppendCertsFromPEM(root.PEM()))
	return roots
}

// replica serves login.example at the listener, by ACME.
func (p pebble) replica(t *testing.T, listener net.Listener, cache autocert.Cache) *autocert.Manager {
	t.Helper()
	manager := ACME{Hosts: []string{"login.example"}, Directory: p.URL + wfe.DirectoryPath, Email: "ops@login.example", Cache: cache, HTTP: p.Client()}.Manager()
	server := New(TLS(listener, manager.GetCertificate, ChallengeProtocol), http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	go func() { _ = Until(t.Context(), server) }()
	return manager
}

// Two replicas share certificates through the store: whichever of them the
// authority looks at answers for the other, and both serve the same certificate.
func TestACME(t *testing.T) {
	first, second := listenHere(t), listenHere(t)
	authority := newPebble(t, second)
	shared, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "navid.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = shared.Close() })
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	cache, err := shared.Certificates(key)
	require.NoError(t, err)
	replica := authority.replica(t, first, cache)
	authority.replica(t, second, cache)
	var log strings.Builder
	Fetch(t.Context(), replica, []string{"login.example"}, slog.New(slog.NewTextHandler(&log, nil)))
	assert.Contains(t, log.String(), `msg="TLS certificate" host=login.example expires=`)

	var serials []string
	for _, listener := range []net.Listener{first, second} {
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{ServerName: "login.example", RootCAs: authority.roots(t)})
		require.NoError(t, err)
		leaf := conn.ConnectionState().PeerCertificates[0]
		assert.Equal(t, []string{"login.example"}, leaf.DNSNames)
		serials = append(serials, leaf.SerialNumber.String())
		require.NoError(t, conn.Close())
	}
	assert.Equal(t, serials[0], serials[1])

	_, err = tls.Dial("tcp", first.Addr().String(), &tls.Config{ServerName: "evil.test", InsecureSkipVerify: true})
	require.Error(t, err, "no certificate is asked for in the name of others")
}

// An authority that refuses is asked again, and not at once.
func TestFetchTriesAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		manager := &autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: func(context.Context, string) error {
			asked++
			return errors.New("refused")
		}}
		ctx, cancel := context.WithTimeout(t.Context(), 3*retryInterval+time.Minute)
		defer cancel()
		var log strings.Builder
		Fetch(ctx, manager, []string{"login.example"}, slog.New(slog.NewTextHandler(&log, nil)))
		assert.Equal(t, 4, asked)
		assert.Equal(t, 4, strings.Count(log.String(), `msg="no TLS certificate" host=login.example error=refused`))
	})
}
