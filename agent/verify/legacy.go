package verify

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 certificates of the years before 2016 were signed with it; AllowLegacyKeys alone leads here
	"crypto/sha1"
	"crypto/sha256"
	"math/big"
	"slices"

	"github.com/navid-login/navid/agent/browserid"
)

// This file verifies what no current library does any more: the keys of 2011
// to 2016. AllowLegacyKeys alone leads here.

// verifyLegacy checks a token with a key whose label it carries.
func verifyLegacy(token *browserid.Compact, key browserid.PublicKey) bool {
	switch key.Algorithm() {
	case browserid.RS64, browserid.RS128:
		return verifySmallRSA(token, key)
	case browserid.DS128:
		digest := sha1.Sum(token.SigningInput)
		return verifyDSA(token, key, digest[:])
	case browserid.DS256:
		digest := sha256.Sum256(token.SigningInput)
		return verifyDSA(token, key, digest[:])
	}
	return false
}

// verifyDSA checks r||s, each as long as q (C4.5). crypto/dsa demands
// 0 < r, s < q; the old verifier let the bounds themselves through (D5.1).
func verifyDSA(token *browserid.Compact, key browserid.PublicKey, digest []byte) bool {
	y, p, q, g := key.DSA()
	if len(token.Signature) != 2*len(q) {
		return false
	}
	public := dsa.PublicKey{Y: number(y), Parameters: dsa.Parameters{P: number(p), Q: number(q), G: number(g)}}
	r, s := number(token.Signature[:len(q)]), number(token.Signature[len(q):])
	return dsa.Verify(&public, digest, r, s)
}

// verifySmallRSA checks PKCS #1 v1.5 with SHA-256 and a modulus that crypto/rsa
// refuses or JOSE has no label for. The one valid encoding is built and
// compared, so that nothing in it is parsed (D5.2); as numbers are compared, a
// signature that lost its leading zeros is the same one (C4.5).
func verifySmallRSA(token *browserid.Compact, key browserid.PublicKey) bool {
	n, e := key.RSA()
	modulus, signature := number(n), number(token.Signature)
	if len(token.Signature) > len(n) || signature.Cmp(modulus) >= 0 {
		return false
	}
	got := new(big.Int).Exp(signature, number(e), modulus).FillBytes(make([]byte, len(n)))
	return bytes.Equal(got, encodePKCS1(token.SigningInput, len(n)))
}

// sha256Info is the DigestInfo of SHA-256 up to the digest (RFC 8017, 9.2).
const sha256Info = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"

// encodePKCS1 is EMSA-PKCS1-v1_5 of RFC 8017: 00 01 ff…ff 00 DigestInfo.
func encodePKCS1(message []byte, size int) []byte {
	digest := sha256.Sum256(message)
	info := slices.Concat([]byte(sha256Info), digest[:])
	fill := bytes.Repeat([]byte{0xff}, size-len(info)-3)
	return slices.Concat([]byte{0, 1}, fill, []byte{0}, info)
}

func number(bigEndian []byte) *big.Int { return new(big.Int).SetBytes(bigEndian) }
