package idp_test

import (
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

// A restore ends all ceremonies, and with them what an undo has kept, but no passkey
// that is there.
func TestUndoAfterARestore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thief := w.Browser("203.0.113.9")
	thief.Prove(alice)
	key := w.Authenticator()
	thief.Enrol(key, "key")
	token := idptest.LinkToken(w.Letters()[0])
	hash := sha256.Sum256([]byte(token))
	require.NoError(t, w.Store.Update(t.Context(), func(tx idp.Tx) error {
		_, err := tx.TakeCeremony("undo " + base64.RawURLEncoding.EncodeToString(hash[:]))
		return err
	}))
	require.NoError(t, w.Undo(t.Context(), token))
	_, err := thief.Certify(alice)
	refused(t, err, idp.CodeNotProven)
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
		_, err := thief.Certify(email)
		refused(t, err, idp.CodeNotProven)
	}
}
