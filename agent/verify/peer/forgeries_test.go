package peer

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// This file makes keys and signatures that are not what they seem.

// jwkOf is an RSA key as JWK.
func jwkOf(name string) string {
	return fmt.Sprintf(`{"kty":"RSA","n":%q,"e":"AQAB"}`, encode(rsaPrivate(name).N.Bytes()))
}

// hs256 signs with HMAC, and the public key of the certificate as its key.
func hs256(d *draft) {
	d.assertion.header.set("alg", `"HS256"`)
	d.assertion.sign = func(input string) []byte {
		mac := hmac.New(sha256.New, []byte(userKey().public))
		mac.Write([]byte(input))
		return mac.Sum(nil)
	}
}

// chained has the user certify a thief.
func chained(d *draft) {
	inner := d.certificate
	inner.signWith(userKey())
	inner.claims.set("public-key", thiefKey().public)
	d.assertion.signWith(thiefKey())
	d.bundle = func(certificate, assertion string) string {
		return certificate + "~" + inner.text() + "~" + assertion
	}
}

// lostZeros looks for a signature that begins with a zero byte, and leaves it
// out as the signers of the time did (C4.5).
func lostZeros(d *draft) {
	d.assertion.claims = zeroClaims(d.assertion)
	d.assertion.sign = func(input string) []byte {
		return new(big.Int).SetBytes(userKey().sign(input)).Bytes()
	}
}

var zeroClaims = func() func(token) members {
	var once sync.Once
	var found members
	return func(t token) members {
		once.Do(func() {
			for i := 0; ; i++ {
				t.claims.set("jti", strconv.Itoa(i))
				input := encode(t.header.String()) + "." + encode(t.claims.String())
				if userKey().sign(input)[0] == 0 {
					break
				}
			}
			found = t.claims
		})
		return found
	}
}()

// sha256Info and sha1Info are the DigestInfo up to the digest (RFC 8017, 9.2).
const (
	sha256Info = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
	sha1Info   = "\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14"
)

// padded is EMSA-PKCS1-v1_5 of SHA-256.
func padded(input string, size int) []byte {
	info := slices.Concat([]byte(sha256Info), sha256Of(input))
	fill := slices.Repeat([]byte{0xff}, size-len(info)-3)
	return slices.Concat([]byte{0, 1}, fill, []byte{0}, info)
}

// exponentOne is a key whose signatures everybody can make: they are the text.
var exponentOne = sync.OnceValue(func() key {
	k := userKey()
	k.public = strings.Replace(k.public, `"65537"`, `"1"`, 1)
	k.sign = func(input string) []byte { return padded(input, 256) }
	return k
})

// groupOfOne is a DSA key under which the same signature fits every text.
var groupOfOne = sync.OnceValue(func() key {
	k := ds128Key()
	p, q := numberOf("ds128", "p"), numberOf("ds128", "q")
	k.public = fmt.Sprintf(`{"algorithm":"DS","y":"1","p":"%x","q":"%x","g":"1"}`, p, q)
	k.sign = func(string) []byte {
		one := big.NewInt(1).FillBytes(make([]byte, 20))
		return slices.Concat(one, one)
	}
	return k
})

func sha1Signature(input string) []byte {
	return must(rsa.SignPKCS1v15(nil, rsaPrivate("user"), crypto.SHA1, sha1Of(input)))
}

// shortPadding signs an encoding that has two bytes of fill.
func shortPadding(input string) []byte {
	encoding := slices.Concat([]byte{1, 0xff, 0}, []byte(sha256Info), sha256Of(input))
	private := rsaPrivate("user")
	return new(big.Int).Exp(new(big.Int).SetBytes(encoding), private.D, private.N).FillBytes(make([]byte, 256))
}

// plusModulus is a second signature of the same text.
func plusModulus(input string) []byte {
	signature := new(big.Int).SetBytes(userKey().sign(input))
	return signature.Add(signature, rsaPrivate("user").N).Bytes()
}
