package store

import "github.com/navid-login/navid/dialog/idp"

var passkeys = table[idp.Passkey]{
	"passkeys",
	[]string{"credential_id", "id", "account", "name", "proofs", "credential", "undo_hash", "session", "created", "used"},
	func(p *idp.Passkey) []any {
		return []any{
			blob{&p.CredentialID},
			&p.ID, &p.Account, &p.Name,
			document{&p.Proofs},
			blob{&p.Credential},
			blob{&p.UndoHash},
			&p.Session,
			instant{&p.Created},
			instant{&p.Used},
		}
	},
}

// Passkey implements idp.Reader.
func (r *reader) Passkey(credentialID []byte) (idp.Passkey, error) {
	return passkeys.one(r, "WHERE credential_id = ?", credentialID)
}

// PasskeyOfUndo implements idp.Reader.
func (r *reader) PasskeyOfUndo(undoHash []byte) (idp.Passkey, error) {
	return passkeys.one(r, "WHERE undo_hash = ? LIMIT 1", undoHash)
}

// PasskeysOf implements idp.Reader.
func (r *reader) PasskeysOf(account string) ([]idp.Passkey, error) {
	return passkeys.all(r, "WHERE account = ? ORDER BY created, id", account)
}

// PutPasskey implements idp.Tx.
func (t *transaction) PutPasskey(passkey idp.Passkey) error {
	passkey.Proofs = keptProofs(passkey.Proofs)
	return passkeys.put(&t.reader, passkey)
}

// DeletePasskey implements idp.Tx.
func (t *transaction) DeletePasskey(credentialID []byte) error {
	return t.do("DELETE FROM passkeys WHERE credential_id = ?", credentialID)
}

var ceremonies = table[idp.Ceremony]{
	"ceremonies",
	[]string{"id", "browser_hash", "data", "expires"},
	func(c *idp.Ceremony) []any {
		return []any{&c.ID, blob{&c.BrowserHash}, blob{&c.Data}, instant{&c.Expires}}
	},
}

// PutCeremony implements idp.Tx.
func (t *transaction) PutCeremony(ceremony idp.Ceremony) error {
	return ceremonies.put(&t.reader, ceremony)
}

// TakeCeremony implements idp.Tx. Of two transactions that take the same one,
// the second finds it gone.
func (t *transaction) TakeCeremony(id string) (idp.Ceremony, error) {
	ceremony, err := ceremonies.one(&t.reader, "WHERE id = ?", id)
	if err != nil {
		return idp.Ceremony{}, err
	}
	return ceremony, t.do("DELETE FROM ceremonies WHERE id = ?", id)
}
