package idp_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

func TestDeletingTakesOnesOwnOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, other := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	owner.Prove(alice)
	owner.Prove(bob)
	other.Prove(alice)
	require.NoError(t, w.OperatorLink(t.Context(), alice, bob))
	require.NoError(t, w.DeleteAccount(t.Context(), other.SessionToken))
	certified(t, owner, bob)
	uncertified(t, other, alice, idp.CodeNotProven)
	assert.Equal(t, idp.Address{}, addressOf(t, w, alice))
}

func TestBlocking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	key := enrol(w, b, alice, bob)
	require.NoError(t, w.OperatorBlock(t.Context(), "ALICE@mail.test", true))
	uncertified(t, b, bob, idp.CodeBlocked)
	refused(t, w.DeleteAccount(t.Context(), b.SessionToken), idp.CodeBlocked)
	pending, letter := b.Ask("carol@mail.test")
	_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
	refused(t, err, idp.CodeBlocked) // no way round by another address
	refused(t, w.Browser("192.0.2.1").Login(key), idp.CodeBlocked)
	other := w.Browser("198.51.100.7")
	pending, letter = other.Ask(alice)
	_, err = w.Confirm(t.Context(), other.Visitor, pending.Challenge, letter.Code)
	refused(t, err, idp.CodeBlocked) // nor by another browser
	require.NoError(t, w.OperatorBlock(t.Context(), alice, false))
	_, err = w.Confirm(t.Context(), other.Visitor, pending.Challenge, letter.Code)
	require.NoError(t, err)
}

// What is blocked is what belongs to the account, whichever session asks for it.
func TestBlockingReachesEachAddressOfTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	home.Prove(alice)
	home.Prove(bob)
	w.Browser("198.51.100.7").Prove("carol@mail.test")
	require.NoError(t, w.OperatorLink(t.Context(), bob, "carol@mail.test"))
	require.NoError(t, w.OperatorBlock(t.Context(), alice, true))
	uncertified(t, home, alice, idp.CodeBlocked)
	certified(t, home, bob)
}

func TestOperator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	a.Prove(alice)
	b.Prove(bob)
	all, err := w.OperatorList(t.Context(), "", 10)
	require.NoError(t, err)
	require.Len(t, all, 2)
	rest, err := w.OperatorList(t.Context(), all[0].Account.ID, 10)
	require.NoError(t, err)
	assert.Equal(t, all[1:], rest)
	_, err = w.OperatorShow(t.Context(), "nobody@mail.test")
	require.ErrorIs(t, err, idp.ErrNotFound)

	require.NoError(t, w.OperatorLink(t.Context(), alice, bob))
	view, err := w.OperatorShow(t.Context(), bob)
	require.NoError(t, err)
	assert.Len(t, view.Addresses, 2)
	assert.Len(t, view.Sessions, 2)
	for email, browser := range map[string]*idptest.Browser{alice: a, bob: b} {
		certified(t, browser, email)
	}
	require.NoError(t, w.OperatorSignOut(t.Context(), bob))
	uncertified(t, a, alice, idp.CodeNotProven)
	require.NoError(t, w.OperatorDelete(t.Context(), alice))
	_, err = w.OperatorShow(t.Context(), bob)
	require.ErrorIs(t, err, idp.ErrNotFound)
}

// The passkeys of an address stay with its former account, and lose it.
func TestLinkingTakesTheAddressFromPasskeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	key := enrol(w, home, alice, bob)
	w.Browser("198.51.100.7").Prove("carol@mail.test")
	require.NoError(t, w.OperatorLink(t.Context(), alice, "carol@mail.test"))
	laptop := w.Browser("203.0.113.5")
	require.NoError(t, laptop.Login(key))
	certified(t, laptop, bob)
	uncertified(t, laptop, alice, idp.CodeNotProven)
}
