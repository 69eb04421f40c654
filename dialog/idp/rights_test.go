package idp_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

// Abuse test 7: a proof by someone else ends what older sessions had, and says so.
func TestAProofByAnotherEndsOlderRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	first.Prove(alice)
	certified(t, first, alice)

	second.Prove(alice)
	letters := w.Letters()
	require.Len(t, letters, 1)
	assert.Equal(t, idp.LetterMoved, letters[0].Kind)
	assert.EqualValues(t, alice, letters[0].To)

	assert.Contains(t, uncertified(t, first, alice, idp.CodeNotProven).Message, "another browser")
	certified(t, second, alice)
	view, err := w.Session(t.Context(), first.SessionToken)
	require.NoError(t, err)
	require.Len(t, view.Addresses, 1)
	assert.True(t, view.Addresses[0].Lapsed)
	_, err = w.Account(t.Context(), first.SessionToken)
	require.NoError(t, err)
	refused(t, w.RemoveAddress(t.Context(), first.SessionToken, alice, true), idp.CodeNotProven)
	refused(t, w.DeleteAccount(t.Context(), first.SessionToken), idp.CodeNotProven)

	first.Prove(alice) // and back
	certified(t, first, alice)
	uncertified(t, second, alice, idp.CodeNotProven)
}

// Where nobody loses anything, nobody is told.
func TestReturningAfterSigningOutIsNoMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	b.Prove(alice)
	require.NoError(t, w.SignOut(t.Context(), b.SessionToken, false))
	b.SessionToken = ""
	b.Prove(alice)
	assert.Empty(t, w.Letters())

	w.Clock.Advance(idp.SessionLife)
	w.Browser("192.0.2.2").Prove(alice)
	assert.Empty(t, w.Letters())
}

// A proof anew in the same browser, and one of the person's other address, move
// nothing: other sessions keep their rights.
func TestTheSamePersonMovesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	b.Prove(alice)
	before := addressOf(t, w, alice)
	w.Clock.Advance(time.Hour)
	b.Prove(alice)
	after := addressOf(t, w, alice)
	assert.Equal(t, before.Generation, after.Generation)
	assert.Equal(t, w.Clock.Now(), after.Proven)

	b.Prove(bob)
	assert.Equal(t, after.Account, addressOf(t, w, bob).Account, "one account")
	for _, email := range []string{alice, bob} {
		certified(t, b, email)
	}
	assert.Empty(t, w.Letters())
}

// A session that has a right to one address of an account speaks for the same
// person when it proves another one of it: nobody loses it.
func TestAnotherAddressOfTheAccountSpeaksForThePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	key := enrol(w, home, alice)
	home.Prove(bob)
	require.NoError(t, laptop.Login(key)) // for alice's alone
	laptop.Prove(bob)
	for _, b := range []*idptest.Browser{home, laptop} {
		certified(t, b, bob)
	}

	// Not when that right has ended, or is to an address of another account.
	w.Browser("203.0.113.5").Prove(alice)
	generation := addressOf(t, w, bob).Generation
	stranger := w.Browser("203.0.113.6")
	stranger.Prove("carol@mail.test")
	stranger.Prove(bob)
	assert.NotEqual(t, generation, addressOf(t, w, bob).Generation)
	uncertified(t, home, bob, idp.CodeNotProven)
}

// A right that has ended speaks for nobody, though its address is still there.
func TestARightThatEndedSpeaksForNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	key := enrol(w, home, alice)
	notice := w.Letters()[0]
	home.Prove(bob)
	require.NoError(t, laptop.Login(key))
	require.NoError(t, w.Undo(t.Context(), idptest.LinkToken(notice)))
	generation := addressOf(t, w, bob).Generation
	laptop.Prove(bob)
	assert.NotEqual(t, generation, addressOf(t, w, bob).Generation)
}

func TestAnAddressMovesToTheSessionThatProvesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	a.Prove(alice)
	b.Prove(bob)
	b.Prove(alice)
	assert.Equal(t, addressOf(t, w, bob).Account, addressOf(t, w, alice).Account)
	uncertified(t, a, alice, idp.CodeNotProven)
	uncertified(t, a, bob, idp.CodeNotProven)
}

// G7b: proofs age, and a new one by the same session renews them.
func TestProofsAge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	b.Prove(alice)
	for range 4 { // sessions follow each other, the proof of alice does not
		w.Clock.Advance(idp.SessionLife - time.Hour)
		if w.Clock.Now().Sub(addressOf(t, w, alice).Proven) < idp.ProofLife {
			certified(t, b, alice)
		}
		b.Prove(bob)
	}
	uncertified(t, b, alice, idp.CodeProofTooOld)
	generation := addressOf(t, w, alice).Generation
	b.Prove(alice)
	certified(t, b, alice)
	assert.Equal(t, generation, addressOf(t, w, alice).Generation, "nobody else has proven it")
}

// A removed address that comes back brings no old right with it.
func TestRemovalIsForGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old, owner := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	key := enrol(w, old, alice)
	owner.Prove(alice) // moved: old's session is of another account now
	generation := addressOf(t, w, alice).Generation
	refused(t, w.RemoveAddress(t.Context(), owner.SessionToken, alice, false), idp.CodeLastAddress)
	require.NoError(t, w.RemoveAddress(t.Context(), owner.SessionToken, alice, true))
	for _, b := range []*idptest.Browser{old, owner} {
		uncertified(t, b, alice, idp.CodeNotProven)
	}
	w.Browser("203.0.113.5").Prove(alice) // at the same moment of the clock
	assert.NotEqual(t, generation, addressOf(t, w, alice).Generation)
	for _, b := range []*idptest.Browser{old, owner} {
		uncertified(t, b, alice, idp.CodeNotProven)
	}
	refused(t, old.Login(key), idp.CodePasskeyRefused)
}

func TestSpellingsAreOneAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	a.Prove("Alice@mail.test")
	b.Prove("alice@mail.test")
	letters := w.Letters()
	require.Len(t, letters, 1)
	assert.EqualValues(t, "Alice@mail.test", letters[0].To, "who loses it is told")
	uncertified(t, a, "Alice@mail.test", idp.CodeNotProven)
	certified(t, b, "alice@mail.test")
	uncertified(t, b, "Alice@mail.test", idp.CodeNotProven)
}
