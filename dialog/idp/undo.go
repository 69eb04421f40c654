package idp

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Undo takes a passkey back, by the token of the notice that told of it: whoever
// reads the mail of an address did not want it. With the passkey end all rights
// to its addresses, of the session that enrolled it and of whatever came of that;
// the addresses are to be proven anew (abuse test 13). The passkey need not be
// there any more: who adds one and removes it again must not keep the session.
func (p *Provider) Undo(ctx context.Context, token string) error {
	now := p.now()
	notice, ok := p.secrets.readUndoToken(token)
	if !ok || now.Sub(notice.At.Time()) > UndoLife {
		return errUndone()
	}
	return p.store.Update(ctx, func(tx Tx) error {
		ended, err := endRights(tx, notice.Email, notice.Generation, now)
		if err != nil {
			return err
		}
		passkey, err := tx.PasskeyOfUndo(hashOf(notice.Token))
		switch {
		case isNotFound(err) && ended:
			return nil
		case isNotFound(err):
			return errUndone()
		case err != nil:
			return err
		}
		for _, proof := range passkey.Proofs {
			if _, err := endRights(tx, proof.Email, proof.Generation, now); err != nil {
				return err
			}
		}
		return tx.DeletePasskey(passkey.CredentialID)
	})
}

func errUndone() *Error {
	return refuse(CodePasskeyUnknown, "This passkey has been taken back already, or has been there for too long.")
}

// endRights begins a new generation of an address, which nobody has proven yet,
// unless it has moved already.
func endRights(tx Tx, email browserid.Email, generation int64, now time.Time) (ended bool, err error) {
	address, err := tx.Address(email)
	if isNotFound(err) || err == nil && address.Generation != generation {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	address.Generation = nextGeneration(address.Generation, now)
	return true, tx.PutAddress(address)
}

// undoNotice is what a notice's link says: the passkey's own token, and to what
// address it gave a right when.
type undoNotice struct {
	Token      string           `json:"t"`
	Email      browserid.Email  `json:"e"`
	Generation int64            `json:"g"`
	At         browserid.Millis `json:"a"`
}

// undoToken writes the token of a notice: what it says, and a MAC of that.
func (s *Secrets) undoToken(token string, proof Proof, now time.Time) string {
	notice, _ := json.Marshal(undoNotice{token, proof.Email, proof.Generation, browserid.MillisOf(now)}) // cannot fail
	said := base64.RawURLEncoding.EncodeToString(notice)
	return said + "." + base64.RawURLEncoding.EncodeToString(macOf(s.undo, said))
}

// readUndoToken reads a token of undoToken.
func (s *Secrets) readUndoToken(token string) (notice undoNotice, ok bool) {
	said, mac, _ := strings.Cut(token, ".")
	claimed, err := base64.RawURLEncoding.DecodeString(mac)
	if err != nil || !hmac.Equal(claimed, macOf(s.undo, said)) {
		return undoNotice{}, false
	}
	decoded, err := base64.RawURLEncoding.DecodeString(said)
	if err != nil {
		return undoNotice{}, false
	}
	err = json.Unmarshal(decoded, &notice)
	return notice, err == nil
}
