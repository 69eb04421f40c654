package idp

import (
	"context"
	"time"
)

// Undo takes a passkey back, by the token of the notice that told of it: whoever
// reads the mail of an address did not want it. With the passkey end all rights
// to its addresses, of the session that enrolled it and of whatever came of that;
// the addresses are to be proven anew (abuse test 13).
func (p *Provider) Undo(ctx context.Context, token string) error {
	now := p.now()
	return p.store.Update(ctx, func(tx Tx) error {
		passkey, err := tx.PasskeyOfUndo(hashOf(token))
		if isNotFound(err) || err == nil && now.Sub(passkey.Created) > UndoLife {
			return refuse(CodePasskeyUnknown, "This passkey has been removed already, or has been there for too long.")
		}
		if err != nil {
			return err
		}
		for _, proof := range passkey.Proofs {
			if err := endRights(tx, proof, now); err != nil {
				return err
			}
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
