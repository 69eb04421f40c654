package issuer

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"github.com/navid-login/navid/agent/browserid"
)

// rsaBits is the size of new RSA keys, the one that every verifier of BrowserID reads.
const rsaBits = 2048

// Key is an issuer's signing key. It implements [browserid.Signer] and is safe for concurrent use.
type Key struct {
	private jose.JSONWebKey
	public  browserid.PublicKey
	signer  jose.Signer
}

var _ browserid.Signer = (*Key)(nil)

// GenerateKey makes a new key for RS256, which all verifiers know, ES256 or EdDSA.
func GenerateKey(algorithm browserid.Algorithm) (*Key, error) {
	private, err := generate(algorithm)
	if err != nil {
		return nil, fmt.Errorf("generate key: %w", err)
	}
	return newKey(jose.JSONWebKey{Key: private})
}

func generate(algorithm browserid.Algorithm) (any, error) {
	switch algorithm {
	case browserid.RS256:
		return rsa.GenerateKey(rand.Reader, rsaBits)
	case browserid.ES256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case browserid.EdDSA:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	default:
		return nil, fmt.Errorf("algorithm %q is none of %s, %s and %s", algorithm, browserid.RS256, browserid.ES256, browserid.EdDSA)
	}
}

// newKey checks that private is a whole private key that verifiers accept (C4.7).
func newKey(private jose.JSONWebKey) (*Key, error) {
	if !private.Valid() || private.IsPublic() {
		return nil, errors.New("not a private key")
	}
	// Its name, use and certificates, if any, would end up in the header of each signature.
	private = jose.JSONWebKey{Key: private.Key}
	public, err := publicKey(private)
	if err != nil {
		return nil, err
	}
	algorithm := jose.SignatureAlgorithm(public.Algorithm())
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: private}, nil)
	if err != nil {
		return nil, err
	}
	return &Key{private: private, public: public, signer: signer}, nil
}

func publicKey(private jose.JSONWebKey) (browserid.PublicKey, error) {
	public := private.Public()
	data, err := public.MarshalJSON()
	if err != nil {
		return browserid.PublicKey{}, err
	}
	key, err := browserid.ParsePublicKey(data)
	if err != nil {
		return browserid.PublicKey{}, err
	}
	if key.Legacy() {
		return browserid.PublicKey{}, fmt.Errorf("a key of %d bits is too weak", key.Bits())
	}
	return key, nil
}

// PublicKey returns the key that verifies what this one signs.
func (k *Key) PublicKey() browserid.PublicKey { return k.public }

// Sign implements [browserid.Signer]. go-jose writes the header itself, so a signing input with any other header than
// {"alg":…} is refused.
func (k *Key) Sign(_ context.Context, signingInput []byte) ([]byte, error) {
	_, encoded, _ := bytes.Cut(signingInput, []byte("."))
	payload, err := base64.RawURLEncoding.DecodeString(string(encoded))
	if err != nil {
		return nil, fmt.Errorf("decode payload: %w", err)
	}
	signed, err := k.signer.Sign(payload)
	if err != nil {
		return nil, err
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		return nil, err
	}
	signature, ok := bytes.CutPrefix([]byte(token), append(bytes.Clone(signingInput), '.'))
	if !ok {
		return nil, errors.New("signing input has a header that this key does not sign")
	}
	return base64.RawURLEncoding.DecodeString(string(signature))
}
