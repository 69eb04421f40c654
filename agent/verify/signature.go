package verify

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"math/big"
	"slices"

	"github.com/go-jose/go-jose/v4"

	"github.com/navid-login/navid/agent/browserid"
)

var errSignature = errors.New("signature does not verify")

// labels reports whether alg is the label of key (D1.7). DS160 is an old name
// of DS128 (C4.2).
func labels(alg browserid.Algorithm, key browserid.PublicKey) bool {
	if alg == "DS160" {
		alg = browserid.DS128
	}
	return alg == key.Algorithm()
}

// checkCertificateSignature tries each of the issuer's keys (D1.6) that has the
// certificate's label (D1.7) and is good enough (C4.7).
func (v *Verifier) checkCertificateSignature(e *evidence, keys []browserid.PublicKey) error {
	token := e.certificateToken
	keys = slices.DeleteFunc(slices.Clone(keys), func(key browserid.PublicKey) bool {
		return !labels(token.Algorithm, key)
	})
	if len(keys) == 0 {
		return refuse(CodeAlgorithm, "the certificate's alg is that of none of the issuer's keys")
	}
	if keys[0].Legacy() && !v.config.AllowLegacyKeys { // the label says it for all of them
		return refuse(CodeLegacyKey, "the issuer's key is too weak")
	}
	for _, key := range keys {
		if checkSignature(token, key) == nil {
			return nil
		}
	}
	return refuse(CodeCertificateSignature, "none of the issuer's keys verifies the certificate")
}

// checkAssertionSignature is D1.9.
func (v *Verifier) checkAssertionSignature(e *evidence) error {
	if err := checkSignature(e.assertionToken, e.certificate.PublicKey); err != nil {
		return &Error{Code: CodeAssertionSignature, Detail: "not by the certified key", Err: err}
	}
	return nil
}

// checkSignature checks a token with a key whose label it carries.
func checkSignature(token *browserid.Compact, key browserid.PublicKey) error {
	if key.Legacy() {
		return checkLegacySignature(token, key)
	}
	algorithm, public := joseKey(key)
	parsed, err := jose.ParseSignedCompact(padded(token, key).String(), []jose.SignatureAlgorithm{algorithm})
	if err != nil {
		return err
	}
	payload, err := parsed.Verify(public)
	if err != nil || !bytes.Equal(payload, token.Payload) { // two readers, one text
		return errSignature
	}
	return nil
}

// joseKey converts a key, and names the one algorithm that it may be used with.
// What is no key, such as a point that is not on its curve, becomes nil, which
// verifies nothing.
func joseKey(key browserid.PublicKey) (jose.SignatureAlgorithm, any) {
	switch key.Algorithm() {
	case browserid.RS256:
		n, e := key.RSA()
		exponent := new(big.Int).SetBytes(e).Int64() // below 2^31: browserid has checked
		return jose.RS256, &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent)}
	case browserid.ES256:
		x, y := key.P256()
		point := slices.Concat([]byte{4}, x, y) // SEC 1, uncompressed
		if public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point); err == nil {
			return jose.ES256, public
		}
	case browserid.EdDSA:
		return jose.EdDSA, ed25519.PublicKey(key.Ed25519())
	}
	return "", nil
}

// padded returns the token with its RSA signature as long as the modulus: old
// signers print it as a number, without its leading zeros (C4.5). A signature of
// another kind is as long as it must be, or it is wrong.
func padded(token *browserid.Compact, key browserid.PublicKey) *browserid.Compact {
	n, _ := key.RSA()
	zeros := make([]byte, max(0, len(n)-len(token.Signature)))
	longer := *token
	longer.Signature = slices.Concat(zeros, token.Signature)
	return &longer
}
