package idp_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

func TestAPasskeyTakesThePlaceOfTheMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := withPasskey(t, w)
	certified(t, laptop, alice)
	certified(t, home, alice) // a passkey moves nothing
	view, err := w.Session(t.Context(), laptop.SessionToken)
	require.NoError(t, err)
	require.Len(t, view.Addresses, 1)
	assert.Equal(t, idp.MethodPasskey, view.Addresses[0].Method)
}

// G7c: a passkey proves what its session had proven, and nothing that came later.
func TestAPasskeyProvesWhatItsSessionHad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	key := enrol(w, home, alice)
	home.Prove(bob) // the same account
	laptop := w.Browser("198.51.100.7")
	require.NoError(t, laptop.Login(key))
	uncertified(t, laptop, bob, idp.CodeNotProven)
	view, err := w.Account(t.Context(), laptop.SessionToken)
	require.NoError(t, err)
	require.Len(t, view.Addresses, 1)
	require.Len(t, view.Passkeys, 1)
}

// The session before goes on in that of a passkey where they are of one account.
func TestASignInByPasskeyGoesOnWithTheSessionOfItsAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, other := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	key := enrol(w, home, alice)
	home.Prove(bob)
	require.NoError(t, home.Login(key))
	for _, email := range []string{alice, bob} {
		certified(t, home, email)
	}
	other.Prove("carol@mail.test")
	require.NoError(t, other.Login(key))
	uncertified(t, other, "carol@mail.test", idp.CodeNotProven)
}

// Abuse test 7, for passkeys.
func TestAProofByAnotherEndsThePasskey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	key := enrol(w, home, alice)
	require.NoError(t, laptop.Login(key))

	w.Browser("203.0.113.5").Prove(alice)
	uncertified(t, laptop, alice, idp.CodeNotProven)
	refused(t, laptop.Login(key), idp.CodePasskeyRefused)

	// Its owner proves the address again, and may add the same one anew.
	home.Prove(alice)
	refused(t, home.Login(key), idp.CodePasskeyRefused)
	fresh := w.Authenticator()
	home.Enrol(fresh, "key")
	require.NoError(t, laptop.Login(fresh))
	refused(t, laptop.Login(key), idp.CodePasskeyUnknown)
}

// G7b: a passkey stands for a proof by mail, and ages with it.
func TestPasskeysAge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	key := enrol(w, home, alice)
	w.Clock.Advance(idp.ProofLife)
	laptop := w.Browser("198.51.100.7")
	require.NoError(t, laptop.Login(key))
	uncertified(t, laptop, alice, idp.CodeProofTooOld)

	laptop.Prove(alice) // with the session of the passkey: the same person
	other := w.Browser("203.0.113.5")
	require.NoError(t, other.Login(key))
	for _, b := range []*idptest.Browser{laptop, other} {
		certified(t, b, alice)
	}
}

func TestPasskeysAreNamedListedAndRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	home.Prove(alice)
	key := w.Authenticator()
	passkey := home.Enrol(key, "  key ring ")
	assert.Equal(t, "key ring", passkey.Name)
	require.NoError(t, w.RenamePasskey(t.Context(), home.SessionToken, passkey.ID, "blue key"))
	w.Clock.Advance(time.Minute)
	require.NoError(t, w.Browser("198.51.100.7").Login(key))
	view, err := w.Account(t.Context(), home.SessionToken)
	require.NoError(t, err)
	want := idp.PasskeyView{ID: passkey.ID, Name: "blue key", Created: w.Clock.Now().Add(-time.Minute), Used: w.Clock.Now()}
	assert.Equal(t, []idp.PasskeyView{want}, view.Passkeys)

	stranger := w.Browser("203.0.113.5")
	stranger.Prove(bob)
	refused(t, w.RenamePasskey(t.Context(), stranger.SessionToken, passkey.ID, "x"), idp.CodePasskeyUnknown)
	refused(t, w.RemovePasskey(t.Context(), stranger.SessionToken, passkey.ID), idp.CodePasskeyUnknown)
	require.NoError(t, w.RemovePasskey(t.Context(), home.SessionToken, passkey.ID))
	refused(t, home.Login(key), idp.CodePasskeyUnknown)
	refused(t, w.RemovePasskey(t.Context(), home.SessionToken, passkey.ID), idp.CodePasskeyUnknown)
}

// A passkey for two addresses loses the one whose owner takes it away.
func TestRemovingTakesOnesOwnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	key := enrol(w, home, alice, bob)
	require.NoError(t, w.RemoveAddress(t.Context(), home.SessionToken, alice, false))
	laptop := w.Browser("198.51.100.7")
	require.NoError(t, laptop.Login(key))
	certified(t, laptop, bob)
	uncertified(t, laptop, alice, idp.CodeNotProven)
	require.NoError(t, w.RemoveAddress(t.Context(), home.SessionToken, bob, true))
	refused(t, laptop.Login(key), idp.CodePasskeyUnknown)
}

func TestPasskeysHaveABound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	home.Prove(alice)
	for range idp.MaxPasskeys {
		home.Enrol(w.Authenticator(), "key")
	}
	ceremony, options, err := w.BeginEnrolment(t.Context(), home.Visitor)
	require.NoError(t, err)
	_, err = w.FinishEnrolment(t.Context(), home.Visitor, ceremony, "key", w.Authenticator().Create(options))
	refused(t, err, idp.CodePasskeyRefused)
}
