package verify_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// BenchmarkVerify is the budget of design.md section 11: a bundle, keys cached,
// takes at most 1.5 times what its two signatures take, which nobody can save.
func BenchmarkVerify(b *testing.B) {
	for _, bench := range []struct {
		name string
		key  signer
		bare func(input, signature []byte) bool
	}{
		{"RS256", rs256(), bareRSA},
		{"ES256", es256(), bareECDSA},
		{"EdDSA", eddsa(), bareEd25519},
	} {
		a := newAttempt()
		a.issueWith(bench.key)
		a.signWith(bench.key)
		bundle := a.text()
		b.Run(bench.name+"/bundle", func(b *testing.B) { benchmarkBundle(b, a.config, bundle) })
		b.Run(bench.name+"/bare", func(b *testing.B) { benchmarkSignatures(b, bundle, bench.bare) })
	}
}

func benchmarkBundle(b *testing.B, config verify.Config, bundle string) {
	verifier, err := verify.New(config)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verifier.Verify(b.Context(), bundle); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkSignatures(b *testing.B, bundle string, valid func(input, signature []byte) bool) {
	backed := must(browserid.ParseBacked(bundle))
	certificate, assertion := must(browserid.ParseCompact(backed.Certificates[0])), must(browserid.ParseCompact(backed.Assertion))
	b.ReportAllocs()
	for b.Loop() {
		for _, token := range [...]*browserid.Compact{certificate, assertion} {
			if !valid(token.SigningInput, token.Signature) {
				b.Fatal("a valid signature is refused")
			}
		}
	}
}

func bareRSA(input, signature []byte) bool {
	digest := sha256.Sum256(input)
	return rsa.VerifyPKCS1v15(&rsaKey().PublicKey, crypto.SHA256, digest[:], signature) == nil
}

func bareECDSA(input, signature []byte) bool {
	digest := sha256.Sum256(input)
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	return ecdsa.Verify(&ecdsaKey().PublicKey, digest[:], r, s)
}

func bareEd25519(input, signature []byte) bool {
	return ed25519.Verify(ed25519Key().Public().(ed25519.PublicKey), input, signature)
}
