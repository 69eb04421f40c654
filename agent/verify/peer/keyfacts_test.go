package peer

import (
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
)

// keyFacts are what a public key says when it is read loosely.
type keyFacts struct {
	members map[string]json.RawMessage
	kind    string // "RS" or "DS", "EC", "OKP"
	jwk     bool
}

func readKey(raw json.RawMessage) keyFacts {
	var k keyFacts
	_ = json.Unmarshal(raw, &k.members)
	k.kind = k.text("algorithm")
	if _, classic := k.members["algorithm"]; !classic {
		k.kind, k.jwk = k.text("kty"), true
	}
	if k.kind == "RSA" || k.kind == "DSA" {
		k.kind = k.kind[:2]
	}
	return k
}

func (k keyFacts) text(name string) string { return textOf(k.members[name]) }

// number is one of the key's numbers.
func (k keyFacts) number(name string) *big.Int {
	if k.jwk {
		return new(big.Int).SetBytes(looseDecode(k.text(name)))
	}
	base := map[string]int{"RS": 10, "DS": 16}[k.kind]
	number, ok := new(big.Int).SetString(notAlphanumeric.ReplaceAllString(k.text(name), ""), base)
	if !ok {
		return new(big.Int)
	}
	return number
}

var notAlphanumeric = regexp.MustCompile(`[^0-9A-Za-z]`)

// weak tells keys that AllowLegacyKeys is for (C4.7).
func (k keyFacts) weak() bool {
	return k.kind == "DS" || k.kind == "RS" && k.number("n").BitLen() < 2047
}

// modern tells keys that nobody had in the old verifier's time.
func (k keyFacts) modern() bool {
	return k.kind == "EC" || k.kind == "OKP" || k.kind == "RS" && k.number("n").BitLen() > 2049
}

// degenerate tells keys under which signatures can be made up.
func (k keyFacts) degenerate() bool {
	switch k.kind {
	case "RS":
		e := k.number("e")
		return e.Cmp(big.NewInt(3)) < 0 || e.Bit(0) == 0
	case "DS":
		one := big.NewInt(1)
		return k.number("g").Cmp(one) <= 0 || k.number("y").Cmp(one) <= 0
	default:
		return false
	}
}

// private tells keys that have a secret member.
func (k keyFacts) private() bool {
	_, d := k.members["d"]
	_, x := k.members["x"]
	return d || x && k.kind == "DS"
}

// Names and forms of the numbers of a key.
var (
	numberNames = map[string][]string{"RS": {"n", "e"}, "DS": {"y", "p", "q", "g"}}
	classicForm = map[string]*regexp.Regexp{"RS": regexp.MustCompile(`^[0-9]+$`), "DS": regexp.MustCompile(`^[0-9a-fA-F]+$`)}
	jwkForm     = regexp.MustCompile(`^[A-Za-z0-9_-]+=*$`)
)

// loose tells keys that are in neither of the two forms, or in both.
func (k keyFacts) loose() bool {
	_, classic := k.members["algorithm"]
	_, jwk := k.members["kty"]
	if classic == jwk || classic && k.text("algorithm") != k.kind {
		return true
	}
	form := classicForm[k.kind]
	if k.jwk {
		form = jwkForm
	}
	return slices.ContainsFunc(numberNames[k.kind], func(name string) bool { return !form.MatchString(k.text(name)) })
}

// onlySignature tells whether an RSA signature is the one that PKCS #1 v1.5 with
// SHA-256 has for a text, leading zeros apart, and not longer than the modulus.
func (k keyFacts) onlySignature(input string, signature []byte) bool {
	n, s := k.number("n"), new(big.Int).SetBytes(signature)
	if k.kind != "RS" || n.BitLen() < 1000 {
		return true
	}
	size := (n.BitLen() + 7) / 8
	if len(signature) > size || s.Cmp(n) >= 0 {
		return false
	}
	return s.Exp(s, k.number("e"), n).Cmp(new(big.Int).SetBytes(padded(input, size))) == 0
}
