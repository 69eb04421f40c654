package idp_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

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
			uncertified(t, b, email, idp.CodeNotProven)
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
	uncertified(t, thief, alice, idp.CodeNotProven)
	refused(t, w.Undo(t.Context(), token), idp.CodePasskeyUnknown)
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
	certified(t, owner, alice)
}

// A restore ends all ceremonies, and with them what an undo has kept, but no passkey
// that is there.
func TestUndoAfterARestore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thief := w.Browser("203.0.113.9")
	key := enrol(w, thief, alice)
	token := idptest.LinkToken(w.Letters()[0])
	hash := sha256.Sum256([]byte(token))
	require.NoError(t, w.Store.Update(t.Context(), func(tx idp.Tx) error {
		_, err := tx.TakeCeremony("undo " + base64.RawURLEncoding.EncodeToString(hash[:]))
		return err
	}))
	require.NoError(t, w.Undo(t.Context(), token))
	uncertified(t, thief, alice, idp.CodeNotProven)
	refused(t, thief.Login(key), idp.CodePasskeyUnknown)
}

// What others take from a passkey meanwhile, its undo ends all the same.
func TestUndoReachesWhatThePasskeyHadAtFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thief := w.Browser("203.0.113.9")
	thief.Prove(alice)
	first := w.Authenticator()
	thief.Enrol(first, "alice's alone")
	thief.Prove(bob)
	w.Letters()
	both := thief.Enrol(w.Authenticator(), "both")
	token := idptest.LinkToken(w.Letters()[0])
	alone := w.Browser("203.0.113.9")
	require.NoError(t, alone.Login(first))
	require.NoError(t, w.RemovePasskey(t.Context(), alone.SessionToken, both.ID))

	require.NoError(t, w.Undo(t.Context(), token))
	for _, email := range []string{alice, bob} {
		uncertified(t, thief, email, idp.CodeNotProven)
	}
}
