package idp_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
	"github.com/navid-login/navid/dialog/idp/storetest"
)

// withPasskey is a browser that has proven alice's address and added a passkey,
// and another that has signed in with it.
func withPasskey(t *testing.T, w *idptest.World) (home, laptop *idptest.Browser) {
	t.Helper()
	home, laptop = w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key ring")
	require.NoError(t, laptop.Login(key))
	return home, laptop
}

func TestAPasskeyTakesThePlaceOfTheMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := withPasskey(t, w)
	_, err := laptop.Certify(alice)
	require.NoError(t, err)
	_, err = home.Certify(alice)
	require.NoError(t, err, "a passkey moves nothing")
	view, err := w.Session(t.Context(), laptop.SessionToken)
	require.NoError(t, err)
	require.Len(t, view.Addresses, 1)
	assert.Equal(t, idp.MethodPasskey, view.Addresses[0].Method)
}

// The options tell nothing about anybody (G16).
func TestLoginOptionsNameNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Browser("192.0.2.1").Prove(alice)
	_, options, err := w.BeginLogin(t.Context(), w.Browser("").Visitor, false)
	require.NoError(t, err)
	var parsed map[string]any
	require.NoError(t, json.Unmarshal(options, &parsed))
	assert.NotContains(t, parsed, "allowCredentials")
	assert.Equal(t, "login.test", parsed["rpId"])
	assert.Equal(t, "required", parsed["userVerification"])
}

// Replay: each answer counts once, for what it was asked, where it was asked.
func TestCeremoniesAreNotReplayed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, thief := w.Browser("192.0.2.1"), w.Browser("192.0.2.1")
	home.Prove(alice)
	key := w.Authenticator()
	ceremony, options, err := w.BeginEnrolment(t.Context(), home.Visitor)
	require.NoError(t, err)
	made := key.Create(options)
	_, err = w.FinishEnrolment(t.Context(), home.Visitor, ceremony, "key", made)
	require.NoError(t, err)
	_, err = w.FinishEnrolment(t.Context(), home.Visitor, ceremony, "key", made)
	refused(t, err, idp.CodePasskeyRefused)

	login := func(b *idptest.Browser) (string, json.RawMessage) {
		ceremony, options, err := w.BeginLogin(t.Context(), b.Visitor, false)
		require.NoError(t, err)
		return ceremony, key.Assert(options)
	}
	ceremony, answer := login(home)
	_, err = w.FinishLogin(t.Context(), thief.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused) // another browser: and now it is gone
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused)

	ceremony, answer = login(home)
	other, _ := login(home)
	_, err = w.FinishLogin(t.Context(), home.Visitor, other, answer)
	refused(t, err, idp.CodePasskeyRefused) // another challenge
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	require.NoError(t, err)
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused) // twice

	ceremony, answer = login(home)
	w.Clock.Advance(idp.CeremonyLife)
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused) // too late

	home.Prove(alice)
	ceremony, _, err = w.BeginEnrolment(t.Context(), home.Visitor)
	require.NoError(t, err)
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused) // of another kind
}

func TestPasskeysThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key")

	key.Origin("https://evil.test")
	refused(t, home.Login(key), idp.CodePasskeyRefused)
	key.Origin(string(idptest.Origin))
	key.Unlocked(false)
	refused(t, home.Login(key), idp.CodePasskeyRefused)
	key.Unlocked(true)

	forged := w.Authenticator()
	forged.Credential.ID = key.Credential.ID
	refused(t, home.Login(forged), idp.CodePasskeyRefused)
	stranger := w.Authenticator()
	refused(t, home.Login(stranger), idp.CodePasskeyUnknown)

	key.Credential.Counter = 10
	require.NoError(t, home.Login(key))
	key.Credential.Counter = 9
	refused(t, home.Login(key), idp.CodePasskeyRefused) // a copy of it
	key.Credential.Counter = 11
	require.NoError(t, home.Login(key))

	key.Unlocked(false)
	ceremony, options, err := w.BeginEnrolment(t.Context(), home.Visitor)
	require.NoError(t, err)
	_, err = w.FinishEnrolment(t.Context(), home.Visitor, ceremony, "locked", key.Create(options))
	refused(t, err, idp.CodePasskeyRefused)

	for _, name := range []string{"", "  ", "two\nlines", strings.Repeat("x", 65), "\xff", "a\u202eb"} {
		_, err := w.FinishEnrolment(t.Context(), home.Visitor, "x", name, nil)
		refused(t, err, idp.CodeInvalidRequest)
	}
	for _, garbage := range []string{"", "{}", `{"id":"AA"}`, "null"} {
		ceremony, _, err := w.BeginLogin(t.Context(), home.Visitor, false)
		require.NoError(t, err)
		_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, json.RawMessage(garbage))
		refused(t, err, idp.CodePasskeyRefused)
	}
}

// Nobody adds a passkey without a right of this very session (abuse test 6).
func TestWhoMayEnrol(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	_, _, err := w.BeginEnrolment(t.Context(), b.Visitor)
	refused(t, err, idp.CodeNotProven)
	b.ProveElsewhere(alice)
	_, _, err = w.BeginEnrolment(t.Context(), b.Visitor)
	refused(t, err, idp.CodePasskeyRefused)
	b.Prove(alice)
	w.Browser("198.51.100.7").Prove(alice)
	_, _, err = w.BeginEnrolment(t.Context(), b.Visitor)
	refused(t, err, idp.CodeNotProven)

	// The right ends while the authenticator works.
	b.Prove(alice)
	key := w.Authenticator()
	ceremony, options, err := w.BeginEnrolment(t.Context(), b.Visitor)
	require.NoError(t, err)
	w.Browser("198.51.100.7").Prove(alice)
	_, err = w.FinishEnrolment(t.Context(), b.Visitor, ceremony, "key", key.Create(options))
	refused(t, err, idp.CodeNotProven)

	// And one session's ceremony is no other's.
	b.Prove(alice)
	ceremony, options, err = w.BeginEnrolment(t.Context(), b.Visitor)
	require.NoError(t, err)
	b.Prove(bob)
	_, err = w.FinishEnrolment(t.Context(), b.Visitor, ceremony, "key", key.Create(options))
	refused(t, err, idp.CodePasskeyRefused)
}

// G7c: a passkey proves what its session had proven, and nothing that came later.
func TestAPasskeyProvesWhatItsSessionHad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key")
	home.Prove(bob) // the same account
	laptop := w.Browser("198.51.100.7")
	require.NoError(t, laptop.Login(key))
	_, err := laptop.Certify(bob)
	refused(t, err, idp.CodeNotProven)
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
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key")
	home.Prove(bob)
	require.NoError(t, home.Login(key))
	for _, email := range []string{alice, bob} {
		_, err := home.Certify(email)
		require.NoError(t, err)
	}
	other.Prove("carol@mail.test")
	require.NoError(t, other.Login(key))
	_, err := other.Certify("carol@mail.test")
	refused(t, err, idp.CodeNotProven)
}

// Abuse test 7, for passkeys.
func TestAProofByAnotherEndsThePasskey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key")
	require.NoError(t, laptop.Login(key))

	w.Browser("203.0.113.5").Prove(alice)
	_, err := laptop.Certify(alice)
	refused(t, err, idp.CodeNotProven)
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
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key")
	w.Clock.Advance(idp.ProofLife)
	laptop := w.Browser("198.51.100.7")
	require.NoError(t, laptop.Login(key))
	_, err := laptop.Certify(alice)
	refused(t, err, idp.CodeProofTooOld)

	laptop.Prove(alice) // with the session of the passkey: the same person
	other := w.Browser("203.0.113.5")
	require.NoError(t, other.Login(key))
	for _, b := range []*idptest.Browser{laptop, other} {
		_, err = b.Certify(alice)
		require.NoError(t, err)
	}
}

// Abuse test 13: the notice, and what its link ends.
func TestUndoOfAPasskey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thief := w.Browser("192.0.2.1")
	thief.Prove(alice)
	thief.Prove(bob)
	w.Letters()
	key := w.Authenticator()
	thief.Enrol(key, "mine now")
	letters := w.Letters()
	require.Len(t, letters, 2, "each address is told")
	told := []string{string(letters[0].To), string(letters[1].To)}
	assert.ElementsMatch(t, []string{alice, bob}, told)
	notice := letters[0]
	assert.Equal(t, idp.LetterPasskeyAdded, notice.Kind)
	assert.Equal(t, "mine now", notice.Passkey)
	assert.True(t, strings.HasPrefix(notice.Link, "https://login.test/undo#"))
	renewed := w.Browser("198.51.100.7")
	require.NoError(t, renewed.Login(key))

	refused(t, w.Undo(t.Context(), idp.NewToken()), idp.CodePasskeyUnknown)
	require.NoError(t, w.Undo(t.Context(), idptest.LinkToken(notice)))
	for _, b := range []*idptest.Browser{thief, renewed} {
		for _, email := range []string{alice, bob} {
			_, err := b.Certify(email)
			refused(t, err, idp.CodeNotProven)
		}
	}
	refused(t, renewed.Login(key), idp.CodePasskeyUnknown)
	refused(t, w.Undo(t.Context(), idptest.LinkToken(notice)), idp.CodePasskeyUnknown)
}

// Who adds a passkey and removes it again keeps nothing, once the owner of the
// address reads the notice.
func TestUndoAfterTheRemoval(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thief := w.Browser("192.0.2.1")
	thief.Prove(alice)
	passkey := thief.Enrol(w.Authenticator(), "key")
	notice := w.Letters()[0]
	require.NoError(t, w.RemovePasskey(t.Context(), thief.SessionToken, passkey.ID))
	token := idptest.LinkToken(notice)
	assert.Regexp(t, `^[\w-]{16,128}$`, token, "what its page takes (dialog/static/link.js)")
	for _, forged := range []string{"", token[1:], token + "A", idp.NewToken()} {
		refused(t, w.Undo(t.Context(), forged), idp.CodePasskeyUnknown)
	}
	require.NoError(t, w.Undo(t.Context(), token))
	_, err := thief.Certify(alice)
	refused(t, err, idp.CodeNotProven)
	refused(t, w.Undo(t.Context(), token), idp.CodePasskeyUnknown)
}

// The options of an enrolment name no passkey of an address that the session has
// not proven (abuse test 6).
func TestEnrolmentNamesOnesOwnPasskeysOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	first, second := w.Authenticator(), w.Authenticator()
	home.Enrol(first, "alice's")
	home.Prove(bob)
	passkey := home.Enrol(second, "both")
	require.NoError(t, laptop.Login(first))
	require.NoError(t, w.RemovePasskey(t.Context(), laptop.SessionToken, passkey.ID)) // leaves it bob's
	_, options, err := w.BeginEnrolment(t.Context(), laptop.Visitor)
	require.NoError(t, err)
	assert.Contains(t, string(options), base64.RawURLEncoding.EncodeToString(first.Credential.ID))
	assert.NotContains(t, string(options), base64.RawURLEncoding.EncodeToString(second.Credential.ID))
}

func TestUndoEndsInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, _ := withPasskey(t, w)
	letters := w.Letters()
	w.Clock.Advance(idp.UndoLife)
	refused(t, w.Undo(t.Context(), idptest.LinkToken(letters[len(letters)-1])), idp.CodePasskeyUnknown)
	_ = home
}

// Of an address that has moved since, an old notice ends nothing.
func TestUndoReachesNoOtherOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	home.Prove(alice)
	w.Letters()
	home.Enrol(w.Authenticator(), "key")
	notice := w.Letters()[0]
	owner := w.Browser("198.51.100.7")
	owner.Prove(alice)
	require.NoError(t, w.Undo(t.Context(), idptest.LinkToken(notice)))
	_, err := owner.Certify(alice)
	require.NoError(t, err)
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
	home.Prove(alice)
	home.Prove(bob)
	key := w.Authenticator()
	home.Enrol(key, "key")
	require.NoError(t, w.RemoveAddress(t.Context(), home.SessionToken, alice, false))
	laptop := w.Browser("198.51.100.7")
	require.NoError(t, laptop.Login(key))
	_, err := laptop.Certify(bob)
	require.NoError(t, err)
	_, err = laptop.Certify(alice)
	refused(t, err, idp.CodeNotProven)
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

// Abuse test 24, for ceremonies: 100 answers at once over two replicas.
func TestOneLoginWins(t *testing.T) {
	t.Parallel()
	w, replicas := newReplicas(t, func(c *idp.Config) { c.Limits = unlimited })
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key")
	for range storetest.Rounds(t, 3) {
		ceremony, options, err := w.BeginLogin(t.Context(), laptop.Visitor, false)
		require.NoError(t, err)
		answer := key.Assert(options)
		var won atomic.Int64
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				_, err := replicas[i%2].FinishLogin(t.Context(), laptop.Visitor, ceremony, answer)
				if err == nil {
					won.Add(1)
				} else {
					assert.ErrorIs(t, err, idp.CodePasskeyRefused)
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, 1, won.Load())
	}
}
