package browserid

import (
	"encoding/json"
	"strings"
)

// ParsePublicKey reads a key in the classic form, {"algorithm":"RS",...} with
// decimal or {"algorithm":"DS",...} with hexadecimal numbers, or as a JWK
// (RSA, EC P-256, OKP Ed25519, DSA) (C4). It refuses private keys: one that was
// published or sent by mistake must not go on being used. Members that it does
// not know are ignored.
//
// The error is CodeKey, or CodeUnsupportedKey for a well-formed object that
// names another kind of key.
func ParsePublicKey(data []byte) (PublicKey, error) {
	if _, err := StrictObject(data); err != nil {
		return PublicKey{}, because(CodeKey, "read", err)
	}
	return parseKey(data)
}

// parseKey is ParsePublicKey for a value that is known to be well-formed.
func parseKey(raw json.RawMessage) (PublicKey, error) {
	if len(raw) > MaxKeyBytes {
		return PublicKey{}, broken(CodeKey, "too large")
	}
	members, err := membersOf(raw)
	if err != nil {
		return PublicKey{}, because(CodeKey, "read", err)
	}
	_, classic := members["algorithm"]
	_, jwk := members["kty"]
	switch {
	case classic && jwk:
		return PublicKey{}, broken(CodeKey, "both algorithm and kty")
	case classic:
		return parseClassicKey(keyReader{members: members})
	case jwk:
		return parseJWK(keyReader{members: members})
	default:
		return PublicKey{}, broken(CodeKey, "neither algorithm nor kty")
	}
}

func parseClassicKey(r keyReader) (PublicKey, error) {
	switch r.text("algorithm") {
	case "RS":
		r.refuse("d", "p", "q")
		n, e := r.number("n", numberOfDecimal), r.number("e", numberOfDecimal)
		return r.finish(newRSA(n, e))
	case "DS":
		r.refuse("x")
		y, p := r.number("y", numberOfHex), r.number("p", numberOfHex)
		q, g := r.number("q", numberOfHex), r.number("g", numberOfHex)
		return r.finish(newDSA(y, p, q, g))
	default:
		return PublicKey{}, broken(CodeUnsupportedKey, "algorithm is neither RS nor DS")
	}
}

func parseJWK(r keyReader) (PublicKey, error) {
	r.refuse("d", "k")
	switch family(r.text("kty")) {
	case familyRSA:
		r.refuse("p", "q", "dp", "dq", "qi", "oth")
		n, e := r.number("n", numberOfBase64), r.number("e", numberOfBase64)
		return r.finish(newRSA(n, e))
	case familyDSA:
		r.refuse("x")
		y, p := r.number("y", numberOfBase64), r.number("p", numberOfBase64)
		q, g := r.number("q", numberOfBase64), r.number("g", numberOfBase64)
		return r.finish(newDSA(y, p, q, g))
	case familyEC:
		return parseEC(r)
	case familyOKP:
		return parseOKP(r)
	default:
		return PublicKey{}, broken(CodeUnsupportedKey, "kty")
	}
}

func parseEC(r keyReader) (PublicKey, error) {
	if r.text("crv") != "P-256" {
		return PublicKey{}, broken(CodeUnsupportedKey, "curve is not P-256")
	}
	x, y := r.number("x", octetsOfBase64), r.number("y", octetsOfBase64)
	return r.finish(NewP256([]byte(x), []byte(y)))
}

func parseOKP(r keyReader) (PublicKey, error) {
	if r.text("crv") != "Ed25519" {
		return PublicKey{}, broken(CodeUnsupportedKey, "curve is not Ed25519")
	}
	x := r.number("x", octetsOfBase64)
	return r.finish(NewEd25519([]byte(x)))
}

// keyReader reads the members of a key and remembers the first that is broken.
type keyReader struct {
	members map[string]json.RawMessage
	err     error
}

func (r *keyReader) text(name string) string {
	value, ok := stringOf(r.members[name])
	if !ok {
		r.fail("member " + name)
	}
	return value
}

func (r *keyReader) number(name string, read func(string) (string, bool)) string {
	value, ok := read(r.text(name))
	if !ok {
		r.fail("member " + name)
	}
	return value
}

func (r *keyReader) refuse(private ...string) {
	for _, name := range private {
		if _, found := r.members[name]; found {
			r.fail("a private key")
		}
	}
}

func (r *keyReader) fail(detail string) {
	if r.err == nil {
		r.err = broken(CodeKey, detail)
	}
}

// finish returns the key, or the error of the first broken member.
func (r *keyReader) finish(key PublicKey, err error) (PublicKey, error) {
	if r.err != nil {
		return PublicKey{}, r.err
	}
	return key, err
}

// MarshalJSON writes RSA and DSA keys in the classic form, which every old
// verifier reads, and the others as JWK.
func (k PublicKey) MarshalJSON() ([]byte, error) {
	switch k.family {
	case familyRSA:
		return object("algorithm", "RS", "n", decimalOf(k.n), "e", decimalOf(k.e)), nil
	case familyDSA:
		return object("algorithm", "DS",
			"y", hexOf(k.y), "p", hexOf(k.p), "q", hexOf(k.q), "g", hexOf(k.g)), nil
	case familyEC, familyOKP:
		return k.JWK(), nil
	default:
		return nil, broken(CodeKey, "no key")
	}
}

// UnmarshalJSON is ParsePublicKey.
func (k *PublicKey) UnmarshalJSON(data []byte) error {
	key, err := ParsePublicKey(data)
	if err != nil {
		return err
	}
	*k = key
	return nil
}

// JWK returns the key as a JWK with the required members alone, in the order
// and spelling of RFC 7638: the SHA-256 of these bytes is the key's thumbprint.
// The zero key has none.
func (k PublicKey) JWK() []byte {
	switch k.family {
	case familyRSA:
		return object("e", encode(k.e), "kty", "RSA", "n", encode(k.n))
	case familyEC:
		return object("crv", "P-256", "kty", "EC", "x", encode(k.x), "y", encode(k.y))
	case familyOKP:
		return object("crv", "Ed25519", "kty", "OKP", "x", encode(k.x))
	case familyDSA:
		return object("g", encode(k.g), "kty", "DSA", "p", encode(k.p), "q", encode(k.q), "y", encode(k.y))
	default:
		return nil
	}
}

func encode(octets string) string { return base64url.EncodeToString([]byte(octets)) }

// object writes a JSON object of strings that need no escaping.
func object(namesAndValues ...string) []byte {
	var text strings.Builder
	for i := 0; i < len(namesAndValues); i += 2 {
		text.WriteString(`,"` + namesAndValues[i] + `":"` + namesAndValues[i+1] + `"`)
	}
	return []byte("{" + text.String()[1:] + "}")
}
