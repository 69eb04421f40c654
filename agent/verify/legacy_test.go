package verify_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// TestLegacyKeys is C4.7: the keys of 2011 to 2016 verify under AllowLegacyKeys
// alone, for users and for issuers.
func TestLegacyKeys(t *testing.T) {
	t.Parallel()
	signers := map[browserid.Algorithm]signer{
		browserid.RS64:  rsaOf(t, 512),
		browserid.RS128: rsaOf(t, 1024),
		browserid.DS128: dsaSigner(t, browserid.DS128),
		browserid.DS256: dsaSigner(t, browserid.DS256),
	}
	for label, legacy := range signers {
		t.Run(string(label), func(t *testing.T) {
			t.Parallel()
			require.Equal(t, label, legacy.key.Algorithm())
			for _, use := range [...]func(*attempt){
				func(a *attempt) { a.signWith(legacy) },
				func(a *attempt) { a.issueWith(legacy) },
			} {
				a := newAttempt()
				use(a)
				accuse(t, a, verify.CodeLegacyKey)
				a.config.AllowLegacyKeys = true
				accuse(t, a, "")
			}
		})
	}
}

// TestOldNameOfLabel is C4.2: DS160 is DS128, and the label of nothing else.
func TestOldNameOfLabel(t *testing.T) {
	t.Parallel()
	for label, want := range map[browserid.Algorithm]verify.Code{browserid.DS128: "", browserid.DS256: verify.CodeAlgorithm} {
		legacy := dsaSigner(t, label)
		a := newAttempt()
		a.config.AllowLegacyKeys = true
		a.signWith(legacy)
		a.bundle = replaceAssertion(forge(legacy, `{"alg":"DS160"}`, assertionClaims()))
		accuse(t, a, want)
	}
}

// TestSpoiltLegacySignature: a signature that is not one.
func TestSpoiltLegacySignature(t *testing.T) {
	t.Parallel()
	ds256 := dsaSigner(t, browserid.DS256)
	rs128 := rsaOf(t, 1023) // a bit short (C4.3): a signature has room for the modulus on top
	_, _, q, _ := ds256.key.DSA()
	n, _ := rs128.key.RSA()
	zero, one := make([]byte, len(q)), slices.Concat(make([]byte, len(q)-1), []byte{1})
	cases := map[string]struct {
		key    signer
		change func(signature []byte) []byte
	}{
		"r is 1, s is 0 (D5.1)":       {ds256, func([]byte) []byte { return slices.Concat(one, zero) }},
		"r is 0":                      {ds256, func(s []byte) []byte { return slices.Concat(zero, s[len(q):]) }},
		"s is 0":                      {ds256, func(s []byte) []byte { return slices.Concat(s[:len(q)], zero) }},
		"r is q":                      {ds256, func(s []byte) []byte { return slices.Concat(q, s[len(q):]) }},
		"s is q":                      {ds256, func(s []byte) []byte { return slices.Concat(s[:len(q)], q) }},
		"DSA too long":                {ds256, func(s []byte) []byte { return append([]byte{0, 0}, s...) }},
		"DSA, zero between":           {ds256, func(s []byte) []byte { return slices.Concat(s[:len(q)], []byte{0}, s[len(q):]) }},
		"DSA too short":               {ds256, func(s []byte) []byte { return s[1:] }},
		"DSA empty":                   {ds256, func([]byte) []byte { return nil }},
		"RSA too long":                {rs128, func(s []byte) []byte { return slices.Concat(make([]byte, 129-len(s)), s) }},
		"RSA plus the modulus":        {rs128, func(s []byte) []byte { return plus(s, n) }},
		"RSA empty":                   {rs128, func([]byte) []byte { return nil }},
		"RSA one":                     {rs128, func([]byte) []byte { return []byte{1} }},
		"RSA with one bit turned":     {rs128, func(s []byte) []byte { s[len(s)-1] ^= 1; return s }},
		"RSA signature of other text": {rs128, func([]byte) []byte { return must(rs128.sign([]byte("other"))) }},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.config.AllowLegacyKeys = true
			a.signWith(signer{test.key.key, func(input []byte) ([]byte, error) {
				return test.change(must(test.key.sign(input))), nil
			}})
			accuse(t, a, verify.CodeAssertionSignature)
		})
	}
}

func plus(a, b []byte) []byte {
	return new(big.Int).Add(new(big.Int).SetBytes(a), new(big.Int).SetBytes(b)).Bytes()
}

// TestLostZeros is C4.5: old signers print an RSA signature as a number and lose
// its leading zeros. It is accepted for every size of key, and only such zeros
// are added.
func TestLostZeros(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.signWith(rs256())
	a.user = signer{rs256().key, func(input []byte) ([]byte, error) {
		signature := must(rs256().sign(input))
		return new(big.Int).SetBytes(signature).Bytes(), nil
	}}
	short := func() bool {
		token := a.text()
		compact, err := browserid.ParseCompact(must(browserid.ParseBacked(token)).Assertion)
		require.NoError(t, err)
		return len(compact.Signature) < 256
	}
	for !short() { // one in 256 is; the signature is determined by the claims
		a.assertion.Expires++
	}
	accuse(t, a, "")
	a.user = signer{rs256().key, func(input []byte) ([]byte, error) { return must(rs256().sign(input))[:255], nil }}
	accuse(t, a, verify.CodeAssertionSignature)
}

// TestForgedPadding is D5.2: an encoding that a lenient reader of PKCS #1 takes.
func TestForgedPadding(t *testing.T) {
	t.Parallel()
	key := rsaKey()
	cases := map[string]func(encoding []byte) []byte{
		"unchanged":              func(e []byte) []byte { return e },
		"fill too short":         func(e []byte) []byte { return slices.Concat(e[:12], e[256-52:], make([]byte, 192)) },
		"another digest named":   func(e []byte) []byte { e[256-32-5] = 3; return e },
		"fill with another byte": func(e []byte) []byte { e[20] = 0xfe; return e },
		"padding for encryption": func(e []byte) []byte { e[1] = 2; return e },
		"digest without its info": func(e []byte) []byte {
			return slices.Concat([]byte{0, 1}, slices.Repeat([]byte{0xff}, 221), []byte{0}, e[224:])
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.signWith(signer{rs256().key, func(input []byte) ([]byte, error) {
				encoding := change(encoded(input, 256).FillBytes(make([]byte, 256)))
				power := new(big.Int).Exp(new(big.Int).SetBytes(encoding), key.D, key.N)
				return power.FillBytes(make([]byte, 256)), nil
			}})
			if name == "unchanged" {
				accuse(t, a, "")
				return
			}
			accuse(t, a, verify.CodeAssertionSignature)
		})
	}
}
