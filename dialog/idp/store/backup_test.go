package store_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store"
	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
)

var now = time.Date(2026, 11, 22, 10, 11, 12, 0, time.UTC)

const sealed = "sealed by a key that is elsewhere"

// person is an account with an address, a passkey, a session, and a challenge, a
// ceremony and a mail under way.
func person(t *testing.T, s *store.Store, id string) {
	t.Helper()
	proofs := []idp.Proof{{Email: email(id), Generation: 1, Method: idp.MethodCode, At: now}}
	require.NoError(t, s.Update(t.Context(), func(tx idp.Tx) error {
		for _, err := range []error{
			tx.PutAccount(idp.Account{ID: id, Handle: []byte(id)}),
			tx.PutAddress(idp.Address{Email: email(id), Account: id, Generation: 1, Proven: now}),
			tx.PutPasskey(idp.Passkey{CredentialID: []byte(id), ID: id, Account: id, Proofs: proofs}),
			tx.PutSession(idp.Session{TokenHash: []byte("hash of the session of " + id), ID: id, Account: id, Proofs: proofs, Expires: now.Add(time.Hour)}),
			tx.PutChallenge(idp.Challenge{ID: id, Email: email(id), Codes: []idp.Code{{MAC: []byte("mac"), LinkHash: []byte(id)}}}),
			tx.PutCeremony(idp.Ceremony{ID: id}),
			tx.PutMail(idp.Mail{ID: id, Sealed: []byte(sealed), State: idp.MailQueued}),
			tx.AppendIssuance(idp.Issuance{At: now, EmailMAC: []byte(id), Hash: []byte(id)}),
		} {
			require.NoError(t, err)
		}
		return nil
	}))
}

func email(id string) browserid.Email { return browserid.Email(id + "@example.org") }

// left is what of a person a store still has.
type left struct {
	Account, Address, Passkey, Session, Challenge, Ceremony, Issuance bool
	Renewed                                                           bool // the address, so that the proofs of before count no more
}

func leftOf(t *testing.T, s *store.Store, id string) (found left) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), func(tx idp.Tx) error {
		_, accountErr := tx.Account(id)
		address, addressErr := tx.Address(email(id))
		_, passkeyErr := tx.Passkey([]byte(id))
		sessions, err := tx.SessionsOf(id)
		require.NoError(t, err)
		_, challengeErr := tx.ChallengeOfLink([]byte(id))
		_, ceremonyErr := tx.TakeCeremony(id)
		logged, err := tx.IssuancesOf([]byte(id), 1)
		found = left{
			Account: accountErr == nil, Address: addressErr == nil, Passkey: passkeyErr == nil, Session: len(sessions) > 0,
			Challenge: challengeErr == nil, Ceremony: ceremonyErr == nil, Issuance: len(logged) > 0,
			Renewed: address.Generation > now.UnixMilli()<<20,
		}
		return err
	}))
	return found
}

func backUp(t *testing.T, s *store.Store) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "backup")
	require.NoError(t, s.Backup(t.Context(), path))
	return path
}

// Security.md 5, number 27: the database is there still.
func TestRestoreRevivesNothing(t *testing.T) {
	t.Parallel()
	path := sqliteFile(t)
	s := open(t, path)
	for _, id := range []string{"stays", "lost", "without passkey", "signed out"} {
		person(t, s, id)
	}
	backup := backUp(t, s)
	person(t, s, "came later")
	require.NoError(t, s.Update(t.Context(), func(tx idp.Tx) error {
		require.NoError(t, tx.DeleteAccount("lost"))
		require.NoError(t, tx.DeletePasskey([]byte("without passkey")))
		return tx.DeleteSession([]byte("hash of the session of signed out"))
	}))
	require.NoError(t, store.Restore(t.Context(), backup, path, now))

	same := left{Account: true, Address: true, Passkey: true, Issuance: true}
	assert.Equal(t, same, leftOf(t, s, "stays"))
	assert.Equal(t, same, leftOf(t, s, "signed out"))
	assert.Equal(t, same, leftOf(t, s, "came later"))
	assert.Equal(t, left{Account: true, Address: true, Issuance: true}, leftOf(t, s, "without passkey"))
	assert.Equal(t, left{Account: true, Address: true, Issuance: true, Renewed: true}, leftOf(t, s, "lost"), "its passkey was removed")
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, files, 3, "the database and SQLite's two beside it")
}

// The same when the database is lost: passkeys are back, and count for nothing
// until the mailbox is proven anew.
func TestRestoreOfALostDatabase(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	person(t, s, "a")
	backup := backUp(t, s)
	path := filepath.Join(t.TempDir(), "new.db")
	require.NoError(t, store.Restore(t.Context(), backup, path, now))
	assert.Equal(t, left{Account: true, Address: true, Passkey: true, Issuance: true, Renewed: true}, leftOf(t, open(t, path), "a"))
}

// Somebody who copies the file into place by hand is told.
func TestBackupIsNoDatabase(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	person(t, s, "a")
	backup := backUp(t, s)
	_, err := store.Open(t.Context(), backup)
	require.ErrorIs(t, err, store.ErrBackup)
	require.NoError(t, s.Backup(t.Context(), backup), "the next one takes its place")
	info, err := os.Stat(backup)
	require.NoError(t, err)
	assert.EqualValues(t, 0o600, info.Mode().Perm())
	files, err := os.ReadDir(filepath.Dir(backup))
	require.NoError(t, err)
	assert.Len(t, files, 1, "nothing lies beside it")
}

// What a backup does not hold is not in its free pages either.
func TestBackupHoldsNothingThatLives(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	for i := range 20 {
		person(t, s, "p"+strconv.Itoa(i))
	}
	content, err := os.ReadFile(backUp(t, s))
	require.NoError(t, err)
	assert.Contains(t, string(content), email("p7"))
	for _, secret := range []string{sealed, "hash of the session"} {
		assert.False(t, bytes.Contains(content, []byte(secret)), secret)
	}
}

func TestRestoreOfWhatIsNoBackup(t *testing.T) {
	t.Parallel()
	path := sqliteFile(t)
	s := open(t, path)
	person(t, s, "a")
	other := filepath.Join(t.TempDir(), "other.db")
	person(t, open(t, other), "b")
	text := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(text, []byte("no database, but long enough to be taken for one by somebody"), 0o600))
	for _, file := range []string{other, text, filepath.Join(t.TempDir(), "missing")} {
		require.Error(t, store.Restore(t.Context(), file, path, now), file)
	}
	require.ErrorIs(t, store.Restore(t.Context(), other, "postgres:///x", now), store.ErrNotSQLite)
	assert.True(t, leftOf(t, s, "a").Session, "nothing has happened")
}

// A backup is of one moment, while others write.
func TestBackupOfABusyDatabase(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for i := 0; ctx.Err() == nil; i++ {
			id := "p" + strconv.Itoa(i)
			_ = s.Update(ctx, func(tx idp.Tx) error {
				if err := tx.PutAddress(idp.Address{Email: email(id), Account: id}); err != nil {
					return err
				}
				return tx.PutAccount(idp.Account{ID: id})
			})
		}
	}()
	for range 5 {
		backup := backUp(t, s)
		path := sqliteFile(t)
		require.NoError(t, store.Restore(t.Context(), backup, path, now))
		requireWhole(t, open(t, path))
	}
	stop()
	<-ended
}

// requireWhole fails when an account has no address.
func requireWhole(t *testing.T, s *store.Store) {
	t.Helper()
	require.NoError(t, s.View(t.Context(), func(r idp.Reader) error {
		all, err := r.Accounts("", 1e6)
		for _, account := range all {
			_, addressErr := r.Address(email(account.ID))
			require.NoError(t, addressErr, account.ID)
		}
		return err
	}))
}

// After a restore by Postgres' own means.
func TestEndAllRights(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		s := open(t, database(t))
		person(t, s, "a")
		require.NoError(t, s.EndAllRights(t.Context(), now))
		assert.Equal(t, left{Account: true, Address: true, Passkey: true, Issuance: true, Renewed: true}, leftOf(t, s, "a"))
		require.NoError(t, s.EndAllRights(t.Context(), now))
	})
}

func TestPostgresIsNotBackedUpHere(t *testing.T) {
	t.Parallel()
	s := open(t, postgrestest.Shared(t).Database(t))
	require.ErrorIs(t, s.Backup(t.Context(), filepath.Join(t.TempDir(), "backup")), store.ErrNotSQLite)
}
