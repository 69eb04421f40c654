package agent

import (
	"context"
	"errors"

	"github.com/navid-login/navid/agent/browserid"
)

// Key is a private key that cannot leave its KeyStore.
type Key interface {
	browserid.Signer
	// Thumbprint is the RFC 7638 thumbprint of the public key, base64url.
	Thumbprint() string
}

// ErrNoKey reports that a KeyStore has no key for an address.
var ErrNoKey = errors.New("no key for this address")

// KeyStore makes private keys and keeps one for each address.
//
// A key is pending from Generate until Commit: nothing of it is stored.
// Commit replaces the address's key in one step, so that at any moment the
// old or the new key is there. Load returns an error wrapping ErrNoKey where
// there is none. Delete of a key that is not there is no error.
type KeyStore interface {
	Supports(browserid.Algorithm) bool
	Generate(ctx context.Context, alg browserid.Algorithm) (Key, error)
	Commit(ctx context.Context, email browserid.Email, key Key) error
	Load(ctx context.Context, email browserid.Email) (Key, error)
	Delete(ctx context.Context, email browserid.Email) error
}

// SignatureVerifier checks a signature with a public key, in the browser by
// WebCrypto. It returns an error wrapping ErrUnsupportedKey for a kind of key
// that it cannot use, such as DSA.
type SignatureVerifier interface {
	VerifySignature(ctx context.Context, key browserid.PublicKey, signingInput, signature []byte) error
}

// ErrUnsupportedKey reports a kind of key that cannot be used here.
var ErrUnsupportedKey = errors.New("unsupported kind of key")
