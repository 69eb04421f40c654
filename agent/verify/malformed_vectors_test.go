package verify_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

type malformedFile struct {
	Cases []struct {
		Change string `json:"change"`
	} `json:"cases"`
}

// malformed says for each change of vectors/malformed_cases.json what we answer.
var malformed = map[string]struct {
	change func(*attempt)
	want   verify.Code
}{
	"empty string": {func(a *attempt) { a.bundle = func(_, _ string) string { return "" } }, verify.CodeBacked},
	"an e-mail address instead of an assertion": {func(a *attempt) {
		a.bundle = func(_, _ string) string { return "ann@idp.test" }
	}, verify.CodeBacked},
	"drop last 2 characters": {func(a *attempt) {
		a.bundle = func(c, s string) string { return c + "~" + s[:len(s)-2] }
	}, verify.CodeAssertionSignature},
	"drop first character": {func(a *attempt) {
		a.bundle = func(c, s string) string { return c[1:] + "~" + s }
	}, verify.CodeToken},
	"certificate replaced by \"bogus\"": {func(a *attempt) { a.bundle = replaceCertificate("bogus") }, verify.CodeToken},
	"assertion without certificate":     {func(a *attempt) { a.bundle = func(_, s string) string { return s } }, verify.CodeBacked},
	"two tildes in a row": {func(a *attempt) {
		a.bundle = func(c, s string) string { return c + "~~" + s }
	}, verify.CodeBacked},
	"header alg \"none\"": {func(a *attempt) {
		a.bundle = replaceAssertion(encode(`{"alg":"none"}`) + "." + encode(assertionClaims()) + ".")
	}, verify.CodeAlgorithm},
	"header alg RS256, key DS": {func(a *attempt) {
		a.config.AllowLegacyKeys = true
		a.certificate.PublicKey = dsaTestKey()
		a.bundle = replaceAssertion(forge(rs256(), `{"alg":"RS256"}`, assertionClaims()))
	}, verify.CodeAlgorithm},
	"certificate payload without public-key": {signed(func(claims string) string {
		return strings.Replace(claims, "public-key", "other", 1)
	}), verify.CodeUserKey},
	"exp is a string \"1313971280961\"": {signed(func(claims string) string {
		return strings.Replace(claims, fmt.Sprint(at(time.Hour)), `"1313971280961"`, 1)
	}), verify.CodeTime},
	// Differs: of old this read as 1970. What is below 10^11 is in seconds (C5.3).
	"exp in seconds": {signed(func(claims string) string {
		return strings.Replace(claims, fmt.Sprint(at(time.Hour)), fmt.Sprint(at(time.Hour)/1000), 1)
	}), ""},
	"iat absent in certificate":              {func(a *attempt) { a.certificate.IssuedAt = 0 }, ""},
	"certificate valid longer than 24 h":     {func(a *attempt) { a.certificate.Expires = at(25 * time.Hour) }, verify.CodeCertificateLifetime},
	"non-UTF-8 or UTF-8 payload":             {signed(func(claims string) string { return `{"x":"` + "\xe9" + `",` + claims[1:] }), verify.CodeToken},
	"duplicate JSON members":                 {signed(func(claims string) string { return `{"iss":"idp.test",` + claims[1:] }), verify.CodeDuplicate},
	"two certificates":                       {func(a *attempt) { a.bundle = func(c, s string) string { return c + "~" + c + "~" + s } }, verify.CodeChain},
	"null byte or newline in the address":    {signed(func(claims string) string { return strings.Replace(claims, "ann@", `ann\u0000\n@`, 1) }), verify.CodeAddress},
	"RSA signature shorter than the modulus": {lostZero, ""},
	"RSA PKCS#1 padding too short":           {shortPadding, verify.CodeCertificateSignature},
}

// signed changes the claims of the certificate before they are signed.
func signed(change func(claims string) string) func(*attempt) {
	return func(a *attempt) {
		a.bundle = replaceCertificate(forge(rs256(), `{"alg":"RS256"}`, change(certificateClaims("ann@idp.test"))))
	}
}

func dsaTestKey() browserid.PublicKey {
	group := dsaGroups[browserid.DS256]
	return must(browserid.ParsePublicKey(fmt.Appendf(nil,
		`{"algorithm":"DS","y":"%x","p":"%x","q":"%x","g":"%x"}`, group.G, group.P, group.Q, group.G)))
}

// lostZero changes the certificate until its signature begins with a zero, and
// drops it.
func lostZero(a *attempt) {
	a.issueWith(signer{rs256().key, func(input []byte) ([]byte, error) {
		return new(big.Int).SetBytes(must(rs256().sign(input))).Bytes(), nil
	}})
	for short := false; !short; a.certificate.Expires++ {
		backed := must(browserid.ParseBacked(a.text()))
		short = len(must(browserid.ParseCompact(backed.Certificates[0])).Signature) < 256
	}
	a.certificate.Expires--
}

// shortPadding signs an encoding of which only the end is right.
func shortPadding(a *attempt) {
	key := rsaKey()
	a.issueWith(signer{rs256().key, func(input []byte) ([]byte, error) {
		encoding := encoded(input, 256)
		encoding.SetBit(encoding, 8*200, 0) // a bit of the fill
		return new(big.Int).Exp(encoding, key.D, key.N).FillBytes(make([]byte, 256)), nil
	}})
}

// TestMalformedVectors runs our answer for each change, and finds out whether
// the shared list has one that we have no answer for.
func TestMalformedVectors(t *testing.T) {
	t.Parallel()
	for name, test := range malformed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			test.change(a)
			accuse(t, a, test.want)
		})
	}
	for _, file := range readVectors[malformedFile](t, "malformed_cases.json") {
		require.NotEmpty(t, file.Cases)
		for _, vector := range file.Cases {
			require.Contains(t, malformed, vector.Change)
		}
	}
}
