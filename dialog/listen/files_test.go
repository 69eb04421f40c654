package listen

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// certify makes a certificate of a name, and returns it and its key as PEM.
func certify(t *testing.T, name string) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	der8, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der8})
}

// shelf is a folder with a certificate and its key.
type shelf struct {
	*testing.T
	certificate, key string
}

func newShelf(t *testing.T) shelf {
	folder := t.TempDir()
	return shelf{t, filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")}
}

func (s shelf) put(path string, content []byte) {
	s.Helper()
	require.NoError(s, os.WriteFile(path, content, 0o600))
}

func served(t *testing.T, files *Files) string {
	t.Helper()
	certificate, err := files.Certificate(nil)
	require.NoError(t, err)
	return certificate.Leaf.Subject.CommonName
}

// A new certificate is served without a restart, and never half of one.
func TestFilesReload(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	certificate, key := certify(t, "old.example")
	s.put(s.certificate, certificate)
	s.put(s.key, key)
	files, err := OpenFiles(s.certificate, s.key)
	require.NoError(t, err)
	assert.Equal(t, "old.example", served(t, files))
	changed, err := files.Reload()
	require.NoError(t, err)
	assert.False(t, changed)

	certificate, key = certify(t, "new.example")
	s.put(s.certificate, append(certificate, '\n'))
	_, err = files.Reload()
	require.ErrorContains(t, err, "private key does not match")
	assert.Equal(t, "old.example", served(t, files))
	s.put(s.key, append(key, '\n'))
	changed, err = files.Reload()
	require.NoError(t, err)
	assert.True(t, changed)
	assert.Equal(t, "new.example", served(t, files))
	require.NoError(t, os.Remove(s.key))
	_, err = files.Reload()
	require.Error(t, err)
	assert.Equal(t, "new.example", served(t, files))
}

func TestFilesAreReadByTheClock(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	certificate, key := certify(t, "old.example")
	s.put(s.certificate, certificate)
	s.put(s.key, key)
	fresh, freshKey := certify(t, "new.example")
	synctest.Test(t, func(t *testing.T) {
		files, err := OpenFiles(s.certificate, s.key)
		require.NoError(t, err)
		go files.Run(t.Context(), slog.New(slog.DiscardHandler))
		synctest.Wait()
		s.put(s.certificate, append(fresh, '\n'))
		s.put(s.key, append(freshKey, '\n'))
		time.Sleep(ReloadInterval + time.Second)
		synctest.Wait()
		assert.Equal(t, "new.example", served(t, files))
	})
}

func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	_, err := OpenFiles(s.certificate, s.key)
	require.ErrorIs(t, err, os.ErrNotExist)
	s.put(s.certificate, []byte("none"))
	s.put(s.key, []byte("none"))
	_, err = OpenFiles(s.certificate, s.key)
	require.ErrorContains(t, err, "TLS certificate: ")
}

// Connections speak TLS 1.2 or newer, and HTTP/2 where they can.
func TestTLS(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	certificate, key := certify(t, "login.example")
	s.put(s.certificate, certificate)
	s.put(s.key, key)
	files, err := OpenFiles(s.certificate, s.key)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := New(TLS(listener, files.Certificate), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Seen", r.Proto)
	}), slog.New(slog.DiscardHandler))
	go func() { _ = Until(t.Context(), server) }()
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(certificate))
	client := &http.Client{Transport: &http.Transport{
		ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "login.example"},
	}}
	response, err := client.Get("https://" + server.Address())
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, "HTTP/2.0", response.Header.Get("Seen"))
	_, err = tls.Dial("tcp", server.Address(), &tls.Config{RootCAs: roots, ServerName: "login.example", MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10})
	assert.ErrorContains(t, err, "protocol version")
}
