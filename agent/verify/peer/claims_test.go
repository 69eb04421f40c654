package peer

import "strings"

// This file lists what is done to claims. Everything is signed afterwards, so
// that the verifiers see it.

// claimMutations change one claim each.
func claimMutations() []change {
	var all []change
	for _, tok := range []struct {
		name string
		of   func(*draft) *token
	}{
		{"certificate", func(d *draft) *token { return &d.certificate }},
		{"assertion", func(d *draft) *token { return &d.assertion }},
	} {
		for _, time := range []string{"exp", "iat"} {
			all = append(all, change{tok.name + " without " + time, func(d *draft) { tok.of(d).claims.drop(time) }})
			for _, value := range timeValues() {
				all = append(all, setClaim(tok.name+" "+time+" ", tok.of, time, value))
			}
		}
		for _, extra := range extraClaims {
			all = append(all, change{tok.name + " with " + extra.name + " " + shorten(extra.value), func(d *draft) {
				tok.of(d).claims.add(extra.name, extra.value)
			}})
		}
	}
	for _, claim := range []struct {
		name   string
		of     func(*draft) *token
		values []string
	}{
		{"aud", func(d *draft) *token { return &d.assertion }, audiences},
		{"iss", func(d *draft) *token { return &d.certificate }, issuers},
		{"principal", func(d *draft) *token { return &d.certificate }, principals()},
		{"sub", func(d *draft) *token { return &d.certificate }, []string{`"ann@idp.example.com"`, `"eve@idp.example.com"`, `""`, `null`, `5`}},
		{"public-key", func(d *draft) *token { return &d.certificate }, publicKeys()},
	} {
		all = append(all, change{"no " + claim.name, func(d *draft) { claim.of(d).claims.drop(claim.name) }})
		for _, value := range claim.values {
			all = append(all, setClaim("", claim.of, claim.name, value))
		}
	}
	return all
}

func setClaim(prefix string, of func(*draft) *token, name, value string) change {
	return change{prefix + name + " " + shorten(value), func(d *draft) { of(d).claims.set(name, value) }}
}

// shorten cuts a value for the name of a change.
func shorten(value string) string {
	if len(value) > 60 {
		return value[:60] + "..."
	}
	return value
}

// timeValues are times about now, and what is none (D3).
func timeValues() []string {
	values := []string{
		`null`, `0`, `false`, `true`, `""`, `"never"`, `{}`, `[]`, `-1`, `1e300`, `1.9e12`, `9007199254740993`,
		seconds(60), seconds(-3600), seconds(3600) + ".5", at(60*minute) + ".5", quote(at(60 * minute)), quote(seconds(60)),
	}
	for _, offset := range []int64{
		-48 * 60 * minute, -60 * minute, -61_000, -31_000, -29_000, -1, 0, 1, 29_000, 59_000, 61_000,
		4 * minute, 6 * minute, 60 * minute, 23 * 60 * minute, 25 * 60 * minute,
	} {
		values = append(values, at(offset))
	}
	return values
}

// extraClaims are claims that the protocol does not know, and second ones of those
// that it does.
var extraClaims = members{
	{"email", `"eve@evil.example.com"`},
	{"unverified-email", `"eve@evil.example.com"`},
	{"name", `"Ann"`},
	{"name", `"\u00e9\ud83d\ude00"`},
	{"name", `"é"`},
	{"name", `"\ud800"`},
	{"nonce", `5`},
	{"nonce", `null`},
	{"nonce", `"abc"`},
	{"jti", `"1"`},
	{"nbf", at(60 * minute)},
	{"kid", `{"a":{"a":1,"b":[]}}`},
	{"twice", `{"a":1,"a":2}`},
	{"number", `12345678901234567890`},
	{"number", `1.50`},
	{"number", `1e400`},
	{"", `1`},
	{"__proto__", `{"email":"eve@evil.example.com"}`},
	{"deep", strings.Repeat(`[`, 15) + strings.Repeat(`]`, 15)},
	{"deep", strings.Repeat(`[`, 16) + strings.Repeat(`]`, 16)},
	{"long", `"` + strings.Repeat("x", 13_000) + `"`},
	{"iss", `"ann"`},
	{"iss", `5`},
	{"ISS", `"other.example.com"`},
	{"aud", `"https://evil.example.com"`},
	{"Exp", `1`},
	{"exp", at(minute)},
	{"principal", `{"email":"eve@idp.example.com"}`},
	{"public-key", `{}`},
	{"pubkey", `{}`},
	{"sub", `"ann@idp.example.com"`},
}

// audiences are ways to name a site, in the assertion (D2).
var audiences = []string{
	`"https://rp.example.com/"`, `"https://rp.example.com/path"`, `"https://rp.example.com?x"`, `"https://rp.example.com#x"`,
	`"https://RP.example.com"`, `"HTTPS://rp.example.com"`, `"http://rp.example.com"`, `"http://rp.example.com:443"`,
	`"https://rp.example.com:443"`, `"https://rp.example.com:8443"`, `"https://rp.example.com:0443"`, `"https://rp.example.com:"`,
	`"https://rp.example.com."`, `"https://ann@rp.example.com"`, `"https://rp.example.com@evil.example.com"`,
	`" https://rp.example.com"`, `"https://rp.example.com\n"`, `"https://rp.example.com\u0000"`, `"https:\\\\rp.example.com"`,
	`"rp.example.com"`, `"//rp.example.com"`, `"https:rp.example.com"`, `"https:///rp.example.com"`, `"app://rp.example.com"`,
	`"https://evil.example.com"`, `"https://rp.example.com.evil.example.com"`, `"https://evil.example.com/https://rp.example.com"`,
	`"https://rp\u002eexample.com"`, `"https://rp\u3002example.com"`, `"https://example.com"`, `"https://*.example.com"`,
	`""`, `null`, `5`, `["https://rp.example.com"]`, `{"toString":"https://rp.example.com"}`,
}

// issuers are ways to name an issuer.
var issuers = []string{
	`"IDP.example.com"`, `"idp.example.com."`, `"idp.example.com:443"`, `"https://idp.example.com"`, `"idp.example.com/"`,
	`"idp.example.com\n"`, `"ann@idp.example.com"`, `"other.example.com"`, `"login.example.com"`, `"own.example.com"`,
	`"none.example.com"`, `"hosted.example.com"`, `"disabled.example.com"`, `"down.example.com"`, `"127.0.0.1"`, `"localhost"`,
	`""`, `null`, `5`, `["idp.example.com"]`, `"__proto__"`,
}

// principals are ways to name a person.
func principals() []string {
	values := []string{
		`null`, `5`, `""`, `"ann@idp.example.com"`, `[]`, `{}`, `["ann@idp.example.com"]`, `{"host":"idp.example.com"}`,
		`{"unverified-email":"ann@idp.example.com"}`,
		`{"unverified-email":"ann@idp.example.com","email":"ann@idp.example.com"}`,
		`{"unverified-email":"eve@idp.example.com","email":"ann@idp.example.com"}`,
		`{"email":"ann@idp.example.com","name":"Ann","iss":"x","sub":"y"}`,
		`{"email":"ann@idp.example.com","email":"eve@idp.example.com"}`,
		`{"EMAIL":"eve@idp.example.com","email":"ann@idp.example.com"}`,
		`{"email":null}`, `{"email":5}`, `{"email":["ann@idp.example.com"]}`, `{"email":{"a":1}}`,
	}
	for _, address := range []string{
		"ANN@idp.example.com", "ann@IDP.example.com", "ann@hosted.example.com", "ann@other.example.com", "ann@none.example.com",
		"ann@disabled.example.com", "ann@down.example.com", "ann@broken.example.com", "ann@lost.example.com",
		"ann@circle.example.com", "ann@hop0.example.com", "ann@hop1.example.com", "ann@two.example.com", "ann@localhost",
		"", "ann", "@idp.example.com", "ann@", "ann@eve@idp.example.com", " ann@idp.example.com", "ann@idp.example.com ",
		`ann@idp.example.com\n`, `ann\n@idp.example.com`, `ann@idp.example.com\u0000`, `\"ann\"@idp.example.com`,
		"(ann)ann@idp.example.com", "ann..bee@idp.example.com", ".ann@idp.example.com", "ann@idp..example.com",
		"ann@idp.example.com.", "ann@idp.example.com:443", "ann@127.0.0.1", "ann@[127.0.0.1]", "ann@-idp.example.com",
		"ann@idp_1.example.com", "ann%idp.example.com@idp.example.com", "änn@idp.example.com", "ann@ïdp.example.com",
		`ann@idp\u3002example.com`, strings.Repeat("a", 64) + "@idp.example.com", strings.Repeat("a", 65) + "@idp.example.com",
		strings.Repeat("a", 240) + "@idp.example.com",
	} {
		values = append(values, `{"email":"`+address+`"}`)
	}
	return values
}

// publicKeys are ways to write the user's key, and other keys.
func publicKeys() []string {
	key := userKey().public
	edit := func(old, new string) string { return strings.Replace(key, old, new, 1) }
	jwk := jwkOf("user")
	return []string{
		jwk, strings.Replace(jwk, `","e"`, `=","e"`, 1), strings.NewReplacer("-", "+", "_", "/").Replace(jwk),
		strings.Replace(jwk, `{`, `{"alg":"RS256","use":"sig","kid":"1",`, 1), strings.Replace(jwk, `{`, `{"algorithm":"RS",`, 1),
		strings.Replace(jwk, `"RSA"`, `"rsa"`, 1), strings.Replace(jwk, `AQAB`, `AAEAAQ`, 1),
		edit(`"RS"`, `"rs"`), edit(`"RS"`, `"RSA"`), edit(`"RS"`, `"DS"`), edit(`"RS"`, `null`), edit(`"RS"`, `["RS"]`),
		edit(`"n":"`, `"n":"000`), edit(`"n":"`, `"n":" `), edit(`"n":"`, `"n":"0x`), edit(`"n":"`, `"n":"1`),
		edit(`"65537"`, `"1"`), edit(`"65537"`, `"2"`), edit(`"65537"`, `"3"`), edit(`"65537"`, `"4295032833"`), edit(`"65537"`, `""`),
		edit(`"65537"`, `65537`), edit(`"65537"`, `"-65537"`), edit(`"n":"`, `"n":"-`), edit(`"n":"`, `"m":"`), edit(`"n":"`, `"n":2047,"m":"`),
		edit(`}`, `,"version":"2012.08.15"}`), edit(`}`, `,"d":"5"}`), edit(`{`, `{"n":"5",`),
		`null`, `5`, `""`, `{}`, `[]`, quote("RS"), thiefKey().public, smallKey().public, ds128Key().public, es256Key().public,
		eddsaKey().public,
	}
}
