package peer

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// This file changes what is around the tokens: the bundle, what domains publish,
// and what the site asks for.

// bundles join the two tokens in another way.
var bundles = []struct {
	name string
	join func(certificate, assertion string) string
}{
	{"the certificate twice", func(c, a string) string { return c + "~" + c + "~" + a }},
	{"the assertion twice", func(c, a string) string { return c + "~" + a + "~" + a }},
	{"swapped", func(c, a string) string { return a + "~" + c }},
	{"certificate alone", func(c, _ string) string { return c }},
	{"assertion alone", func(_, a string) string { return a }},
	{"assertion without certificate", func(_, a string) string { return "~" + a }},
	{"certificate without assertion", func(c, _ string) string { return c + "~" }},
	{"certificate as assertion", func(c, _ string) string { return c + "~" + c }},
	{"two tildes", func(c, a string) string { return c + "~~" + a }},
	{"a tilde in front", func(c, a string) string { return "~" + c + "~" + a }},
	{"a tilde behind", func(c, a string) string { return c + "~" + a + "~" }},
	{"the form of 2011", func(c, a string) string { return encode(`{"certificates":["` + c + `"],"assertion":"` + a + `"}`) }},
	{"the form of 2011 in clear", func(c, a string) string { return `{"certificates":["` + c + `"],"assertion":"` + a + `"}` }},
	{"a line end behind", func(c, a string) string { return c + "~" + a + "\n" }},
	{"a space in front", func(c, a string) string { return " " + c + "~" + a }},
	{"spaces around the tilde", func(c, a string) string { return c + " ~ " + a }},
	{"escaped for a URL", func(c, a string) string { return url.PathEscape(c) + "%7E" + url.PathEscape(a) }},
	{"in quotation marks", func(c, a string) string { return quote(c + "~" + a) }},
	{"empty", func(_, _ string) string { return "" }},
	{"an address", func(_, _ string) string { return "ann@idp.example.com" }},
}

// placeMutations are all those of this file.
func placeMutations() []change {
	var all []change
	for _, bundle := range bundles {
		all = append(all, change{"bundle: " + bundle.name, func(d *draft) { d.bundle = bundle.join }})
	}
	for _, document := range documents() {
		all = append(all, change{"idp publishes " + shorten(document), func(d *draft) {
			d.world = d.world.with("idp.example.com", document)
		}})
	}
	for _, status := range []int{http.StatusNotFound, http.StatusMovedPermanently, http.StatusInternalServerError} {
		for _, domain := range []string{"idp", "login", "own", "hosted"} {
			all = append(all, change{fmt.Sprint(domain, " answers ", status), func(d *draft) {
				d.world = d.world.answering(domain+".example.com", status, "")
			}})
		}
	}
	for _, domain := range []string{"login", "own", "none", "other"} {
		for _, document := range []string{delegation("idp.example.com"), `{"disabled":true}`, provider(otherKey().public)} {
			all = append(all, change{domain + " publishes " + shorten(document), func(d *draft) {
				d.world = d.world.with(domain+".example.com", document)
			}})
		}
	}
	return append(all, sites...)
}

// sites ask for something else.
var sites = []change{
	{"the site is another", func(d *draft) { d.audience = "https://evil.example.com" }},
	{"the site has another port", func(d *draft) { d.audience = "https://rp.example.com:8443" }},
	{"the site trusts the provider", func(d *draft) { d.trusted = []string{"idp.example.com"} }},
	{"the site trusts nobody", func(d *draft) { d.trusted = nil }},
	{"the site has another fallback", func(d *draft) { d.fallback = "other.example.com" }},
	{"the site allows legacy keys", func(d *draft) { d.legacy = true }},
	{"the site allows no legacy keys", func(d *draft) { d.legacy = false }},
	{"the site allows unverified addresses", func(d *draft) { d.unverified = true }},
}

// documents are support documents, good and bad (C3).
func documents() []string {
	issuer, other := issuerKey().public, otherKey().public
	both := `[` + other + `,` + issuer + `]`
	all := []string{
		`{"disabled":true}`, `{"disabled":false}`, `{"disabled":"yes"}`, `{"disabled":null}`, `{}`, `[]`, `null`, `5`, `"x"`, ``, `{`,
		delegation("other.example.com"), delegation("idp.example.com"), delegation("two.example.com"), delegation("none.example.com"),
		delegation("down.example.com"), delegation("OTHER.example.com"), delegation("other.example.com:443"), delegation(""),
		`{"authority":null}`, `{"authority":5}`, `{"authority":"two.example.com","authority":"other.example.com"}`,
		provider(other), provider(jwkOf("issuer")), provider(`null`), provider(`"x"`), provider(`{}`), provider(`[]`),
		provider(smallKey().public), provider(es256Key().public), provider(exponentOne().public),
		provider(strings.Replace(issuer, `}`, `,"d":"5"}`, 1)),
		provider(issuer) + "x", " " + provider(issuer) + "\n", "\ufeff" + provider(issuer),
		strings.Replace(provider(issuer), `{`, `{"public-key":`+other+`,`, 1),
		provider(issuer, "big", quote(strings.Repeat("x", 70_000))), provider(issuer, "deep", strings.Repeat("[", 20)+strings.Repeat("]", 20)),
		provider(other, "keys", both), provider(other, "keys", `[]`), provider(other, "keys", `null`), provider(issuer, "keys", `{}`),
		provider(issuer, "keys", `[null]`), provider(issuer, "keys", `[{"kty":"AKP"}]`), provider(issuer, "keys", `[`+es256Key().public+`]`),
		provider(other, "keys", `[`+strings.Replace(jwkOf("issuer"), `{`, `{"use":"sig",`, 1)+`]`),
		provider(other, "keys", `[`+strings.Replace(jwkOf("issuer"), `{`, `{"use":"enc",`, 1)+`]`),
		provider(other, "keys", `[`+strings.Repeat(other+`,`, 11)+issuer+`]`),
		`{"keys":` + both + `,"authentication":"/a","provisioning":"/p"}`,
		`{"public-key":` + issuer + `,"authentication":"/a"}`,
	}
	for _, path := range []string{`null`, `5`, `""`, `"sign_in"`, `"//evil.example.com/"`, `"/\\\\evil.example.com"`, `"/a?b"`, `"/a#b"`, `"/a b"`, `"/%41"`, `"/é"`, `"/"`, `"https://idp.example.com/a"`} {
		all = append(all, provider(issuer, "provisioning", path))
	}
	return all
}
