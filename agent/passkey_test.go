package agent_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
)

// usedPasskey is the answer of a page that has seen a passkey, which proves
// those addresses.
func (f *fixture) usedPasskey(screen agent.ScreenName, emails ...string) agenttest.Step {
	return agenttest.Step{
		Screen: agent.Screen{Name: screen},
		Answer: agent.Answer{Action: agent.ActionPasskey, Identities: emails},
		Meanwhile: func() {
			for _, email := range emails {
				f.host.Prove(email)
			}
		},
	}
}

// prompted is the request of a site that wants carol to be there.
func (*fixture) prompted() agent.Request {
	req := hinting("")
	req.ForceAuthentication = true
	return req
}

func (f *fixture) remembered() agent.PasskeyMemory {
	f.Helper()
	id, ok := f.state().Identity(carol)
	require.True(f, ok)
	return id.Passkey
}

func TestPasskeyOfferedOnce(t *testing.T) {
	t.Parallel()
	for action, want := range map[agent.Action]agent.PasskeyMemory{
		agent.ActionNext:  agent.PasskeyDeclined,
		agent.ActionEnrol: agent.PasskeySeen,
		agent.ActionOther: agent.PasskeyNever,
	} {
		t.Run(string(action), func(t *testing.T) {
			t.Parallel()
			f := setUpFallback(t)
			f.mustVerify(f.signIn(enter(carol), typed("000001", ""), on(agent.ScreenPasskey, action)))
			assert.Equal(t, want, f.remembered())
		})
	}
	t.Run("not again", func(t *testing.T) {
		t.Parallel()
		f := setUpFallback(t)
		f.mustVerify(f.signIn(enter(carol), typed("000001", ""), notNow))
		f.mustVerify(f.signInWith(f.prompted(), pick(carol), typed("000002", "")))
		assert.Equal(t, agent.PasskeyDeclined, f.remembered())
	})
	t.Run("for an address without a mail", func(t *testing.T) {
		t.Parallel()
		f := setUpFallback(t)
		f.host.Proven[carol] = true
		f.mustVerify(f.signIn(enter(carol)))
	})
	t.Run("where nothing is kept", func(t *testing.T) {
		t.Parallel()
		f := setUpFallback(t)
		f.keys.CommitError = agent.ErrStorageFull
		f.mustVerify(f.signIn(enter(carol), typed("000001", "")))
	})
}

// The passkey that this browser has seen comes before the mail.
func TestPasskeyInsteadOfMail(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	f.mustVerify(f.signIn(enter(carol), typed("000001", ""), on(agent.ScreenPasskey, agent.ActionEnrol)))
	f.mustVerify(f.signInWith(f.prompted(), pick(carol), f.usedPasskey(agent.ScreenUnlock, carol)))
	assert.Len(t, f.host.Mails, 1)
	f.mustVerify(f.signInWith(f.prompted(), pick(carol), on(agent.ScreenUnlock, agent.ActionOther), typed("000002", "")))

	_, err := f.signInWith(f.prompted(), pick(carol), on(agent.ScreenUnlock, agent.ActionBack), on(agent.ScreenPick, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
}

// Whoever has a passkey elsewhere may use it in place of the code; the browser
// has seen it then.
func TestPasskeyInsteadOfCode(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	f.mustVerify(f.signIn(enter(carol), f.usedPasskey(agent.ScreenCode, carol)))
	assert.Equal(t, agent.PasskeySeen, f.remembered())
}

// A passkey that proves other addresses proves nothing here. The mail is on its way.
func TestPasskeyOfAnotherAddress(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	f.mustVerify(f.signIn(enter(carol), f.usedPasskey(agent.ScreenCode, "dave@mail.test"),
		onError(agent.CodeNotProven, agent.ActionRetry), typed("000001", ""), notNow))
	assert.Len(t, f.host.Mails, 1)
}

// At the field for the address a passkey says which one it is.
func TestPasskeyInsteadOfAddress(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	result, err := f.signIn(f.usedPasskey(agent.ScreenEnter, carol))
	f.mustVerify(result, err)
	assert.Equal(t, agent.PasskeySeen, f.remembered())
	assert.Empty(t, f.host.Mails)

	t.Run("also for a site that wants the person there", func(t *testing.T) {
		f.mustVerify(f.signInWith(f.prompted(), on(agent.ScreenPick, agent.ActionOther), f.usedPasskey(agent.ScreenEnter, carol)))
	})
	t.Run("on a device that is not theirs", func(t *testing.T) {
		f := setUpFallback(t)
		step := f.usedPasskey(agent.ScreenEnter, carol)
		step.Answer.NotMyDevice = true
		f.mustVerify(f.signIn(step))
		assert.Empty(t, f.state().Identities)
		assert.Equal(t, 1, f.host.SignedOut)
	})
}

func TestPasskeyOfSeveralAddresses(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	both := []string{"dave@mail.test", carol}
	choose := agenttest.Step{
		Screen: agent.Screen{Name: agent.ScreenChoose, Identities: both},
		Answer: agent.Answer{Action: agent.ActionNext, Email: carol},
	}
	result, err := f.signIn(f.usedPasskey(agent.ScreenEnter, both...), on(agent.ScreenChoose, agent.ActionBack), f.usedPasskey(agent.ScreenEnter, both...), choose)
	f.mustVerify(result, err)
	assert.EqualValues(t, carol, result.Email)
}

// Its word for an address is not better than anybody's.
func TestPasskeyOfNoAddress(t *testing.T) {
	t.Parallel()
	f := setUpFallback(t)
	_, err := f.signIn(f.usedPasskey(agent.ScreenEnter, "nobody"))
	require.ErrorIs(t, err, &agent.Error{Code: agent.CodeInternal})
}
