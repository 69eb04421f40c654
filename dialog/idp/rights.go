package idp

import (
	"slices"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// counts reports that a proof gives a right to the address now: nobody else has
// proven it since, and its mailbox was proven not too long ago.
func (proof Proof) counts(address Address, now time.Time) bool {
	return proof.Generation == address.Generation && now.Sub(address.Proven) < ProofLife
}

// rights are the addresses that somebody has proven, by [AddressKey].
type rights map[string]Address

// rightsOf returns what proofs give a right to.
func rightsOf(r Reader, proofs []Proof, now time.Time) (rights, error) {
	mine := rights{}
	for _, proof := range proofs {
		address, err := r.Address(proof.Email)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if err == nil && proof.counts(address, now) {
			mine[AddressKey(proof.Email)] = address
		}
	}
	return mine, nil
}

// sessionWithRights reads a session and what it has a right to.
func (p *Provider) sessionWithRights(r Reader, token string, now time.Time) (*Session, rights, error) {
	session, err := signedIn(r, token, now)
	if err != nil {
		return nil, nil, err
	}
	mine, err := rightsOf(r, session.Proofs, now)
	return session, mine, err
}

// covers reports that the proof is of one of these addresses, by whomever.
func (mine rights) covers(proof Proof) bool {
	_, ok := mine[AddressKey(proof.Email)]
	return ok
}

// sharedBy reports that somebody with these proofs has a right to one of the
// addresses too.
func (mine rights) sharedBy(proofs []Proof) bool {
	return slices.ContainsFunc(proofs, func(proof Proof) bool {
		address, ok := mine[AddressKey(proof.Email)]
		return ok && address.Generation == proof.Generation
	})
}

// without returns the proofs of other addresses.
func (mine rights) without(proofs []Proof) []Proof {
	return slices.DeleteFunc(slices.Clone(proofs), mine.covers)
}

// withdrawFromSession takes the addresses from a session, which ends when it has
// no other.
func withdrawFromSession(tx Tx, session Session, mine rights) error {
	left := mine.without(session.Proofs)
	switch {
	case len(left) == len(session.Proofs):
		return nil
	case len(left) == 0:
		return tx.DeleteSession(session.TokenHash)
	}
	session.Proofs = left
	return tx.PutSession(session)
}

// withdrawFromPasskeys takes the address from the passkeys of its account.
func withdrawFromPasskeys(tx Tx, address Address) error {
	passkeys, err := tx.PasskeysOf(address.Account)
	if err != nil {
		return err
	}
	for _, passkey := range passkeys {
		if err := withdrawFromPasskey(tx, passkey, rights{AddressKey(address.Email): address}); err != nil {
			return err
		}
	}
	return nil
}

// withdrawFromPasskey takes the addresses from a passkey, which ends when it has
// no other.
func withdrawFromPasskey(tx Tx, passkey Passkey, mine rights) error {
	left := mine.without(passkey.Proofs)
	switch {
	case len(left) == len(passkey.Proofs):
		return nil
	case len(left) == 0:
		return tx.DeletePasskey(passkey.CredentialID)
	}
	passkey.Proofs = left
	return tx.PutPasskey(passkey)
}

// entitled reads the session that asks for a certificate and the address it is
// for, and refuses unless this very session has proven this very spelling of it.
func entitled(r Reader, token string, email browserid.Email, now time.Time) (*Session, Address, error) {
	session, err := signedIn(r, token, now)
	if err != nil {
		return nil, Address{}, err
	}
	i := slices.IndexFunc(session.Proofs, func(proof Proof) bool { return proof.Email == email })
	if i < 0 {
		return nil, Address{}, refuse(CodeNotProven, "This address has not been proven here.")
	}
	address, err := r.Address(email)
	switch {
	case isNotFound(err):
		return nil, Address{}, refuse(CodeNotProven, "This address has been removed.")
	case err != nil:
		return nil, Address{}, err
	case session.Proofs[i].Generation != address.Generation:
		return nil, Address{}, refuse(CodeNotProven, "This address was proven anew in another browser. Please prove it here again.")
	case !session.Proofs[i].counts(address, now):
		return nil, Address{}, refuse(CodeProofTooOld, "It has been a while: please prove this address again.")
	}
	return session, address, refuseBlocked(r, address.Account)
}

// refuseBlocked refuses what belongs to an account that the operator has blocked.
func refuseBlocked(r Reader, id string) error {
	account, err := r.Account(id)
	if err == nil && account.Blocked {
		return errBlocked()
	}
	if isNotFound(err) {
		return nil
	}
	return err
}

func errBlocked() *Error {
	return refuse(CodeBlocked, "The operator of this host has blocked this account.")
}
