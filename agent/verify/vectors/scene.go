package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// now is when the bundles are verified.
var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// at is a time in milliseconds, from now.
func at(offset time.Duration) int64 { return now.Add(offset).UnixMilli() }

// documents are those of the world of all cases.
func documents() map[string]json.RawMessage {
	provider := func(keys ...signer) json.RawMessage {
		document := browserid.SupportDocument{Authentication: "/sign_in", Provisioning: "/provision"}
		for _, key := range keys {
			document.PublicKeys = append(document.PublicKeys, key.key)
		}
		return must(document.MarshalJSON())
	}
	return map[string]json.RawMessage{
		"idp.test":      provider(idpES256()),
		"rs256.test":    provider(idpRSA()),
		"rotated.test":  provider(strangerES(), idpRSA(), idpEdDSA()),
		"legacy.test":   provider(idpRS128()),
		"login.example": provider(idpES256()),
		"own.example":   provider(idpES256()),
		"hosted.test":   json.RawMessage(`{"authority":"idp.test"}`),
		"moved.example": json.RawMessage(`{"authority":"idp.test"}`),
		"disabled.test": json.RawMessage(`{"disabled":true}`),
		"invalid.test":  json.RawMessage(`{"authority":"https://idp.test/"}`),
		"circle.test":   json.RawMessage(`{"authority":"circle.test"}`),
	}
}

// members are those of a JSON object, in order, with their values as text.
type members [][2]string

// set changes the value of a member, or adds one.
func (m *members) set(name, value string) {
	for i := range *m {
		if (*m)[i][0] == name {
			(*m)[i][1] = value
			return
		}
	}
	*m = append(*m, [2]string{name, value})
}

// add adds a member before the others, whatever their names.
func (m *members) add(name, value string) { *m = slices.Insert(*m, 0, [2]string{name, value}) }

func (m *members) drop(name string) {
	*m = slices.DeleteFunc(*m, func(member [2]string) bool { return member[0] == name })
}

func (m *members) text() string {
	parts := make([]string, len(*m))
	for i, member := range *m {
		parts[i] = `"` + member[0] + `":` + member[1]
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// token is one to be signed.
type token struct {
	header string
	claims members
	spoil  func(claims string) string // after all
	by     signer
}

func (t token) compact() string {
	claims := t.claims.text()
	if t.spoil != nil {
		claims = t.spoil(claims)
	}
	input := encode(t.header) + "." + encode(claims)
	return input + "." + encode(string(t.by.sign([]byte(input))))
}

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func decode(s string) string { return string(must(base64.RawURLEncoding.DecodeString(s))) }

// scene is a sign-in that succeeds, until a case changes it.
type scene struct {
	rules
	result
	before                 []string
	certificate, assertion token
	join                   func(certificate, assertion string) string
}

func newScene() *scene {
	s := &scene{
		rules: rules{
			Audience: "https://rp.test", Now: at(0),
			Fallbacks: []string{"login.example", "moved.example"}, TrustedIssuers: []string{"own.example"},
		},
		result: result{Email: "ann@idp.test", Issuer: "idp.test", Expires: at(2 * time.Minute)},
		join:   func(certificate, assertion string) string { return certificate + "~" + assertion },
	}
	s.certificate = token{by: idpES256(), header: `{"alg":"ES256"}`, claims: members{
		{"iss", `"idp.test"`},
		{"iat", fmt.Sprint(at(-time.Minute))},
		{"exp", fmt.Sprint(at(time.Hour))},
		{"public-key", ""},
		{"principal", `{"email":"ann@idp.test"}`},
	}}
	s.assertion = token{claims: members{{"aud", `"https://rp.test"`}, {"exp", fmt.Sprint(at(2 * time.Minute))}}}
	s.signWith(userES256())
	return s
}

// signWith gives the person another key, and has it certified.
func (s *scene) signWith(user signer) {
	s.assertion.by = user
	s.assertion.header = `{"alg":"` + string(user.key.Algorithm()) + `"}`
	s.certificate.claims.set("public-key", string(must(user.key.MarshalJSON())))
}

// issueWith has an issuer sign with a key.
func (s *scene) issueWith(name string, issuer signer) {
	s.speak(name, "ann@"+name)
	s.certificate.by = issuer
	s.certificate.header = `{"alg":"` + string(issuer.key.Algorithm()) + `"}`
}

// speak makes an issuer vouch for an address.
func (s *scene) speak(issuer, address string) {
	s.Issuer, s.Email = issuer, address
	s.certificate.claims.set("iss", quoted(issuer))
	s.certificate.claims.set("principal", `{"email":`+quoted(address)+`}`)
}

func quoted(text string) string { return string(must(json.Marshal(text))) }

// bundle returns what the browser would send.
func (s *scene) bundle() string { return s.join(s.certificate.compact(), s.assertion.compact()) }

// group are cases of one check.
type group struct {
	rule  string
	cases []draft
}

// draft is a case: the scene that a change makes, and what must be said to it.
type draft struct {
	name   string
	expect string
	change func(*scene)
}

const okay = "okay"

func (d draft) finish(in group) vector {
	s := newScene()
	d.change(s)
	made := vector{Name: d.name, Rule: in.rule, Expect: d.expect, rules: s.rules, Before: s.before, Bundle: s.bundle()}
	if d.expect == okay {
		made.Result = &s.result
	}
	return made
}
