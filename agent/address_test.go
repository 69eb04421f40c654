package agent_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

func hinting(email string) agent.Request {
	return agent.Request{Origin: rp, Algorithms: []browserid.Algorithm{browserid.ES256}, Email: email}
}

func TestHintPrefillsField(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	step := enter("bob@idp.test")
	step.Screen.Email = "bob@idp.test"
	f.mustVerify(f.signInWith(hinting("bob@idp.test"), step))
}

func TestHintPreselectsKnownAddress(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	_, err := f.signIn(on(agent.ScreenPick, agent.ActionOther), enter("bob@idp.test"))
	require.NoError(t, err)
	step := pick(alice)
	step.Screen.Identities = []string{alice, "bob@idp.test"}
	f.mustVerify(f.signInWith(hinting(alice), step))
}

func TestInvalidAddressIsAskedAgain(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	again := enter(alice)
	again.Screen.Code, again.Screen.Email = agent.CodeInvalidEmail, "alice"
	f.mustVerify(f.signIn(enter("alice"), again))
}

func TestTypedAddressIsThereAfterBack(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.CancelsLogin = true
	again := on(agent.ScreenEnter, agent.ActionCancel)
	again.Screen.Email = alice
	_, err := f.signIn(enter(alice), again)
	require.ErrorIs(t, err, agent.ErrCancelled)
}

// Who typed another address than those known changes it, and is not led back to the known ones.
func TestTypedAddressIsThereAfterBackAmongKnown(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	silent(f)
	other := "other" + alice
	again := on(agent.ScreenEnter, agent.ActionBack)
	again.Screen.Email = other
	f.mustVerify(f.signIn(
		on(agent.ScreenPick, agent.ActionOther), enter(other), onWait(agent.WaitingProvider, agent.ActionBack), again, pick(alice)))
}

func TestHintIsNotTakenForTheRemovedAddress(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	remove := pick(alice)
	remove.Answer.Action = agent.ActionRemove
	_, err := f.signInWith(hinting(alice), remove, on(agent.ScreenEnter, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
}
