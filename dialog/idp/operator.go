package idp

import (
	"context"

	"github.com/navid-login/navid/agent/browserid"
)

// OperatorView is an account as the operator sees it, who is asked for no proof.
type OperatorView struct {
	Account   Account
	Addresses []Address
	Passkeys  []PasskeyView
	Sessions  []SessionSummary
}

// OperatorList lists accounts by their ID, those that come after one.
func (p *Provider) OperatorList(ctx context.Context, after string, limit int) ([]OperatorView, error) {
	var views []OperatorView
	err := p.store.View(ctx, func(r Reader) error {
		views = nil
		accounts, err := r.Accounts(after, limit)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			view, err := operatorView(r, account)
			if err != nil {
				return err
			}
			views = append(views, view)
		}
		return nil
	})
	return views, err
}

// OperatorShow returns the account of an address. ErrNotFound: there is none.
func (p *Provider) OperatorShow(ctx context.Context, email string) (view OperatorView, err error) {
	err = p.store.View(ctx, func(r Reader) error {
		account, _, err := accountWith(r, email)
		if err != nil {
			return err
		}
		view, err = operatorView(r, account)
		return err
	})
	return view, err
}

func operatorView(r Reader, account Account) (OperatorView, error) {
	addresses, err := r.AddressesOf(account.ID)
	if err != nil {
		return OperatorView{}, err
	}
	passkeys, err := r.PasskeysOf(account.ID)
	if err != nil {
		return OperatorView{}, err
	}
	sessions, err := r.SessionsOf(account.ID)
	if err != nil {
		return OperatorView{}, err
	}
	view := OperatorView{Account: account, Addresses: addresses}
	for _, passkey := range passkeys {
		view.Passkeys = append(view.Passkeys, passkey.view())
	}
	for _, session := range sessions {
		view.Sessions = append(view.Sessions, session.summary())
	}
	return view, nil
}

// accountWith reads the account of an address.
func accountWith(r Reader, email string) (Account, Address, error) {
	parsed, err := browserid.ParseEmail(email)
	if err != nil {
		return Account{}, Address{}, err
	}
	address, err := r.Address(parsed)
	if err != nil {
		return Account{}, Address{}, err
	}
	account, err := r.Account(address.Account)
	return account, address, err
}

// operate changes the account of an address.
func (p *Provider) operate(ctx context.Context, email string, change func(Tx, Account, Address) error) error {
	return p.store.Update(ctx, func(tx Tx) error {
		account, address, err := accountWith(tx, email)
		if err != nil {
			return err
		}
		return change(tx, account, address)
	})
}

// OperatorBlock blocks the account of an address, or lets it go on. Whoever proves
// one of its addresses meanwhile is refused as well.
func (p *Provider) OperatorBlock(ctx context.Context, email string, blocked bool) error {
	return p.operate(ctx, email, func(tx Tx, account Account, _ Address) error {
		account.Blocked = blocked
		return tx.PutAccount(account)
	})
}

// OperatorSignOut ends all sessions of the account of an address.
func (p *Provider) OperatorSignOut(ctx context.Context, email string) error {
	return p.operate(ctx, email, func(tx Tx, account Account, _ Address) error {
		sessions, err := tx.SessionsOf(account.ID)
		if err != nil {
			return err
		}
		for _, session := range sessions {
			if err := tx.DeleteSession(session.TokenHash); err != nil {
				return err
			}
		}
		return nil
	})
}

// OperatorDelete removes the account of an address, with all its addresses.
func (p *Provider) OperatorDelete(ctx context.Context, email string) error {
	return p.operate(ctx, email, func(tx Tx, account Account, _ Address) error {
		addresses, err := tx.AddressesOf(account.ID)
		if err != nil {
			return err
		}
		for _, address := range addresses {
			if err := removeAddress(tx, address); err != nil {
				return err
			}
		}
		return nil
	})
}

// OperatorLink puts an address into the account of another. Sessions keep what
// they have proven; the passkeys of the former account lose the address, since
// they cannot change their account.
func (p *Provider) OperatorLink(ctx context.Context, email, with string) error {
	return p.operate(ctx, email, func(tx Tx, from Account, address Address) error {
		to, _, err := accountWith(tx, with)
		if err != nil || to.ID == from.ID {
			return err
		}
		if err := moveSessions(tx, address, to.ID); err != nil {
			return err
		}
		if err := withdrawFromPasskeys(tx, address); err != nil {
			return err
		}
		address.Account = to.ID
		if err := tx.PutAddress(address); err != nil {
			return err
		}
		return removeIfEmpty(tx, from.ID)
	})
}

// moveSessions takes the sessions that have a right to the address to an account.
func moveSessions(tx Tx, address Address, account string) error {
	sessions, err := tx.SessionsOf(address.Account)
	if err != nil {
		return err
	}
	for _, session := range sessions {
		if !(rights{AddressKey(address.Email): address}).sharedBy(session.Proofs) {
			continue
		}
		session.Account = account
		if err := tx.PutSession(session); err != nil {
			return err
		}
	}
	return nil
}
