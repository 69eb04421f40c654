package personal

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/navid-login/navid/agent/browserid"
)

// rsaBits is the size of RSA keys, the one that every verifier of BrowserID reads.
const rsaBits = 2048

// signingKey is a private key on its way into the document, or out of it.
type signingKey struct {
	algorithm browserid.Algorithm
	private   crypto.Signer
}

func generate(algorithm browserid.Algorithm) (*signingKey, error) {
	var private crypto.Signer
	var err error
	switch algorithm {
	case browserid.RS256:
		private, err = rsa.GenerateKey(rand.Reader, rsaBits)
	case browserid.ES256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case browserid.EdDSA:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		return nil, fmt.Errorf("algorithm %q is not for signing certificates", algorithm)
	}
	return &signingKey{algorithm, private}, err
}

// parseSigningKey reads what marshal, or a browser, has written.
func parseSigningKey(algorithm browserid.Algorithm, data []byte) (*signingKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(data)
	if err != nil {
		return nil, err
	}
	private, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, errors.New("not a signing key")
	}
	key := &signingKey{algorithm, private}
	public, err := key.publicKey()
	if err != nil {
		return nil, err
	}
	if public.Algorithm() != algorithm {
		return nil, fmt.Errorf("the key is for %s, and said to be for %s", public.Algorithm(), algorithm)
	}
	return key, nil
}

func (k *signingKey) marshal() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.private) }

func (k *signingKey) publicKey() (browserid.PublicKey, error) {
	switch public := k.private.Public().(type) {
	case *rsa.PublicKey:
		return browserid.NewRSA(public.N.Bytes(), uint32(public.E)) // parsers of RSA keys hold E to 31 bits
	case *ecdsa.PublicKey:
		point, err := public.Bytes()
		if err != nil || len(point) != 65 {
			return browserid.PublicKey{}, errors.New("not a key on P-256")
		}
		return browserid.NewP256(point[1:33], point[33:])
	case ed25519.PublicKey:
		return browserid.NewEd25519(public)
	default:
		return browserid.PublicKey{}, fmt.Errorf("a key of type %T signs no certificates", public)
	}
}
