package idp_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// Abuse test 6, for what there is beside certificates: a session that proved one
// address sees and touches nothing of another of the same account.
func TestASessionSeesItsOwnAddressesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.Browser("192.0.2.1")
	owner.Prove(alice)
	owner.Prove(bob)
	passkey := owner.Enrol(w.Authenticator(), "key")
	certified(t, owner, bob)

	// Another session of the account that holds alice's alone: the operator moved it in.
	other := w.Browser("198.51.100.7")
	other.Prove(alice)
	require.NoError(t, w.OperatorLink(t.Context(), alice, bob))
	require.Equal(t, addressOf(t, w, bob).Account, addressOf(t, w, alice).Account)
	certified(t, other, alice)

	uncertified(t, other, bob, idp.CodeNotProven)
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
	certified(t, owner, bob) // signing out everywhere reaches one's own addresses
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
	uncertified(t, phone, alice, idp.CodeNotProven)
	view, err := w.Session(t.Context(), home.SessionToken)
	require.NoError(t, err)
	require.Len(t, view.Addresses, 1, "what the phone had proven is gone from there")
	certified(t, home, bob)
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
	uncertified(t, laptop, alice, idp.CodeNotProven)
	certified(t, home, alice)
}

func TestSignOutEverywhereKillsTheOtherSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := withPasskey(t, w)
	require.NoError(t, w.SignOut(t.Context(), laptop.SessionToken, true))
	uncertified(t, home, alice, idp.CodeNotProven)
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
	uncertified(t, shared, alice, idp.CodeNotProven)
	assert.NotEqual(t, addressOf(t, w, alice).Account, addressOf(t, w, bob).Account)
	before := shared.SessionToken
	shared.SessionToken = first.SessionToken
	uncertified(t, shared, alice, idp.CodeNotProven) // ended with the other's sign-in

	shared.SessionToken = before
	shared.Prove("carol@mail.test") // says it is her own device
	uncertified(t, shared, bob, idp.CodeNotProven)

	w.Clock.Advance(idp.ElsewhereLife)
	certified(t, shared, "carol@mail.test")

	shared.ProveElsewhere(bob) // on carol's device, says that it is not his own
	uncertified(t, shared, "carol@mail.test", idp.CodeNotProven)
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
	certified(t, b, alice)
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
	uncertified(t, shared, bob, idp.CodeNotProven)
	w.Clock.Advance(idp.SessionLife - idp.ElsewhereLife - time.Second)
	certified(t, home, alice)
	w.Clock.Advance(time.Second)
	uncertified(t, home, alice, idp.CodeNotProven)
	view, err := w.Session(t.Context(), home.SessionToken)
	require.NoError(t, err)
	assert.Equal(t, idp.SessionView{}, view)
}
