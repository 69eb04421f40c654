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

func TestWrongCode(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	second := typed("999998", agent.CodeWrongCode)
	second.Screen.Left = agenttest.TriesOfCode - 1
	third := typed("000001", agent.CodeWrongCode)
	third.Screen.Left = agenttest.TriesOfCode - 2
	f.mustVerify(f.signIn(enter(carol), typed("999999", ""), second, third, notNow))
}

func TestCodeSpentByWrongTries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUpFallback(t)
		steps := steps(enter(carol), typed("999999", ""))
		for range agenttest.TriesOfCode - 1 {
			steps = append(steps, typed("999999", agent.CodeWrongCode))
		}
		resend := onCode(agent.ActionResend, agent.Screen{Code: agent.CodeCodeSpent})
		resend.Meanwhile = func() { time.Sleep(agenttest.ResendPause) }
		steps = append(steps, typed("000001", agent.CodeWrongCode), resend, typed("000002", ""), notNow)
		f.mustVerify(f.signIn(steps...))
	})
}

func TestTooManyTries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUpFallback(t)
		first := typed("999999", "")
		first.Meanwhile = func() { f.host.Err = &agent.Refusal{Code: agent.CodeTooMany, RetryAfter: time.Hour} }
		second := typed("000001", agent.CodeTooMany)
		second.Screen.RetryAt = browserid.MillisOf(time.Now().Add(time.Hour))
		f.mustVerify(f.signIn(enter(carol), first, second, notNow))
	})
}

func TestTooManyMails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUpFallback(t)
		f.host.Err = &agent.Refusal{Code: agent.CodeTooMany, RetryAfter: time.Hour}
		stop := onError(agent.CodeTooMany, agent.ActionRetry)
		stop.Screen.RetryAt = browserid.MillisOf(time.Now().Add(time.Hour))
		early := onCode(agent.ActionResend, agent.Screen{Challenge: agent.Challenge{ResendAt: browserid.MillisOf(time.Now().Add(agenttest.ResendPause))}})
		early.Meanwhile = func() { f.host.Err = &agent.Refusal{Code: agent.CodeTooMany, RetryAfter: 2 * time.Hour} }
		last := typed("000001", agent.CodeTooMany)
		last.Screen.ResendAt = browserid.MillisOf(time.Now().Add(2 * time.Hour))
		f.mustVerify(f.signIn(enter(carol), stop, early, last, notNow))
	})
}

func TestCodeExpired(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUpFallback(t)
		late := typed("000001", "")
		late.Meanwhile = func() { time.Sleep(agenttest.CodeLife) }
		resend := onCode(agent.ActionResend, agent.Screen{Code: agent.CodeCodeExpired})
		f.mustVerify(f.signIn(enter(carol), late, resend, typed("000002", ""), notNow))
	})
}

// An earlier code keeps its own life when another one is mailed.
func TestEarlierCodeAfterResend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUpFallback(t)
		resend := onCode(agent.ActionResend, agent.Screen{})
		resend.Meanwhile = func() { time.Sleep(agenttest.ResendPause) }
		f.mustVerify(f.signIn(enter(carol), resend, typed("000001", ""), notNow))
		assert.Len(t, f.host.Mails, 2)
	})
}

// Where the host has forgotten a challenge, as after a restore, another mail begins it anew.
func TestChallengeForgotten(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	code := typed("000001", "")
	code.Meanwhile = f.host.Forget
	f.mustVerify(f.signIn(enter(carol), code, onCode(agent.ActionResend, agent.Screen{Code: agent.CodeCodeExpired}), typed("000002", ""), notNow))
}

func TestLinkUsedInThisBrowser(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	link := onCode(agent.ActionConfirmed, agent.Screen{Challenge: agent.Challenge{ID: "challenge 1"}})
	link.Meanwhile = func() { f.host.Proven[carol] = true }
	f.mustVerify(f.signIn(enter(carol), link, notNow))
}

// Going back to change the address loses neither the site's request nor, for
// who changes nothing, the mail that is on its way.
func TestBackFromCode(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	result, err := f.signInWith(
		agent.Request{Origin: rp, Algorithms: []browserid.Algorithm{browserid.ES256}, Nonce: "n-1"},
		enter("carl@mail.test"), on(agent.ScreenCode, agent.ActionBack),
		agenttest.Step{
			Screen: agent.Screen{Name: agent.ScreenEnter, Email: "carl@mail.test"},
			Answer: agent.Answer{Action: agent.ActionNext, Email: carol},
		},
		onCode(agent.ActionBack, agent.Screen{Challenge: agent.Challenge{ID: "challenge 2"}}), enter(carol), typed("000002", ""), notNow)
	f.mustVerify(result, err)
	assert.Equal(t, []agenttest.Letter{{To: "carl@mail.test", Code: "000001"}, {To: carol, Code: "000002"}}, f.host.Mails)
	backed, err := browserid.ParseBacked(result.Assertion)
	require.NoError(t, err)
	assertion, _, err := browserid.ParseAssertion(backed.Assertion)
	require.NoError(t, err)
	assert.Equal(t, "n-1", assertion.Nonce)
}

func TestAnotherMailAfterTheLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := setUpFallback(t)
		back := onCode(agent.ActionBack, agent.Screen{})
		back.Meanwhile = func() { time.Sleep(agenttest.CodeLife) }
		f.mustVerify(f.signIn(enter(carol), back, enter(carol), typed("000002", ""), notNow))
	})
	t.Run("on another device", func(t *testing.T) {
		t.Parallel()
		f := setUpFallback(t)
		elsewhere := enter(carol)
		elsewhere.Answer.NotMyDevice = true
		f.mustVerify(f.signIn(enter(carol), onCode(agent.ActionBack, agent.Screen{}), elsewhere, typed("000002", "")))
		assert.Equal(t, agenttest.Letter{To: carol, Code: "000002", Elsewhere: true}, f.host.Mails[1])
	})
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
