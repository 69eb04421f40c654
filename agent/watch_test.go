package agent_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
)

// observing and stateless are requests of rp.test in its two modes.
var (
	observing = agent.Request{Origin: rp, Algorithms: []browserid.Algorithm{browserid.ES256}, Observer: true}
	stateless = agent.Request{Origin: rp, Algorithms: []browserid.Algorithm{browserid.ES256}}
)

// A3.7, A7.1: a site that observes is logged in after a sign-in, until the
// person signs in there without.
func TestSignInLogsObserversIn(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	_, err := f.signInWith(observing, enter(alice))
	require.NoError(t, err)
	assert.True(t, f.state().Sites[rp].LoggedIn)
	_, err = f.signInWith(stateless, pick(alice))
	require.NoError(t, err)
	assert.False(t, f.state().Sites[rp].LoggedIn)
	assert.EqualValues(t, alice, f.state().Sites[rp].Email)
}

// G6: not even an observing site is remembered.
func TestNotMyDeviceLogsNobodyIn(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	step := enter(alice)
	step.Answer.NotMyDevice = true
	result, err := f.signInWith(observing, step)
	require.NoError(t, err)
	assert.True(t, result.NotMyDevice)
	f.requireNothingStored()
	_, err = f.agent.HandOver(t.Context(), alice)
	assert.Error(t, err, "nothing to hand over")
}

// On a device that is not the person's own, a sign-in ends the older one at
// the same site, and changes nothing else.
func TestNotMyDeviceEndsTheOlderLogIn(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	_, err := f.signInWith(observing, enter(alice))
	require.NoError(t, err)
	elsewhere := observing
	elsewhere.Origin = "https://elsewhere.test"
	_, err = f.signInWith(elsewhere, pick(alice))
	require.NoError(t, err)
	want := f.state()
	site := want.Sites[rp]
	site.LoggedIn = false
	want.Sites[rp] = site

	step := enter("bob@idp.test")
	step.Answer.NotMyDevice = true
	result, err := f.signInWith(observing, on(agent.ScreenPick, agent.ActionOther), step)
	require.NoError(t, err)
	assert.EqualValues(t, "bob@idp.test", result.Email)
	assert.Equal(t, want, f.state())
	assert.True(t, want.Sites["https://elsewhere.test"].LoggedIn)
}

func TestRemovedAddressIsLoggedInNowhere(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	_, err := f.signInWith(observing, enter(alice))
	require.NoError(t, err)
	require.NoError(t, f.agent.Remove(t.Context(), alice))
	f.requireNothingStored()
	_, err = f.agent.HandOver(t.Context(), alice)
	assert.Error(t, err)
}

// handedOver signs alice in at an observing rp.test and returns what the
// bridge is given.
func handedOver(t *testing.T) (*fixture, *agent.Handover) {
	f := setUp(t)
	_, err := f.signInWith(observing, enter(alice))
	require.NoError(t, err)
	given, err := f.agent.HandOver(t.Context(), alice)
	require.NoError(t, err)
	return f, given
}

func TestSignSilently(t *testing.T) {
	t.Parallel()
	f, given := handedOver(t)
	assert.WithinDuration(t, f.world.Now().Add(agent.CertificateLifetime), given.Expires.Time(), agent.ClockSlack)
	req := observing
	req.Nonce = "n1"
	assertion, err := agent.SignSilently(t.Context(), req, given.Identity, given.Key, f.world.Now())
	verified := f.mustVerify(&agent.Result{Assertion: assertion, Email: alice}, err)
	assert.Equal(t, rp, verified.Audience)
	assert.WithinDuration(t, f.world.Now().Add(agent.AssertionLifetime), verified.Expires.Time(), time.Second)
	_, token, _ := strings.Cut(assertion, "~")
	parsed, _, err := browserid.ParseAssertion(token)
	require.NoError(t, err)
	assert.Equal(t, "n1", parsed.Nonce)
}

// What must be right before anything is signed, with nobody there to ask.
func TestSignSilentlyRefuses(t *testing.T) {
	t.Parallel()
	f, given := handedOver(t)
	other, err := new(agenttest.KeyStore).Generate(t.Context(), browserid.ES256)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		change func(*agent.Request, *agent.Identity, *agent.Key, *time.Time)
		want   agent.Code
	}{
		"another address": {func(_ *agent.Request, id *agent.Identity, _ *agent.Key, _ *time.Time) {
			id.Email = "bob@idp.test"
		}, agent.CodeCertificateWrongAddress},
		"an address in other letters": {func(_ *agent.Request, id *agent.Identity, _ *agent.Key, _ *time.Time) {
			id.Email = "Alice@idp.test"
		}, agent.CodeCertificateWrongAddress},
		"a key that is not named": {func(_ *agent.Request, _ *agent.Identity, key *agent.Key, _ *time.Time) {
			*key = other
		}, agent.CodeCertificateWrongKey},
		"a key that is not certified": {func(_ *agent.Request, id *agent.Identity, key *agent.Key, _ *time.Time) {
			*key, id.Thumbprint = other, other.Thumbprint()
		}, agent.CodeCertificateWrongKey},
		"no certificate": {func(_ *agent.Request, id *agent.Identity, _ *agent.Key, _ *time.Time) {
			id.Certificate = "x"
		}, agent.CodeCertificateMalformed},
		"a certificate with two minutes left": {func(_ *agent.Request, _ *agent.Identity, _ *agent.Key, now *time.Time) {
			*now = given.Expires.Time().Add(time.Second - agent.MinimumRemaining)
		}, agent.CodeCertificateWrongTime},
		"an algorithm that the site does not know": {func(req *agent.Request, _ *agent.Identity, _ *agent.Key, _ *time.Time) {
			req.Algorithms = []browserid.Algorithm{browserid.RS256}
		}, agent.CodeAlgorithmUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req, id, key, now := observing, given.Identity, given.Key, f.world.Now()
			c.change(&req, &id, &key, &now)
			_, err := agent.SignSilently(t.Context(), req, id, key, now)
			assert.Equal(t, c.want, agent.CodeOf(err))
		})
	}
}

// The key went to another window's sign-in meanwhile: nothing that belongs
// together is there.
func TestHandOverOfAnotherKey(t *testing.T) {
	t.Parallel()
	f, _ := handedOver(t)
	other, err := f.keys.Generate(t.Context(), browserid.ES256)
	require.NoError(t, err)
	require.NoError(t, f.keys.Commit(t.Context(), alice, other))
	_, err = f.agent.HandOver(t.Context(), alice)
	assert.Equal(t, agent.CodeCertificateWrongKey, agent.CodeOf(err))
}
