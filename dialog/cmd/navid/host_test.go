package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/listen"
)

// lines is a terminal whose lines, or mails, can be waited for.
type lines chan string

func (l lines) Write(text []byte) (int, error) {
	l <- string(text)
	return len(text), nil
}

// waitFor returns what is matched in a later line.
func (l lines) waitFor(t *testing.T, pattern string) string {
	t.Helper()
	for {
		select {
		case line := <-l:
			if found := regexp.MustCompile(pattern).FindStringSubmatch(line); found != nil {
				return found[len(found)-1]
			}
		case <-time.After(20 * time.Second):
			require.Fail(t, "no line with "+pattern)
		}
	}
}

// running is a host with all but its site.
type running struct {
	*host
	servers  []listen.Server
	terminal lines
	stop     func()
	drained  chan func() // what a clock would call at the end of -drain
	ended    chan error
}

// startHost starts a host with its data in a folder.
func startHost(t *testing.T, folder string, args ...string) *running {
	t.Helper()
	args = append([]string{"-listen=127.0.0.1:0", "-metrics=127.0.0.1:0", "-database=" + filepath.Join(folder, "navid.db")}, args...)
	options, err := parseServe(args, nil)
	require.NoError(t, err)
	r := &running{terminal: make(lines, 1000), ended: make(chan error, 1), drained: make(chan func(), 1)}
	r.host = newHost(options, r.terminal)
	require.NoError(t, r.bind())
	require.NoError(t, r.open(t.Context()))
	site := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the site") })
	r.servers, err = r.listen(t.Context(), r.front(site))
	require.NoError(t, err)
	r.later = func(delay time.Duration, do func()) *time.Timer {
		if delay > 0 {
			r.drained <- do
			return nil
		}
		return time.AfterFunc(0, do)
	}
	ctx, stop := context.WithCancel(t.Context())
	r.stop = stop
	go func() { r.ended <- r.run(ctx, r.servers) }()
	t.Cleanup(func() {
		stop()
		<-r.ended
		assert.NoError(t, r.close())
	})
	return r
}

func (r *running) end(t *testing.T) {
	t.Helper()
	r.stop()
	err := <-r.ended
	r.ended <- nil
	require.NoError(t, err)
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(body)
}

const atLocalhost = "-public-url=http://login.localhost:8080"

// prove signs somebody in by the mail that the worker sends.
func (r *running) prove(t *testing.T, email string) idp.Grant {
	t.Helper()
	visitor := idp.Visitor{BrowserToken: idp.NewToken(), Browser: "Firefox on Linux"}
	pending, err := r.provider.Begin(t.Context(), visitor, email, false)
	require.NoError(t, err)
	grant, err := r.provider.Confirm(t.Context(), visitor, pending.Challenge, r.codeFor(t, email))
	require.NoError(t, err)
	return grant
}

// codeFor is the code in the next mail to somebody.
func (r *running) codeFor(t *testing.T, email string) string {
	t.Helper()
	return r.terminal.waitFor(t, `(?s)To: `+regexp.QuoteMeta(email)+`.*?\b(\d{3} ?\d{3})\b`)
}

// All that a host is made of: it keeps, it sends, it answers its operator, and
// what it keeps is there after it has ended.
func TestHost(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r := startHost(t, folder, "-dev", atLocalhost)
	front, back := "http://"+r.servers[0].Address(), "http://"+r.servers[1].Address()
	for _, url := range []string{front, back} {
		_, body := get(t, url+"/readyz")
		assert.Equal(t, "ready\n", body)
		_, body = get(t, url+"/healthz")
		assert.Equal(t, "ok\n", body)
	}
	_, body := get(t, front+"/metrics")
	assert.Equal(t, "the site", body, "the counters are not for everybody")

	grant := r.prove(t, "ann@localhost.test")
	assert.EqualValues(t, "ann@localhost.test", grant.Email)
	_, body = get(t, back+"/metrics")
	assert.Contains(t, body, "navid_ready 1")
	assert.Contains(t, body, `navid_requests_total{route="GET /readyz",status="200"} 1`)
	assert.Contains(t, body, `navid_mail_attempts_total{outcome="sent"} 1`)
	assert.NotContains(t, body, "ann")
	r.end(t)
	_, err := net.Dial("tcp", r.servers[0].Address())
	require.Error(t, err)

	again := startHost(t, folder, "-dev", atLocalhost)
	view, err := again.provider.Session(t.Context(), grant.SessionToken)
	require.NoError(t, err)
	assert.True(t, view.SignedIn)
	info, err := os.Stat(filepath.Join(folder, "navid-secrets"))
	require.NoError(t, err)
	assert.EqualValues(t, 0o700, info.Mode().Perm())
}

// A host that is told to end says so to its balancer, and goes on meanwhile.
func TestHostDrains(t *testing.T) {
	t.Parallel()
	r := startHost(t, t.TempDir(), "-dev", atLocalhost, "-no-fallback", "-drain=1h")
	front := "http://" + r.servers[0].Address()
	r.stop()
	end := <-r.drained
	_, body := get(t, front+"/readyz")
	assert.Equal(t, "not ready: ending\n", body)
	_, body = get(t, front)
	assert.Equal(t, "the site", body)
	end()
	r.end(t)
}

// The database gone is no reason to send people here.
func TestHostWithoutItsDatabaseIsNotReady(t *testing.T) {
	t.Parallel()
	r := startHost(t, t.TempDir(), "-dev", atLocalhost)
	require.NoError(t, r.store.Close())
	status, body := get(t, "http://"+r.servers[0].Address()+"/readyz")
	assert.Equal(t, 503, status)
	assert.Equal(t, "not ready: database\n", body)
	r.host.store = nil // closed already
}

// The host speaks TLS itself, and sends browsers on to it.
func TestHostWithACertificate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	certificate, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	roots := borrowCertificate(t, certificate, key)
	r := startHost(t, folder, "-public-url=https://example.com", "-no-fallback", "-tls-cert="+certificate, "-tls-key="+key, "-listen-http=127.0.0.1:0")
	client := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com"}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Get("https://" + r.servers[0].Address())
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, 200, response.StatusCode)
	request, err := http.NewRequest("GET", "http://"+r.servers[1].Address()+"/sign_in", nil)
	require.NoError(t, err)
	request.Host = "example.com"
	response, err = client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, "https://example.com/sign_in", response.Header.Get("Location"))
}

// borrowCertificate writes the certificate of httptest, for example.com.
func borrowCertificate(t *testing.T, certificate, key string) *x509.CertPool {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	pair := server.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return roots
}

func TestHostRefusesToOpen(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	database := "-database=" + filepath.Join(folder, "navid.db")
	open := filepath.Join(folder, "open")
	require.NoError(t, os.Mkdir(open, 0o700))
	require.NoError(t, os.Chmod(open, 0o777))
	tests := []struct {
		name string
		args []string
		want int
		says string
	}{
		{"secrets open to others", []string{"-outbox=" + folder, "-secrets=" + open}, exitFailed, "folder is open to others"},
		{"no mail server", []string{"-smtp=mail.example:587"}, exitUsage, "-smtp: "},
		{"no sender", []string{"-outbox=" + folder, "-mail-from=login"}, exitUsage, "-mail-from \"login\" is not an address"},
		{"no place for the database", []string{"-outbox=" + folder, "-database=" + filepath.Join(folder, "none", "navid.db")}, exitFailed, "no such file or directory: make the folder, or say with -database, or NAVID_DATABASE, where"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stderr strings.Builder
			status := program(t.Context(), append([]string{"serve", loginExample, "-listen=127.0.0.1:0", database}, test.args...), streams{stderr: &stderr})
			if strings.Contains(stderr.String(), "make build") {
				return // the program was built without the agent, and says that first
			}
			assert.Equal(t, test.want, status)
			assert.Contains(t, stderr.String(), test.says)
		})
	}
}

// What is logged names nobody, whatever an error quotes.
func TestLogHidesAddressesAndPasswords(t *testing.T) {
	t.Parallel()
	for _, dev := range []bool{false, true} {
		var written strings.Builder
		log := newLog(&written, dev)
		log.Error("no mail to ann.smith@idp.test", "error", io.EOF, "database", "postgres://navid:secret@db/navid",
			"cause", &net.AddrError{Err: "<ann.smith@idp.test>", Addr: "x"})
		assert.NotContains(t, written.String(), "ann")
		assert.NotContains(t, written.String(), "secret")
		assert.Contains(t, written.String(), "…@idp.test")
	}
}
