package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A certificate that cannot be served is known before the database and the
// secrets are made, and the sentence names the file and what to do.
func TestCertificateFilesRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	borrowCertificate(t, file("cert"), file("key"))
	writeKey(t, file("other"))
	require.NoError(t, os.WriteFile(file("text"), []byte("no PEM"), 0o600))
	tests := []struct {
		name             string
		certificate, key string
		says             []string
	}{
		{"no certificate", "none", "key", []string{file("none") + ": no such file", "name the certificate with -tls-cert"}},
		{"no key", "cert", "none", []string{file("none") + ": no such file", "its key with -tls-key"}},
		{"a folder", ".", "key", []string{"is a directory", "name files with -tls-cert and -tls-key"}},
		{"no PEM", "text", "key", []string{"-tls-cert " + file("text") + " must hold the chain in PEM"}},
		{"switched", "key", "cert", []string{"PEM inputs may have been switched", "-tls-key " + file("cert")}},
		{"the key of another", "cert", "other", []string{"-tls-cert " + file("cert"), "-tls-key " + file("other") + " the private key of that certificate"}},
		{"no key in it", "cert", "cert", []string{"-tls-key " + file("cert") + " the private key of that certificate"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			_, stderr := runFor(t, exitFailed, "serve", loginExample, "-outbox="+filepath.Join(data, "mails"), "-listen=127.0.0.1:0",
				"-database="+filepath.Join(data, "navid.db"), "-tls-cert="+file(test.certificate), "-tls-key="+file(test.key))
			for _, part := range test.says {
				assert.Contains(t, stderr, part)
			}
			left, err := os.ReadDir(data)
			require.NoError(t, err)
			assert.Empty(t, left, "nothing was made")
		})
	}
}

// writeKey writes a key that goes with no certificate.
func writeKey(t *testing.T, path string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
}

// Who may not read a file is told how to let them; a test that runs as root may
// read all.
func TestCertificateFilesUnreadable(t *testing.T) {
	t.Parallel()
	says := explainFiles("cert.pem", "/etc/key.pem", &fs.PathError{Op: "open", Path: "/etc/key.pem", Err: fs.ErrPermission}).Error()
	assert.Contains(t, says, "open /etc/key.pem: permission denied")
	assert.Contains(t, says, "`chgrp navid /etc/key.pem` and `chmod 640 /etc/key.pem`")
}
