package verify_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/verify"
)

// BenchmarkRS256Bundle is the budget of design.md section 11: at most 1.5 times
// BenchmarkTwoRawRSA.
func BenchmarkRS256Bundle(b *testing.B) {
	a := newAttempt()
	a.signWith(otherRS256())
	verifier, err := verify.New(a.config)
	require.NoError(b, err)
	token := a.text()
	for b.Loop() {
		_, err := verifier.Verify(b.Context(), token)
		require.NoError(b, err)
	}
}

// BenchmarkTwoRawRSA is the part of it that nobody can save.
func BenchmarkTwoRawRSA(b *testing.B) {
	digest := sha256.Sum256([]byte("text"))
	signature, err := rsa.SignPKCS1v15(nil, rsaKey(), crypto.SHA256, digest[:])
	require.NoError(b, err)
	for b.Loop() {
		for range 2 {
			require.NoError(b, rsa.VerifyPKCS1v15(&rsaKey().PublicKey, crypto.SHA256, digest[:], signature))
		}
	}
}
