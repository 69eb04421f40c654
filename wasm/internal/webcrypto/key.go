//go:build js && wasm

package webcrypto

import (
	"context"
	"encoding/base64"
	"errors"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// Key is an agent.Key: a pair of CryptoKeys, the private one non-extractable.
type Key struct {
	private, public jsx.Value
	publicKey       browserid.PublicKey
	thumbprint      string
}

// maxJWK is the size of the longest JWK that a browser may export.
const maxJWK = 4 << 10

// Open makes a Key of a pair of CryptoKeys, as [Key.Pair] returned it.
func Open(ctx context.Context, private, public jsx.Value) (*Key, error) {
	if kind, _ := jsx.StringOf(private, "type"); kind != "private" {
		return nil, errors.New("not a private key")
	}
	if jsx.BoolOf(private, "extractable") {
		return nil, errors.New("a private key that can be read")
	}
	publicKey, err := export(ctx, public)
	if err != nil {
		return nil, err
	}
	thumbprint, err := thumbprintOf(ctx, publicKey)
	if err != nil {
		return nil, err
	}
	return &Key{private, public, publicKey, thumbprint}, nil
}

// OpenPair makes a Key of an object with the two CryptoKeys, such as a
// CryptoKeyPair.
func OpenPair(ctx context.Context, pair jsx.Value) (*Key, error) {
	private, err := jsx.Get(pair, "privateKey")
	if err != nil {
		return nil, err
	}
	public, err := jsx.Get(pair, "publicKey")
	if err != nil {
		return nil, err
	}
	return Open(ctx, private, public)
}

// Pair returns the two CryptoKeys, for the database.
func (k *Key) Pair() (private, public jsx.Value) { return k.private, k.public }

// PublicKey returns the public half.
func (k *Key) PublicKey() browserid.PublicKey { return k.publicKey }

// Thumbprint returns the RFC 7638 thumbprint of the public key.
func (k *Key) Thumbprint() string { return k.thumbprint }

// Sign makes a JWS signature. What WebCrypto returns is the JWS form already:
// for ES256 r||s in 64 bytes (RFC 7518 3.4).
func (k *Key) Sign(ctx context.Context, signingInput []byte) ([]byte, error) {
	parameters, err := parametersOf(k.publicKey.Algorithm())
	if err != nil {
		return nil, err
	}
	data, err := jsx.Uint8Array(signingInput)
	if err != nil {
		return nil, err
	}
	signature, err := call(ctx, "sign", parameters, k.private, data)
	if err != nil {
		return nil, err
	}
	return jsx.Bytes(signature)
}

func export(ctx context.Context, public jsx.Value) (browserid.PublicKey, error) {
	object, err := call(ctx, "exportKey", "jwk", public)
	if err != nil {
		return browserid.PublicKey{}, err
	}
	text, err := jsx.JSON(object, maxJWK)
	if err != nil {
		return browserid.PublicKey{}, err
	}
	return browserid.ParsePublicKey(text)
}

func thumbprintOf(ctx context.Context, key browserid.PublicKey) (string, error) {
	data, err := jsx.Uint8Array(key.JWK())
	if err != nil {
		return "", err
	}
	digest, err := call(ctx, "digest", "SHA-256", data)
	if err != nil {
		return "", err
	}
	hash, err := jsx.Bytes(digest)
	return base64.RawURLEncoding.EncodeToString(hash), err
}
