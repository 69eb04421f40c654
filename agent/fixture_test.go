package agent_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/memory"
	"github.com/navid-login/navid/agent/verify"
)

const (
	alice = "alice@idp.test"
	rp    = browserid.Origin("https://rp.test")
)

// fixture is a browser with an agent in it, and a world around.
type fixture struct {
	*testing.T
	world *agenttest.World
	idp   *agenttest.Domain
	host  *agenttest.Fallback

	fallback agent.Fallback // the host, unless a test puts it in another light

	keys  *agenttest.KeyStore
	store agent.Store
	agent *agent.Agent
}

func setUp(t *testing.T) *fixture {
	world := agenttest.NewWorld(t, "idp.test", "other.test")
	host := agenttest.NewFallback(t, world, "login.test")
	f := &fixture{T: t, world: world, idp: world.Domain("idp.test"), host: host, fallback: host, keys: new(agenttest.KeyStore), store: new(memory.Store)}
	f.start()
	return f
}

// start starts an agent on the browser's present stores, as opening a dialog does.
func (f *fixture) start() {
	var err error
	f.agent, err = agent.New(agent.Config{
		Keys: f.keys, Store: f.store, Discoverer: f.world, Pages: f.world, Fallback: f.fallback, Signatures: agenttest.Signatures{},
		Forgetful: func() (agent.KeyStore, agent.Store) { return new(agenttest.KeyStore), new(memory.Store) },
		Now:       func() time.Time { return f.world.Now() },
	})
	require.NoError(f, err)
}

// signIn signs in at rp.test; the person takes the steps given, and each
// answer is a click that lets one window open.
func (f *fixture) signIn(steps ...agenttest.Step) (*agent.Result, error) {
	return f.signInWith(agent.Request{Origin: rp, Algorithms: []browserid.Algorithm{browserid.ES256, browserid.RS256}}, steps...)
}

func (f *fixture) signInWith(req agent.Request, steps ...agenttest.Step) (*agent.Result, error) {
	person := agenttest.NewPerson(f.T, steps...)
	person.Clicked = func() { f.world.Clicks = 1 }
	result, err := f.agent.SignIn(f.Context(), req, person)
	assert.Empty(f, person.Left(), "steps not taken")
	assert.Zero(f, f.world.Open(), "windows left open")
	return result, err
}

// known makes alice known to this browser, with a certificate and a session at her provider.
func (f *fixture) known() {
	f.Helper()
	_, err := f.signIn(enter(alice))
	require.NoError(f, err)
}

// mustVerify checks a result with go-jose, as a relying party does.
func (f *fixture) mustVerify(result *agent.Result, err error) *verify.Result {
	f.Helper()
	require.NoError(f, err)
	verifier, err := verify.New(verify.Config{Audience: rp, Discovery: f, Fallbacks: []browserid.Domain{f.host.Authority}, Now: func() time.Time { return f.world.Now() }})
	require.NoError(f, err)
	verified, err := verifier.Verify(f.Context(), result.Assertion)
	require.NoError(f, err)
	assert.Equal(f, result.Email, verified.Email)
	return verified
}

// Discover is what a relying party finds out about a domain.
func (f *fixture) Discover(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	p, err := f.world.Discover(ctx, domain)
	if err != nil {
		return nil, err
	}
	if p.Fallback && domain != p.Authority {
		return nil, &discovery.Error{State: discovery.Absent, Domain: domain}
	}
	return &discovery.Provider{Domain: domain, Authority: p.Authority, Keys: p.Keys}, nil
}

// state returns what is stored.
func (f *fixture) state() *agent.State {
	f.Helper()
	state, err := f.store.Load(f.Context())
	require.NoError(f, err)
	return state
}

// requireNothingStored checks that no address, site or key was kept.
func (f *fixture) requireNothingStored() {
	f.Helper()
	require.Empty(f, f.state().Identities)
	require.Empty(f, f.state().Sites)
	_, err := f.keys.Load(f.Context(), alice)
	require.ErrorIs(f, err, agent.ErrNoKey)
}

// The steps that people take.
func enter(email string) agenttest.Step {
	return agenttest.Step{
		Screen: agent.Screen{Name: agent.ScreenEnter},
		Answer: agent.Answer{Action: agent.ActionNext, Email: email},
	}
}

func pick(email string) agenttest.Step {
	return agenttest.Step{
		Screen: agent.Screen{Name: agent.ScreenPick},
		Answer: agent.Answer{Action: agent.ActionNext, Email: email},
	}
}

func on(name agent.ScreenName, action agent.Action) agenttest.Step {
	return agenttest.Step{Screen: agent.Screen{Name: name}, Answer: agent.Answer{Action: action}}
}

func onWait(waiting agent.Waiting, action agent.Action) agenttest.Step {
	return agenttest.Step{
		Screen: agent.Screen{Name: agent.ScreenWait, Waiting: waiting},
		Answer: agent.Answer{Action: action},
	}
}

func onError(code agent.Code, action agent.Action) agenttest.Step {
	return agenttest.Step{Screen: agent.Screen{Name: agent.ScreenError, Code: code}, Answer: agent.Answer{Action: action}}
}

func onContinue(reason agent.Reason, action agent.Action) agenttest.Step {
	return agenttest.Step{
		Screen: agent.Screen{Name: agent.ScreenContinue, Reason: reason, Email: alice, Authority: "idp.test"},
		Answer: agent.Answer{Action: action},
	}
}
