package storetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

func lists(t *testing.T, backend Backend) {
	for name, check := range map[string]func(*testing.T, Store){
		"addresses of an account": addressesOf,
		"sessions of an account":  sessionsOf,
		"passkeys of an account":  passkeysOf,
		"accounts":                accountsAfter,
		"issuances":               issuancesOf,
		"links":                   linksOf,
		"an account goes":         accountGoes,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, single(t, backend))
		})
	}
}

func address(account string, email browserid.Email) idp.Address {
	return idp.Address{Email: email, Account: account, Generation: 1, Proven: now}
}

func session(name, account string, emails ...browserid.Email) idp.Session {
	made := idp.Session{TokenHash: hash(name), ID: name, Account: account, Created: now, Expires: after(60)}
	for _, email := range emails {
		made.Proofs = append(made.Proofs, idp.Proof{Email: email, Generation: 1, Method: idp.MethodCode, At: now})
	}
	return made
}

func passkey(name, account string) idp.Passkey {
	return idp.Passkey{CredentialID: []byte(name), ID: name, Account: account, UndoHash: hash(name), Created: now}
}

func putAll(t *testing.T, store Store, addresses []idp.Address, sessions []idp.Session, passkeys []idp.Passkey) {
	t.Helper()
	update(t, store, func(tx idp.Tx) error {
		for _, address := range addresses {
			require.NoError(t, tx.PutAddress(address))
		}
		for _, session := range sessions {
			require.NoError(t, tx.PutSession(session))
		}
		for _, passkey := range passkeys {
			require.NoError(t, tx.PutPasskey(passkey))
		}
		return nil
	})
}

func addressesOf(t *testing.T, store Store) {
	a, b, other := address("x", "a@x.test"), address("x", "B@x.test"), address("y", "c@x.test")
	putAll(t, store, []idp.Address{b, a, other}, nil, nil)
	view(t, store, func(r idp.Reader) error {
		got, err := r.AddressesOf("x")
		assert.ElementsMatch(t, []idp.Address{a, b}, got)
		none, noErr := r.AddressesOf("z")
		assert.Empty(t, none)
		assert.NoError(t, noErr)
		return err
	})
	b.Account = "y" // it moves
	putAll(t, store, []idp.Address{b}, nil, nil)
	view(t, store, func(r idp.Reader) error {
		got, err := r.AddressesOf("y")
		assert.ElementsMatch(t, []idp.Address{b, other}, got)
		return err
	})
}

func idsOf(sessions []idp.Session) []string {
	var ids []string
	for _, session := range sessions {
		ids = append(ids, session.ID)
	}
	return ids
}

// A session is an account's by its name, or by a proof of an address that is the account's now.
func sessionsOf(t *testing.T, store Store) {
	putAll(t, store,
		[]idp.Address{address("x", "a@x.test"), address("y", "c@x.test")},
		[]idp.Session{
			session("own", "x"), session("both", "x", "A@x.test", "c@x.test"), session("holder", "y", "a@X.test"),
			session("twice", "y", "a@x.test", "A@x.test"), session("stranger", "y", "c@x.test", "unknown@x.test"),
		}, nil)
	expect := func(account string, want ...string) {
		t.Helper()
		view(t, store, func(r idp.Reader) error {
			got, err := r.SessionsOf(account)
			assert.ElementsMatch(t, want, idsOf(got))
			return err
		})
	}
	expect("x", "own", "both", "holder", "twice")
	expect("y", "holder", "twice", "stranger", "both")
	expect("z")
	putAll(t, store, []idp.Address{address("z", "a@x.test")}, []idp.Session{session("twice", "y"), session("stranger", "y", "c@x.test")}, nil)
	expect("z", "both", "holder") // the address has moved, and one session lost its proof
	expect("x", "own", "both")
	update(t, store, func(tx idp.Tx) error { return tx.DeleteSession(hash("both")) })
	expect("z", "holder")
	expect("x", "own")
}

func passkeysOf(t *testing.T, store Store) {
	a, b, other := passkey("a", "x"), passkey("b", "x"), passkey("c", "y")
	putAll(t, store, nil, nil, []idp.Passkey{a, b, other})
	view(t, store, func(r idp.Reader) error {
		got, err := r.PasskeysOf("x")
		assert.ElementsMatch(t, []idp.Passkey{a, b}, got)
		return err
	})
}

func accountsAfter(t *testing.T, store Store) {
	update(t, store, func(tx idp.Tx) error {
		for _, id := range []string{"c", "a", "d", "b"} {
			require.NoError(t, tx.PutAccount(idp.Account{ID: id, Created: now, Handle: []byte{1}}))
		}
		return nil
	})
	for after, want := range map[string][]string{"": {"a", "b"}, "a": {"b", "c"}, "c": {"d"}, "d": nil} {
		view(t, store, func(r idp.Reader) error {
			page, err := r.Accounts(after, 2)
			var got []string
			for _, account := range page {
				got = append(got, account.ID)
			}
			assert.Equal(t, want, got, "after %q", after)
			return err
		})
	}
}

// The newest come first, and nothing is ever replaced.
func issuancesOf(t *testing.T, store Store) {
	var want []idp.Issuance
	for i, name := range []string{"first", "second", "third"} {
		issuance := sampleIssuance()
		issuance.At, issuance.Hash = after(i), hash(name)
		want = append([]idp.Issuance{issuance}, want...)
		update(t, store, func(tx idp.Tx) error { return tx.AppendIssuance(issuance) })
	}
	other := sampleIssuance()
	other.EmailMAC = hash("another address")
	update(t, store, func(tx idp.Tx) error { return tx.AppendIssuance(other) })
	for limit := range 5 {
		view(t, store, func(r idp.Reader) error {
			got, err := r.IssuancesOf(hash("mac"), limit)
			if limit == 0 {
				assert.Empty(t, got)
			} else {
				assert.Equal(t, want[:min(limit, 3)], got)
			}
			return err
		})
	}
}

// A challenge that is sent again is found by the links of all its mails.
func linksOf(t *testing.T, store Store) {
	challenge := sampleChallenge()
	codes := challenge.Codes
	for n := 1; n <= len(codes); n++ {
		challenge.Codes = codes[:n]
		update(t, store, func(tx idp.Tx) error { return tx.PutChallenge(challenge) })
	}
	view(t, store, func(r idp.Reader) error {
		for _, code := range codes {
			got, err := r.ChallengeOfLink(code.LinkHash)
			require.NoError(t, err)
			assert.Equal(t, challenge, got)
		}
		_, err := r.ChallengeOfLink(hash("none"))
		assert.ErrorIs(t, err, idp.ErrNotFound)
		return nil
	})
}

// DeleteAccount takes what belongs to the account, and nothing else.
func accountGoes(t *testing.T, store Store) {
	for _, id := range []string{"x", "y"} {
		putAll(t, store,
			[]idp.Address{address(id, browserid.Email("a@"+id+".test"))}, []idp.Session{session("session of "+id, id)}, []idp.Passkey{passkey(id, id)})
		update(t, store, func(tx idp.Tx) error { return tx.PutAccount(idp.Account{ID: id}) })
	}
	update(t, store, func(tx idp.Tx) error { return tx.DeleteAccount("x") })
	view(t, store, func(r idp.Reader) error {
		for id, want := range map[string]error{"x": idp.ErrNotFound, "y": nil} {
			_, accountErr := r.Account(id)
			_, addressErr := r.Address(browserid.Email("a@" + id + ".test"))
			_, sessionErr := r.Session(hash("session of " + id))
			_, passkeyErr := r.Passkey([]byte(id))
			for _, err := range []error{accountErr, addressErr, sessionErr, passkeyErr} {
				assert.ErrorIs(t, err, want)
			}
		}
		return nil
	})
}
