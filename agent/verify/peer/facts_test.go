package peer

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/navid-login/navid/agent/verify"
)

// trial is one bundle and what the two verifiers said of it.
type trial struct {
	name    string // seed and mutation
	setting setting
	bundle  string
	ours    *verify.Result // nil if refused
	code    verify.Code    // why
	theirs  verifyReply

	certificates []facts
	assertion    facts
}

// facts are what a token says when it is read as loosely as can be: by them a
// difference is explained, not by what either verifier made of it.
type facts struct {
	text           string
	header, claims map[string]json.RawMessage
	payload        []byte // the JSON of claims
	input          string // what is signed
	signature      []byte
}

// read takes the bundle apart, in the form of 2011 too.
func (t *trial) read() {
	var old struct {
		Certificates []string
		Assertion    string
	}
	tokens := strings.Split(t.bundle, "~")
	if len(tokens) == 1 && json.Unmarshal(looseDecode(t.bundle), &old) == nil {
		tokens = append(old.Certificates, old.Assertion)
	}
	for _, text := range tokens[:len(tokens)-1] {
		t.certificates = append(t.certificates, readFacts(text))
	}
	t.assertion = readFacts(tokens[len(tokens)-1])
}

// certificate is the one that certifies the user.
func (t *trial) certificate() facts {
	if len(t.certificates) == 0 {
		return facts{}
	}
	return t.certificates[len(t.certificates)-1]
}

func readFacts(text string) facts {
	f := facts{text: text}
	parts := strings.Split(text, ".")
	if len(parts) < 3 {
		return f
	}
	_ = json.Unmarshal(looseDecode(parts[0]), &f.header)
	f.payload = looseDecode(parts[1])
	_ = json.Unmarshal(f.payload, &f.claims)
	f.input = parts[0] + "." + parts[1]
	f.signature = looseDecode(parts[2])
	return f
}

var foreign = regexp.MustCompile(`[^A-Za-z0-9_-]`)

// looseDecode decodes either alphabet of base64 and skips what is in neither.
func looseDecode(text string) []byte {
	text = foreign.ReplaceAllString(strings.NewReplacer("+", "-", "/", "_").Replace(text), "")
	decoded, _ := base64.RawURLEncoding.DecodeString(text)
	return decoded
}

// strict tells whether a token is in base64url without padding, and each part
// spelt in the only way.
func (f facts) strict() bool {
	for part := range strings.SplitSeq(f.text, ".") {
		if foreign.MatchString(part) {
			return false
		}
		if _, err := base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return false
		}
	}
	return true
}

// has tells whether a claim is there, and not null.
func (f facts) has(name string) bool {
	return len(f.claims[name]) > 0 && string(f.claims[name]) != "null"
}

// string is a claim that is one.
func (f facts) string(name string) string { return textOf(f.claims[name]) }

// object is a claim that is one.
func (f facts) object(name string) map[string]json.RawMessage {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(f.claims[name], &object)
	return object
}

var plainNumber = regexp.MustCompile(`^-?[0-9]{1,16}(\.[0-9]+)?$`)

// lastMillis is the last time that JavaScript's Date knows; what is later is NaN.
const lastMillis = 8_640_000_000_000_000

// badTime tells whether a token has a time that is no plain number, or no exp.
func (f facts) badTime() bool {
	if _, found := f.claims["exp"]; !found {
		return true
	}
	for _, name := range []string{"exp", "iat"} {
		if raw, found := f.claims[name]; found && (!plainNumber.Match(raw) || f.millis(name) > lastMillis) {
			return true
		}
	}
	return false
}

// millis is a time in milliseconds, whatever its unit; now if there is none.
func (f facts) millis(name string) int64 {
	number, ok := new(big.Float).SetString(string(f.claims[name]))
	if !ok {
		return now.UnixMilli()
	}
	value, _ := number.Int64()
	if -1e11 < value && value < 1e11 {
		value *= 1000
	}
	return value
}

// lifetime is from iat, or now, to exp.
func (f facts) lifetime() int64 { return f.millis("exp") - f.millis("iat") }

// inSeconds tells whether one of the times is.
func (f facts) inSeconds() bool {
	for _, name := range []string{"exp", "iat"} {
		if number, ok := new(big.Float).SetString(string(f.claims[name])); ok && number.Cmp(big.NewFloat(1e11)) < 0 {
			return true
		}
	}
	return false
}

// repeats tells whether some object in header or claims names a member twice.
func (f facts) repeats() bool {
	header, _, _ := strings.Cut(f.text, ".")
	return repeats(looseDecode(header)) || repeats(f.payload)
}

func repeats(text []byte) bool {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	var value func() bool
	value = func() bool {
		opened, _ := decoder.Token()
		found := false
		seen := map[json.Token]bool{}
		for opened == json.Delim('{') && decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return false
			}
			found = found || seen[name]
			seen[name] = true
			found = value() || found
		}
		for opened == json.Delim('[') && decoder.More() {
			found = value() || found
		}
		if opened == json.Delim('{') || opened == json.Delim('[') {
			_, _ = decoder.Token()
		}
		return found
	}
	return value()
}

// depth is how deep JSON is nested.
func depth(text []byte) int {
	deepest, now := 0, 0
	for _, c := range text {
		switch c {
		case '{', '[':
			now++
		case '}', ']':
			now--
		}
		deepest = max(deepest, now)
	}
	return deepest
}

func (f facts) utf8() bool { return utf8.Valid(f.payload) }

// plainAddress is an address as both verifiers' grammars have it (B6.1).
var plainAddress = regexp.MustCompile("^[\\w.!#$%&'*+/=?^`{|}~-]{1,64}@([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\\.)+[a-zA-Z]+$")

// address is that of the certificate: principal.email, or else sub, or else
// one that is not verified.
func (f facts) address() string {
	verified, unverified := textOf(f.object("principal")["email"]), textOf(f.object("principal")["unverified-email"])
	return cmp.Or(verified, f.string("sub"), unverified)
}

func textOf(raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text)
	return text
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// spelledDomain is the domain as the certificate spells it.
func (f facts) spelledDomain() string {
	return f.address()[strings.LastIndexByte(f.address(), '@')+1:]
}

// addresses is how many different addresses a certificate has. One that is no
// string counts: it is not the others.
func (f facts) addresses() int {
	different := map[string]bool{}
	for _, name := range []string{"email", "unverified-email"} {
		if raw, found := f.object("principal")[name]; found {
			different[string(raw)] = true
		}
	}
	if raw, found := f.claims["sub"]; found {
		different[string(raw)] = true
	}
	return len(different)
}

// overlaps tells whether a member of principal is a claim too.
func (f facts) overlaps() bool {
	for name := range f.object("principal") {
		if _, found := f.claims[name]; found {
			return true
		}
	}
	return false
}

// demanding tells headers that want more than a signature check.
func (f facts) demanding() bool {
	for _, name := range []string{"crit", "b64", "jwk", "jku", "x5c", "zip"} {
		if _, found := f.header[name]; found {
			return true
		}
	}
	return false
}

// notText tells a claim that is there and no string.
func (f facts) notText(name string) bool {
	raw, found := f.claims[name]
	return found && raw[0] != '"'
}

// withinLeeway tells a token that only the leeway saves.
func (f facts) withinLeeway() bool {
	issued, expires := f.millis("iat")-now.UnixMilli(), f.millis("exp")-now.UnixMilli()
	return issued > 0 && issued <= 60_000 || expires < 0 && expires >= -30_000
}

// plainOrigin is an origin in normal form, but for capitals in the host.
var plainOrigin = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(:[1-9][0-9]*)?$`)

// looselySigned tells whether a signature is not the only one that PKCS #1 has
// for its text. Of the issuer's keys, one must fit.
func (t *trial) looselySigned() bool {
	fits := func(k keyFacts) bool { return k.onlySignature(t.certificate().input, t.certificate().signature) }
	return !slices.ContainsFunc(t.issuerKeys(), fits) || !t.userKey().onlySignature(t.assertion.input, t.assertion.signature)
}
