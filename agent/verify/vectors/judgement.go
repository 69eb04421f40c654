package main

import (
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"
	"time"
)

func audiences() []draft {
	to := func(audience string) func(*scene) { return asserting("aud", quoted(audience)) }
	return append(
		each(okay, []string{"https://rp.test:443", "https://RP.test"}, to),
		each("audience", []string{
			"https://rp.test:8443", "https://rp.test:80", "https://rp.test:0443", "https://rp.test:", "http://rp.test", "http://rp.test:443",
			"https://rp.test/", "https://rp.test/login", "https://rp.test?", "https://rp.test#", "https://rp.test.", "https://www.rp.test",
			"https://rp.test.evil.test", "https://evil.test", "https://rp.test@evil.test", "https://evil.test@rp.test", "https://rp.test:443@evil.test",
			"https://rp.test\\@evil.test", "https://rp.test\x00", "https://rp.test\n", " https://rp.test", "HTTPS://rp.test/", "https:rp.test", "https:///rp.test",
			"rp.test", "rp.test:443", "//rp.test", "null", "*", "https://*.test", "https://r\u0440.test", "ws://rp.test", "file://rp.test",
			"chrome-extension://rp.test", "https://[::1]", "https://127.0.0.1",
		}, to)...,
	)
}

func nonces() []draft {
	const refused = "nonce"
	demand := func(nonce string) func(*scene) { return func(s *scene) { s.Nonce = &nonce } }
	return []draft{
		{"demanded and there", okay, all(demand("abc"), asserting("nonce", `"abc"`))},
		{"there, not demanded", okay, asserting("nonce", `"abc"`)},
		{"another", refused, all(demand("abc"), asserting("nonce", `"abd"`))},
		{"longer", refused, all(demand("abc"), asserting("nonce", `"abcd"`))},
		{"in capitals", refused, all(demand("abc"), asserting("nonce", `"ABC"`))},
		{"absent", refused, demand("abc")},
		{"in the certificate", refused, all(demand("abc"), certify("nonce", `"abc"`))},
		{"empty, as after a lost session", refused, demand("")},
	}
}

func issuers() []draft {
	drafts := each("malformed_issuer", []string{
		"idp.test:443", "IDP.test", "idp.test.", ".idp.test", "https://idp.test", "//idp.test", "idp.test/", "idp.test\x00", "idp.test\n", " idp.test",
		"127.0.0.1", "[::1]", "idp_.test", "ann@idp.test", "*", "*.test", "idp.test,evil.test", "\u0456dp.test", "\uff49dp.test", "i\u0307dp.test",
	}, func(name string) func(*scene) { return certify("iss", quoted(name)) })
	const unknown = "discovery"
	return append(
		drafts,
		draft{"domain does not answer", unknown, speak("offline.test", "ann@offline.test")},
		draft{"fallback, domain does not answer", unknown, speak("login.example", "ann@offline.test")},
		draft{"document is invalid", unknown, speak("invalid.test", "ann@invalid.test")},
		draft{"fallback, document is invalid", unknown, speak("login.example", "ann@invalid.test")},
		draft{"delegation to itself", unknown, speak("circle.test", "ann@circle.test")},
		draft{"fallback, delegation to itself", unknown, speak("login.example", "ann@circle.test")},
	)
}

func fallbacks() []draft {
	const refused = "fallback_for_primary"
	return []draft{
		{"domain without a provider", okay, speak("login.example", "ann@nobody.test")},
		{"domain that has disabled it", okay, speak("login.example", "ann@disabled.test")},
		{"its own domain", okay, speak("login.example", "ann@login.example")},
		{"domain with a provider", refused, speak("login.example", "ann@idp.test")},
		{"domain that delegates", refused, speak("login.example", "ann@hosted.test")},
	}
}

func trust() []draft {
	const refused = "untrusted_issuer"
	return []draft{
		{"delegated to", okay, speak("idp.test", "ann@hosted.test")},
		{"trusted for any address", okay, speak("own.example", "ann@idp.test")},
		{"trusted, though the domain does not answer", okay, speak("own.example", "ann@offline.test")},
		{"who delegates may not speak itself", refused, speak("hosted.test", "ann@hosted.test")},
		{"nobody has delegated to it", refused, speak("idp.test", "ann@rs256.test")},
		{"nobody has delegated to it, no provider", refused, speak("idp.test", "ann@nobody.test")},
		{"unknown fallback", refused, speak("evil.test", "ann@nobody.test")},
		{"fallback that delegates", refused, speak("moved.example", "ann@nobody.test")},
		{"domain that has disabled it, by itself", refused, speak("disabled.test", "ann@disabled.test")},
		{"parent of the domain", refused, speak("idp.test", "ann@sub.idp.test")},
		{"child of the domain", refused, speak("sub.idp.test", "ann@idp.test")},
		{"domain in front", refused, speak("idp.test.evil.test", "ann@idp.test")},
		{"look-alike in A-labels", refused, speak("xn--dp-jmc.test", "ann@idp.test")}, // іdp, its first letter Cyrillic
		{"the address's look-alike in A-labels", refused, speak("idp.test", "ann@xn--dp-jmc.test")},
	}
}

func certificateSignatures() []draft {
	const refused = "invalid_certificate_signature"
	rs256 := issuer("rs256.test", idpRSA)
	first := func(change func(certificate string) string) func(*scene) {
		return join(func(c, a string) string { return change(c) + "~" + a })
	}
	return []draft{
		{"by somebody else", refused, certifiedBy(strangerES)},
		{"by somebody else, RS256", refused, all(rs256, certifiedBy(strangerRSA))},
		{"by the user", refused, certifiedBy(userES256)},
		{"by a key of another domain", refused, all(rs256, certifiedBy(userRSA))},
		{"by HMAC with the public key as secret", refused, all(rs256, certifiedBy(hmacWithPublicKey))},
		{"empty", refused, first(func(c string) string { return c[:strings.LastIndexByte(c, '.')+1] })},
		{"of zeros", refused, first(func(c string) string { return signedAs(c, make([]byte, 64)) })},
		{"of zeros, RS256", refused, all(rs256, first(func(c string) string { return signedAs(c, make([]byte, 256)) }))},
		{"one bit changed", refused, first(func(c string) string { return flipped(c, 0) })},
		{"last bit changed", refused, first(func(c string) string { return flipped(c, -1) })},
		{"RS256, a zero before", refused, all(rs256, first(func(c string) string { return signedAs(c, append([]byte{0}, signatureOf(c)...)) }))},
		{"RS256, a zero behind", refused, all(rs256, first(func(c string) string { return signedAs(c, append(signatureOf(c), 0)) }))},
		{"RS256, plus the modulus", refused, all(rs256, first(plusModulus))},
		{"of the assertion", refused, join(func(c, a string) string { return signedAs(c, signatureOf(a)) + "~" + a })},
		{"of other claims", refused, func(s *scene) {
			other := s.certificate.compact()
			s.speak("idp.test", "eve@idp.test")
			s.join = func(c, a string) string { return signedAs(c, signatureOf(other)) + "~" + a }
		}},
	}
}

func assertionSignatures() []draft {
	const refused = "invalid_assertion_signature"
	second := func(change func(assertion string) string) func(*scene) {
		return join(func(c, a string) string { return c + "~" + change(a) })
	}
	zeros := func(size int) func(string) string {
		return func(a string) string { return signedAs(a, make([]byte, size)) }
	}
	return []draft{
		{"by somebody else", refused, assertedBy(strangerES)},
		{"by the issuer", refused, assertedBy(idpES256)},
		{"empty", refused, second(zeros(0))},
		{"ES256, r and s are 0", refused, second(zeros(64))},
		{"ES256, in DER", refused, second(func(a string) string { return signedAs(a, append([]byte{0x30, 0x44, 2, 32}, signatureOf(a)...)) })},
		{"ES256, r and s changed round", refused, second(func(a string) string {
			s := signatureOf(a)
			return signedAs(a, append(s[32:], s[:32]...))
		})},
		{"ES256, s + n", refused, second(plusOrder)},
		{"ES256, a zero before", refused, second(func(a string) string { return signedAs(a, append([]byte{0}, signatureOf(a)...)) })},
		{"ES256, point is not on the curve", refused, certify("public-key", `{"kty":"EC","crv":"P-256","x":"`+encode(strings.Repeat("\x01", 32))+`","y":"`+encode(strings.Repeat("\x02", 32))+`"}`)},
		{"ES256, last characters are missing", refused, second(func(a string) string { return a[:len(a)-2] })},
		{"EdDSA, one bit changed", refused, all(user(userEdDSA), second(func(a string) string { return flipped(a, 0) }))},
		{"EdDSA, of zeros", refused, all(user(userEdDSA), second(zeros(64)))},
		{"EdDSA, key of order 1 and R the neutral element", refused, all(user(userEdDSA), certify("public-key",
			`{"kty":"OKP","crv":"Ed25519","x":"`+encode("\x01"+strings.Repeat("\x00", 31))+`"}`), second(func(a string) string {
			return signedAs(a, []byte(strings.Repeat("\x01", 64)))
		}))},
		{"RS256, of zeros", refused, all(user(userRSA), second(zeros(256)))},
		{"DSA, r and s are 0", refused, all(user(userDSA), legacy, second(zeros(40)))},
		{"DSA, s is 0", refused, all(user(userDSA), legacy, second(func(a string) string { return signedAs(a, append(signatureOf(a)[:20], make([]byte, 20)...)) }))},
		{"RS64, of zeros", refused, all(user(userRS64), legacy, second(zeros(64)))},
		{"of other claims", refused, func(s *scene) {
			other := s.assertion
			other.claims = members{{"aud", `"https://evil.test"`}, {"exp", millis(2 * time.Minute)}}
			s.join = func(c, a string) string { return c + "~" + signedAs(a, signatureOf(other.compact())) }
		}},
	}
}

func replays() []draft {
	const refused = "replay"
	again := func(change func(s *scene)) func(*scene) {
		return func(s *scene) {
			s.ReplayCache, s.before = "memory", []string{s.bundle()}
			change(s)
		}
	}
	return []draft{
		{"as it is", refused, again(same)},
		{"with (r, n-s)", refused, again(join(mirrored))},
		{"in the form of 2011", refused, again(join(oldForm))},
		{"under another certificate of the same key", refused, again(certify("serial", "2"))},
		{"under a certificate for another address", refused, again(issuer("rs256.test", idpRSA))},
		{"a new assertion", okay, again(assertedUntil(3 * time.Minute))},
		{"no cache", okay, func(s *scene) { s.before = []string{s.bundle()} }},
		{"cache does not answer", "replay_cache", func(s *scene) { s.ReplayCache = "broken" }},
	}
}

// The ways to spoil a signature.

func signatureOf(token string) []byte {
	return []byte(decode(token[strings.LastIndexByte(token, '.')+1:]))
}

func signedAs(token string, signature []byte) string {
	return token[:strings.LastIndexByte(token, '.')+1] + encode(string(signature))
}

// flipped changes a bit of a byte, which may be counted from the end.
func flipped(token string, index int) string {
	signature := signatureOf(token)
	signature[(index+len(signature))%len(signature)] ^= 1
	return signedAs(token, signature)
}

// mirrored replaces (r, s) by the equally valid (r, n-s).
func mirrored(certificate, assertion string) string {
	signature := signatureOf(assertion)
	s := new(big.Int).SetBytes(signature[32:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(signature[32:])
	return certificate + "~" + signedAs(assertion, signature)
}

// plusOrder replaces s by the congruent s + n, which takes a byte more.
func plusOrder(assertion string) string {
	signature := signatureOf(assertion)
	s := new(big.Int).SetBytes(signature[32:])
	return signedAs(assertion, append(signature[:32], s.Add(s, elliptic.P256().Params().N).FillBytes(make([]byte, 33))...))
}

// plusModulus replaces an RSA signature by one that is congruent to it.
func plusModulus(certificate string) string {
	n, _ := idpRSA().key.RSA()
	s := new(big.Int).SetBytes(signatureOf(certificate))
	return signedAs(certificate, s.Add(s, new(big.Int).SetBytes(n)).FillBytes(make([]byte, 257)))
}

// lostZeros changes the certificate until its signature begins with a zero, and
// prints that without.
func lostZeros(s *scene) {
	sign := s.certificate.by.sign
	s.certificate.by.sign = func(input []byte) []byte { return new(big.Int).SetBytes(sign(input)).Bytes() }
	for serial := 0; len(signatureOf(s.certificate.compact())) == 256; serial++ {
		s.certificate.claims.set("iat", fmt.Sprint(at(-time.Minute)-int64(serial)))
	}
}

// hmacWithPublicKey is no signature but a MAC by what everybody knows.
func hmacWithPublicKey() signer {
	return signer{sign: func(input []byte) []byte {
		mac := hmac.New(sha256.New, idpRSA().key.JWK())
		mac.Write(input)
		return mac.Sum(nil)
	}}
}
