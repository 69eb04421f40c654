package idp

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// MaxProofs bounds the addresses of one session.
const MaxProofs = 20

// complete ends a challenge that was answered: the address has its owner, and the
// browser a session. The session is a new one, whatever the browser had (nobody
// can plant a session and wait for it to be worth something), and goes on with
// what the person had proven in it before.
func (p *Provider) complete(tx Tx, visitor Visitor, challenge Challenge, method Method, now time.Time) (Grant, error) {
	before, err := p.takeSession(tx, visitor, challenge.Elsewhere, now)
	if err != nil {
		return Grant{}, err
	}
	address, err := p.settle(tx, visitor, before, challenge.Email, now)
	if err != nil {
		return Grant{}, err
	}
	proofs := append(carried(before, address), Proof{Email: challenge.Email, Generation: address.Generation, Method: method, At: now})
	if len(proofs) > MaxProofs {
		return Grant{}, refuse(CodeInvalidRequest, "There are too many addresses in this session.")
	}
	token := p.secrets.sessionToken(challenge.ID, visitor.BrowserToken)
	session := newSession(token, visitor, address.Account, proofs, challenge.Elsewhere, now)
	challenge.Spent, challenge.Session = now, session.TokenHash
	if err := tx.PutSession(session); err != nil {
		return Grant{}, err
	}
	if err := tx.PutChallenge(challenge); err != nil {
		return Grant{}, err
	}
	if !challenge.Elsewhere {
		err = p.remember(tx, visitor, challenge.Email, now)
	}
	return grantOf(token, challenge.Email, session), err
}

// settle says who has the address from now on. Where the session of before speaks
// for the same person, it is whom it was. Else the address moves to that session's
// account, or to a new one, and what others held of it ends (G7b).
func (p *Provider) settle(tx Tx, visitor Visitor, before *Session, email browserid.Email, now time.Time) (Address, error) {
	address, err := tx.Address(email)
	known := !isNotFound(err)
	if known && err != nil {
		return Address{}, err
	}
	if known {
		if err := refuseBlocked(tx, address.Account); err != nil {
			return Address{}, err
		}
		same, err := p.speaksFor(tx, before, address, now)
		if err != nil {
			return Address{}, err
		}
		if same {
			address.Proven = now
			return address, tx.PutAddress(address)
		}
		if err := p.tellOfMove(tx, visitor, address, now); err != nil {
			return Address{}, err
		}
	}
	account, err := accountFor(tx, before, now)
	if err != nil {
		return Address{}, err
	}
	address = Address{Email: email, Account: account, Generation: nextGeneration(address.Generation, now), Proven: now}
	return address, tx.PutAddress(address)
}

// speaksFor reports that a session has a right to the address itself, or to
// another one of its account. A right to the address that is only too old will
// do: nobody else has proven it since.
func (p *Provider) speaksFor(r Reader, session *Session, address Address, now time.Time) (bool, error) {
	if session == nil {
		return false, nil
	}
	for _, proof := range session.Proofs {
		if AddressKey(proof.Email) == AddressKey(address.Email) {
			if proof.Generation == address.Generation {
				return true, nil
			}
			continue
		}
		other, err := r.Address(proof.Email)
		if err != nil && !isNotFound(err) {
			return false, err
		}
		if err == nil && other.Account == address.Account && proof.counts(other, now) {
			return true, nil
		}
	}
	return false, nil
}

// accountFor returns the account of a session, or makes one.
func accountFor(tx Tx, session *Session, now time.Time) (string, error) {
	if session != nil {
		account, err := tx.Account(session.Account)
		switch {
		case err == nil && account.Blocked:
			return "", errBlocked()
		case err == nil:
			return account.ID, nil
		case !isNotFound(err):
			return "", err
		}
	}
	account := Account{ID: newID(), Created: now, Handle: newHandle()}
	return account.ID, tx.PutAccount(account)
}

// carried returns the proofs of a session that the next one takes over: all but
// those of the address that is proven anew.
func carried(session *Session, address Address) []Proof {
	if session == nil {
		return nil
	}
	return rights{AddressKey(address.Email): address}.without(session.Proofs)
}

// generationBits leave room for chance below the milliseconds of a generation.
const generationBits = 20

// nextGeneration is above all that went before, of addresses that were removed in
// between too: their proofs must not come to life again.
func nextGeneration(before int64, now time.Time) int64 {
	return max(before+1, now.UnixMilli()<<generationBits|rand.Int64N(1<<generationBits))
}

// tellOfMove mails that an address moves, if that takes it from anybody, in the
// spelling of those whom it is taken from.
func (p *Provider) tellOfMove(tx Tx, visitor Visitor, address Address, now time.Time) error {
	held, err := isHeld(tx, address, now)
	if err != nil || !held {
		return err
	}
	return p.tell(tx, visitor, Letter{Kind: LetterMoved, To: address.Email}, now)
}

// isHeld reports that a session or a passkey has a right to the address.
func isHeld(r Reader, address Address, now time.Time) (bool, error) {
	sessions, err := r.SessionsOf(address.Account)
	if err != nil {
		return false, err
	}
	passkeys, err := r.PasskeysOf(address.Account)
	if err != nil {
		return false, err
	}
	held := rights{AddressKey(address.Email): address}
	return slices.ContainsFunc(sessions, func(s Session) bool { return now.Before(s.Expires) && held.sharedBy(s.Proofs) }) ||
		slices.ContainsFunc(passkeys, func(p Passkey) bool { return held.sharedBy(p.Proofs) }), nil
}

// tell mails a notice.
func (p *Provider) tell(tx Tx, visitor Visitor, letter Letter, now time.Time) error {
	letter.At, letter.Browser = now, visitor.Browser
	_, err := p.mail.Enqueue(tx, letter)
	return err
}
