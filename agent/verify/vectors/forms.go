package main

import (
	"fmt"
	"strings"
)

func bundles() []draft {
	const refused = "malformed_backed_assertion"
	return []draft{
		{"empty", refused, join(func(_, _ string) string { return "" })},
		{"an address", refused, join(func(_, _ string) string { return "ann@idp.test" })},
		{"certificate alone", refused, join(func(c, _ string) string { return c })},
		{"tilde and assertion", refused, join(func(_, a string) string { return "~" + a })},
		{"certificate and tilde", refused, join(func(c, _ string) string { return c + "~" })},
		{"two tildes in a row", refused, join(func(c, a string) string { return c + "~~" + a })},
		{"tilde at the end", refused, join(func(c, a string) string { return c + "~" + a + "~" })},
		{"tilde alone", refused, join(func(_, _ string) string { return "~" })},
		{"nine certificates", refused, join(func(c, a string) string { return strings.Repeat("c~", 8) + c + "~" + a })},
		{"more than 48 KiB", refused, join(func(c, a string) string { return c + "~" + a + strings.Repeat("A", 48<<10) })},
		{"JWS JSON serialization alone", refused, join(func(_, a string) string { return jsonSerialization(a) })},
		{"form of 2011 without assertion", refused, join(func(c, _ string) string { return encode(`{"certificates":["` + c + `"]}`) })},
		{"form of 2011, a number as certificate", refused, join(func(_, a string) string {
			return encode(`{"certificates":[1],"assertion":"` + a + `"}`)
		})},
		{"form of 2011, two assertions", refused, join(func(c, a string) string {
			return encode(`{"certificates":["` + c + `"],"assertion":"x","assertion":"` + a + `"}`)
		})},
	}
}

func chains() []draft {
	const refused = "certificate_chain"
	return []draft{
		{"the same certificate twice", refused, join(func(c, a string) string { return c + "~" + c + "~" + a })},
		{"something before the certificate", refused, join(func(c, a string) string { return "c~" + c + "~" + a })},
		{"form of 2011, two certificates", refused, join(func(c, a string) string { return oldForm(c+`","`+c, a) })},
	}
}

func tokens() []draft {
	const refused = "malformed_token"
	return append([]draft{
		{"swapped", refused, join(func(c, a string) string { return a + "~" + c })},
		{"certificate as assertion", refused, join(func(c, _ string) string { return c + "~" + c })},
		{"assertion as certificate", refused, join(func(_, a string) string { return a + "~" + a })},
		{"certificate is bogus", refused, join(func(_, a string) string { return "bogus~" + a })},
		{"first character is missing", refused, join(func(c, a string) string { return c[1:] + "~" + a })},
		{"two parts", refused, join(func(c, a string) string { return c + "~" + a[:strings.LastIndex(a, ".")] })},
		{"four parts", refused, join(func(c, a string) string { return c + "~" + a + ".AA" })},
		{"padding", refused, join(func(c, a string) string { return c + "~" + a + "==" })},
		{"standard base64", refused, join(func(c, a string) string { return c + "~+" + a[1:] })},
		{"line end", refused, join(func(c, a string) string { return c + "~" + a + "\n" })},
		{"line end between header and claims", refused, join(func(c, a string) string { return c + "~" + strings.Replace(a, ".", "\n.", 1) })},
		{"space before", refused, join(func(c, a string) string { return " " + c + "~" + a })},
		{"NUL behind", refused, join(func(c, a string) string { return c + "~" + a + "\x00" })},
		{"another spelling of the signature", refused, join(respelt)},
		{"JWS JSON serialization", refused, join(func(c, a string) string { return c + "~" + jsonSerialization(a) })},
		{"certificate without issuer", refused, withoutCertified("iss")},
		{"issuer is empty", refused, certify("iss", `""`)},
		{"issuer is a list", refused, certify("iss", `["idp.test"]`)},
		{"issuer is null", refused, certify("iss", `null`)},
		{"no audience", refused, withoutAsserted("aud")},
		{"audience is empty", refused, asserting("aud", `""`)},
		{"audience is a list", refused, asserting("aud", `["https://rp.test"]`)},
		{"nonce is a number", refused, asserting("nonce", `1`)},
		{"issuer of the assertion is an object", refused, asserting("iss", `{}`)},
	}, payloads(refused)...)
}

// payloads are claims that are no object, in either token.
func payloads(refused string) []draft {
	var drafts []draft
	for _, spoilt := range []struct {
		name  string
		spoil func(claims string) string
	}{
		{"claims are an array", func(claims string) string { return "[" + claims + "]" }},
		{"claims are a string", func(claims string) string { return quoted(claims) }},
		{"claims are null", func(string) string { return "null" }},
		{"claims are empty", func(string) string { return "" }},
		{"claims twice", func(claims string) string { return claims + claims }},
		{"claims with a comma at the end", func(claims string) string { return claims[:len(claims)-1] + ",}" }},
		{"claims with a comment", func(claims string) string { return "/**/" + claims }},
		{"claims with a byte order mark", func(claims string) string { return "\ufeff" + claims }},
		{"claims are not UTF-8", func(claims string) string { return "{\"x\":\"\xff\"," + claims[1:] }},
		{"claims with a raw line end in a string", func(claims string) string { return "{\"x\":\"\n\"," + claims[1:] }},
		{"claims in single quotes", func(claims string) string { return strings.ReplaceAll(claims, `"`, `'`) }},
		{"claims are too deep", func(claims string) string {
			return `{"x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "," + claims[1:]
		}},
		{"claims are cut off", func(claims string) string { return claims[:len(claims)-1] }},
	} {
		drafts = append(
			drafts,
			draft{"certificate: " + spoilt.name, refused, spoilCertified(spoilt.spoil)},
			draft{"assertion: " + spoilt.name, refused, spoilAsserted(spoilt.spoil)},
		)
	}
	return drafts
}

func jsonSerialization(token string) string {
	parts := strings.Split(token, ".")
	return fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, parts[0], parts[1], parts[2])
}

// respelt changes the bits of the last character that no byte needs.
func respelt(certificate, assertion string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, assertion[len(assertion)-1])
	return certificate + "~" + assertion[:len(assertion)-1] + string(alphabet[last|1])
}

// headers: whatever a header says, the verifier's key decides.
func headers() []draft {
	const refused = "header"
	var drafts []draft
	for _, spoilt := range []struct{ name, header string }{
		{"no alg", `{"typ":"JWT"}`},
		{"alg is a number", `{"alg":256}`},
		{"alg is null", `{"alg":null}`},
		{"Alg in a capital", `{"Alg":"%s"}`},
		{"jwk", `{"alg":"%s","jwk":{"kty":"oct","k":"AA"}}`},
		{"jku", `{"alg":"%s","jku":"https://evil.test/keys"}`},
		{"x5c", `{"alg":"%s","x5c":[]}`},
		{"x5u", `{"alg":"%s","x5u":"https://evil.test/"}`},
		{"crit", `{"alg":"%s","crit":["exp"],"exp":1}`},
		{"crit is empty", `{"alg":"%s","crit":[]}`},
		{"b64 is false", `{"alg":"%s","b64":false,"crit":["b64"]}`},
		{"kid is a number", `{"alg":"%s","kid":1}`},
		{"typ is null", `{"alg":"%s","typ":null}`},
		{"b64 without crit", `{"alg":"%s","b64":false}`},
	} {
		header := func(alg string) string { return strings.Replace(spoilt.header, "%s", alg, 1) }
		drafts = append(
			drafts,
			draft{"certificate: " + spoilt.name, refused, certificateHeader(header("ES256"))},
			draft{"assertion: " + spoilt.name, refused, assertionHeader(header("ES256"))},
		)
	}
	return drafts
}

func duplicates() []draft {
	const refused = "duplicate_member"
	add := func(name, value string) func(*scene) {
		return func(s *scene) { s.certificate.claims.add(name, value) }
	}
	return []draft{
		{"issuer", refused, add("iss", `"evil.test"`)},
		{"issuer, the same", refused, add("iss", `"idp.test"`)},
		{"issuer, its name escaped", refused, add(`\u0069ss`, `"evil.test"`)},
		{"exp", refused, add("exp", "1")},
		{"key", refused, add("public-key", "{}")},
		{"principal", refused, add("principal", `{"email":"eve@idp.test"}`)},
		{"address", refused, certify("principal", `{"email":"eve@idp.test","email":"ann@idp.test"}`)},
		{"deep inside", refused, certify("x", `[{"a":{"b":1,"b":2}}]`)},
		{"member of principal that is also a claim", refused, all(certify("principal", `{"email":"ann@idp.test","name":"Ann"}`), certify("name", `"Eve"`))},
		{"audience", refused, func(s *scene) { s.assertion.claims.add("aud", `"https://evil.test"`) }},
		{"nonce", refused, func(s *scene) {
			s.assertion.claims = append(s.assertion.claims, [2]string{"nonce", `"a"`}, [2]string{"nonce", `"b"`})
		}},
		{"alg", refused, assertionHeader(`{"alg":"ES256","alg":"ES256"}`)},
		{"alg of the certificate", refused, certificateHeader(`{"alg":"none","alg":"ES256"}`)},
	}
}
