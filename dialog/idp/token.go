package idp

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// tokenBytes make a token that nobody guesses.
const tokenBytes = 32

// TokenLength is how long a token is as text.
const TokenLength = (tokenBytes*8 + 5) / 6

// NewToken returns a new random secret, for a cookie or a link.
func NewToken() string {
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// newID returns a random name that is no secret.
func newID() string {
	id := make([]byte, 12)
	_, _ = rand.Read(id)
	return base64.RawURLEncoding.EncodeToString(id)
}

// hashOf is what the store keeps of a token. Tokens are random, so that a plain
// hash cannot be turned round.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
