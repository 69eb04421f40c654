package verify_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
)

// TestIssuer is D1.11, D1.12, D4 and abuse test 11: who may speak for whom.
func TestIssuer(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		issuer  string
		address browserid.Email
		want    verify.Code
	}{
		"own domain":                            {"idp.test", "ann@idp.test", ""},
		"address in upper case":                 {"idp.test", "ann@IDP.test", ""},
		"by delegation":                         {"idp.test", "ann@hosted.test", ""},
		"delegating domain itself":              {"hosted.test", "ann@hosted.test", verify.CodeUntrustedIssuer},
		"authority without delegation":          {"idp.test", "ann@login.example", verify.CodeUntrustedIssuer},
		"authority for a domain without any":    {"idp.test", "ann@absent.test", verify.CodeUntrustedIssuer},
		"fallback for a domain without any":     {"login.example", "ann@absent.test", ""},
		"fallback for a disabled domain":        {"login.example", "ann@disabled.test", ""},
		"fallback for a domain with a provider": {"login.example", "ann@idp.test", verify.CodeFallback},
		"fallback for a delegating domain":      {"login.example", "ann@hosted.test", verify.CodeFallback},
		"fallback for an offline domain":        {"login.example", "ann@offline.test", verify.CodeDiscovery},
		"fallback for an invalid document":      {"login.example", "ann@invalid.test", verify.CodeDiscovery},
		"fallback when discovery fails":         {"login.example", "ann@broken.test", verify.CodeDiscovery},
		"fallback that delegates":               {"moved.example", "ann@absent.test", verify.CodeUntrustedIssuer},
		"fallback for its own domain":           {"login.example", "ann@login.example", ""},
		"unknown fallback":                      {"evil.test", "ann@absent.test", verify.CodeUntrustedIssuer},
		"disabled domain itself":                {"disabled.test", "ann@disabled.test", verify.CodeUntrustedIssuer},
		"trusted issuer for anybody":            {"own.example", "ann@idp.test", ""},
		"trusted issuer for an offline domain":  {"own.example", "ann@offline.test", ""},
		"subdomain":                             {"idp.test", "ann@sub.idp.test", verify.CodeUntrustedIssuer},
		"parent domain":                         {"sub.idp.test", "ann@idp.test", verify.CodeUntrustedIssuer},
		"issuer with port":                      {"idp.test:443", "ann@idp.test", verify.CodeIssuer},
		"issuer in upper case":                  {"IDP.test", "ann@idp.test", verify.CodeIssuer},
		"issuer with trailing dot":              {"idp.test.", "ann@idp.test", verify.CodeIssuer},
		"issuer is a URL":                       {"https://idp.test", "ann@idp.test", verify.CodeIssuer},
		"issuer with NUL":                       {"idp.test\x00", "ann@idp.test", verify.CodeIssuer},
		"issuer that looks alike":               {"xn--dp-gpa.test", "ann@idp.test", verify.CodeUntrustedIssuer}, // ıdp.test
		"issuer that looks alike, as letters":   {"ıdp.test", "ann@idp.test", verify.CodeIssuer},
		"issuer is an IP address":               {"127.0.0.1", "ann@idp.test", verify.CodeIssuer},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			a.speak(test.issuer, test.address)
			accuse(t, a, test.want)
		})
	}
}

func TestTrustedIssuerOffline(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.speak("own.example", "ann@idp.test")
	a.providers["own.example"] = &discovery.Error{State: discovery.Offline}
	accuse(t, a, verify.CodeDiscovery)
}

// TestEveryPublishedKeyIsTried is D1.6.
func TestEveryPublishedKeyIsTried(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.providers["idp.test"] = provider("idp.test", otherRS256().key, eddsa().key, rs256().key)
	accuse(t, a, "")
	a.providers["idp.test"] = provider("idp.test", otherRS256().key, eddsa().key)
	accuse(t, a, verify.CodeCertificateSignature)
	a.providers["idp.test"] = provider("idp.test", eddsa().key)
	accuse(t, a, verify.CodeAlgorithm)
}

// TestKeyOfNoKind: what is no key verifies nothing, not even what has no alg.
func TestKeyOfNoKind(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.providers["idp.test"] = provider("idp.test", browserid.PublicKey{})
	a.bundle = replaceCertificate(forge(rs256(), `{"alg":""}`, certificateClaims("ann@idp.test")))
	accuse(t, a, verify.CodeCertificateSignature)
}

// refreshing is a Discovery whose answers change when it is asked anew.
type refreshing struct {
	providers
	fresh providers
	asked []browserid.Domain
}

func (r *refreshing) Refresh(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	r.asked = append(r.asked, domain)
	return r.fresh.Discover(ctx, domain)
}

// TestRefresh is G13: a signature by an unknown key asks the issuer anew, once,
// and nothing else does.
func TestRefresh(t *testing.T) {
	t.Parallel()
	stale := providers{"idp.test": provider("idp.test", otherRS256().key)}
	otherKind := providers{"idp.test": provider("idp.test", eddsa().key)}
	current := providers{"idp.test": provider("idp.test", rs256().key)}
	cases := map[string]struct {
		old, fresh providers
		want       verify.Code
		asked      int
	}{
		"key is known":       {current, current, "", 0},
		"key was changed":    {stale, current, "", 1},
		"kind was changed":   {otherKind, current, "", 1},
		"key stays unknown":  {stale, stale, verify.CodeCertificateSignature, 1},
		"no provider at all": {nil, current, verify.CodeUntrustedIssuer, 0},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttempt()
			discovery := &refreshing{providers: test.old, fresh: test.fresh}
			a.config.Discovery = discovery
			accuse(t, a, test.want)
			assert.Equal(t, slices.Repeat([]browserid.Domain{"idp.test"}, test.asked), append([]browserid.Domain{}, discovery.asked...))
		})
	}
}

// TestNothingIsFetchedForGarbage is D1.14: what is refused for another reason
// makes nobody fetch anything.
func TestNothingIsFetchedForGarbage(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.assertion.Audience = "https://other.test"
	a.config.Discovery = panicking{}
	accuse(t, a, verify.CodeAudience)
}

type panicking struct{}

func (panicking) Discover(context.Context, browserid.Domain) (*discovery.Provider, error) {
	panic("discovery was asked")
}

// TestErrorKeepsDiscoverysReason: the person who runs the site needs to know why.
func TestErrorKeepsDiscoverysReason(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.speak("login.example", "ann@offline.test")
	_, err := a.verify(t)
	require.ErrorIs(t, err, verify.CodeDiscovery)
	require.ErrorIs(t, err, a.providers["offline.test"].(error))
}

// TestSlowDiscovery is G15: who is waited for has half a minute.
func TestSlowDiscovery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAttempt()
		a.config.Discovery = endless{}
		start := time.Now()
		accuse(t, a, verify.CodeDiscovery)
		assert.Equal(t, 30*time.Second, time.Since(start))
	})
}

// endless is a Discovery that answers when nobody waits any more.
type endless struct{}

func (endless) Discover(ctx context.Context, _ browserid.Domain) (*discovery.Provider, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}
