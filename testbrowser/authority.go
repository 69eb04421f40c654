package testbrowser

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"sync"
	"time"
)

// authority is a certificate authority that lives as long as the process.
//
// All its certificates are for one key, because the browsers are told to trust that key (--ignore-certificate-errors-spki-list) and are
// older than most worlds. Pages are secure contexts, and certificates of anything else are still refused. Go clients trust the root instead.
type authority struct {
	root    *x509.Certificate
	rootKey *ecdsa.PrivateKey
	leafKey *ecdsa.PrivateKey
	issued  sync.Map // host name -> *tls.Certificate
}

// testAuthority is shared by all worlds and browsers of the process.
var testAuthority = sync.OnceValue(newAuthority)

func newAuthority() *authority {
	a := &authority{rootKey: newKey(), leafKey: newKey()}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "Navid test authority"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(90 * 24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	a.root = sign(template, template, a.rootKey.Public(), a.rootKey)
	return a
}

// newKey panics on failure, like the rest of this file: without randomness there is nothing to test.
func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(fmt.Sprintf("generate test key: %v", err))
	}
	return key
}

func sign(template, parent *x509.Certificate, key any, signer *ecdsa.PrivateKey) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, signer)
	if err != nil {
		panic(fmt.Sprintf("sign test certificate: %v", err))
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(fmt.Sprintf("parse test certificate: %v", err))
	}
	return certificate
}

// certificate is a tls.Config.GetCertificate: it issues for whatever name is asked, once.
func (a *authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if known, ok := a.issued.Load(hello.ServerName); ok {
		return known.(*tls.Certificate), nil
	}
	issued, err := a.issue(hello.ServerName, func(*x509.Certificate) {})
	if err == nil {
		a.issued.Store(hello.ServerName, issued)
	}
	return issued, err
}

// issue makes a certificate for a host, with changes.
func (a *authority) issue(host string, change func(*x509.Certificate)) (*tls.Certificate, error) {
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return nil, fmt.Errorf("choose serial number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: host},
		DNSNames:     []string{host},
		NotBefore:    a.root.NotBefore,
		NotAfter:     a.root.NotAfter,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	change(template)
	leaf := sign(template, a.root, a.leafKey.Public(), a.rootKey)
	return &tls.Certificate{Certificate: [][]byte{leaf.Raw, a.root.Raw}, PrivateKey: a.leafKey, Leaf: leaf}, nil
}

// spki is the hash by which Chromium names the key of all certificates.
func (a *authority) spki() string {
	der, err := x509.MarshalPKIXPublicKey(a.leafKey.Public())
	if err != nil {
		panic(fmt.Sprintf("encode test key: %v", err))
	}
	hash := sha256.Sum256(der)
	return base64.StdEncoding.EncodeToString(hash[:])
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.root)
	return pool
}
