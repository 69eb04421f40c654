package peer

import (
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"
)

// tokenMutations change headers, keys and the shape of tokens.
func tokenMutations() []change {
	var all []change
	for _, tok := range []struct {
		name string
		of   func(*draft) *token
	}{
		{"certificate", func(d *draft) *token { return &d.certificate }},
		{"assertion", func(d *draft) *token { return &d.assertion }},
	} {
		for _, alg := range algorithms {
			all = append(all, change{tok.name + " alg " + alg, func(d *draft) { tok.of(d).header.set("alg", alg) }})
		}
		for _, member := range headers {
			all = append(all, change{tok.name + " header with " + member.name, func(d *draft) { tok.of(d).header.add(member.name, member.value) }})
		}
		all = append(all, change{tok.name + " header without alg", func(d *draft) { tok.of(d).header.drop("alg") }})
		for _, input := range inputs {
			all = append(all, change{tok.name + " " + input.name, func(d *draft) { tok.of(d).input = input.write }})
		}
		for _, spoil := range spoils {
			all = append(all, change{tok.name + " " + spoil.name, func(d *draft) { tok.of(d).spoil = spoil.apply }})
		}
		for name, key := range map[string]func() key{"thief": thiefKey, "issuer": issuerKey, "other": otherKey} {
			all = append(all, change{tok.name + " signed by " + name, func(d *draft) { tok.of(d).key, tok.of(d).sign = key(), nil }})
		}
	}
	slices.SortStableFunc(all, func(a, b change) int { return strings.Compare(a.name, b.name) }) // the map has no order
	return append(all, signatures...)
}

var algorithms = []string{
	`"none"`, `"HS256"`, `"RS512"`, `"RS128"`, `"rs256"`, `"RS256 "`, `"DS128"`, `"DS160"`, `"ES256"`, `null`, `256`, `["RS256"]`,
}

var headers = members{
	{"typ", `"JWT"`},
	{"kid", `"1"`},
	{"alg", `"RS256"`},
	{"ALG", `"none"`},
	{"crit", `["exp"]`},
	{"b64", `false`},
	{"jwk", `{"kty":"RSA"}`},
	{"jku", `"https://evil.example.com/keys"`},
	{"x5c", `[]`},
	{"zip", `"DEF"`},
}

// inputs write header and claims in another way. What they write is signed.
var inputs = []struct {
	name  string
	write func(header, claims string) string
}{
	{"with white space", spaced},
	{"header padded", func(h, c string) string { return base64.URLEncoding.EncodeToString([]byte(h+"  ")) + "." + encode(c) }},
	{"claims padded", func(h, c string) string { return encode(h) + "." + base64.URLEncoding.EncodeToString([]byte(c+" ")) }},
	{"claims with a line end", func(h, c string) string { return encode(h) + "." + encode(c)[:8] + "\r\n" + encode(c)[8:] }},
	{"claims in the other alphabet", func(h, c string) string {
		return encode(h) + "." + strings.NewReplacer("-", "+", "_", "/").Replace(encode(c[:1]+`"?":"???>>>~~~",`+c[1:]))
	}},
	{"claims with loose bits", func(h, c string) string { return encode(h) + "." + looseBits(c) }},
	{"claims with a byte order mark", func(h, c string) string { return encode(h) + "." + encode("\ufeff"+c) }},
	{"claims, then more", func(h, c string) string { return encode(h) + "." + encode(c+"{}") }},
	{"claims, then NUL", func(h, c string) string { return encode(h) + "." + encode(c+"\x00") }},
	{"claims in an array", func(h, c string) string { return encode(h) + "." + encode("["+c+"]") }},
	{"claims null", func(h, _ string) string { return encode(h) + "." + encode("null") }},
	{"claims a string", func(h, c string) string { return encode(h) + "." + encode(quote(strings.ReplaceAll(c, `"`, `\"`))) }},
	{"claims not UTF-8", func(h, c string) string { return encode(h) + "." + encode(c[:1]+"\"x\":\"\xff\","+c[1:]) }},
	{"claims with a comma too many", func(h, c string) string { return encode(h) + "." + encode(c[:len(c)-1]+",}") }},
	{"claims with a comment", func(h, c string) string { return encode(h) + "." + encode("/**/"+c) }},
	{"claims empty", func(h, _ string) string { return encode(h) + "." }},
	{"header and claims swapped", func(h, c string) string { return encode(c) + "." + encode(h) }},
}

// looseBits encodes text so that its last character has bits that say nothing.
func looseBits(text string) string {
	for len(text)%3 != 1 {
		text += " "
	}
	encoded := encode(text)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, encoded[len(encoded)-1])
	return encoded[:len(encoded)-1] + alphabet[last+1:last+2]
}

// spoils change a token that is signed.
var spoils = []struct {
	name  string
	apply func(string) string
}{
	{"signature padded", func(s string) string { return s + "==" }},
	{"signature empty", func(s string) string { return s[:strings.LastIndexByte(s, '.')+1] }},
	{"without signature", func(s string) string { return s[:strings.LastIndexByte(s, '.')] }},
	{"with a fourth part", func(s string) string { return s + ".AAAA" }},
	{"with an empty part", func(s string) string { return strings.Replace(s, ".", "..", 1) }},
	{"signature cut short", func(s string) string { return s[:len(s)-4] }},
	{"signature made longer", func(s string) string { return s + "AAAA" }},
	{"signature with a zero in front", zeroInFront},
	{"signature in the other alphabet", func(s string) string {
		at := strings.LastIndexByte(s, '.')
		return s[:at] + strings.NewReplacer("-", "+", "_", "/").Replace(s[at:])
	}},
	{"signature with a star inside", func(s string) string { return s[:len(s)-9] + "*" + s[len(s)-9:] }},
	{"signature with a letter turned", func(s string) string {
		return s[:len(s)-9] + map[bool]string{true: "B", false: "A"}[s[len(s)-9] == 'A'] + s[len(s)-8:]
	}},
	{"then a line end", func(s string) string { return s + "\n" }},
	{"after a space", func(s string) string { return " " + s }},
	{"in lower case", strings.ToLower},
	{"bogus", func(string) string { return "bogus" }},
	{"empty", func(string) string { return "" }},
	{"in JSON", func(s string) string {
		parts := strings.Split(s, ".")
		return `{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `"}`
	}},
}

func zeroInFront(signed string) string {
	at := strings.LastIndexByte(signed, '.') + 1
	signature := must(base64.RawURLEncoding.DecodeString(signed[at:]))
	return signed[:at] + encode(slices.Concat([]byte{0}, signature))
}

// signatures are forgeries of RSA signatures; under another key they are noise.
var signatures = []change{
	{"signature of SHA-1", func(d *draft) { d.assertion.sign = sha1Signature }},
	{"padding cut short", func(d *draft) { d.assertion.sign = shortPadding }},
	{"signature plus the modulus", func(d *draft) { d.assertion.sign = plusModulus }},
	{"signature one", func(d *draft) { d.assertion.sign = func(string) []byte { return []byte{1} } }},
	{"signature is the text itself", func(d *draft) { d.assertion.sign = func(s string) []byte { return padded(s, 256) } }},
}

// noise returns mutations of single characters: of the claims before they are
// signed, and of the finished bundle.
func noise(random *rand.Rand, count int) []change {
	all := make([]change, count)
	for i := range all {
		seed := random.Uint64()
		all[i] = change{"noise in the bundle", func(d *draft) {
			bundle, random := d.bundle, rand.New(rand.NewPCG(seed, 0))
			d.bundle = func(c, a string) string { return disturb(bundle(c, a), random) }
		}}
		if i%2 == 0 {
			all[i] = change{"noise in the claims", func(d *draft) { disturbClaims(d, rand.New(rand.NewPCG(seed, 0))) }}
		}
	}
	return all
}

// alphabet of noise: what tokens and JSON are made of, and two characters more.
const noiseAlphabet = `ABab019-_.~=+/ "{}[]:,\eEn` + "\n\x00é"

// disturb replaces, inserts, deletes or doubles a character, or swaps two halves.
func disturb(text string, random *rand.Rand) string {
	letters := []rune(noiseAlphabet)
	at, letter := random.IntN(len(text)), string(letters[random.IntN(len(letters))])
	switch random.IntN(5) {
	case 0:
		return text[:at] + letter + text[at:]
	case 1:
		return text[:at] + text[at+1:]
	case 2:
		return text[:at+1] + text[at:]
	case 3:
		return text[at:] + text[:at]
	default:
		return text[:at] + letter + text[at+1:]
	}
}

func disturbClaims(d *draft, random *rand.Rand) {
	claims := &d.assertion.claims
	if random.IntN(2) == 0 {
		claims = &d.certificate.claims
	}
	member := (*claims)[random.IntN(len(*claims))]
	if random.IntN(4) == 0 {
		claims.rename(member.name, disturb(member.name, random))
		return
	}
	claims.set(member.name, disturb(member.value, random))
}
