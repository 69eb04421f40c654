package agenttest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"math/big"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// Signatures is an agent.SignatureVerifier with Go's own cryptography.
type Signatures struct{}

// VerifySignature checks a JWS signature.
func (Signatures) VerifySignature(_ context.Context, key browserid.PublicKey, input, signature []byte) error {
	hash := sha256.Sum256(input)
	valid := false
	switch key.Algorithm() {
	case browserid.EdDSA:
		valid = ed25519.Verify(key.Ed25519(), input, signature)
	case browserid.ES256:
		x, y := key.P256()
		point := append(append([]byte{4}, x...), y...)
		public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
		if err != nil {
			return err
		}
		valid = len(signature) == 64 && ecdsa.Verify(public, hash[:],
			new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	case browserid.RS256:
		n, e := key.RSA()
		public := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
		valid = rsa.VerifyPKCS1v15(public, crypto.SHA256, hash[:], signature) == nil
	default:
		return agent.ErrUnsupportedKey
	}
	if !valid {
		return errors.New("invalid signature")
	}
	return nil
}
