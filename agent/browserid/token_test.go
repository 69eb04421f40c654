package browserid_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// stamp is a Signer whose signatures are worth nothing.
type stamp struct{ key browserid.PublicKey }

func (s stamp) PublicKey() browserid.PublicKey { return s.key }

func (s stamp) Sign(context.Context, []byte) ([]byte, error) { return []byte("signature"), nil }

type brokenPen struct{ stamp }

var errPen = errors.New("the pen is broken")

func (brokenPen) Sign(context.Context, []byte) ([]byte, error) { return nil, errPen }

func hexOf(octets []byte) string { return strings.TrimPrefix(hex.EncodeToString(octets), "0") }

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func testKey() browserid.PublicKey {
	key, err := browserid.NewEd25519([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		panic(err)
	}
	return key
}

func testCertificate() browserid.Certificate {
	return browserid.Certificate{
		Issuer: "idp.test", IssuedAt: 1795262400000, Expires: 1795266000000,
		PublicKey: testKey(), Principal: browserid.Principal{Email: "Ann@idp.test"},
		Extra: map[string]json.RawMessage{"fxa-generation": json.RawMessage(`7`)},
	}
}

// requireStableCertificate reads a certificate, writes it and reads it again.
func requireStableCertificate(t *testing.T, token string) {
	t.Helper()
	first, _, err := browserid.ParseCertificate(token)
	require.NoError(t, err)
	text, err := browserid.SignCertificate(t.Context(), stamp{testKey()}, *first)
	require.NoError(t, err)
	second, _, err := browserid.ParseCertificate(text)
	require.NoError(t, err)
	again, err := browserid.SignCertificate(t.Context(), stamp{testKey()}, *second)
	require.NoError(t, err)
	require.Equal(t, text, again)
	first.Extra, second.Extra = nil, nil // the same, but for white space and escapes
	require.Equal(t, first, second)
}

func requireStableAssertion(t *testing.T, token string) {
	t.Helper()
	first, _, err := browserid.ParseAssertion(token)
	require.NoError(t, err)
	text, err := browserid.SignAssertion(t.Context(), stamp{testKey()}, *first)
	require.NoError(t, err)
	second, _, err := browserid.ParseAssertion(text)
	require.NoError(t, err)
	again, err := browserid.SignAssertion(t.Context(), stamp{testKey()}, *second)
	require.NoError(t, err)
	require.Equal(t, text, again)
	first.Extra, second.Extra = nil, nil
	require.Equal(t, first, second)
}

// TestSignCertificate is C5: the exact text on the wire.
func TestSignCertificate(t *testing.T) {
	t.Parallel()
	token, err := browserid.SignCertificate(t.Context(), stamp{testKey()}, testCertificate())
	require.NoError(t, err)
	assert.Equal(t, strings.Join([]string{
		encode(`{"alg":"EdDSA"}`),
		encode(`{"exp":1795266000000,"fxa-generation":7,"iat":1795262400000,"iss":"idp.test",` +
			`"principal":{"email":"Ann@idp.test"},` +
			`"public-key":{"crv":"Ed25519","kty":"OKP","x":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}}`),
		encode("signature"),
	}, "."), token)
	requireStableCertificate(t, token)
	want := testCertificate()
	got, compact, err := browserid.ParseCertificate(token)
	require.NoError(t, err)
	assert.Equal(t, &want, got)
	assert.Equal(t, browserid.EdDSA, compact.Algorithm)
	assert.Equal(t, "signature", string(compact.Signature))
}

// TestSignAssertion is C6.
func TestSignAssertion(t *testing.T) {
	t.Parallel()
	token, err := browserid.SignAssertion(t.Context(), stamp{testKey()}, browserid.Assertion{Audience: "https://rp.test", Expires: 1795262520000})
	require.NoError(t, err)
	assert.Equal(t, encode(`{"alg":"EdDSA"}`)+"."+encode(`{"aud":"https://rp.test","exp":1795262520000}`)+"."+encode("signature"), token)
	full := browserid.Assertion{
		Audience: "https://rp.test", Expires: 1795262520000, IssuedAt: 1795262400000, Issuer: "ann", Nonce: "7&<é",
		Extra: map[string]json.RawMessage{"colour": json.RawMessage(`"red"`)},
	}
	token, err = browserid.SignAssertion(t.Context(), stamp{testKey()}, full)
	require.NoError(t, err)
	got, _, err := browserid.ParseAssertion(token)
	require.NoError(t, err)
	assert.Equal(t, &full, got)
	requireStableAssertion(t, token)
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*browserid.Certificate){
		"no issuer":  func(c *browserid.Certificate) { c.Issuer = "" },
		"no key":     func(c *browserid.Certificate) { c.PublicKey = browserid.PublicKey{} },
		"no address": func(c *browserid.Certificate) { c.Principal.Email = "" },
		"extra exp":  func(c *browserid.Certificate) { c.Extra = map[string]json.RawMessage{"exp": json.RawMessage(`1`)} },
		"extra sub": func(c *browserid.Certificate) {
			c.Extra = map[string]json.RawMessage{"sub": json.RawMessage(`"a@b.c"`)}
		},
		"extra no JSON": func(c *browserid.Certificate) { c.Extra = map[string]json.RawMessage{"x": json.RawMessage(`{`)} },
		"extra, too big": func(c *browserid.Certificate) {
			c.Extra = map[string]json.RawMessage{"x": json.RawMessage(`"` + strings.Repeat("x", 20000) + `"`)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			certificate := testCertificate()
			spoil(&certificate)
			_, err := browserid.SignCertificate(t.Context(), stamp{testKey()}, certificate)
			require.Error(t, err)
		})
	}
	_, err := browserid.SignCertificate(t.Context(), brokenPen{stamp{testKey()}}, testCertificate())
	require.ErrorIs(t, err, errPen)
	_, err = browserid.SignAssertion(t.Context(), stamp{testKey()}, browserid.Assertion{})
	require.ErrorIs(t, err, browserid.CodeAssertion)
	_, err = browserid.SignAssertion(t.Context(), stamp{testKey()}, browserid.Assertion{
		Audience: "https://rp.test", Extra: map[string]json.RawMessage{"nonce": json.RawMessage(`"7"`)},
	})
	require.ErrorIs(t, err, browserid.CodeAssertion)
}

// TestPrincipal is C5 and C6.3: where the address and the extra claims come from.
func TestPrincipal(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claims string
		want   browserid.Principal
		extra  string
		code   browserid.Code
	}{
		"email":              {`"principal":{"email":"ann@IDP.test"}`, browserid.Principal{Email: "ann@idp.test"}, `null`, ""},
		"unverified":         {`"principal":{"unverified-email":"ann@idp.test"}`, browserid.Principal{Email: "ann@idp.test", Unverified: true}, `null`, ""},
		"both":               {`"principal":{"unverified-email":"ann@idp.test","email":"ann@idp.test"}`, browserid.Principal{Email: "ann@idp.test", Unverified: true}, `null`, ""},
		"both, different":    {`"principal":{"unverified-email":"eve@idp.test","email":"ann@idp.test"}`, browserid.Principal{}, ``, browserid.CodeEmail},
		"sub":                {`"sub":"ann@idp.test"`, browserid.Principal{Email: "ann@idp.test"}, `null`, ""},
		"sub as well":        {`"sub":"ann@idp.test","principal":{"email":"ann@idp.test"}`, browserid.Principal{Email: "ann@idp.test"}, `null`, ""},
		"sub differs":        {`"sub":"Ann@idp.test","principal":{"email":"ann@idp.test"}`, browserid.Principal{}, ``, browserid.CodeEmail},
		"members":            {`"x":1,"principal":{"email":"ann@idp.test","y":2,"exp":3}`, browserid.Principal{Email: "ann@idp.test"}, `{"x":1,"y":2}`, ""},
		"member and claim":   {`"x":1,"principal":{"email":"ann@idp.test","x":2}`, browserid.Principal{}, ``, browserid.CodeDuplicate},
		"none":               {`"x":1`, browserid.Principal{}, ``, browserid.CodeEmail},
		"null":               {`"principal":null`, browserid.Principal{}, ``, browserid.CodeCertificate},
		"a string":           {`"principal":"ann@idp.test"`, browserid.Principal{}, ``, browserid.CodeCertificate},
		"email is null":      {`"principal":{"email":null},"sub":"ann@idp.test"`, browserid.Principal{}, ``, browserid.CodeEmail},
		"email is empty":     {`"principal":{"email":""},"sub":"ann@idp.test"`, browserid.Principal{}, ``, browserid.CodeEmail},
		"email is a list":    {`"principal":{"email":["ann@idp.test"]}`, browserid.Principal{}, ``, browserid.CodeEmail},
		"Email":              {`"principal":{"Email":"ann@idp.test"}`, browserid.Principal{}, ``, browserid.CodeEmail},
		"UTF-8 in a claim":   {`"x":"é","principal":{"email":"ann@idp.test"}`, browserid.Principal{Email: "ann@idp.test"}, `{"x":"é"}`, ""},
		"host (spec prod)":   {`"principal":{"host":"idp.test"}`, browserid.Principal{}, ``, browserid.CodeEmail},
		"U-label in address": {`"principal":{"email":"ann@idyrøy.no"}`, browserid.Principal{}, ``, browserid.CodeEmail},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payload := `{"iss":"idp.test","exp":1,"public-key":` + string(testKey().JWK()) + `,` + test.claims + `}`
			token := encode(`{"alg":"EdDSA"}`) + "." + encode(payload) + ".AAAA"
			certificate, _, err := browserid.ParseCertificate(token)
			if test.code != "" {
				require.ErrorIs(t, err, test.code)
				require.ErrorIs(t, err, browserid.CodeCertificate)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.want, certificate.Principal)
			extra, err := json.Marshal(certificate.Extra)
			require.NoError(t, err)
			assert.JSONEq(t, test.extra, string(extra))
			requireStableCertificate(t, token)
		})
	}
}

// TestParseCompact is D1.2 and D5.4; agent/verify tests the same from above.
func TestParseCompact(t *testing.T) {
	t.Parallel()
	header, payload := encode(`{"alg":"EdDSA"}`), encode(`{}`)
	cases := map[string]struct {
		token string
		want  browserid.Code
	}{
		"smallest":              {header + "." + payload + ".", ""},
		"two parts":             {header + "." + payload, browserid.CodeCompact},
		"four parts":            {header + "." + payload + "..", browserid.CodeCompact},
		"empty":                 {"", browserid.CodeCompact},
		"too long":              {header + "." + payload + "." + strings.Repeat("A", 16<<10), browserid.CodeCompact},
		"padding":               {header + "." + payload + ".AA==", browserid.CodeCompact},
		"standard base64":       {header + "." + payload + ".+/+/", browserid.CodeCompact},
		"line end":              {header + "." + payload + ".AA\nAA", browserid.CodeCompact},
		"second spelling":       {header + "." + payload + ".AB", browserid.CodeCompact},
		"payload is an array":   {header + "." + encode(`[]`) + ".", browserid.CodeCompact},
		"payload is Latin-1":    {header + "." + encode("{\"a\":\"\xe9\"}") + ".", browserid.CodeCompact},
		"payload, twice a name": {header + "." + encode(`{"a":1,"a":1}`) + ".", browserid.CodeDuplicate},
		"header without alg":    {encode(`{}`) + "." + payload + ".", browserid.CodeHeader},
		"header with crit":      {encode(`{"alg":"EdDSA","crit":["b64"]}`) + "." + payload + ".", browserid.CodeHeader},
		"header with zip":       {encode(`{"alg":"EdDSA","zip":"DEF"}`) + "." + payload + ".", browserid.CodeHeader},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compact, err := browserid.ParseCompact(test.token)
			if test.want != "" {
				require.ErrorIs(t, err, test.want)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.token, compact.String())
		})
	}
}

// TestParseBacked is C6 and D1.1.
func TestParseBacked(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text, want string // empty = refused
	}{
		"one certificate":    {"c~a", "c~a"},
		"chain":              {"c1~c2~a", "c1~c2~a"},
		"eight certificates": {strings.Repeat("c~", 8) + "a", strings.Repeat("c~", 8) + "a"},
		"nine certificates":  {strings.Repeat("c~", 9) + "a", ""},
		"form of 2011":       {encode(`{"certificates":["c"],"assertion":"a"}`), "c~a"},
		"2011, twice":        {encode(`{"certificates":["c"],"assertion":"a","assertion":"b"}`), ""},
		"2011, tilde":        {encode(`{"certificates":["c~d"],"assertion":"a"}`), ""},
		"2011, null":         {encode(`{"certificates":[null],"assertion":"a"}`), ""},
		"2011, none":         {encode(`{"certificates":[],"assertion":"a"}`), ""},
		"2011, nine":         {encode(`{"certificates":["c","c","c","c","c","c","c","c","c"],"assertion":"a"}`), ""},
		"2011, no assertion": {encode(`{"certificates":["c"]}`), ""},
		"assertion alone":    {"a", ""},
		"empty":              {"", ""},
		"tilde":              {"~", ""},
		"no assertion":       {"c~", ""},
		"no certificate":     {"~a", ""},
		"two tildes":         {"c~~a", ""},
		"too long":           {"c~" + strings.Repeat("a", 48<<10), ""},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			backed, err := browserid.ParseBacked(test.text)
			if test.want == "" {
				require.ErrorIs(t, err, browserid.CodeBacked)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, backed.String())
		})
	}
}
