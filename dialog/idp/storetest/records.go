package storetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// record is how one kind of record is written, read by its key and deleted.
type record struct {
	sample any // without an empty field
	least  any // with its key only
	put    func(idp.Tx, any) error
	get    func(idp.Tx) (any, error)
	remove func(idp.Tx) error // nil where that is not offered
}

// putting fits a method of Tx to any record.
func putting[T any](put func(idp.Tx, T) error) func(idp.Tx, any) error {
	return func(tx idp.Tx, value any) error { return put(tx, value.(T)) }
}

func boxed[T any](value T, err error) (any, error) { return value, err }

var kinds = map[string]record{
	"account": {
		sampleAccount(),
		idp.Account{ID: "account"},
		putting(idp.Tx.PutAccount),
		func(tx idp.Tx) (any, error) { return boxed(tx.Account("account")) },
		func(tx idp.Tx) error { return tx.DeleteAccount("account") },
	},
	"address": {
		sampleAddress(),
		idp.Address{Email: alice},
		putting(idp.Tx.PutAddress),
		func(tx idp.Tx) (any, error) { return boxed(tx.Address("ALICE.o'neil+X@example.org")) },
		func(tx idp.Tx) error { return tx.DeleteAddress("alice.o'neil+x@example.org") },
	},
	"session": {
		sampleSession(),
		idp.Session{TokenHash: hash("session")},
		putting(idp.Tx.PutSession),
		func(tx idp.Tx) (any, error) { return boxed(tx.Session(hash("session"))) },
		func(tx idp.Tx) error { return tx.DeleteSession(hash("session")) },
	},
	"passkey": {
		samplePasskey(),
		idp.Passkey{CredentialID: []byte{0, 1, 2}},
		putting(idp.Tx.PutPasskey),
		func(tx idp.Tx) (any, error) { return boxed(tx.Passkey([]byte{0, 1, 2})) },
		func(tx idp.Tx) error { return tx.DeletePasskey([]byte{0, 1, 2}) },
	},
	"passkey of its undo": {
		samplePasskey(),
		idp.Passkey{CredentialID: []byte{0, 1, 2}, UndoHash: hash("undo")},
		putting(idp.Tx.PutPasskey),
		func(tx idp.Tx) (any, error) { return boxed(tx.PasskeyOfUndo(hash("undo"))) },
		func(tx idp.Tx) error { return tx.DeletePasskey([]byte{0, 1, 2}) },
	},
	"challenge": {
		sampleChallenge(),
		idp.Challenge{ID: "challenge"},
		putting(idp.Tx.PutChallenge),
		func(tx idp.Tx) (any, error) { return boxed(tx.Challenge("challenge")) }, nil,
	},
	"challenge of its link": {
		sampleChallenge(),
		idp.Challenge{ID: "challenge", Codes: []idp.Code{{LinkHash: hash("link 2")}}},
		putting(idp.Tx.PutChallenge),
		func(tx idp.Tx) (any, error) { return boxed(tx.ChallengeOfLink(hash("link 2"))) }, nil,
	},
	"ceremony": {
		sampleCeremony(),
		idp.Ceremony{ID: "ceremony"},
		putting(idp.Tx.PutCeremony),
		func(tx idp.Tx) (any, error) { return boxed(tx.TakeCeremony("ceremony")) }, nil,
	},
	"mail": {
		sampleMail(),
		idp.Mail{ID: "mail"},
		putting(idp.Tx.PutMail),
		func(tx idp.Tx) (any, error) { return boxed(tx.Mail("mail")) }, nil,
	},
	"familiar": {
		now,
		time.Time{},
		putting(func(tx idp.Tx, until time.Time) error { return tx.PutFamiliar(hash("familiar"), until) }),
		func(tx idp.Tx) (any, error) { return boxed(tx.Familiar(hash("familiar"))) }, nil,
	},
}

func records(t *testing.T, backend Backend) {
	var checks []check[Store]
	for name, kind := range kinds {
		checks = append(checks, check[Store]{name, kind.check})
	}
	inTurn(t, single(t, backend), append(checks,
		check[Store]{"finer and foreign times", foreignTimes}, check[Store]{"texts that cannot be kept", badTexts}))
}

// check has a record come back as it was put, replace the one before, and be gone
// when it was deleted or has expired.
func (k record) check(t *testing.T, store Store) {
	requireFull(t, reflect.ValueOf(k.sample))
	k.expect(t, store, nil, idp.ErrNotFound)
	for _, value := range []any{k.least, k.sample, k.least, k.sample} {
		update(t, store, func(tx idp.Tx) error { return k.put(tx, value) })
		k.expect(t, store, value, nil)
	}
	if k.remove == nil {
		require.NoError(t, store.Sweep(t.Context(), now.AddDate(0, 1, 0)))
		k.expect(t, store, nil, idp.ErrNotFound)
		return
	}
	update(t, store, k.remove)
	k.expect(t, store, nil, idp.ErrNotFound)
	update(t, store, k.remove) // what is not there
}

func (k record) expect(t *testing.T, store Store, want any, wantErr error) {
	t.Helper()
	update(t, store, func(tx idp.Tx) error {
		got, err := k.get(tx)
		assert.ErrorIs(t, err, wantErr)
		if wantErr == nil {
			assert.Equal(t, want, got)
		}
		return nil
	})
}

// requireFull fails for a sample with an empty field.
func requireFull(t *testing.T, value reflect.Value) {
	t.Helper()
	require.False(t, value.IsZero(), "the sample of %v lacks a value", value.Type())
	switch {
	case value.Type() == reflect.TypeFor[time.Time]():
	case value.Kind() == reflect.Struct:
		for _, field := range value.Fields() {
			requireFull(t, field)
		}
	case value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.Struct:
		for i := range value.Len() {
			requireFull(t, value.Index(i))
		}
	}
}

// Times come back in UTC and in microseconds, also those within a list.
func foreignTimes(t *testing.T, store Store) {
	foreign := now.In(time.FixedZone("there", 3600)).Add(999 * time.Nanosecond)
	session := sampleSession()
	session.Seen, session.Proofs[0].At = foreign, foreign
	challenge := sampleChallenge()
	challenge.Codes[1].Expires = foreign
	update(t, store, func(tx idp.Tx) error {
		require.NoError(t, tx.PutChallenge(challenge))
		return tx.PutSession(session)
	})
	assert.Equal(t, foreign, session.Proofs[0].At, "the caller's own list is left alone")
	view(t, store, func(r idp.Reader) error {
		got, err := r.Session(session.TokenHash)
		require.NoError(t, err)
		assert.Equal(t, now, got.Seen)
		assert.Equal(t, now, got.Proofs[0].At)
		gotChallenge, err := r.Challenge(challenge.ID)
		require.NoError(t, err)
		assert.Equal(t, now, gotChallenge.Codes[1].Expires)
		return nil
	})
}

// No text is kept in another form: Postgres knows no NUL, and only UTF-8.
func badTexts(t *testing.T, store Store) {
	for _, text := range []string{"a\x00b", "a\xffb"} {
		passkey := samplePasskey()
		passkey.Name = text
		require.Error(t, store.Update(t.Context(), func(tx idp.Tx) error { return tx.PutPasskey(passkey) }), "%q", text)
	}
	for _, text := range []string{"?", "$1", "'; DROP TABLE passkeys; --", `"\u0000"`, "\u2028", "👩‍🚀"} {
		passkey := samplePasskey()
		passkey.Name = text
		update(t, store, func(tx idp.Tx) error { return tx.PutPasskey(passkey) })
		view(t, store, func(r idp.Reader) error {
			got, err := r.Passkey(passkey.CredentialID)
			assert.Equal(t, passkey, got)
			return err
		})
	}
}
