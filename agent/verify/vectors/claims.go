package main

import (
	"fmt"
	"strings"
	"time"
)

func malformedTimes() []draft {
	const refused = "malformed_time"
	return []draft{
		{"no exp in the certificate", refused, withoutCertified("exp")},
		{"no exp in the assertion", refused, withoutAsserted("exp")},
		{"exp is a string", refused, certify("exp", quoted(millis(time.Hour)))},
		{"exp is null", refused, certify("exp", "null")},
		{"exp is true", refused, asserting("exp", "true")},
		{"exp has an exponent", refused, certify("exp", "1.8e12")},
		{"exp is after the last date of JavaScript", refused, certify("exp", "8640000000000001")},
		{"exp does not fit 64 bits", refused, certify("exp", "99999999999999999999")},
		{"exp is a list", refused, asserting("exp", "["+millis(time.Minute)+"]")},
		{"iat of the certificate is null", refused, certify("iat", "null")},
		{"iat of the assertion is a string", refused, asserting("iat", `"0"`)},
	}
}

func userKeys() []draft {
	const refused = "malformed_user_key"
	key := func(text string) func(*scene) { return certify("public-key", text) }
	edit := func(old, with string) func(*scene) {
		return key(strings.Replace(string(userES256().key.JWK()), old, with, 1))
	}
	ones := func(digits int) string { return strings.Repeat("7", digits) }
	modulus := ones(341) + "w" // of 2048 bits, odd
	return []draft{
		{"none", refused, withoutCertified("public-key")},
		{"two", refused, certify("pubkey", string(userES256().key.JWK()))},
		{"a string", refused, key(quoted(string(userES256().key.JWK())))},
		{"null", refused, key("null")},
		{"empty", refused, key("{}")},
		{"both forms at once", refused, edit("{", `{"algorithm":"RS",`)},
		{"private", refused, edit("{", `{"d":"AA",`)},
		{"private, RSA", refused, key(`{"algorithm":"RS","n":"` + ones(617) + `","e":"65537","d":"3"}`)},
		{"symmetric", refused, key(`{"kty":"oct","k":"AAAA"}`)},
		{"P-384", refused, edit("P-256", "P-384")},
		{"X25519", refused, key(`{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`)},
		{"coordinate is short", refused, edit(`"x":"`, `"x":"AA","z":"`)},
		{"algorithm of the future", refused, key(`{"algorithm":"XS","n":"1"}`)},
		{"form of 2012", refused, key(`{"algorithm":"RS","modulus":"77","exponent":"65537","version":"2012.08.15"}`)},
		{"RSA of 65,544 bits", refused, key(`{"kty":"RSA","e":"f____w","n":"` + ones(10_924) + `"}`)},
		{"RSA of 16,392 bits", refused, key(`{"kty":"RSA","e":"AQAB","n":"` + ones(2_732) + `"}`)},
		{"RSA of 4,104 bits", refused, key(`{"kty":"RSA","e":"AQAB","n":"` + ones(684) + `"}`)},
		{"RSA of 1,512 bits", refused, key(`{"kty":"RSA","e":"AQAB","n":"` + ones(252) + `"}`)},
		{"RSA, e is 1", refused, key(`{"kty":"RSA","e":"AQ","n":"` + modulus + `"}`)},
		{"RSA, e is even", refused, key(`{"kty":"RSA","e":"AQAA","n":"` + modulus + `"}`)},
		{"RSA, e has 32 bits", refused, key(`{"kty":"RSA","e":"_____w","n":"` + modulus + `"}`)},
		{"RSA, n is even", refused, key(`{"kty":"RSA","e":"AQAB","n":"` + ones(341) + `g"}`)},
		{"RSA, n in hexadecimal", refused, key(`{"algorithm":"RS","n":"ab` + ones(600) + `","e":"65537"}`)},
		{"RSA, n is negative", refused, key(`{"algorithm":"RS","n":"-` + ones(617) + `","e":"65537"}`)},
		{"RSA, n is a number", refused, key(`{"algorithm":"RS","n":` + ones(617) + `,"e":"65537"}`)},
	}
}

func addresses() []draft {
	const refused = "address"
	return append([]draft{
		{"none", refused, withoutCertified("principal")},
		{"principal is a host", refused, certify("principal", `{"host":"idp.test"}`)},
		{"name in a capital", refused, func(s *scene) {
			s.certificate.claims.drop("principal")
			s.certificate.claims.set("Principal", `{"email":"ann@idp.test"}`)
		}},
		{"another one in sub", refused, certify("sub", `"eve@idp.test"`)},
		{"another one that is not verified", refused, certify("principal", `{"email":"ann@idp.test","unverified-email":"eve@idp.test"}`)},
		{"a list", refused, certify("principal", `{"email":["ann@idp.test"]}`)},
		{"null", refused, certify("principal", `{"email":null}`)},
	}, each(refused, []string{
		"ann\x00@idp.test", "ann@idp.test\x00", "ann@idp.test\n", "ann@idp.test\n@evil.test", "ann@evil.test\x00\n@idp.test",
		"ann@evil.test@idp.test", `"ann@evil.test"@idp.test`, " ann@idp.test", "ann@idp.test ", "ann@idp.test.", "ann@.idp.test",
		"ann@idp..test", "ann@idp.test:443", "ann@", "@idp.test", "ann", "", "ann@idp", "ann@idp/test", "ann,eve@idp.test",
		"ann;eve@idp.test", "ann@127.0.0.1", "ann@2130706433", "ann@[127.0.0.1]", "ann@0x7f.0x1", "<ann@idp.test>", "ann@idp.test (eve)",
		"\u0430nn@idp.test", "ann@\u0131dp.test", "ann@idp\u3002test", "ann@\u212adp.test", "ann@-idp.test", "ann@idp_.test",
		"=?utf-8?q?eve?=@idp.test>", strings.Repeat("a", 65) + "@idp.test", "ann@" + strings.Repeat("a", 64) + ".test",
		"ann@" + strings.Repeat("a.", 126) + "test",
	}, func(address string) func(*scene) { return certify("principal", `{"email":`+quoted(address)+`}`) })...)
}

func unverified() []draft {
	const refused = "unverified_address"
	unproven := certify("principal", `{"unverified-email":"ann@idp.test"}`)
	return []draft{
		{"not proven", refused, unproven},
		{"said to be both", refused, certify("principal", `{"email":"ann@idp.test","unverified-email":"ann@idp.test"}`)},
		{"not proven, allowed", okay, all(unproven, func(s *scene) { s.AllowUnverified, s.Unverified = true, true })},
	}
}

func legacyKeys() []draft {
	const refused = "legacy_key"
	return []draft{
		{"DS128", refused, user(userDSA)},
		{"RS64", refused, user(userRS64)},
		{"RS128", refused, user(idpRS128)},
		{"issuer's RS128", refused, issuer("legacy.test", idpRS128)},
	}
}

// labels: alg is that of the key, or nothing is (C4.2).
func labels() []draft {
	const refused = "algorithm"
	var drafts []draft
	for _, alg := range []string{
		"", "none", "None", "HS256", "RS64", "RS128", "RS256", "RS384", "RS512", "PS256", "DS128", "DS256", "ES384", "ES256K",
		"es256", "rs256", "EdDSA", "Ed25519", "ES256 ",
	} {
		header := fmt.Sprintf(`{"alg":%q}`, alg)
		drafts = append(
			drafts,
			draft{"certificate: " + quoted(alg), refused, certificateHeader(header)},
			draft{"assertion: " + quoted(alg), refused, assertionHeader(header)},
		)
	}
	return append(
		drafts,
		draft{"none, without a signature", refused, all(assertionHeader(`{"alg":"none"}`), join(func(c, a string) string {
			return c + "~" + a[:strings.LastIndexByte(a, '.')+1]
		}))},
		draft{"RS256 where the key is DSA", refused, all(user(userDSA), legacy, assertionHeader(`{"alg":"RS256"}`))},
		draft{"RS256 where the key has 1024 bits", refused, all(issuer("legacy.test", idpRS128), legacy, certificateHeader(`{"alg":"RS256"}`))},
		draft{"the issuer has no key of this kind", refused, all(certificateHeader(`{"alg":"RS256"}`), certifiedBy(idpRSA))},
	)
}
