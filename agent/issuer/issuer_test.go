package issuer_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

var algorithms = []browserid.Algorithm{browserid.RS256, browserid.ES256, browserid.EdDSA}

// keys are made once: RSA keys are slow to make.
var keys = sync.OnceValue(func() map[browserid.Algorithm]*issuer.Key {
	made := make(map[browserid.Algorithm]*issuer.Key)
	for _, algorithm := range algorithms {
		key, err := issuer.GenerateKey(algorithm)
		if err != nil {
			panic(err)
		}
		made[algorithm] = key
	}
	return made
})

func newIssuer(algorithm browserid.Algorithm) *issuer.Issuer {
	return &issuer.Issuer{
		Domain:         "idp.test",
		Domains:        []browserid.Domain{"delegating.test"},
		Keys:           []browserid.Signer{keys()[algorithm]},
		Authentication: "/sign_in",
		Provisioning:   "/provision",
		Now:            func() time.Time { return now },
	}
}

func newRequest() issuer.Request {
	return issuer.Request{SignedIn: []browserid.Email{"user@idp.test"}, Email: "user@idp.test", PublicKey: keys()[browserid.ES256].PublicKey(), Duration: time.Hour}
}

// verifyToken checks the token with go-jose, and nothing of ours but the key.
func verifyToken(t *testing.T, token string, key browserid.PublicKey) (header, claims map[string]any) {
	t.Helper()
	algorithm := jose.SignatureAlgorithm(key.Algorithm())
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{algorithm})
	require.NoError(t, err)
	var jwk jose.JSONWebKey
	require.NoError(t, jwk.UnmarshalJSON(key.JWK()))
	payload, err := signed.Verify(jwk)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(payload, &claims))
	compact, err := browserid.ParseCompact(token)
	require.NoError(t, err)
	header = make(map[string]any)
	for name, value := range compact.Header {
		header[name] = string(value)
	}
	return header, claims
}

func TestCertificateVerifiesWithGoJose(t *testing.T) {
	t.Parallel()
	for _, signing := range algorithms {
		for _, user := range algorithms {
			t.Run(string(signing)+" signs "+string(user), func(t *testing.T) {
				t.Parallel()
				key := keys()[user].PublicKey()
				request := newRequest()
				request.PublicKey = key
				token, err := newIssuer(signing).Certificate(t.Context(), request)
				require.NoError(t, err)

				header, claims := verifyToken(t, token, keys()[signing].PublicKey())
				assert.Equal(t, map[string]any{"alg": `"` + string(signing) + `"`}, header, "alg alone (C5)")
				assert.Equal(t, "idp.test", claims["iss"])
				assert.Equal(t, map[string]any{"email": "user@idp.test"}, claims["principal"])
				assert.InDelta(t, now.Add(-10*time.Second).UnixMilli(), claims["iat"], 0, "back-dated, in ms (C5.1)")
				assert.InDelta(t, now.Add(time.Hour).UnixMilli(), claims["exp"], 0)
				certificate, _, err := browserid.ParseCertificate(token)
				require.NoError(t, err)
				assert.True(t, certificate.PublicKey.Equal(key))
			})
		}
	}
}

func TestCertificateLivesNoLongerThanAskedOrADay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		asked, want time.Duration
	}{
		{"least", time.Minute, time.Minute},
		{"6 h, as the agent asks", 6 * time.Hour, 6 * time.Hour},
		{"a day with its back-dating is more than a day", 24 * time.Hour, 24*time.Hour - issuer.Backdating},
		{"a year", 365 * 24 * time.Hour, 24*time.Hour - issuer.Backdating},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			request := newRequest()
			request.Duration = test.asked
			token, err := newIssuer(browserid.EdDSA).Certificate(t.Context(), request)
			require.NoError(t, err)
			certificate, _, err := browserid.ParseCertificate(token)
			require.NoError(t, err)
			assert.Equal(t, test.want, certificate.Expires.Time().Sub(now))
			assert.LessOrEqual(t, certificate.Expires.Time().Sub(certificate.IssuedAt.Time()), issuer.MaxDuration)
		})
	}
}

// legacyKey is a small RSA key; offCurve is not a point of P-256.
func legacyKey(t *testing.T) browserid.PublicKey {
	t.Helper()
	modulus := make([]byte, 128)
	modulus[0], modulus[127] = 0x80, 1
	key, err := browserid.NewRSA(modulus, 65537)
	require.NoError(t, err)
	return key
}

func offCurve(t *testing.T) browserid.PublicKey {
	t.Helper()
	key, err := browserid.NewP256(append(make([]byte, 31), 1), append(make([]byte, 31), 1))
	require.NoError(t, err)
	return key
}

func signInAs(r *issuer.Request, email browserid.Email) {
	r.SignedIn, r.Email = []browserid.Email{email}, email
}

func TestCertificateRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*issuer.Issuer, *issuer.Request)
		want   error
	}{
		{"a session of nobody", func(_ *issuer.Issuer, r *issuer.Request) { r.SignedIn = nil }, issuer.ErrNotSignedIn},
		{"a session of others", func(_ *issuer.Issuer, r *issuer.Request) {
			r.SignedIn = []browserid.Email{"another@idp.test", "User@idp.test", "user@delegating.test"}
		}, issuer.ErrNotSignedIn},
		{"a session of nobody, at a fallback", func(i *issuer.Issuer, r *issuer.Request) {
			i.AllowAnyDomain, r.SignedIn, r.Email = true, nil, "user@other.test"
		}, issuer.ErrNotSignedIn},
		{"another domain", func(_ *issuer.Issuer, r *issuer.Request) { signInAs(r, "user@other.test") }, issuer.ErrAddress},
		{"a subdomain", func(_ *issuer.Issuer, r *issuer.Request) { signInAs(r, "user@sub.idp.test") }, issuer.ErrAddress},
		{"a longer domain", func(_ *issuer.Issuer, r *issuer.Request) { signInAs(r, "user@evilidp.test") }, issuer.ErrAddress},
		{"no address", func(_ *issuer.Issuer, r *issuer.Request) { signInAs(r, "") }, issuer.ErrAddress},
		{"an address that was never parsed", func(i *issuer.Issuer, r *issuer.Request) {
			i.AllowAnyDomain = true
			signInAs(r, "user@IDP.test")
		}, issuer.ErrAddress},
		{"two addresses", func(i *issuer.Issuer, r *issuer.Request) {
			i.AllowAnyDomain = true
			signInAs(r, "a@evil.test\nuser@idp.test")
		}, issuer.ErrAddress},
		{"no key", func(_ *issuer.Issuer, r *issuer.Request) { r.PublicKey = browserid.PublicKey{} }, issuer.ErrPublicKey},
		{"a legacy key", func(_ *issuer.Issuer, r *issuer.Request) { r.PublicKey = legacyKey(t) }, issuer.ErrPublicKey},
		{"a legacy key, though its algorithm is listed", func(i *issuer.Issuer, r *issuer.Request) {
			i.Algorithms = []browserid.Algorithm{browserid.RS128}
			r.PublicKey = legacyKey(t)
		}, issuer.ErrPublicKey},
		{"a point off the curve", func(_ *issuer.Issuer, r *issuer.Request) { r.PublicKey = offCurve(t) }, issuer.ErrPublicKey},
		{"an algorithm not certified", func(i *issuer.Issuer, _ *issuer.Request) {
			i.Algorithms = []browserid.Algorithm{browserid.RS256}
		}, issuer.ErrPublicKey},
		{"no duration", func(_ *issuer.Issuer, r *issuer.Request) { r.Duration = 0 }, issuer.ErrDuration},
		{"a negative duration", func(_ *issuer.Issuer, r *issuer.Request) { r.Duration = -time.Hour }, issuer.ErrDuration},
		{"under a minute", func(_ *issuer.Issuer, r *issuer.Request) { r.Duration = time.Minute - 1 }, issuer.ErrDuration},
		{"an extra claim that is the protocol's", func(_ *issuer.Issuer, r *issuer.Request) {
			r.Extra = map[string]json.RawMessage{"principal": []byte(`{"email":"admin@idp.test"}`)}
		}, browserid.CodeCertificate},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			from, request := newIssuer(browserid.EdDSA), newRequest()
			test.change(from, &request)
			token, err := from.Certificate(t.Context(), request)
			require.ErrorIs(t, err, test.want)
			assert.Empty(t, token)
		})
	}
}

func TestCertificateForOtherDomains(t *testing.T) {
	t.Parallel()
	request := newRequest()
	signInAs(&request, "user@delegating.test")
	_, err := newIssuer(browserid.EdDSA).Certificate(t.Context(), request)
	require.NoError(t, err, "a domain that delegates")

	fallback := newIssuer(browserid.EdDSA)
	fallback.AllowAnyDomain = true
	signInAs(&request, "user@anything.test")
	token, err := fallback.Certificate(t.Context(), request)
	require.NoError(t, err, "a fallback")
	_, claims := verifyToken(t, token, fallback.Keys[0].PublicKey())
	assert.Equal(t, "idp.test", claims["iss"])
}

func TestCertificateCarriesExtraClaims(t *testing.T) {
	t.Parallel()
	request := newRequest()
	request.Extra = map[string]json.RawMessage{"proven": []byte("1795262400000")}
	from := newIssuer(browserid.EdDSA)
	token, err := from.Certificate(t.Context(), request)
	require.NoError(t, err)
	_, claims := verifyToken(t, token, from.Keys[0].PublicKey())
	assert.InDelta(t, 1795262400000, claims["proven"], 0)
}

func TestCertificateNeedsAKeyThatSigns(t *testing.T) {
	t.Parallel()
	from := newIssuer(browserid.EdDSA)
	from.Keys = nil
	_, err := from.Certificate(t.Context(), newRequest())
	require.ErrorContains(t, err, "no key")

	from.Keys = []browserid.Signer{brokenSigner{keys()[browserid.EdDSA]}}
	_, err = from.Certificate(t.Context(), newRequest())
	require.ErrorIs(t, err, errSigner)
}

func TestZeroClockIsTheSystems(t *testing.T) {
	t.Parallel()
	from := newIssuer(browserid.EdDSA)
	from.Now = nil
	token, err := from.Certificate(t.Context(), newRequest())
	require.NoError(t, err)
	certificate, _, err := browserid.ParseCertificate(token)
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(time.Hour), certificate.Expires.Time(), time.Minute)
}

var errSigner = errors.New("hardware module is gone")

type brokenSigner struct{ browserid.Signer }

func (brokenSigner) Sign(context.Context, []byte) ([]byte, error) { return nil, errSigner }
