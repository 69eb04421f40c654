package verify_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// go-jose is the witness of checkSignature: it reads the token for itself, and
// must come to the same verdict.
func TestSignaturesAsInJOSE(t *testing.T) {
	t.Parallel()
	for _, signer := range []signer{rs256(), es256(), eddsa()} {
		t.Run(string(signer.key.Algorithm()), func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.issueWith(signer)
			backed := must(browserid.ParseBacked(a.text()))
			token := must(browserid.ParseCompact(backed.Certificates[0]))
			require.NoError(t, verify.CheckSignature(token, signer.key))
			require.True(t, acceptedByJOSE(token, signer.key))
			for _, signature := range neighbours(token.Signature) {
				changed := *token
				changed.Signature = signature
				ours := verify.CheckSignature(&changed, signer.key) == nil
				assert.Equal(t, acceptedByJOSE(&changed, signer.key), ours, "signature %x", signature)
			}
			changed := *token
			changed.SigningInput = append([]byte("eyJ9"), token.SigningInput...)
			assert.Error(t, verify.CheckSignature(&changed, signer.key), "of another text")
		})
	}
}

// A point that is not on the curve verifies nothing, here as there.
func TestPointOffCurve(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.issueWith(es256())
	token := must(browserid.ParseCompact(must(browserid.ParseBacked(a.text())).Certificates[0]))
	x, y := es256().key.P256()
	key, err := browserid.NewP256(x, slices.Concat(y[:31], []byte{y[31] ^ 1}))
	require.NoError(t, err)
	assert.Error(t, verify.CheckSignature(token, key))
	assert.False(t, acceptedByJOSE(token, key))
}

// neighbours are signatures that differ from a good one: too short, too long, at
// the bounds of what a number may be, the other root of ES256 (which is good as
// well), and in one bit anywhere.
func neighbours(good []byte) [][]byte {
	half := len(good) / 2
	zero, full := make([]byte, half), bytes.Repeat([]byte{0xff}, half)
	order := elliptic.P256().Params().N
	s := new(big.Int).SetBytes(good[half:])
	root := new(big.Int).Mod(new(big.Int).Neg(s), order).FillBytes(make([]byte, half))
	all := [][]byte{
		nil,
		{0},
		good[1:], good[:len(good)-1], append(slices.Clone(good), 0), append([]byte{0}, good...),
		slices.Concat(zero, good[half:]), slices.Concat(good[:half], zero), slices.Concat(good[:half], full),
		slices.Concat(zero, zero), slices.Concat(full, full), slices.Concat(good[half:], good[:half]),
		slices.Concat(good[:half], root),
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		changed := slices.Clone(good)
		changed[random.IntN(len(changed))] ^= 1 << random.IntN(8)
		all = append(all, changed)
	}
	return all
}

// acceptedByJOSE tells what go-jose makes of a token. It knows nothing of RSA
// signatures without their leading zeros (C4.5), and gets them padded.
func acceptedByJOSE(token *browserid.Compact, key browserid.PublicKey) bool {
	padded := *token
	if n, _ := key.RSA(); len(token.Signature) < len(n) {
		padded.Signature = append(make([]byte, len(n)-len(token.Signature)), token.Signature...)
	}
	algorithm, public := joseKey(key)
	parsed, err := jose.ParseSignedCompact(padded.String(), []jose.SignatureAlgorithm{algorithm})
	if err != nil {
		return false
	}
	payload, err := parsed.Verify(public)
	return err == nil && bytes.Equal(payload, token.Payload)
}

func joseKey(key browserid.PublicKey) (jose.SignatureAlgorithm, any) {
	switch key.Algorithm() {
	case browserid.RS256:
		n, e := key.RSA()
		return jose.RS256, &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	case browserid.ES256:
		x, y := key.P256()
		if public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y)); err == nil {
			return jose.ES256, public
		}
	case browserid.EdDSA:
		return jose.EdDSA, ed25519.PublicKey(key.Ed25519())
	}
	return "", nil
}
