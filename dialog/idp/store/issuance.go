package store

import "github.com/navid-login/navid/dialog/idp"

var issuances = table[idp.Issuance]{
	"issuances",
	[]string{"email_mac", "at", "hash", "expires", "session", "browser", "signer"},
	func(i *idp.Issuance) []any {
		return []any{blob{&i.EmailMAC}, instant{&i.At}, blob{&i.Hash}, instant{&i.Expires}, &i.Session, &i.Browser, &i.Key}
	},
}

// IssuancesOf implements idp.Reader.
func (r *reader) IssuancesOf(emailMAC []byte, limit int) ([]idp.Issuance, error) {
	return issuances.all(r, "WHERE email_mac = ? ORDER BY at DESC, hash LIMIT ?", emailMAC, limit)
}

// AppendIssuance implements idp.Tx.
func (t *transaction) AppendIssuance(issuance idp.Issuance) error {
	return t.do("INSERT INTO issuances (email_mac, at, hash, expires, session, browser, signer) VALUES ("+places(7)+")",
		issuances.fields(&issuance)...)
}
