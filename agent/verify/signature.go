package verify

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"slices"

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

// checkSignature checks a token with a key whose label it carries. The standard
// library does it, and not go-jose (design.md 2.9): the token is taken apart
// already, by a reader that is stricter, and being read a second time cost a
// third of what the signature itself does. The tests ask go-jose as well.
func checkSignature(token *browserid.Compact, key browserid.PublicKey) error {
	valid := false
	switch key.Algorithm() {
	case browserid.RS256:
		valid = verifyRSA(token, key)
	case browserid.ES256:
		valid = verifyP256(token, key)
	case browserid.EdDSA:
		valid = ed25519.Verify(key.Ed25519(), token.SigningInput, token.Signature)
	default:
		valid = verifyLegacy(token, key)
	}
	if !valid {
		return errSignature
	}
	return nil
}

// verifyRSA checks PKCS #1 v1.5 with SHA-256. Old signers print the signature as a
// number, without its leading zeros (C4.5).
func verifyRSA(token *browserid.Compact, key browserid.PublicKey) bool {
	n, e := key.RSA()
	if len(token.Signature) > len(n) {
		return false
	}
	public := rsa.PublicKey{N: number(n), E: int(number(e).Int64())} // e is below 2^31: browserid has checked
	digest := sha256.Sum256(token.SigningInput)
	padded := append(make([]byte, len(n)-len(token.Signature), len(n)), token.Signature...)
	return rsa.VerifyPKCS1v15(&public, crypto.SHA256, digest[:], padded) == nil
}

// verifyP256 checks r||s of 32 bytes each (RFC 7518 3.4). A point that is not on
// the curve verifies nothing.
func verifyP256(token *browserid.Compact, key browserid.PublicKey) bool {
	x, y := key.P256()
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y)) // SEC 1
	if err != nil || len(token.Signature) != 64 {
		return false
	}
	digest := sha256.Sum256(token.SigningInput)
	return ecdsa.Verify(public, digest[:], number(token.Signature[:32]), number(token.Signature[32:]))
}
