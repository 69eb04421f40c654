package peer

import (
	"math/big"
	"net/http"
	"strings"
)

// change is a change of a draft that has a name.
type change struct {
	name  string
	apply func(*draft)
}

// inCertificate and inAssertion set a claim to a JSON value.
func inCertificate(name, value string) func(*draft) {
	return func(d *draft) { d.certificate.claims.set(name, value) }
}

func inAssertion(name, value string) func(*draft) {
	return func(d *draft) { d.assertion.claims.set(name, value) }
}

func speak(issuer, address string) func(*draft) {
	return func(d *draft) { d.speak(issuer, address) }
}

// fallBack makes the fallback vouch for an address of a domain.
func fallBack(domain string) func(*draft) {
	return func(d *draft) {
		d.speak("login.example.com", "ann@"+domain)
		d.certificate.signWith(otherKey())
	}
}

func certify(k func() key) func(*draft) { return func(d *draft) { d.certify(k()) } }

// certifyLegacy makes the user's key a legacy one and accepts such keys.
func certifyLegacy(k func() key) func(*draft) {
	return func(d *draft) {
		d.certify(k())
		d.legacy = true
	}
}

// issue makes the provider of idp.example.com sign with another key.
func issue(k func() key) func(*draft) {
	return func(d *draft) {
		d.certificate.signWith(k())
		d.world = d.world.with("idp.example.com", provider(k().public))
	}
}

// honestSeeds are sign-ins that mean well: ours accepts every one.
var honestSeeds = []change{
	{"plain", func(*draft) {}},
	{"assertion with iat", inAssertion("iat", at(0))},
	{"certificate without iat", func(d *draft) { d.certificate.claims.drop("iat") }},
	{"certificate with a claim", inCertificate("level", `{"of":["trust",2]}`)},
	{"principal with a member", inCertificate("principal", `{"email":"ann@idp.example.com","name":"Ann"}`)},
	{"assertion with a claim", inAssertion("wish", `true`)},
	{"assertion with iss", inAssertion("iss", `"ann"`)},
	{"assertion with a nonce", inAssertion("nonce", `"n-0S6_WzA2Mj"`)},
	{"sub alone", func(d *draft) {
		d.certificate.claims.rename("principal", "sub")
		inCertificate("sub", `"ann@idp.example.com"`)(d)
	}},
	{"sub beside principal", inCertificate("sub", `"ann@idp.example.com"`)},
	{"delegated", speak("idp.example.com", "ann@hosted.example.com")},
	{"delegated in capitals", func(d *draft) {
		d.speak("idp.example.com", "ann@hosted.example.com")
		d.world = d.world.with("hosted.example.com", delegation("IDP.example.com"))
	}},
	{"delegated five times", speak("idp.example.com", "ann@hop1.example.com")},
	{"second key", func(d *draft) { d.speak("two.example.com", "ann@two.example.com") }},
	{"fallback", fallBack("none.example.com")},
	{"fallback, domain disabled", fallBack("disabled.example.com")},
	{"trusted issuer, no provider", speak("own.example.com", "ann@none.example.com")},
	{"trusted issuer, another's domain", speak("own.example.com", "ann@idp.example.com")},
	{"trusted issuer, domain in capitals", speak("own.example.com", "Ann@NONE.example.com")},
	{"user key named pubkey", func(d *draft) { d.certificate.claims.rename("public-key", "pubkey") }},
	{"user key as JWK", inCertificate("public-key", jwkOf("user"))},
	{"issuer key as JWK", func(d *draft) { d.world = d.world.with("idp.example.com", provider(jwkOf("issuer"))) }},
	{"audience with the default port", inAssertion("aud", `"https://rp.example.com:443"`)},
	{"audience with a port", func(d *draft) { d.audience = "https://rp.example.com:8443"; inAssertion("aud", quote(d.audience))(d) }},
	{"audience on this machine", func(d *draft) { d.audience = "http://localhost:10001"; inAssertion("aud", quote(d.audience))(d) }},
	{"certificate for a day", func(d *draft) { inCertificate("iat", at(0))(d); inCertificate("exp", at(24*60*minute))(d) }},
	{"certificate for a minute", inCertificate("exp", at(minute))},
	{"address with a tag", speak("idp.example.com", "Ann.O'Neil+news@idp.example.com")},
	{"header with typ and kid", func(d *draft) { d.certificate.header.add("typ", `"JWT"`); d.certificate.header.add("kid", `"1"`) }},
	{"claims with white space", func(d *draft) { d.certificate.input = spaced; d.assertion.input = spaced }},
	{"claims with escapes", inCertificate("iss", `"\u0069dp.example.com"`)},
	{"claims beyond ASCII", inCertificate("name", `"Zoë"`)},
	{"many claims", inCertificate("list", `[`+strings.Repeat(`"item",`, 900)+`1]`)},
	{"times in seconds", func(d *draft) {
		d.certificate.claims.set("exp", seconds(3600))
		d.assertion.claims.set("exp", seconds(120))
	}},
	{"signature without its zeros", lostZeros},
	{"RSA of 3072 bits", certify(largeKey)},
	{"ES256", certify(es256Key)},
	{"EdDSA", certify(eddsaKey)},
	{"EdDSA issuer", issue(eddsaKey)},
	{"unverified address, allowed", func(d *draft) {
		d.unverified = true
		d.certificate.claims.set("principal", `{"unverified-email":"ann@idp.example.com"}`)
	}},
	{"RSA of 1024 bits", certifyLegacy(smallKey)},
	{"RSA issuer of 1024 bits", func(d *draft) { issue(smallKey)(d); d.legacy = true }},
	{"DSA of 1024 bits", certifyLegacy(ds128Key)},
	{"DSA of 1024 bits, called DS160", func(d *draft) {
		certifyLegacy(ds128Key)(d)
		d.assertion.header.set("alg", `"DS160"`)
	}},
	{"DSA issuer of 1024 bits", func(d *draft) { issue(ds128Key)(d); d.legacy = true }},
}

// slowSeeds take the old verifier a tenth of a second each.
var slowSeeds = []change{
	{"DSA of 2048 bits", certifyLegacy(ds256Key)},
}

// hostileSeeds are attempts to get in: ours refuses every one.
var hostileSeeds = []change{
	{"made for another site", inAssertion("aud", `"https://evil.example.com"`)},
	{"made for the site without TLS", inAssertion("aud", `"http://rp.example.com"`)},
	{"made for another port", inAssertion("aud", `"https://rp.example.com:8443"`)},
	{"certificate expired", inCertificate("exp", at(-60*minute))},
	{"assertion expired", inAssertion("exp", at(-60*minute))},
	{"certificate of tomorrow", inCertificate("iat", at(24*60*minute))},
	{"assertion of tomorrow", inAssertion("iat", at(24*60*minute))},
	{"certificate without exp", func(d *draft) { d.certificate.claims.drop("exp") }},
	{"assertion without exp", func(d *draft) { d.assertion.claims.drop("exp") }},
	{"assertion that never expires", inAssertion("exp", `"never"`)},
	{"certificate for a year", inCertificate("exp", at(365*24*60*minute))},
	{"assertion for a week", inAssertion("exp", at(7*24*60*minute))},
	{"provider for another's domain", func(d *draft) {
		d.certificate.signWith(otherKey())
		d.speak("other.example.com", "ann@idp.example.com")
	}},
	{"another's key in its name", func(d *draft) { d.certificate.signWith(otherKey()) }},
	{"fallback for a provider's domain", fallBack("idp.example.com")},
	{"unknown issuer", speak("idp.example.com", "ann@none.example.com")},
	{"delegating domain as issuer", speak("hosted.example.com", "ann@hosted.example.com")},
	{"delegated six times", speak("idp.example.com", "ann@hop0.example.com")},
	{"domain disabled, own issuer", speak("disabled.example.com", "ann@disabled.example.com")},
	{"fallback, domain down", fallBack("down.example.com")},
	{"fallback, document broken", fallBack("broken.example.com")},
	{"fallback, delegation in a circle", fallBack("circle.example.com")},
	{"fallback, authority absent", fallBack("lost.example.com")},
	{"fallback, keys of today", func(d *draft) {
		fallBack("idp.example.com")(d)
		d.world = d.world.with("idp.example.com", provider(issuerKey().public, "keys", "["+es256Key().public+"]"))
	}},
	{"fallback that delegates", func(d *draft) {
		d.speak("idp.example.com", "ann@none.example.com")
		d.world = d.world.with("login.example.com", delegation("idp.example.com"))
	}},
	{"fallback in a trusted issuer's name", func(d *draft) {
		fallBack("none.example.com")(d)
		d.speak("own.example.com", "ann@none.example.com")
		d.world = d.world.answering("own.example.com", http.StatusServiceUnavailable, "")
	}},
	{"trusted issuer that delegates", func(d *draft) {
		d.speak("own.example.com", "ann@none.example.com")
		d.world = d.world.with("own.example.com", delegation("idp.example.com"))
	}},
	{"trusted issuer without an address", func(d *draft) { d.speak("own.example.com", ""); d.certificate.claims.drop("principal") }},
	{"signed by a thief", func(d *draft) { d.assertion.key = thiefKey() }},
	{"another user's certificate", inCertificate("public-key", thiefKey().public)},
	{"alg none", func(d *draft) {
		d.assertion.header.set("alg", `"none"`)
		d.assertion.sign = func(string) []byte { return nil }
	}},
	{"alg HS256, keyed with the public key", hs256},
	{"chain of two", func(d *draft) { d.bundle = func(c, a string) string { return c + "~" + c + "~" + a } }},
	{"chain through the user's key", chained},
	{"unverified address", inCertificate("principal", `{"unverified-email":"ann@idp.example.com"}`)},
	{"verified and unverified address", inCertificate("principal",
		`{"email":"ann@idp.example.com","unverified-email":"ann@idp.example.com"}`)},
	{"two addresses", inCertificate("sub", `"root@idp.example.com"`)},
	{"issuer named twice", func(d *draft) { d.certificate.claims.add("iss", `"idp.example.com"`) }},
	{"audience named twice", func(d *draft) { d.assertion.claims.add("aud", `"https://rp.example.com"`) }},
	{"claim named twice, in principal too", func(d *draft) {
		d.certificate.claims.set("principal", `{"email":"ann@idp.example.com","level":2}`)
		d.certificate.claims.add("level", `1`)
	}},
	{"RSA of 1024 bits, not allowed", certify(smallKey)},
	{"DSA of 1024 bits, not allowed", certify(ds128Key)},
	{"issuer of 1024 bits, not allowed", issue(smallKey)},
	{"RSA with exponent 1", certify(exponentOne)},
	{"DSA group of one element", func(d *draft) { d.certify(groupOfOne()); d.legacy = true }},
	{"private key in the certificate", inCertificate("public-key", strings.Replace(userKey().public, `}`, `,"d":"5"}`, 1))},
	{"signature of SHA-1", func(d *draft) { d.assertion.sign = sha1Signature }},
	{"padding cut short", func(d *draft) { d.assertion.sign = shortPadding }},
	{"signature plus the modulus", func(d *draft) { d.assertion.sign = plusModulus }},
}

// spaced signs the claims with white space in and around them.
func spaced(header, claims string) string {
	loose := strings.NewReplacer(`":`, "\" :\t", `,"`, ", \r\n\"").Replace
	return encode(" "+loose(header)+"\n") + "." + encode(" "+loose(claims)+"\n")
}

func seconds(fromNow int64) string { return big.NewInt(now.Unix() + fromNow).String() }
