package agenttest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sync"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// KeyStore is an agent.KeyStore with Go's own cryptography, in memory. Its
// zero value is empty and ready.
type KeyStore struct {
	// CommitError, where set, is what Commit fails with.
	CommitError error

	mu   sync.Mutex
	keys map[browserid.Email]agent.Key
	made int
}

// Supports reports true: Go has every algorithm.
func (*KeyStore) Supports(browserid.Algorithm) bool { return true }

// Made returns how many keys were generated.
func (ks *KeyStore) Made() int {
	ks.mu.Lock()
	defer ks.mu.Unlock()
	return ks.made
}

// Generate makes a key.
func (ks *KeyStore) Generate(_ context.Context, alg browserid.Algorithm) (agent.Key, error) {
	ks.mu.Lock()
	ks.made++
	ks.mu.Unlock()
	return newKey(alg)
}

// Commit keeps a key as the address's only one.
func (ks *KeyStore) Commit(_ context.Context, email browserid.Email, key agent.Key) error {
	ks.mu.Lock()
	defer ks.mu.Unlock()
	if ks.CommitError != nil {
		return ks.CommitError
	}
	if ks.keys == nil {
		ks.keys = map[browserid.Email]agent.Key{}
	}
	ks.keys[email] = key
	return nil
}

// Load returns the address's key.
func (ks *KeyStore) Load(_ context.Context, email browserid.Email) (agent.Key, error) {
	ks.mu.Lock()
	defer ks.mu.Unlock()
	key, ok := ks.keys[email]
	if !ok {
		return nil, agent.ErrNoKey
	}
	return key, nil
}

// Delete forgets the address's key.
func (ks *KeyStore) Delete(_ context.Context, email browserid.Email) error {
	ks.mu.Lock()
	defer ks.mu.Unlock()
	delete(ks.keys, email)
	return nil
}

// key is an agent.Key made by Go.
type key struct {
	crypto.Signer
	public browserid.PublicKey
}

func newKey(alg browserid.Algorithm) (*key, error) {
	switch alg {
	case browserid.EdDSA:
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		known, err := browserid.NewEd25519(public)
		return &key{private, known}, err
	case browserid.ES256:
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		point, err := private.PublicKey.Bytes() // 4 || x || y
		if err != nil {
			return nil, err
		}
		known, err := browserid.NewP256(point[1:33], point[33:])
		return &key{private, known}, err
	case browserid.RS256:
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		known, err := browserid.NewRSA(private.N.Bytes(), uint32(private.E))
		return &key{private, known}, err
	}
	return nil, fmt.Errorf("%w: %s", agent.ErrUnsupportedKey, alg)
}

// PublicKey returns the public half.
func (k *key) PublicKey() browserid.PublicKey { return k.public }

// Thumbprint returns the RFC 7638 thumbprint.
func (k *key) Thumbprint() string {
	hash := sha256.Sum256(k.public.JWK())
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

// Sign makes a JWS signature.
func (k *key) Sign(_ context.Context, input []byte) ([]byte, error) {
	hash := sha256.Sum256(input)
	switch private := k.Signer.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(private, input), nil
	case *rsa.PrivateKey:
		return rsa.SignPKCS1v15(nil, private, crypto.SHA256, hash[:])
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, private, hash[:])
		if err != nil {
			return nil, err
		}
		signature := make([]byte, 64)
		r.FillBytes(signature[:32])
		s.FillBytes(signature[32:])
		return signature, nil
	}
	return nil, agent.ErrUnsupportedKey
}
