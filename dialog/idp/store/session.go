package store

import (
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

var sessions = table[idp.Session]{
	"sessions",
	[]string{"token_hash", "id", "account", "proofs", "browser", "elsewhere", "created", "seen", "expires"},
	func(s *idp.Session) []any {
		return []any{
			blob{&s.TokenHash},
			&s.ID, &s.Account,
			document{&s.Proofs},
			&s.Browser, &s.Elsewhere,
			instant{&s.Created},
			instant{&s.Seen},
			instant{&s.Expires},
		}
	},
}

// Session implements idp.Reader.
func (r *reader) Session(tokenHash []byte) (idp.Session, error) {
	return sessions.one(r, "WHERE token_hash = ?", tokenHash)
}

// SessionsOf implements idp.Reader.
func (r *reader) SessionsOf(account string) ([]idp.Session, error) {
	return sessions.all(r, `WHERE token_hash IN (
		SELECT token_hash FROM sessions WHERE account = ?
		UNION SELECT held.token_hash FROM session_addresses held
			JOIN addresses ON addresses.address = held.address WHERE addresses.account = ?
	) ORDER BY created, id`, account, account)
}

// PutSession implements idp.Tx.
func (t *transaction) PutSession(session idp.Session) error {
	session.Proofs = keptProofs(session.Proofs)
	if err := sessions.put(&t.reader, session); err != nil {
		return err
	}
	return t.putSessionAddresses(session)
}

// putSessionAddresses keeps what SessionsOf finds a session by. Nothing is
// written when nothing has changed, as when only Seen has.
func (t *transaction) putSessionAddresses(session idp.Session) error {
	others, held := []any{session.TokenHash}, []any{}
	for _, proof := range session.Proofs {
		address := idp.AddressKey(proof.Email)
		others, held = append(others, address), append(held, session.TokenHash, address)
	}
	if len(held) == 0 {
		return t.do("DELETE FROM session_addresses WHERE token_hash = ?", session.TokenHash)
	}
	err := t.do("DELETE FROM session_addresses WHERE token_hash = ? AND address NOT IN ("+places(len(session.Proofs))+")", others...)
	if err != nil {
		return err
	}
	return t.do("INSERT INTO session_addresses (token_hash, address) VALUES "+pairs(len(session.Proofs))+" ON CONFLICT DO NOTHING", held...)
}

// DeleteSession implements idp.Tx.
func (t *transaction) DeleteSession(tokenHash []byte) error {
	return t.do("DELETE FROM sessions WHERE token_hash = ?", tokenHash)
}

// keptProofs are proofs as they come back.
func keptProofs(proofs []idp.Proof) []idp.Proof {
	proofs = append([]idp.Proof(nil), proofs...)
	for i := range proofs {
		proofs[i].At = kept(proofs[i].At)
	}
	return proofs
}

// kept is a time as it comes back.
func kept(t time.Time) time.Time {
	return t.UTC().Truncate(time.Microsecond)
}
