package agent_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
)

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

// A link that has served and yet proves nothing, as after a sign-out elsewhere, costs another mail.
func TestLinkThatProvesNothing(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	f.mustVerify(f.signIn(enter(carol), onCode(agent.ActionConfirmed, agent.Screen{}),
		onError(agent.CodeNotProven, agent.ActionRetry), typed("000002", ""), notNow))
}
