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
		proofs, kept, err := takeUndo(tx, token, now)
		if err != nil {
			return err
		}
		passkey, err := tx.PasskeyOfUndo(hashOf(token))
		there := err == nil && now.Sub(passkey.Created) < UndoLife
		switch {
		case err != nil && !isNotFound(err):
			return err
		case !kept && !there:
			return refuse(CodePasskeyUnknown, "This passkey has been taken back already, or has been there for too long.")
		case there: // also after a restore, which ends all ceremonies
			proofs = append(proofs, passkey.Proofs...)
			if err := tx.DeletePasskey(passkey.CredentialID); err != nil {
				return err
			}
		}
		for _, proof := range proofs {
			if err := endRights(tx, proof, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// takeUndo returns the proofs that putUndo has kept.
func takeUndo(tx Tx, token string, now time.Time) (proofs []Proof, kept bool, err error) {
	ceremony, err := tx.TakeCeremony(undoName(token))
	if isNotFound(err) || err == nil && !now.Before(ceremony.Expires) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	var undo undoing
	err = json.Unmarshal(ceremony.Data, &undo)
	return undo.Proofs, true, err
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
