package agent_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
)

// asking is a request with one more wish (A4).
func asking(wish func(*agent.Request)) agent.Request {
	req := agent.Request{Origin: rp, Algorithms: []browserid.Algorithm{browserid.ES256, browserid.RS256}}
	wish(&req)
	return req
}

// Neither the certificate of this browser nor the provider's session will do,
// not even one that a hidden frame would see.
func TestForceAuthentication(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	f.idp.FrameWorks = true
	visited, frames := f.idp.Visited, f.world.Frames()
	before, _ := f.state().Identity(alice)

	anew := asking(func(req *agent.Request) { req.ForceAuthentication = true })
	f.mustVerify(f.signInWith(anew, pick(alice)))
	assert.Equal(t, visited+1, f.idp.Visited)
	assert.Equal(t, frames, f.world.Frames())
	after, _ := f.state().Identity(alice)
	assert.NotEqual(t, before.Thumbprint, after.Thumbprint, "it is this browser's from now on")

	t.Run("not at the provider", func(t *testing.T) {
		f.idp.CannotSignIn = true
		_, err := f.signInWith(anew, pick(alice), onError(agent.CodeProviderRefused, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
	t.Run("left there", func(t *testing.T) {
		f.idp.CannotSignIn, f.idp.CancelsLogin = false, true
		_, err := f.signInWith(anew, pick(alice), on(agent.ScreenPick, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
	t.Run("without a provider that answers", func(t *testing.T) {
		f.idp.Err = agent.ErrProviderUnreachable
		_, err := f.signInWith(anew, pick(alice), onError(agent.CodeProviderUnreachable, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
}

// foreign asks for other.test to vouch for addresses of idp.test.
var foreign = asking(func(req *agent.Request) { req.ForceIssuer = "other.test" })

func onForeign(action agent.Action) agenttest.Step {
	return agenttest.Step{
		Screen: agent.Screen{Name: agent.ScreenContinue, Reason: agent.ReasonIssuer, Email: alice, Authority: "other.test"},
		Answer: agent.Answer{Action: action},
	}
}

func TestForceIssuer(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	before := f.state()
	frames, windows := f.world.Frames(), f.world.Windows()

	result, err := f.signInWith(foreign, pick(alice), onForeign(agent.ActionNext))
	require.NoError(t, err)
	assert.Equal(t, browserid.Domain("other.test"), result.Authority)
	assert.Equal(t, browserid.Email(alice), result.Email)
	backed, err := browserid.ParseBacked(result.Assertion)
	require.NoError(t, err)
	certificate, _, err := browserid.ParseCertificate(backed.Certificates[0])
	require.NoError(t, err)
	assert.Equal(t, "other.test", certificate.Issuer)

	assert.Equal(t, frames, f.world.Frames(), "it hears of the address only when the person has agreed")
	assert.Equal(t, windows+1, f.world.Windows())
	assert.Len(t, f.idp.Asked, 1, "the address's own provider is not asked")
	assert.Equal(t, before.Identities[0].Certificate, f.state().Identities[0].Certificate, "what it says is for this site alone")
	f.mustVerify(f.signIn(pick(alice)))
}

// The person may not want the site's choice.
func TestForceIssuerRefusedByThePerson(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	_, err := f.signInWith(foreign, enter(alice), onForeign(agent.ActionBack), enter(alice), onForeign(agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
	assert.Zero(t, f.world.Frames()+f.world.Windows())
	f.requireNothingStored()
}

func TestForceIssuerFails(t *testing.T) {
	t.Parallel()
	t.Run("signed by the address's own provider", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.world.Domain("other.test").Signer = f.idp.Signer
		_, err := f.signInWith(foreign, enter(alice), onForeign(agent.ActionNext), onError(agent.CodeCertificateBadSignature, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
	t.Run("in another's name", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.world.Domain("other.test").Tamper = func(c *browserid.Certificate) { c.Issuer = "idp.test" }
		_, err := f.signInWith(foreign, enter(alice), onForeign(agent.ActionNext), onError(agent.CodeCertificateWrongIssuer, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
	t.Run("unreachable, with a certificate of the address's own", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.known()
		f.world.Domain("other.test").Err = agent.ErrProviderUnreachable
		failed := onError(agent.CodeProviderUnreachable, agent.ActionCancel)
		failed.Screen.Authority = "other.test"
		_, err := f.signInWith(foreign, pick(alice), failed)
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
	t.Run("unknown", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		unknown := asking(func(req *agent.Request) { req.ForceIssuer = "nobody.test" })
		_, err := f.signInWith(unknown, enter(alice), onError(agent.CodeNoProvider, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
}

// A site that names the address's own domain asks for nothing special.
func TestForceIssuerOfTheAddress(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	own := asking(func(req *agent.Request) { req.ForceIssuer = "idp.test" })
	f.mustVerify(f.signInWith(own, enter(alice)))
	f.mustVerify(f.signInWith(own, pick(alice)))
	assert.Len(t, f.idp.Asked, 1)
}

func TestUnverifiedAddress(t *testing.T) {
	t.Parallel()
	unverified := func(c *browserid.Certificate) { c.Principal.Unverified = true }
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.idp.Tamper = unverified
		_, err := f.signIn(enter(alice), onError(agent.CodeCertificateWrongAddress, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
		f.requireNothingStored()
	})
	allow := asking(func(req *agent.Request) { req.AllowUnverified = true })
	t.Run("taken where the site allows it, and not kept", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.idp.Tamper = unverified
		result, err := f.signInWith(allow, enter(alice))
		require.NoError(t, err)
		backed, err := browserid.ParseBacked(result.Assertion)
		require.NoError(t, err)
		certificate, _, err := browserid.ParseCertificate(backed.Certificates[0])
		require.NoError(t, err)
		assert.True(t, certificate.Principal.Unverified)
		assert.Empty(t, f.state().Identities)
		_, err = f.keys.Load(t.Context(), alice)
		require.ErrorIs(t, err, agent.ErrNoKey)
	})
	t.Run("of somebody else", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.idp.Tamper = func(c *browserid.Certificate) {
			c.Principal = browserid.Principal{Email: "bob@idp.test", Unverified: true}
		}
		_, err := f.signInWith(allow, enter(alice), onError(agent.CodeCertificateWrongAddress, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
	})
	t.Run("a verified one as ever", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.mustVerify(f.signInWith(allow, enter(alice)))
		assert.Len(t, f.state().Identities, 1)
	})
}
