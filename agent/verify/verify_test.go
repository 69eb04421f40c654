package verify_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// TestResult is D1.13 and C6.3.
func TestResult(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.certificate.Principal.Email = "Ann@idp.test"
	a.certificate.Extra = map[string]json.RawMessage{
		"name": json.RawMessage(`"Ann"`), "email": json.RawMessage(`"eve@idp.test"`), "jti": json.RawMessage(`"7"`),
	}
	a.assertion.Extra = map[string]json.RawMessage{"colour": json.RawMessage(`"red"`)}
	result, err := a.verify(t)
	require.NoError(t, err)
	assert.Equal(t, &verify.Result{
		Email:      "Ann@idp.test",
		Audience:   "https://rp.test",
		Issuer:     "idp.test",
		Expires:    at(2 * time.Minute),
		PublicKey:  a.certificate.PublicKey,
		IdPClaims:  map[string]json.RawMessage{"name": json.RawMessage(`"Ann"`)},
		UserClaims: map[string]json.RawMessage{"colour": json.RawMessage(`"red"`)},
	}, result)
}

// TestKeys: each algorithm of today, for user and issuer (D1.6 to D1.9).
func TestKeys(t *testing.T) {
	t.Parallel()
	all := map[string]func() signer{"RS256": rs256, "ES256": es256, "EdDSA": eddsa}
	for issuerName, issuer := range all {
		for userName, user := range all {
			t.Run(issuerName+" certifies "+userName, func(t *testing.T) {
				t.Parallel()
				a := newAttempt()
				a.issueWith(issuer())
				a.signWith(user())
				accuse(t, a, "")
			})
		}
	}
}

// TestReservedClaimsAreNone: what is left of them is nil, not empty (C6.3).
func TestReservedClaimsAreNone(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.certificate.Extra = map[string]json.RawMessage{"jti": json.RawMessage(`"7"`)}
	result, err := a.verify(t)
	require.NoError(t, err)
	assert.Nil(t, result.IdPClaims)
}

// TestKeyOneBitShort is C4.3: some RSA keys of 2048 bits have 2047, as that of
// login.persona.org had, and are no legacy keys.
func TestKeyOneBitShort(t *testing.T) {
	t.Parallel()
	short := rsaOf(t, 2047)
	require.Equal(t, 2047, short.key.Bits())
	a := newAttempt()
	a.issueWith(short)
	a.signWith(short)
	accuse(t, a, "")
}

func TestTimes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*attempt)
		want   verify.Code
	}{
		"certificate issued within the leeway": {func(a *attempt) { a.certificate.IssuedAt = at(59 * time.Second) }, ""},
		"certificate issued later":             {func(a *attempt) { a.certificate.IssuedAt = at(61 * time.Second) }, verify.CodeCertificateNotYetValid},
		"certificate without iat":              {func(a *attempt) { a.certificate.IssuedAt = 0 }, ""},
		"certificate without iat, for too long": {func(a *attempt) {
			a.certificate.IssuedAt, a.certificate.Expires = 0, at(25*time.Hour)
		}, verify.CodeCertificateLifetime},
		"certificate expired within the leeway": {func(a *attempt) { a.certificate.Expires = at(-29 * time.Second) }, ""},
		"certificate expired":                   {func(a *attempt) { a.certificate.Expires = at(-31 * time.Second) }, verify.CodeCertificateExpired},
		"certificate of 1970":                   {func(a *attempt) { a.certificate.Expires = 0 }, verify.CodeCertificateExpired},
		"certificate for 24 hours, dated back": {func(a *attempt) {
			a.certificate.IssuedAt, a.certificate.Expires = at(-10*time.Second), at(24*time.Hour)
		}, ""},
		"certificate for more than 24 hours": {func(a *attempt) { a.certificate.Expires = at(24*time.Hour + time.Minute) }, verify.CodeCertificateLifetime},
		"certificate for ever":               {func(a *attempt) { a.certificate.Expires = 8_640_000_000_000_000 }, verify.CodeCertificateLifetime},
		"certificate older than asked": {func(a *attempt) {
			a.config.MaxCertificateAge, a.certificate.IssuedAt = time.Hour, at(-62*time.Minute)
		}, verify.CodeCertificateAge},
		"certificate as old as asked": {func(a *attempt) {
			a.config.MaxCertificateAge, a.certificate.IssuedAt = time.Hour, at(-time.Hour)
		}, ""},
		"certificate of unknown age": {func(a *attempt) {
			a.config.MaxCertificateAge, a.certificate.IssuedAt = time.Hour, 0
		}, verify.CodeCertificateAge},
		"assertion issued later":              {func(a *attempt) { a.assertion.IssuedAt = at(61 * time.Second) }, verify.CodeAssertionNotYetValid},
		"assertion with iat":                  {func(a *attempt) { a.assertion.IssuedAt = at(-time.Second) }, ""},
		"assertion expired within the leeway": {func(a *attempt) { a.assertion.Expires = at(-29 * time.Second) }, ""},
		"assertion expired":                   {func(a *attempt) { a.assertion.Expires = at(-31 * time.Second) }, verify.CodeAssertionExpired},
		"assertion expired, no leeway":        {func(a *attempt) { a.config.Leeway, a.assertion.Expires = verify.NoLeeway, at(-time.Second) }, verify.CodeAssertionExpired},
		"assertion for five minutes":          {func(a *attempt) { a.assertion.Expires = at(5 * time.Minute) }, ""},
		"assertion for longer":                {func(a *attempt) { a.assertion.Expires = at(6*time.Minute + time.Second) }, verify.CodeAssertionLifetime},
		"assertion for longer, counted from iat": {func(a *attempt) {
			a.assertion.IssuedAt, a.assertion.Expires = at(-5*time.Minute), at(2*time.Minute)
		}, verify.CodeAssertionLifetime},
		"assertion for an hour, allowed": {func(a *attempt) {
			a.config.MaxAssertionAge, a.assertion.Expires = time.Hour, at(time.Hour)
		}, ""},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			test.change(a)
			accuse(t, a, test.want)
		})
	}
}

// TestLimitsOfTimes puts each time where it is just accepted, and then the clock
// a nanosecond further.
func TestLimitsOfTimes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change  func(*attempt)
		further time.Duration
		want    verify.Code
	}{
		"certificate's issue":  {func(a *attempt) { a.certificate.IssuedAt = at(time.Minute) }, -1, verify.CodeCertificateNotYetValid},
		"certificate's expiry": {func(a *attempt) { a.certificate.Expires = at(-30 * time.Second) }, 1, verify.CodeCertificateExpired},
		"certificate's life": {func(a *attempt) {
			a.certificate.IssuedAt, a.certificate.Expires = 0, at(24*time.Hour+time.Minute)
		}, -1, verify.CodeCertificateLifetime},
		"certificate's age": {func(a *attempt) {
			a.config.MaxCertificateAge, a.certificate.IssuedAt = time.Hour, at(-61*time.Minute)
		}, 1, verify.CodeCertificateAge},
		"certificate's age, no leeway": {func(a *attempt) {
			a.config.MaxCertificateAge, a.config.Leeway = time.Hour, verify.NoLeeway
			a.certificate.IssuedAt = at(-time.Hour)
		}, 1, verify.CodeCertificateAge},
		"assertion's issue":            {func(a *attempt) { a.assertion.IssuedAt = at(time.Minute) }, -1, verify.CodeAssertionNotYetValid},
		"assertion's issue, no leeway": {func(a *attempt) { a.config.Leeway, a.assertion.IssuedAt = verify.NoLeeway, at(0) }, -1, verify.CodeAssertionNotYetValid},
		"assertion's expiry":           {func(a *attempt) { a.assertion.Expires = at(-30 * time.Second) }, 1, verify.CodeAssertionExpired},
		"assertion's life":             {func(a *attempt) { a.assertion.Expires = at(6 * time.Minute) }, -1, verify.CodeAssertionLifetime},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			test.change(a)
			accuse(t, a, "")
			a.config.Now = func() time.Time { return now.Add(test.further) }
			accuse(t, a, test.want)
		})
	}
}

// TestClockOfTheSystem is the one that is read unless another is given.
func TestClockOfTheSystem(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.config.Now = nil
	today := browserid.MillisOf(time.Now())
	a.certificate.IssuedAt, a.certificate.Expires, a.assertion.Expires = today, today+60_000, today+60_000
	accuse(t, a, "")
}

// TestErrorNamesBothClocks is D3.
func TestErrorNamesBothClocks(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.certificate.Expires = at(-time.Hour)
	_, err := a.verify(t)
	require.ErrorContains(t, err, "2026-11-21T11:00:00Z")
	require.ErrorContains(t, err, "2026-11-21T12:00:00Z")
}

// TestErrorOfUnknownAge says what is missing, and not that it was 1970.
func TestErrorOfUnknownAge(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.config.MaxCertificateAge, a.certificate.IssuedAt = time.Hour, 0
	_, err := a.verify(t)
	require.ErrorContains(t, err, "does not say when it was issued")
}

// TestErrorOfNoOrigin keeps the reason why an audience is none.
func TestErrorOfNoOrigin(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.assertion.Audience = "rp.test"
	_, err := a.verify(t)
	require.ErrorIs(t, err, browserid.CodeOrigin)
}

// TestAudience is D1.10 and D2.
func TestAudience(t *testing.T) {
	t.Parallel()
	cases := map[string]verify.Code{
		"https://rp.test":          "",
		"https://rp.test:443":      "",
		"https://RP.test":          "",
		"https://rp.test:8443":     verify.CodeAudience,
		"https://rp.test:80":       verify.CodeAudience,
		"http://rp.test":           verify.CodeAudience,
		"http://rp.test:443":       verify.CodeAudience,
		"https://rp.test/":         verify.CodeAudience,
		"https://rp.test/login":    verify.CodeAudience,
		"https://rp.test.":         verify.CodeAudience,
		"https://www.rp.test":      verify.CodeAudience,
		"https://rp.test.evil":     verify.CodeAudience,
		"https://evil@rp.test":     verify.CodeAudience,
		"https://rp.test:443@evil": verify.CodeAudience,
		"https://rp.test\x00":      verify.CodeAudience,
		"https://rp.test\n":        verify.CodeAudience,
		" https://rp.test":         verify.CodeAudience,
		"rp.test":                  verify.CodeAudience,
		"//rp.test":                verify.CodeAudience,
		"null":                     verify.CodeAudience,
		"*":                        verify.CodeAudience,
	}
	for audience, want := range cases {
		t.Run(audience, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.assertion.Audience = audience
			accuse(t, a, want)
		})
	}
}

func TestNonce(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		nonce   string
		options []verify.Option
		want    verify.Code
	}{
		"none asked":           {"", nil, ""},
		"none asked, one sent": {"abc", nil, ""},
		"asked":                {"abc", []verify.Option{verify.WithNonce("abc")}, ""},
		"another":              {"abd", []verify.Option{verify.WithNonce("abc")}, verify.CodeNonce},
		"absent":               {"", []verify.Option{verify.WithNonce("abc")}, verify.CodeNonce},
		"empty":                {"", []verify.Option{verify.WithNonce("")}, verify.CodeNonce},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.assertion.Nonce, a.options = test.nonce, test.options
			accuse(t, a, test.want)
		})
	}
}

// TestUnverified is C6.2.
func TestUnverified(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.certificate.Principal.Unverified = true
	accuse(t, a, verify.CodeUnverified)
	a.config.AllowUnverified = true
	result, err := a.verify(t)
	require.NoError(t, err)
	assert.True(t, result.Unverified)
}

// TestCodeIsAnError: a code can be wrapped and asked for by itself.
func TestCodeIsAnError(t *testing.T) {
	t.Parallel()
	require.EqualError(t, verify.CodeAudience, "audience")
	require.NotErrorIs(t, &verify.Error{Code: verify.CodeNonce}, verify.CodeAudience)
}

func TestNewRefusesMistakes(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*verify.Config){
		"no audience":            func(c *verify.Config) { c.Audience = "" },
		"audience with a path":   func(c *verify.Config) { c.Audience = "https://rp.test/" },
		"audience, default port": func(c *verify.Config) { c.Audience = "https://rp.test:443" },
		"no discovery":           func(c *verify.Config) { c.Discovery = nil },
		"fallback, upper case":   func(c *verify.Config) { c.Fallbacks = []browserid.Domain{"Login.example"} },
		"trusted, with port":     func(c *verify.Config) { c.TrustedIssuers = []browserid.Domain{"idp.test:443"} },
		"certificate age":        func(c *verify.Config) { c.MaxCertificateAge = 24*time.Hour + 1 },
		"negative age":           func(c *verify.Config) { c.MaxCertificateAge = -1 },
		"assertion age":          func(c *verify.Config) { c.MaxAssertionAge = -1 },
		"leeway":                 func(c *verify.Config) { c.Leeway = 5*time.Minute + 1 },
		"negative leeway":        func(c *verify.Config) { c.Leeway = verify.NoLeeway - 1 },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := newAttempt().config
			change(&config)
			_, err := verify.New(config)
			require.Error(t, err)
		})
	}
}

// TestNewAcceptsTheLimits of what TestNewRefusesMistakes goes beyond.
func TestNewAcceptsTheLimits(t *testing.T) {
	t.Parallel()
	config := newAttempt().config
	config.MaxCertificateAge, config.Leeway = verify.MaxCertificateLifetime, verify.MaxLeeway
	_, err := verify.New(config)
	require.NoError(t, err)
}
