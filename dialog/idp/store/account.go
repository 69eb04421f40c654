package store

import (
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

var accounts = table[idp.Account]{
	"accounts",
	[]string{"id", "created", "blocked", "handle"},
	func(a *idp.Account) []any {
		return []any{&a.ID, instant{&a.Created}, &a.Blocked, blob{&a.Handle}}
	},
}

// addressRow is an address with the key that it is found by.
type addressRow struct {
	key string
	idp.Address
}

var addresses = table[addressRow]{
	"addresses",
	[]string{"address", "email", "account", "generation", "proven"},
	func(a *addressRow) []any {
		return []any{&a.key, (*string)(&a.Email), &a.Account, &a.Generation, instant{&a.Proven}}
	},
}

// Account implements idp.Reader.
func (r *reader) Account(id string) (idp.Account, error) {
	return accounts.one(r, "WHERE id = ?", id)
}

// Accounts implements idp.Reader.
func (r *reader) Accounts(after string, limit int) ([]idp.Account, error) {
	return accounts.all(r, "WHERE id > ? ORDER BY id LIMIT ?", after, limit)
}

// PutAccount implements idp.Tx.
func (t *transaction) PutAccount(account idp.Account) error {
	return accounts.put(&t.reader, account)
}

// DeleteAccount implements idp.Tx.
func (t *transaction) DeleteAccount(id string) error {
	for _, owned := range []string{"addresses", "passkeys", "sessions"} {
		if err := t.do("DELETE FROM "+owned+" WHERE account = ?", id); err != nil {
			return err
		}
	}
	return t.do("DELETE FROM accounts WHERE id = ?", id)
}

// Address implements idp.Reader.
func (r *reader) Address(email browserid.Email) (idp.Address, error) {
	row, err := addresses.one(r, "WHERE address = ?", idp.AddressKey(email))
	return row.Address, err
}

// AddressesOf implements idp.Reader.
func (r *reader) AddressesOf(account string) ([]idp.Address, error) {
	rows, err := addresses.all(r, "WHERE account = ? ORDER BY address", account)
	found := make([]idp.Address, len(rows))
	for i, row := range rows {
		found[i] = row.Address
	}
	return found, err
}

// PutAddress implements idp.Tx.
func (t *transaction) PutAddress(address idp.Address) error {
	return addresses.put(&t.reader, addressRow{idp.AddressKey(address.Email), address})
}

// DeleteAddress implements idp.Tx.
func (t *transaction) DeleteAddress(email browserid.Email) error {
	return t.do("DELETE FROM addresses WHERE address = ?", idp.AddressKey(email))
}
