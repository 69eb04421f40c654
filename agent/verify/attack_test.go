package verify_test

import (
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// replaceCertificate makes a bundle whose certificate is made by hand.
func replaceCertificate(made string) func(certificate, assertion string) string {
	return func(_, assertion string) string { return made + "~" + assertion }
}

// replaceAssertion makes a bundle whose assertion is made by hand.
func replaceAssertion(made string) func(certificate, assertion string) string {
	return func(certificate, _ string) string { return certificate + "~" + made }
}

// claims of a valid certificate and a valid assertion, to be spoilt.
func certificateClaims(email string) string {
	return fmt.Sprintf(`{"iss":"idp.test","iat":%d,"exp":%d,"public-key":%s,"principal":{"email":%q}}`,
		at(-time.Minute), at(time.Hour), must(es256().key.MarshalJSON()), email)
}

func assertionClaims() string {
	return fmt.Sprintf(`{"aud":"https://rp.test","exp":%d}`, at(time.Minute))
}

// TestForgedHeader is D1.7, D5.4 and abuse test 10: whatever the header says,
// our key decides how the signature is checked.
func TestForgedHeader(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		header string
		want   verify.Code
	}{
		"alg alone":          {`{"alg":"ES256"}`, ""},
		"kid and typ":        {`{"alg":"ES256","kid":"1","typ":"JWT"}`, ""},
		"none":               {`{"alg":"none"}`, verify.CodeAlgorithm},
		"None":               {`{"alg":"None"}`, verify.CodeAlgorithm},
		"empty":              {`{"alg":""}`, verify.CodeAlgorithm},
		"HS256":              {`{"alg":"HS256"}`, verify.CodeAlgorithm},
		"another kind":       {`{"alg":"RS256"}`, verify.CodeAlgorithm},
		"another curve":      {`{"alg":"ES384"}`, verify.CodeAlgorithm},
		"lower case":         {`{"alg":"es256"}`, verify.CodeAlgorithm},
		"ES256K":             {`{"alg":"ES256K"}`, verify.CodeAlgorithm},
		"no alg":             {`{"typ":"JWT"}`, verify.CodeHeader},
		"alg is a number":    {`{"alg":256}`, verify.CodeHeader},
		"Alg":                {`{"Alg":"ES256"}`, verify.CodeHeader},
		"alg twice":          {`{"alg":"ES256","alg":"ES256"}`, verify.CodeDuplicate},
		"key in the header":  {`{"alg":"ES256","jwk":{"kty":"oct","k":"AA"}}`, verify.CodeHeader},
		"address of a key":   {`{"alg":"ES256","jku":"https://evil.test/k"}`, verify.CodeHeader},
		"certificate chain":  {`{"alg":"ES256","x5c":[]}`, verify.CodeHeader},
		"crit":               {`{"alg":"ES256","crit":["exp"],"exp":1}`, verify.CodeHeader},
		"b64 is false":       {`{"alg":"ES256","b64":false,"crit":["b64"]}`, verify.CodeHeader},
		"b64 without crit":   {`{"alg":"ES256","b64":false}`, verify.CodeHeader},
		"header is no JSON":  {`alg`, verify.CodeToken},
		"header is an array": {`["ES256"]`, verify.CodeToken},
		"header is null":     {`null`, verify.CodeToken},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.bundle = replaceAssertion(forge(es256(), test.header, assertionClaims()))
			accuse(t, a, test.want)
		})
	}
}

// TestLabelOfAnotherSize is C4.2: the label is that of the key's size.
func TestLabelOfAnotherSize(t *testing.T) {
	t.Parallel()
	for _, label := range []string{"RS64", "RS128", "RS384", "RS512", "PS256", "DS256"} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.bundle = replaceCertificate(forge(rs256(), `{"alg":"`+label+`"}`, certificateClaims("ann@idp.test")))
			accuse(t, a, verify.CodeAlgorithm)
		})
	}
}

// TestPublicKeyAsSecret: HS256 keyed with what everybody knows.
func TestPublicKeyAsSecret(t *testing.T) {
	t.Parallel()
	key := rs256().key
	for name, secret := range map[string][]byte{"JWK": key.JWK(), "classic": must(key.MarshalJSON())} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mac := signer{sign: func(input []byte) ([]byte, error) {
				hash := hmac.New(sha256.New, secret)
				hash.Write(input)
				return hash.Sum(nil), nil
			}}
			a := newAttempt()
			a.bundle = replaceCertificate(forge(mac, `{"alg":"HS256"}`, certificateClaims("eve@idp.test")))
			accuse(t, a, verify.CodeAlgorithm)
			a.bundle = replaceCertificate(forge(mac, `{"alg":"RS256"}`, certificateClaims("eve@idp.test")))
			accuse(t, a, verify.CodeCertificateSignature)
		})
	}
}

// TestSpoiltBundle is D1.1 to D1.3 and vectors/malformed_cases.json.
func TestSpoiltBundle(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		bundle func(certificate, assertion string) string
		want   verify.Code
	}{
		"empty":                     {func(_, _ string) string { return "" }, verify.CodeBacked},
		"an address":                {func(_, _ string) string { return "ann@idp.test" }, verify.CodeBacked},
		"certificate alone":         {func(c, _ string) string { return c }, verify.CodeBacked},
		"assertion alone":           {func(_, a string) string { return a }, verify.CodeBacked},
		"tilde and assertion":       {func(_, a string) string { return "~" + a }, verify.CodeBacked},
		"two tildes in a row":       {func(c, a string) string { return c + "~~" + a }, verify.CodeBacked},
		"tilde at the end":          {func(c, a string) string { return c + "~" + a + "~" }, verify.CodeBacked},
		"too long":                  {func(c, a string) string { return c + "~" + a + strings.Repeat("A", 50<<10) }, verify.CodeBacked},
		"two certificates":          {func(c, a string) string { return c + "~" + c + "~" + a }, verify.CodeChain},
		"swapped":                   {func(c, a string) string { return a + "~" + c }, verify.CodeToken},
		"certificate as assertion":  {func(c, _ string) string { return c + "~" + c }, verify.CodeToken},
		"assertion as certificate":  {func(_, a string) string { return a + "~" + a }, verify.CodeToken},
		"bogus certificate":         {func(_, a string) string { return "bogus~" + a }, verify.CodeToken},
		"first character missing":   {func(c, a string) string { return c[1:] + "~" + a }, verify.CodeToken},
		"last characters missing":   {func(c, a string) string { return c + "~" + a[:len(a)-2] }, verify.CodeAssertionSignature},
		"four parts":                {func(c, a string) string { return c + "~" + a + ".AA" }, verify.CodeToken},
		"padding":                   {func(c, a string) string { return c + "~" + a + "==" }, verify.CodeToken},
		"line end":                  {func(c, a string) string { return c + "~" + a + "\n" }, verify.CodeToken},
		"space before":              {func(c, a string) string { return " " + c + "~" + a }, verify.CodeToken},
		"no signature":              {func(c, a string) string { return c + "~" + a[:strings.LastIndex(a, ".")+1] }, verify.CodeAssertionSignature},
		"signature of zeros":        {func(c, a string) string { return c + "~" + a[:len(a)-86] + strings.Repeat("A", 86) }, verify.CodeAssertionSignature},
		"JSON serialization":        {func(c, a string) string { return c + "~" + jsonSerialization(a) }, verify.CodeToken},
		"JSON serialization alone":  {func(_, a string) string { return jsonSerialization(a) }, verify.CodeBacked},
		"form of 2011":              {oldForm, ""},
		"form of 2011, with chains": {func(c, a string) string { return oldForm(c+`","`+c, a) }, verify.CodeChain},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.bundle = test.bundle
			accuse(t, a, test.want)
		})
	}
}

func jsonSerialization(token string) string {
	parts := strings.Split(token, ".")
	return fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, parts[0], parts[1], parts[2])
}

func oldForm(certificate, assertion string) string {
	return encode(`{"certificates":["` + certificate + `"],"assertion":"` + assertion + `"}`)
}

// TestSpoiltCertificate: certificates that the issuer's key has signed and that
// are refused all the same.
func TestSpoiltCertificate(t *testing.T) {
	t.Parallel()
	good := certificateClaims("ann@idp.test")
	edit := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	key := string(must(es256().key.MarshalJSON()))
	cases := map[string]struct {
		claims string
		want   verify.Code
	}{
		"unchanged":               {good, ""},
		"no issuer":               {edit(`"iss":"idp.test",`, ``), verify.CodeToken},
		"issuer is a list":        {edit(`"idp.test"`, `["idp.test"]`), verify.CodeToken},
		"issuer twice":            {edit(`{`, `{"iss":"evil.test",`), verify.CodeDuplicate},
		"address twice":           {edit(`"email":`, `"email":"eve@idp.test","email":`), verify.CodeDuplicate},
		"deep inside twice":       {edit(`{`, `{"extra":[{"a":{"b":1,"b":2}}],`), verify.CodeDuplicate},
		"escaped name twice":      {edit(`{`, `{"\u0069ss":"evil.test",`), verify.CodeDuplicate},
		"name in upper case":      {edit(`"principal"`, `"Principal"`), verify.CodeAddress},
		"no principal":            {edit(`"principal":{"email":"ann@idp.test"}`, `"x":1`), verify.CodeAddress},
		"host principal":          {edit(`{"email":"ann@idp.test"}`, `{"host":"idp.test"}`), verify.CodeAddress},
		"sub alone":               {edit(`"principal":{"email":"ann@idp.test"}`, `"sub":"ann@idp.test"`), ""},
		"sub is another address":  {edit(`{`, `{"sub":"eve@idp.test",`), verify.CodeAddress},
		"two kinds of address":    {edit(`"email":`, `"unverified-email":"eve@idp.test","email":`), verify.CodeAddress},
		"unverified as well":      {edit(`"email":`, `"unverified-email":"ann@idp.test","email":`), verify.CodeUnverified},
		"no key":                  {edit(`"public-key":`+key+`,`, ``), verify.CodeUserKey},
		"two keys":                {edit(`{`, `{"pubkey":`+key+`,`), verify.CodeUserKey},
		"key of the draft":        {edit(`"public-key"`, `"pubkey"`), ""},
		"private key":             {edit(`"crv"`, `"d":"AA","crv"`), verify.CodeUserKey},
		"key of an unknown curve": {edit(`"P-256"`, `"P-384"`), verify.CodeUserKey},
		"symmetric key":           {edit(key, `{"kty":"oct","k":"AAAA"}`), verify.CodeUserKey},
		"exp is a string":         {edit(fmt.Sprint(at(time.Hour)), fmt.Sprintf(`"%d"`, at(time.Hour))), verify.CodeTime},
		"exp is absent":           {edit(fmt.Sprintf(`"exp":%d,`, at(time.Hour)), ``), verify.CodeTime},
		"exp has an exponent":     {edit(fmt.Sprint(at(time.Hour)), `1.8e12`), verify.CodeTime},
		"exp in seconds":          {edit(fmt.Sprint(at(time.Hour)), fmt.Sprint(at(time.Hour)/1000)), ""},
		"exp in seconds, past":    {edit(fmt.Sprint(at(time.Hour)), fmt.Sprint(at(-time.Hour)/1000)), verify.CodeCertificateExpired},
		"exp too far":             {edit(fmt.Sprint(at(time.Hour)), `9999999999999999999`), verify.CodeTime},
		"iat is null":             {edit(fmt.Sprint(at(-time.Minute)), `null`), verify.CodeTime},
		"too deep":                {edit(`{`, `{"x":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`,`), verify.CodeToken},
		"payload is an array":     {`[` + good + `]`, verify.CodeToken},
		"payload twice":           {good + good, verify.CodeToken},
		"not UTF-8":               {edit(`{`, "{\"x\":\"\xff\","), verify.CodeToken},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.bundle = replaceCertificate(forge(rs256(), `{"alg":"RS256"}`, test.claims))
			accuse(t, a, test.want)
		})
	}
}

// TestSpoiltAddress is D5.6 and vectors/email_cases.json: an address that two
// readers could read differently.
func TestSpoiltAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		`ann\u0000@idp.test`, `ann@idp.test\u0000`, `ann@idp.test\n`, `ann@idp.test\n@evil.test`,
		`ann@evil.test\u0000\n@idp.test`, `ann@evil.test@idp.test`, `\"ann@evil.test\"@idp.test`, ` ann@idp.test`,
		`ann@idp.test.`, `ann@idp.test:443`, `ann@`, `@idp.test`, `ann`, ``, `ann@idp`, `ann@idp/test`, `ann,eve@idp.test`,
		`ann@127.0.0.1`, `ann@[127.0.0.1]`, `<ann@idp.test>`, `ann@idp.test (eve)`, `\u0430nn@idp.test`, `ann@\u0131dp.test`,
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			claims := strings.Replace(certificateClaims("ANN"), "ANN", address, 1)
			a.bundle = replaceCertificate(forge(rs256(), `{"alg":"RS256"}`, claims))
			accuse(t, a, verify.CodeAddress)
		})
	}
}

// TestSpoiltAssertion is the same for the user's token.
func TestSpoiltAssertion(t *testing.T) {
	t.Parallel()
	good := assertionClaims()
	edit := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	cases := map[string]struct {
		claims string
		want   verify.Code
	}{
		"unchanged":         {good, ""},
		"no audience":       {edit(`"aud":"https://rp.test",`, ``), verify.CodeToken},
		"list of audiences": {edit(`"https://rp.test"`, `["https://rp.test"]`), verify.CodeToken},
		"two audiences":     {edit(`{`, `{"aud":"https://evil.test",`), verify.CodeDuplicate},
		"no exp":            {`{"aud":"https://rp.test"}`, verify.CodeTime},
		"exp is a string":   {edit(fmt.Sprint(at(time.Minute)), `"1"`), verify.CodeTime},
		"exp in seconds":    {edit(fmt.Sprint(at(time.Minute)), fmt.Sprint(at(time.Minute)/1000)), ""},
		"nonce is a number": {edit(`{`, `{"nonce":1,`), verify.CodeToken},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.bundle = replaceAssertion(forge(es256(), `{"alg":"ES256"}`, test.claims))
			accuse(t, a, test.want)
		})
	}
}

// TestWrongSigner is D1.8 and D1.9.
func TestWrongSigner(t *testing.T) {
	t.Parallel()
	t.Run("certificate by another key", func(t *testing.T) {
		t.Parallel()
		a := newAttempt()
		a.issuer = otherRS256()
		accuse(t, a, verify.CodeCertificateSignature)
	})
	t.Run("assertion by another key", func(t *testing.T) {
		t.Parallel()
		a := newAttempt()
		a.signWith(otherRS256())
		a.user = rs256()
		accuse(t, a, verify.CodeAssertionSignature)
	})
	t.Run("point off the curve", func(t *testing.T) {
		t.Parallel()
		a := newAttempt()
		a.certificate.PublicKey = must(browserid.NewP256(make([]byte, 32), elliptic.P256().Params().P.Bytes()))
		accuse(t, a, verify.CodeAssertionSignature)
	})
}

// TestReplay is D5.11, E12, G16 and abuse test 20.
func TestReplay(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.config.Replay = &verify.ReplayMemory{Now: a.config.Now}
	verifier, err := verify.New(a.config)
	require.NoError(t, err)
	token := a.text()
	replica, err := verify.New(a.config)
	require.NoError(t, err)

	_, err = verifier.Verify(t.Context(), token)
	require.NoError(t, err)
	for name, again := range map[string]string{
		"as it is":            token,
		"(r, n-s)":            mirrored(t, token),
		"form of 2011":        oldForm(token[:strings.Index(token, "~")], token[strings.Index(token, "~")+1:]),
		"another certificate": recertified(t, a, token),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verifier.Verify(t.Context(), again)
			require.ErrorIs(t, err, verify.CodeReplay)
			_, err = replica.Verify(t.Context(), again)
			require.ErrorIs(t, err, verify.CodeReplay)
		})
	}
	_, err = verifier.Verify(t.Context(), a.text())
	require.ErrorIs(t, err, verify.CodeReplay, "the same claims signed again are the same assertion")
	a.assertion.Expires++
	_, err = verifier.Verify(t.Context(), a.text())
	require.NoError(t, err)
}

// mirrored replaces the signature (r, s) by the equally valid (r, n-s).
func mirrored(t *testing.T, token string) string {
	t.Helper()
	cut := strings.LastIndex(token, ".") + 1
	signature, err := base64.RawURLEncoding.DecodeString(token[cut:])
	require.NoError(t, err)
	s := new(big.Int).SetBytes(signature[32:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(signature[32:])
	return token[:cut] + encode(string(signature))
}

// recertified puts a second certificate of the same key before the assertion.
func recertified(t *testing.T, a *attempt, token string) string {
	t.Helper()
	second := a.certificate
	second.IssuedAt++
	second.Extra = map[string]json.RawMessage{"serial": json.RawMessage("2")}
	certificate, err := browserid.SignCertificate(t.Context(), a.issuer, second)
	require.NoError(t, err)
	return certificate + token[strings.Index(token, "~"):]
}
