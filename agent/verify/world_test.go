package verify_test

import (
	"context"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
)

// now is the time in all tests.
var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func at(offset time.Duration) browserid.Millis { return browserid.MillisOf(now.Add(offset)) }

// providers is a Discovery made of answers: a *discovery.Provider or an error.
type providers map[browserid.Domain]any

func (p providers) Discover(_ context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	switch answer := p[domain].(type) {
	case *discovery.Provider:
		return answer, nil
	case error:
		return nil, answer
	default:
		return nil, &discovery.Error{State: discovery.Absent, Domain: domain}
	}
}

func provider(authority browserid.Domain, keys ...browserid.PublicKey) *discovery.Provider {
	return &discovery.Provider{Authority: authority, Keys: keys}
}

// attempt is a sign-in that succeeds, until a test changes it.
type attempt struct {
	config      verify.Config
	providers   providers
	issuer      browserid.Signer
	user        browserid.Signer
	certificate browserid.Certificate
	assertion   browserid.Assertion
	options     []verify.Option
	// bundle makes what is sent of the two tokens.
	bundle func(certificate, assertion string) string
}

func newAttempt() *attempt {
	issuer, user := rs256(), es256()
	a := &attempt{
		issuer: issuer,
		user:   user,
		providers: providers{
			"idp.test":      provider("idp.test", issuer.key),
			"hosted.test":   provider("idp.test", issuer.key),
			"login.example": provider("login.example", issuer.key),
			"own.example":   provider("own.example", issuer.key),
			"moved.example": provider("elsewhere.example", issuer.key),
			"disabled.test": &discovery.Error{State: discovery.Disabled},
			"offline.test":  &discovery.Error{State: discovery.Offline},
			"invalid.test":  &discovery.Error{State: discovery.Invalid},
			"broken.test":   errors.New("the discovery itself failed"),
		},
		certificate: browserid.Certificate{
			Issuer: "idp.test", IssuedAt: at(-time.Minute), Expires: at(time.Hour),
			PublicKey: user.key, Principal: browserid.Principal{Email: "ann@idp.test"},
		},
		assertion: browserid.Assertion{Audience: "https://rp.test", Expires: at(2 * time.Minute)},
		bundle:    func(certificate, assertion string) string { return certificate + "~" + assertion },
	}
	a.config = verify.Config{
		Audience:       "https://rp.test",
		Discovery:      a.providers,
		Fallbacks:      []browserid.Domain{"login.example", "moved.example"},
		TrustedIssuers: []browserid.Domain{"own.example"},
		Now:            func() time.Time { return now },
	}
	return a
}

// signWith makes the user sign with another key, certified as the first was.
func (a *attempt) signWith(user signer) {
	a.user, a.certificate.PublicKey = user, user.key
}

// issueWith makes idp.test issue with another key, published as the first was.
func (a *attempt) issueWith(issuer signer) {
	a.issuer, a.providers["idp.test"] = issuer, provider("idp.test", issuer.key)
}

// speak makes issuer vouch for address.
func (a *attempt) speak(issuer string, address browserid.Email) {
	a.certificate.Issuer, a.certificate.Principal.Email = issuer, address
}

// text returns what the browser would send.
func (a *attempt) text() string {
	certificate := must(browserid.SignCertificate(context.Background(), a.issuer, a.certificate))
	assertion := must(browserid.SignAssertion(context.Background(), a.user, a.assertion))
	return a.bundle(certificate, assertion)
}

func (a *attempt) verify(t *testing.T) (*verify.Result, error) {
	t.Helper()
	verifier, err := verify.New(a.config)
	require.NoError(t, err)
	return verifier.Verify(t.Context(), a.text(), a.options...)
}

// forge signs a header and a payload as they are given.
func forge(by browserid.Signer, header, payload string) string {
	input := encode(header) + "." + encode(payload)
	signature, err := by.Sign(context.Background(), []byte(input))
	if err != nil {
		panic(err)
	}
	return input + "." + encode(string(signature))
}

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// accuse runs a sign-in that must be refused with the code, or, without a code,
// must succeed.
func accuse(t *testing.T, a *attempt, want verify.Code) {
	t.Helper()
	result, err := a.verify(t)
	if want == "" {
		require.NoError(t, err)
		require.NotNil(t, result)
		return
	}
	require.Nil(t, result)
	failure, ok := errors.AsType[*verify.Error](err)
	require.True(t, ok, "error of another type: %v", err)
	require.Equal(t, want, failure.Code, "%v", err)
	require.ErrorIs(t, err, want)
}
