package browserid

import "context"

// Signer signs tokens with one key.
type Signer interface {
	// PublicKey returns the key that the signatures verify with.
	PublicKey() PublicKey
	// Sign returns the raw JWS signature of signingInput: for RS256 as many
	// bytes as the modulus has, for ES256 r||s in 64 bytes, for EdDSA 64 bytes.
	Sign(ctx context.Context, signingInput []byte) (signature []byte, err error)
}
