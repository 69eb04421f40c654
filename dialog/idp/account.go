package idp

import (
	"context"

	"github.com/navid-login/navid/agent/browserid"
)

// MaxIssued bounds the certificates that are shown of each address.
const MaxIssued = 50

// Account says all that the session may see: what belongs to the addresses that
// it has proven (abuse test 6).
func (p *Provider) Account(ctx context.Context, sessionToken string) (AccountView, error) {
	now := p.now()
	var view AccountView
	err := p.store.View(ctx, func(r Reader) error {
		session, mine, err := p.sessionWithRights(r, sessionToken, now)
		if err != nil {
			return err
		}
		view = AccountView{}
		if view.SessionView, err = viewOf(r, session, now); err != nil {
			return err
		}
		if view.Passkeys, err = passkeyViews(r, session.Account, mine); err != nil {
			return err
		}
		if view.Sessions, err = sessionViews(r, session, mine); err != nil {
			return err
		}
		view.Certificates, err = p.issued(r, mine)
		return err
	})
	return view, err
}

func passkeyViews(r Reader, account string, mine rights) ([]PasskeyView, error) {
	passkeys, err := r.PasskeysOf(account)
	var views []PasskeyView
	for _, passkey := range passkeys {
		if mine.sharedBy(passkey.Proofs) {
			views = append(views, passkey.view())
		}
	}
	return views, err
}

func sessionViews(r Reader, current *Session, mine rights) ([]SessionSummary, error) {
	sessions, err := r.SessionsOf(current.Account)
	var views []SessionSummary
	for _, session := range sessions {
		if session.ID == current.ID || mine.sharedBy(session.Proofs) {
			view := session.summary()
			view.Current = session.ID == current.ID
			views = append(views, view)
		}
	}
	return views, err
}

func (session Session) summary() SessionSummary {
	return SessionSummary{ID: session.ID, Browser: session.Browser, Created: session.Created, Seen: session.Seen}
}

// issued reads the log of certificates for these addresses (G13).
func (p *Provider) issued(r Reader, mine rights) ([]Issued, error) {
	var all []Issued
	for _, address := range mine {
		issuances, err := r.IssuancesOf(p.secrets.addressMAC(address.Email), MaxIssued)
		if err != nil {
			return nil, err
		}
		for _, issuance := range issuances {
			all = append(all, Issued{Email: address.Email, At: issuance.At, Expires: issuance.Expires, Browser: issuance.Browser})
		}
	}
	return all, nil
}

// RemoveAddress removes an address that this session has proven, from whoever has
// it. The last one goes only when the person means it, and the session with it.
func (p *Provider) RemoveAddress(ctx context.Context, sessionToken, address string, evenTheLast bool) error {
	email, err := browserid.ParseEmail(address)
	if err != nil {
		return &Error{Code: CodeInvalidEmail, Message: "This is not an e-mail address.", Err: err}
	}
	now := p.now()
	return p.store.Update(ctx, func(tx Tx) error {
		_, mine, err := p.sessionWithRights(tx, sessionToken, now)
		if err != nil {
			return err
		}
		owned, ok := mine[AddressKey(email)]
		switch {
		case !ok:
			return refuse(CodeNotProven, "This address has not been proven here.")
		case len(mine) == 1 && !evenTheLast:
			return refuse(CodeLastAddress, "This is your last address: without it there is nothing left of you here.")
		}
		return removeAddress(tx, owned)
	})
}

// removeAddress removes an address and all rights to it, and with its last
// address the account.
func removeAddress(tx Tx, address Address) error {
	gone := rights{AddressKey(address.Email): address}
	sessions, err := tx.SessionsOf(address.Account)
	if err != nil {
		return err
	}
	for _, session := range sessions {
		if err := withdrawFromSession(tx, session, gone); err != nil {
			return err
		}
	}
	if err := withdrawFromPasskeys(tx, address); err != nil {
		return err
	}
	if err := tx.DeleteAddress(address.Email); err != nil {
		return err
	}
	return removeIfEmpty(tx, address.Account)
}

func removeIfEmpty(tx Tx, account string) error {
	left, err := tx.AddressesOf(account)
	if err != nil || len(left) > 0 {
		return err
	}
	return tx.DeleteAccount(account)
}

// DeleteAccount removes all addresses that this session has proven, with all that
// hangs on them. What others have proven of the same account is theirs.
func (p *Provider) DeleteAccount(ctx context.Context, sessionToken string) error {
	now := p.now()
	return p.store.Update(ctx, func(tx Tx) error {
		session, mine, err := p.sessionWithRights(tx, sessionToken, now)
		if err != nil {
			return err
		}
		if len(mine) == 0 {
			return refuse(CodeNotProven, "Please prove your address again first.")
		}
		for _, address := range mine {
			if err := removeAddress(tx, address); err != nil {
				return err
			}
		}
		return tx.DeleteSession(session.TokenHash)
	})
}

// RenamePasskey gives another name to a passkey that proves an address of this
// session.
func (p *Provider) RenamePasskey(ctx context.Context, sessionToken, id, name string) error {
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	return p.changePasskey(ctx, sessionToken, id, func(tx Tx, passkey Passkey, _ rights) error {
		passkey.Name = name
		return tx.PutPasskey(passkey)
	})
}

// RemovePasskey takes from a passkey the addresses that this session has proven.
// It is gone when it proves no others.
func (p *Provider) RemovePasskey(ctx context.Context, sessionToken, id string) error {
	return p.changePasskey(ctx, sessionToken, id, func(tx Tx, passkey Passkey, mine rights) error {
		return withdrawFromPasskey(tx, passkey, mine)
	})
}

func (p *Provider) changePasskey(ctx context.Context, token, id string, change func(Tx, Passkey, rights) error) error {
	now := p.now()
	return p.store.Update(ctx, func(tx Tx) error {
		session, mine, err := p.sessionWithRights(tx, token, now)
		if err != nil {
			return err
		}
		passkeys, err := tx.PasskeysOf(session.Account)
		if err != nil {
			return err
		}
		for _, passkey := range passkeys {
			if passkey.ID == id && mine.sharedBy(passkey.Proofs) {
				return change(tx, passkey, mine)
			}
		}
		return refuse(CodePasskeyUnknown, "There is no such passkey any more.")
	})
}
