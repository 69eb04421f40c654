package idp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"
)

// undoing is what the link of a notice undoes. It outlives the passkey: who adds one
// and removes it again must not keep the session.
type undoing struct {
	Proofs []Proof `json:"proofs"`
}

// putUndo keeps it among the ceremonies, for it is taken once and ends by itself,
// as they do. No ceremony has such a name.
func putUndo(tx Tx, token string, proofs []Proof, now time.Time) error {
	data, err := json.Marshal(undoing{proofs})
	if err != nil {
		return err
	}
	return tx.PutCeremony(Ceremony{ID: undoName(token), Data: data, Expires: now.Add(UndoLife)})
}

func undoName(token string) string {
	return "undo " + base64.RawURLEncoding.EncodeToString(hashOf(token))
}

// Undo takes a passkey back, by the token of the notice that told of it: whoever
// reads the mail of an address did not want it. With the passkey end all rights
// to its addresses, of the session that enrolled it and of whatever came of that;
// the addresses are to be proven anew (abuse test 13).
func (p *Provider) Undo(ctx context.Context, token string) error {
	now := p.now()
	return p.store.Update(ctx, func(tx Tx) error {
		kept, err := tx.TakeCeremony(undoName(token))
		if isNotFound(err) || err == nil && !now.Before(kept.Expires) {
			return refuse(CodePasskeyUnknown, "This passkey has been taken back already, or has been there for too long.")
		}
		if err != nil {
			return err
		}
		var undo undoing
		if err := json.Unmarshal(kept.Data, &undo); err != nil {
			return err
		}
		for _, proof := range undo.Proofs {
			if err := endRights(tx, proof, now); err != nil {
				return err
			}
		}
		passkey, err := tx.PasskeyOfUndo(hashOf(token))
		if isNotFound(err) { // removed since
			return nil
		}
		if err != nil {
			return err
		}
		return tx.DeletePasskey(passkey.CredentialID)
	})
}

// endRights begins a new generation of an address, which nobody has proven yet.
func endRights(tx Tx, proof Proof, now time.Time) error {
	address, err := tx.Address(proof.Email)
	if isNotFound(err) || err == nil && address.Generation != proof.Generation {
		return nil // it has moved already
	}
	if err != nil {
		return err
	}
	address.Generation = nextGeneration(address.Generation, now)
	return tx.PutAddress(address)
}
