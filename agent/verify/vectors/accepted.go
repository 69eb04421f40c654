package main

import (
	"encoding/json"
	"fmt"
	"time"
)

// accepted are good in every respect: who refuses them is wrong.
func accepted() []draft {
	return []draft{
		{"ES256 certifies ES256", okay, same},
		{"ES256 certifies EdDSA", okay, user(userEdDSA)},
		{"ES256 certifies RS256 of 2047 bits", okay, user(userRSA)},
		{"RS256 certifies ES256", okay, issuer("rs256.test", idpRSA)},
		{"EdDSA is the third of three keys", okay, issuer("rotated.test", idpEdDSA)},
		{"DS128, allowed", okay, all(user(userDSA), legacy)},
		{"DS160, the old name of DS128, allowed", okay, all(user(userDSA), legacy, assertionHeader(`{"alg":"DS160"}`))},
		{"RS64, allowed", okay, all(user(userRS64), legacy)},
		{"RS128 certifies, allowed", okay, all(issuer("legacy.test", idpRS128), legacy)},
		{"other claims, kept apart", okay, func(s *scene) {
			s.certificate.claims.set("name", `"Ann"`)
			s.certificate.claims.set("email", `"eve@idp.test"`)
			s.assertion.claims.set("colour", `"red"`)
			s.IdPClaims = map[string]json.RawMessage{"name": json.RawMessage(`"Ann"`)}
			s.UserClaims = map[string]json.RawMessage{"colour": json.RawMessage(`"red"`)}
		}},
		{"times in seconds", okay, func(s *scene) {
			s.certificate.claims.set("iat", fmt.Sprint(at(-time.Minute)/1000))
			s.certificate.claims.set("exp", fmt.Sprint(at(time.Hour)/1000))
			s.assertion.claims.set("exp", fmt.Sprint(s.Expires/1000))
		}},
		{"address in sub", okay, all(withoutCertified("principal"), certify("sub", `"ann@idp.test"`))},
		{"local part in capitals", okay, speak("idp.test", "Ann@idp.test")},
		{"domain in capitals", okay, certify("principal", `{"email":"ann@IDP.test"}`)},
		{"key called pubkey", okay, func(s *scene) {
			s.certificate.claims.drop("public-key")
			s.certificate.claims.set("pubkey", string(s.assertion.by.key.JWK()))
		}},
		{"kid and typ in the header", okay, assertionHeader(`{"alg":"ES256","kid":"1","typ":"JWT"}`)},
		{"no iat in the certificate", okay, withoutCertified("iat")},
		{"form of 2011", okay, join(oldForm)},
		{"RSA signature without its leading zeros", okay, all(issuer("rs256.test", idpRSA), lostZeros)},
		{"(r, n-s) alone", okay, join(mirrored)},
	}
}

// oldForm is that of 2011: base64url of a JSON object.
func oldForm(certificate, assertion string) string {
	return encode(`{"certificates":["` + certificate + `"],"assertion":"` + assertion + `"}`)
}
