package peer

import (
	"slices"
	"strings"
)

// draft is a bundle before it is signed, and how it is verified: all that a
// seed or a mutation may change.
type draft struct {
	certificate, assertion token
	// bundle makes what is sent of the two tokens.
	bundle func(certificate, assertion string) string
	setting
}

// token is a JWS before it is signed.
type token struct {
	header, claims members
	key            key
	// input changes the text that is signed.
	input func(header, claims string) string
	// sign overrides how the key signs.
	sign func(input string) []byte
	// spoil changes the finished token.
	spoil func(token string) string
}

// members are those of a JSON object in order. A name may stand there twice.
type members []member

// member has a value that is JSON text.
type member struct{ name, value string }

func (m *members) set(name, value string) {
	if i := m.index(name); i >= 0 {
		*m = slices.Clone(*m)
		(*m)[i].value = value
		return
	}
	m.add(name, value)
}

// add adds a member even if there is one of the name.
func (m *members) add(name, value string) { *m = append(slices.Clip(*m), member{name, value}) }

func (m *members) drop(name string) {
	*m = slices.DeleteFunc(slices.Clone(*m), func(member member) bool { return member.name == name })
}

func (m *members) rename(name, to string) {
	if i := m.index(name); i >= 0 {
		*m = slices.Clone(*m)
		(*m)[i].name = to
	}
}

func (m *members) index(name string) int {
	return slices.IndexFunc(*m, func(member member) bool { return member.name == name })
}

// String returns the object.
func (m members) String() string {
	var texts []string
	for _, member := range m {
		texts = append(texts, quote(member.name)+":"+member.value)
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// quote writes a JSON string that needs no escaping; what has escapes keeps them.
func quote(text string) string { return `"` + text + `"` }

// text returns the signed token.
func (t token) text() string {
	input := encode(t.header.String()) + "." + encode(t.claims.String())
	if t.input != nil {
		input = t.input(t.header.String(), t.claims.String())
	}
	sign := t.key.sign
	if t.sign != nil {
		sign = t.sign
	}
	signed := input + "." + encode(sign(input))
	if t.spoil != nil {
		return t.spoil(signed)
	}
	return signed
}

// signWith changes the key that signs, and the label with it.
func (t *token) signWith(k key) {
	t.key = k
	t.header.set("alg", quote(k.label))
}

// text returns what the browser would send.
func (d *draft) text() string { return d.bundle(d.certificate.text(), d.assertion.text()) }

// certify makes the user sign with a key that the certificate names.
func (d *draft) certify(k key) {
	d.assertion.signWith(k)
	d.certificate.claims.set("public-key", k.public)
}

// speak makes an issuer vouch for an address.
func (d *draft) speak(issuer, address string) {
	d.certificate.claims.set("iss", quote(issuer))
	d.certificate.claims.set("principal", `{"email":`+quote(address)+`}`)
}

// newDraft returns a sign-in that both verifiers accept.
func newDraft() *draft {
	d := &draft{
		certificate: token{claims: members{
			{"iss", quote("idp.example.com")},
			{"iat", at(-minute)},
			{"exp", at(60 * minute)},
			{"public-key", userKey().public},
			{"principal", `{"email":"ann@idp.example.com"}`},
		}},
		assertion: token{claims: members{
			{"exp", at(2 * minute)},
			{"aud", quote("https://rp.example.com")},
		}},
		bundle:  func(certificate, assertion string) string { return certificate + "~" + assertion },
		setting: newSetting(),
	}
	d.certificate.signWith(issuerKey())
	d.assertion.signWith(userKey())
	return d
}
