package agent_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
)

// carol's mail domain has no provider.
const carol = "carol@mail.test"

func setUpFallback(t *testing.T) *fixture {
	f := setUp(t)
	f.world.Fallback = f.host
	return f
}

func onCode(action agent.Action, screen agent.Screen) agenttest.Step {
	screen.Name, screen.Email, screen.Authority = agent.ScreenCode, carol, "login.test"
	return agenttest.Step{Screen: screen, Answer: agent.Answer{Action: action}}
}

// typed is the answer to a screen for the code; the screen says what was wrong with the code before.
func typed(code string, problem agent.Code) agenttest.Step {
	step := onCode(agent.ActionNext, agent.Screen{Code: problem})
	step.Answer.Code = code
	return step
}

var notNow = on(agent.ScreenPasskey, agent.ActionNext)

func TestFallbackFirstSignIn(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	code := typed("000001", "")
	code.Screen.Words = "amber falcon"
	result, err := f.signIn(enter(carol), code, notNow)
	f.mustVerify(result, err)
	assert.Equal(t, []agenttest.Letter{{To: carol, Code: "000001"}}, f.host.Mails)
	assert.Equal(t, []time.Duration{agent.CertificateLifetimeFallback}, f.host.Asked)
	assert.Zero(t, f.world.Frames()+f.world.Windows(), "no page of a provider's")
	assert.Equal(t, browserid.Domain("login.test"), result.Authority)
	assert.Zero(t, f.host.SignedOut)
}

// The session of this browser renews the certificate without a word (G7).
func TestFallbackRenewsSilently(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	f.host.Proven[carol] = true
	f.mustVerify(f.signIn(enter(carol)))
	later := time.Now().Add(agent.CertificateLifetimeFallback)
	f.world.Now = func() time.Time { return later }
	f.mustVerify(f.signIn(pick(carol)))
	assert.Len(t, f.host.Asked, 2)
	assert.Empty(t, f.host.Mails)
}

func TestLeavingTheFallback(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		steps []agenttest.Step
		kept  bool
	}{
		"code":    {steps: steps(enter(carol), onCode(agent.ActionCancel, agent.Screen{}))},
		"offer":   {steps: steps(enter(carol), typed("000001", ""), on(agent.ScreenPasskey, agent.ActionCancel)), kept: true},
		"refusal": {steps: steps(enter(carol), typed("000001", ""), onError(agent.CodeCertificateWrongIssuer, agent.ActionCancel))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setUpFallback(t)
			if name == "refusal" {
				f.host.Tamper = func(c *browserid.Certificate) { c.Issuer = "other.test" }
			}
			_, err := f.signIn(c.steps...)
			require.ErrorIs(t, err, agent.ErrCancelled)
			assert.Len(t, f.state().Identities, map[bool]int{true: 1}[c.kept])
			assert.Empty(t, f.state().Sites)
		})
	}
}

// What the login host itself certifies is checked like anybody's.
func TestFallbackCertificateWrong(t *testing.T) {
	t.Parallel()
	other, err := new(agenttest.KeyStore).Generate(t.Context(), browserid.ES256)
	require.NoError(t, err)
	for code, tamper := range map[agent.Code]func(*browserid.Certificate){
		agent.CodeCertificateWrongAddress: func(c *browserid.Certificate) { c.Principal.Email = alice },
		agent.CodeCertificateWrongKey:     func(c *browserid.Certificate) { c.PublicKey = other.PublicKey() },
		agent.CodeCertificateWrongIssuer:  func(c *browserid.Certificate) { c.Issuer = "mail.test" },
		agent.CodeCertificateTooLong:      func(c *browserid.Certificate) { c.Expires = browserid.MillisOf(time.Now().Add(2 * time.Hour)) },
	} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			f := setUpFallback(t)
			f.host.Proven[carol], f.host.Tamper = true, tamper
			_, err := f.signIn(enter(carol), onError(code, agent.ActionCancel))
			require.ErrorIs(t, err, agent.ErrCancelled)
			assert.Empty(t, f.state().Identities)
		})
	}
}

func TestHostGoneMeanwhile(t *testing.T) {
	t.Parallel()
	down := errors.New("Failed to fetch")
	t.Run("before the mail", func(t *testing.T) {
		t.Parallel()
		f := setUpFallback(t)
		f.host.Err = down
		f.mustVerify(f.signIn(enter(carol), onError(agent.CodeHostUnreachable, agent.ActionRetry), typed("000001", ""), notNow))
	})
	t.Run("with the code", func(t *testing.T) {
		t.Parallel()
		f := setUpFallback(t)
		first := typed("000001", "")
		first.Meanwhile = func() { f.host.Err = down }
		f.mustVerify(f.signIn(enter(carol), first, typed("000001", agent.CodeHostUnreachable), notNow))
	})
	t.Run("for the certificate", func(t *testing.T) {
		t.Parallel()
		f := setUpFallback(t)
		link := onCode(agent.ActionConfirmed, agent.Screen{})
		link.Meanwhile = func() { f.host.Proven[carol], f.host.Err = true, down }
		f.mustVerify(f.signIn(enter(carol), link, onError(agent.CodeHostUnreachable, agent.ActionRetry)))
	})
}

// The host's silence has an end, and a way out before it.
func TestHostSilentAsFallback(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUpFallback(t)
		f.fallback = silentHost{f.host}
		f.start()
		began := time.Now()
		_, err := f.signIn(enter(carol), onWait(agent.WaitingMail, agent.ActionBack), enter(carol), onError(agent.CodeHostUnreachable, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
		assert.Equal(t, agent.FallbackTimeout, time.Since(began))
	})
}

// silentHost takes no mail.
type silentHost struct{ *agenttest.Fallback }

func (silentHost) Challenge(ctx context.Context, _ browserid.Email, _ bool) (agent.Challenge, error) {
	<-ctx.Done()
	return agent.Challenge{}, ctx.Err()
}

// D1.12, B8.1: once a domain has a provider, that one is asked, in the same breath.
func TestProviderAppearedMeanwhile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		certificates int // that are asked for before it appears
		steps        []agenttest.Step
	}{
		"before the mail": {0, steps(enter(carol))},
		"after it":        {1, steps(enter(carol), typed("000001", ""))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setUpFallback(t)
			f.fallback = &outdated{f.host, c.certificates, func() { f.world.Add("mail.test") }}
			f.start()
			f.mustVerify(f.signIn(c.steps...))
			assert.Equal(t, 1, f.world.Windows())
		})
	}
	t.Run("and the host does not say which", func(t *testing.T) {
		t.Parallel()
		f := setUpFallback(t)
		f.fallback = &outdated{f.host, 0, func() {}}
		f.start()
		_, err := f.signIn(enter(carol), onError(agent.CodeProviderExists, agent.ActionCancel))
		require.ErrorIs(t, err, agent.ErrCancelled)
		assert.Empty(t, f.host.Mails)
	})
}

// outdated is a host that learns of a domain's provider after some certificates.
type outdated struct {
	*agenttest.Fallback
	left  int
	learn func()
}

func (o *outdated) Certify(ctx context.Context, email browserid.Email, publicKey string, lifetime time.Duration) (string, error) {
	if o.left == 0 {
		o.learn()
		return "", &agent.Refusal{Code: agent.CodeProviderExists}
	}
	o.left--
	return o.Fallback.Certify(ctx, email, publicKey, lifetime)
}

func TestBlockedByTheOperator(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	code := typed("000001", "")
	code.Meanwhile = func() { f.host.Err = &agent.Refusal{Code: agent.CodeBlocked} }
	_, err := f.signIn(enter(carol), code, onError(agent.CodeBlocked, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
}

// A site that wants the person there gets no certificate by the session alone.
func TestFallbackForceAuthentication(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	f.host.Proven[carol] = true
	req := hinting("")
	req.ForceAuthentication = true
	f.mustVerify(f.signInWith(req, enter(carol), typed("000001", ""), notNow))
}

// A site may name the host as the issuer; the person is told whom they deal with.
func TestFallbackAsForeignIssuer(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	req := hinting("")
	req.ForceIssuer = "login.test"
	explained := on(agent.ScreenContinue, agent.ActionNext)
	explained.Screen.Reason, explained.Screen.Authority = agent.ReasonIssuer, "login.test"
	f.mustVerify(f.signInWith(req, enter(carol), explained, typed("000001", "")))
	explained.Answer.Action = agent.ActionCancel
	_, err := f.signInWith(req, enter(carol), explained)
	require.ErrorIs(t, err, agent.ErrCancelled)
}

// On a device that is not the person's own the session is neither used nor
// left behind, and no passkey is offered (G6).
func TestFallbackNotMyDevice(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	f.host.Proven[carol] = true
	step := enter(carol)
	step.Answer.NotMyDevice = true
	f.mustVerify(f.signIn(step, typed("000001", "")))
	assert.Equal(t, []agenttest.Letter{{To: carol, Code: "000001", Elsewhere: true}}, f.host.Mails)
	assert.Equal(t, 1, f.host.SignedOut)
	assert.Empty(t, f.state().Identities)

	t.Run("nor ended for who gives up", func(t *testing.T) {
		f.host.Proven[carol] = true // of the device's owner
		_, err := f.signIn(step, onCode(agent.ActionCancel, agent.Screen{}))
		require.ErrorIs(t, err, agent.ErrCancelled)
		assert.Equal(t, 1, f.host.SignedOut)
	})
}
