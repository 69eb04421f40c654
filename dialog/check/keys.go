package check

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// publishedKey is a key as it stands in a document.
type publishedKey struct {
	name string // such as "keys[1]"
	raw  json.RawMessage
	key  browserid.PublicKey
	err  error
}

// publishedKeys reads all keys of a document, also of one that the parser refuses for one of them.
func publishedKeys(document []byte) (keys []publishedKey) {
	members, err := browserid.StrictObject(document)
	if err != nil {
		return nil
	}
	read := func(name string, raw json.RawMessage) {
		key, err := browserid.ParsePublicKey(raw)
		keys = append(keys, publishedKey{name, raw, key, err})
	}
	if raw, found := members["public-key"]; found {
		read("public-key", raw)
	}
	var list []json.RawMessage
	if json.Unmarshal(members["keys"], &list) == nil {
		for i, raw := range list {
			read(fmt.Sprintf("keys[%d]", i), raw)
		}
	}
	return keys
}

// brokenKey says which key of a document is refused, and why.
func brokenKey(document []byte) Finding {
	for _, published := range publishedKeys(document) {
		if published.err == nil || errors.Is(published.err, browserid.CodeUnsupportedKey) && published.name != "public-key" {
			continue
		}
		finding := published.fault()
		finding.Says = "It is " + published.name + "." + finding.Says
		return finding
	}
	return Finding{Code: "key_broken"}
}

// fault says what is wrong with a key.
func (k publishedKey) fault() Finding {
	var numbers struct{ Algorithm, KTY, N, D string }
	_ = json.Unmarshal(k.raw, &numbers) // what is no string is missing
	switch bits := modulusBits(numbers.N, numbers.KTY != ""); {
	case numbers.D != "":
		return Finding{
			Code: "key_private", Says: " That is a private key, and whoever has read the document can sign with it.",
			Fix: "Make a new key with navid keygen, publish its public part only, and never use this one again.",
		}
	case errors.Is(k.err, browserid.CodeUnsupportedKey):
		return Finding{Code: "key_unknown", Fix: "Use RSA, P-256 or Ed25519: navid keygen makes one."}
	case bits > 0 && bits < browserid.MinRSABits:
		return Finding{Code: "key_weak", Says: fmt.Sprintf(" Its modulus has %d bits.", bits), Fix: weakFix}
	case bits > browserid.MaxRSABits:
		return Finding{
			Code: "key_large", Says: fmt.Sprintf(" Its modulus has %d bits.", bits),
			Fix: fmt.Sprintf("Use a key of 2048 to %d bits: larger ones cost whoever verifies too much.", browserid.MaxRSABits),
		}
	}
	return Finding{Code: "key_broken", Fix: "The numbers of the classic form, {\"algorithm\":\"RS\",…}, are decimal, in quotes; those of a JWK, " +
		"{\"kty\":\"RSA\",…}, base64url. navid support-document writes them as they should be."}
}

const weakFix = "Make one with navid keygen. Verifiers of today believe neither DSA nor RSA below 2048 bits."

// modulusBits is the size of a modulus as it is written, 0 where it is none.
func modulusBits(n string, isJWK bool) int {
	if isJWK {
		bytes, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(n, "="))
		if err != nil {
			return 0
		}
		return new(big.Int).SetBytes(bytes).BitLen()
	}
	number, isNumber := new(big.Int).SetString(n, 10)
	if !isNumber || number.Sign() < 0 {
		return 0
	}
	return number.BitLen()
}

// keysOf is what is to be said of the keys of a document that can be read.
func keysOf(hop *discovery.Hop) (findings []Finding) {
	published := publishedKeys(hop.Body)
	weakAll := !slices.ContainsFunc(hop.Document.PublicKeys, func(key browserid.PublicKey) bool { return !key.Legacy() })
	for _, k := range published {
		findings = append(findings, k.finding(hop, weakAll))
	}
	classic := len(published) > 0 && strings.HasPrefix(published[0].kind(), "classic RSA") && published[0].name == "public-key"
	if !classic {
		findings = append(findings, note(hop, "keys_not_classic", "Verifiers of Persona's time read one key only: a classic RSA key as \"public-key\".",
			"If old sites matter, publish one in this form, and certify with it: navid keygen -algorithm RS256."))
	}
	return findings
}

func (k publishedKey) finding(hop *discovery.Hop, weakAll bool) Finding {
	switch {
	case k.err != nil:
		return note(hop, "key_unknown", k.name+" is of a kind that is not known here, and is passed over.", "")
	case k.key.Legacy() && weakAll:
		return wrong(hop, "key_weak", k.name+" is too weak: "+k.kind()+".", weakFix)
	case k.key.Legacy():
		return warning(hop, "key_weak", k.name+" is too weak: "+k.kind()+".", weakFix)
	}
	return ok(hop, "key", "%s: %s.", k.name, k.kind())
}

// kind tells form, kind and size of a key.
func (k publishedKey) kind() string {
	form := "JWK"
	if members, err := browserid.StrictObject(k.raw); err == nil && members["algorithm"] != nil {
		form = "classic"
	}
	switch k.key.Algorithm() {
	case browserid.ES256:
		return form + " P-256 (ES256)"
	case browserid.EdDSA:
		return form + " Ed25519 (EdDSA)"
	case browserid.DS128, browserid.DS256:
		return fmt.Sprintf("%s DSA, %d bits", form, k.key.Bits())
	}
	return fmt.Sprintf("%s RSA, %d bits (%s)", form, k.key.Bits(), k.key.Algorithm())
}

// algorithmsOf is what is to be said of the kinds of user keys that a provider certifies.
func algorithmsOf(hop *discovery.Hop) []Finding {
	known := []browserid.Algorithm{browserid.RS256, browserid.ES256, browserid.EdDSA}
	named := hop.Document.Algorithms
	switch {
	case named == nil:
		return []Finding{note(hop, "algorithms_unsaid", "The document does not say which kinds of keys are certified: RS256 alone is taken for granted.",
			"Name those that the provider can read, as in \"algorithms\": [\"ES256\", \"RS256\"]: browsers make a P-256 key at once, and an RSA key in half a second.")}
	case !slices.ContainsFunc(named, func(a browserid.Algorithm) bool { return slices.Contains(known, a) }):
		return []Finding{wrong(hop, "algorithms_unknown", "None of the algorithms that the document names is one that browsers here can use.",
			"Name RS256, ES256 or EdDSA.")}
	}
	return []Finding{ok(hop, "algorithms", "It certifies keys for %s.", quote(strings.Join(algorithmNames(named), ", ")))}
}

func algorithmNames(algorithms []browserid.Algorithm) []string {
	names := make([]string, len(algorithms))
	for i, algorithm := range algorithms {
		names[i] = string(algorithm)
	}
	return names
}
