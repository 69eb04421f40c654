package idp_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

// Abuse test 7: a proof by someone else ends what older sessions had, and says so.
func TestAProofByAnotherEndsOlderRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	first.Prove(alice)
	_, err := first.Certify(alice)
	require.NoError(t, err)

	second.Prove(alice)
	letters := w.Letters()
	require.Len(t, letters, 1)
	assert.Equal(t, idp.LetterMoved, letters[0].Kind)
	assert.EqualValues(t, alice, letters[0].To)

	_, err = first.Certify(alice)
	assert.Contains(t, refused(t, err, idp.CodeNotProven).Message, "another browser")
	_, err = second.Certify(alice)
	require.NoError(t, err)
	view, err := w.Session(t.Context(), first.SessionToken)
	require.NoError(t, err)
	require.Len(t, view.Addresses, 1)
	assert.True(t, view.Addresses[0].Lapsed)
	_, err = w.Account(t.Context(), first.SessionToken)
	require.NoError(t, err)
	refused(t, w.RemoveAddress(t.Context(), first.SessionToken, alice, true), idp.CodeNotProven)
	refused(t, w.DeleteAccount(t.Context(), first.SessionToken), idp.CodeNotProven)

	first.Prove(alice) // and back
	_, err = first.Certify(alice)
	require.NoError(t, err)
	_, err = second.Certify(alice)
	refused(t, err, idp.CodeNotProven)
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
		_, err := b.Certify(email)
		require.NoError(t, err)
	}
	assert.Empty(t, w.Letters())
}

// A session that has a right to one address of an account speaks for the same
// person when it proves another one of it: nobody loses it.
func TestAnotherAddressOfTheAccountSpeaksForThePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key")
	home.Prove(bob)
	require.NoError(t, laptop.Login(key)) // for alice's alone
	laptop.Prove(bob)
	for _, b := range []*idptest.Browser{home, laptop} {
		_, err := b.Certify(bob)
		require.NoError(t, err)
	}

	// Not when that right has ended, or is to an address of another account.
	w.Browser("203.0.113.5").Prove(alice)
	generation := addressOf(t, w, bob).Generation
	stranger := w.Browser("203.0.113.6")
	stranger.Prove("carol@mail.test")
	stranger.Prove(bob)
	assert.NotEqual(t, generation, addressOf(t, w, bob).Generation)
	_, err := home.Certify(bob)
	refused(t, err, idp.CodeNotProven)
}

// A right that has ended speaks for nobody, though its address is still there.
func TestARightThatEndedSpeaksForNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key")
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
	_, err := a.Certify(alice)
	refused(t, err, idp.CodeNotProven)
	_, err = a.Certify(bob)
	refused(t, err, idp.CodeNotProven)
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
			_, err := b.Certify(alice)
			require.NoError(t, err)
		}
		b.Prove(bob)
	}
	_, err := b.Certify(alice)
	refused(t, err, idp.CodeProofTooOld)
	generation := addressOf(t, w, alice).Generation
	b.Prove(alice)
	_, err = b.Certify(alice)
	require.NoError(t, err)
	assert.Equal(t, generation, addressOf(t, w, alice).Generation, "nobody else has proven it")
}

// Abuse test 6, for what there is beside certificates: a session that proved one
// address sees and touches nothing of another of the same account.
func TestASessionSeesItsOwnAddressesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.Browser("192.0.2.1")
	owner.Prove(alice)
	owner.Prove(bob)
	passkey := owner.Enrol(w.Authenticator(), "key")
	_, err := owner.Certify(bob)
	require.NoError(t, err)

	// Another session of the account that holds alice's alone: the operator moved it in.
	other := w.Browser("198.51.100.7")
	other.Prove(alice)
	require.NoError(t, w.OperatorLink(t.Context(), alice, bob))
	require.Equal(t, addressOf(t, w, bob).Account, addressOf(t, w, alice).Account)
	_, err = other.Certify(alice)
	require.NoError(t, err)

	_, err = other.Certify(bob)
	refused(t, err, idp.CodeNotProven)
	view, err := w.Account(t.Context(), other.SessionToken)
	require.NoError(t, err)
	require.Len(t, view.Addresses, 1)
	assert.EqualValues(t, alice, view.Addresses[0].Email)
	require.Len(t, view.Sessions, 1, "the owner's session holds nothing of this one now")
	assert.True(t, view.Sessions[0].Current)
	assert.Empty(t, view.Passkeys)
	refused(t, w.RenamePasskey(t.Context(), other.SessionToken, passkey.ID, "mine"), idp.CodePasskeyUnknown)
	refused(t, w.RemovePasskey(t.Context(), other.SessionToken, passkey.ID), idp.CodePasskeyUnknown)
	for _, issued := range view.Certificates {
		assert.EqualValues(t, alice, issued.Email)
	}

	refused(t, w.RemoveAddress(t.Context(), other.SessionToken, bob, true), idp.CodeNotProven)
	theirs, err := w.Account(t.Context(), owner.SessionToken)
	require.NoError(t, err)
	refused(t, w.EndSession(t.Context(), other.SessionToken, theirs.Sessions[0].ID), idp.CodeInvalidRequest)
	require.NoError(t, w.SignOut(t.Context(), other.SessionToken, true))
	_, err = owner.Certify(bob)
	require.NoError(t, err, "signing out everywhere reaches one's own addresses")
}

func TestDeletingTakesOnesOwnOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, other := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	owner.Prove(alice)
	owner.Prove(bob)
	other.Prove(alice)
	require.NoError(t, w.OperatorLink(t.Context(), alice, bob))
	require.NoError(t, w.DeleteAccount(t.Context(), other.SessionToken))
	_, err := owner.Certify(bob)
	require.NoError(t, err)
	_, err = other.Certify(alice)
	refused(t, err, idp.CodeNotProven)
	assert.Equal(t, idp.Address{}, addressOf(t, w, alice))
}

// A removed address that comes back brings no old right with it.
func TestRemovalIsForGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old, owner := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	old.Prove(alice)
	key := w.Authenticator()
	old.Enrol(key, "key")
	owner.Prove(alice) // moved: old's session is of another account now
	generation := addressOf(t, w, alice).Generation
	refused(t, w.RemoveAddress(t.Context(), owner.SessionToken, alice, false), idp.CodeLastAddress)
	require.NoError(t, w.RemoveAddress(t.Context(), owner.SessionToken, alice, true))
	for _, b := range []*idptest.Browser{old, owner} {
		_, err := b.Certify(alice)
		refused(t, err, idp.CodeNotProven)
	}
	w.Browser("203.0.113.5").Prove(alice) // at the same moment of the clock
	assert.NotEqual(t, generation, addressOf(t, w, alice).Generation)
	for _, b := range []*idptest.Browser{old, owner} {
		_, err := b.Certify(alice)
		refused(t, err, idp.CodeNotProven)
	}
	refused(t, old.Login(key), idp.CodePasskeyRefused)
}

// Sign out everywhere ends the others, and leaves what they have beside.
func TestSignOutEverywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, phone := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	home.Prove(bob)
	phone.Prove(alice)
	require.NoError(t, w.SignOut(t.Context(), phone.SessionToken, true))
	_, err := phone.Certify(alice)
	refused(t, err, idp.CodeNotProven)
	view, err := w.Session(t.Context(), home.SessionToken)
	require.NoError(t, err)
	require.Len(t, view.Addresses, 1, "what the phone had proven is gone from there")
	_, err = home.Certify(bob)
	require.NoError(t, err)
}

// Two sessions that hold the same address: as after a sign-in by passkey.
func TestEndingAnotherSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := withPasskey(t, w)
	view, err := w.Account(t.Context(), home.SessionToken)
	require.NoError(t, err)
	require.Len(t, view.Sessions, 2)
	for _, session := range view.Sessions {
		if !session.Current {
			require.NoError(t, w.EndSession(t.Context(), home.SessionToken, session.ID))
		}
	}
	_, err = laptop.Certify(alice)
	refused(t, err, idp.CodeNotProven)
	_, err = home.Certify(alice)
	require.NoError(t, err)
}

func TestSignOutEverywhereKillsTheOtherSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := withPasskey(t, w)
	require.NoError(t, w.SignOut(t.Context(), laptop.SessionToken, true))
	_, err := home.Certify(alice)
	refused(t, err, idp.CodeNotProven)
}

// G6: who sat there before is not who sits there now.
func TestSharedDevicesMixNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shared := w.Browser("192.0.2.1")
	first := shared.ProveElsewhere(alice)
	assert.True(t, first.Elsewhere)
	assert.Equal(t, w.Clock.Now().Add(idp.ElsewhereLife), first.Expires)
	shared.ProveElsewhere(bob)
	_, err := shared.Certify(alice)
	refused(t, err, idp.CodeNotProven)
	assert.NotEqual(t, addressOf(t, w, alice).Account, addressOf(t, w, bob).Account)
	before := shared.SessionToken
	shared.SessionToken = first.SessionToken
	_, err = shared.Certify(alice)
	refused(t, err, idp.CodeNotProven) // ended with the other's sign-in

	shared.SessionToken = before
	shared.Prove("carol@mail.test") // says it is her own device
	_, err = shared.Certify(bob)
	refused(t, err, idp.CodeNotProven)

	w.Clock.Advance(idp.ElsewhereLife)
	_, err = shared.Certify("carol@mail.test")
	require.NoError(t, err)

	shared.ProveElsewhere(bob) // on carol's device, says that it is not his own
	_, err = shared.Certify("carol@mail.test")
	refused(t, err, idp.CodeNotProven)
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
	_, err := a.Certify("Alice@mail.test")
	refused(t, err, idp.CodeNotProven)
	_, err = b.Certify("alice@mail.test")
	require.NoError(t, err)
	_, err = b.Certify("Alice@mail.test")
	refused(t, err, idp.CodeNotProven)
}

func TestBlocking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	b.Prove(alice)
	b.Prove(bob)
	key := w.Authenticator()
	b.Enrol(key, "key")
	require.NoError(t, w.OperatorBlock(t.Context(), "ALICE@mail.test", true))
	_, err := b.Certify(bob)
	refused(t, err, idp.CodeBlocked)
	refused(t, w.DeleteAccount(t.Context(), b.SessionToken), idp.CodeBlocked)
	pending, letter := b.Ask("carol@mail.test")
	_, err = w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
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
	_, err := home.Certify(alice)
	refused(t, err, idp.CodeBlocked)
	_, err = home.Certify(bob)
	require.NoError(t, err)
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
		_, err := browser.Certify(email)
		require.NoError(t, err)
	}
	require.NoError(t, w.OperatorSignOut(t.Context(), bob))
	_, err = a.Certify(alice)
	refused(t, err, idp.CodeNotProven)
	require.NoError(t, w.OperatorDelete(t.Context(), alice))
	_, err = w.OperatorShow(t.Context(), bob)
	require.ErrorIs(t, err, idp.ErrNotFound)
}

// addressOf is the address as the store has it, or none.
func addressOf(t *testing.T, w *idptest.World, email string) (address idp.Address) {
	t.Helper()
	require.NoError(t, w.Store.View(t.Context(), func(r idp.Reader) error {
		found, err := r.Address(browserid.Email(email))
		if err == nil {
			address = found
		}
		return nil
	}))
	return address
}

func TestASessionHasABound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("")
	for i := range idp.MaxProofs {
		b.Prove(fmt.Sprintf("x%d@mail.test", i))
	}
	pending, letter := b.Ask(alice)
	_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
	refused(t, err, idp.CodeInvalidRequest)
}

func TestSessionsSayWhenTheyWereSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	b.Prove(alice)
	w.Clock.Advance(time.Hour)
	_, err := b.Certify(alice)
	require.NoError(t, err)
	view, err := w.Account(t.Context(), b.SessionToken)
	require.NoError(t, err)
	assert.Equal(t, w.Clock.Now(), view.Sessions[0].Seen)
	assert.Equal(t, w.Clock.Now().Add(-time.Hour), view.Sessions[0].Created)
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, shared := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	shared.ProveElsewhere(bob)
	w.Clock.Advance(idp.ElsewhereLife)
	_, err := shared.Certify(bob)
	refused(t, err, idp.CodeNotProven)
	w.Clock.Advance(idp.SessionLife - idp.ElsewhereLife - time.Second)
	_, err = home.Certify(alice)
	require.NoError(t, err)
	w.Clock.Advance(time.Second)
	_, err = home.Certify(alice)
	refused(t, err, idp.CodeNotProven)
	view, err := w.Session(t.Context(), home.SessionToken)
	require.NoError(t, err)
	assert.Equal(t, idp.SessionView{}, view)
}

// The passkeys of an address stay with its former account, and lose it.
func TestLinkingTakesTheAddressFromPasskeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	home.Prove(alice)
	home.Prove(bob)
	key := w.Authenticator()
	home.Enrol(key, "key")
	w.Browser("198.51.100.7").Prove("carol@mail.test")
	require.NoError(t, w.OperatorLink(t.Context(), alice, "carol@mail.test"))
	laptop := w.Browser("203.0.113.5")
	require.NoError(t, laptop.Login(key))
	_, err := laptop.Certify(bob)
	require.NoError(t, err)
	_, err = laptop.Certify(alice)
	refused(t, err, idp.CodeNotProven)
}
