package check_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// authority certifies any name by one certificate that signs itself.
type authority struct {
	key   *ecdsa.PrivateKey
	root  *x509.Certificate
	roots *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	a := &authority{key: key, roots: x509.NewCertPool()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	a.root, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	a.roots.AddCert(a.root)
	return a
}

func (a *authority) config() *tls.Config {
	return &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(2), NotBefore: a.root.NotBefore, NotAfter: a.root.NotAfter, DNSNames: []string{hello.ServerName},
		}
		der, err := x509.CreateCertificate(rand.Reader, template, a.root, a.key.Public(), a.key)
		return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}, err
	}}
}
