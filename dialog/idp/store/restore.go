package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/navid-login/navid/dialog/idp"
)

// A restore must not undo what people have ended. So it brings back what is
// missing, and no rights:
//
//   - All sessions, challenges and ceremonies end, also those of the database
//     that is there.
//   - An address that is there already stays as it is. One that comes from the
//     backup begins a new generation: its mailbox is to be proven anew, and until
//     then no passkey counts for it.
//   - A passkey comes back only when the database that it was in is lost. Where
//     that is still there, a passkey that it lacks has been removed since.
//   - The log, and what limits and replays are counted by, are joined.
//
// To go back to the state of the backup itself, move the database away first.

// Restore brings what a backup holds into the SQLite database at url, which is
// made when there is none. It happens at once or not at all; a host that is
// running on the database goes on.
func Restore(ctx context.Context, backup, url string, now time.Time, options ...Option) (err error) {
	if isPostgres(url) {
		return ErrNotSQLite
	}
	draft := sqlitePath(url) + ".restore"
	defer func() { err = errors.Join(err, removeIfThere(draft)) }()
	if err := prepareRestore(ctx, backup, draft); err != nil {
		return fmt.Errorf("backup %s: %w", backup, err)
	}
	lost, err := isLost(sqlitePath(url))
	if err != nil {
		return err
	}
	present, err := Open(ctx, url, options...)
	if err != nil {
		return err
	}
	return errors.Join(present.join(ctx, draft, lost, now), present.Close())
}

// isLost tells whether there is no database at path.
func isLost(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	return err == nil && info.Size() == 0, err
}

var errNoBackup = errors.New("it was not made by navid backup")

// prepareRestore makes a copy of the backup that has the schema of this program.
func prepareRestore(ctx context.Context, backup, draft string) error {
	if err := copyFile(backup, draft); err != nil {
		return err
	}
	return withCopy(draft, func(copy *sql.DB) error {
		if id, err := idOf(ctx, copy); err != nil {
			return err
		} else if id != idOfBackup {
			return errNoBackup
		}
		schema, err := newSchema(goose.DialectSQLite3, copy, embedded())
		if err != nil {
			return err
		}
		if _, _, err := schema.pending(ctx); err != nil {
			return err
		}
		return schema.up(ctx)
	})
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// join brings in the records of a backup, in one transaction.
func (s *Store) join(ctx context.Context, backup string, lost bool, now time.Time) (err error) {
	connection, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	if _, err := connection.ExecContext(ctx, "ATTACH DATABASE ? AS backup", backup); err != nil {
		return err
	}
	defer func() {
		_, detachErr := connection.ExecContext(context.WithoutCancel(ctx), "DETACH DATABASE backup")
		err = errors.Join(err, detachErr)
	}()
	return s.persist(ctx, func() error {
		return inside(ctx, connection, s.dialect.update, func(tx *sql.Tx) error {
			t := &transaction{reader{ctx: ctx, db: tx, dialect: &s.dialect}}
			return errors.Join(t.endAll(), t.joinAddresses(lost, now), t.joinTables())
		})
	})
}

// endAll ends what a restore revives never.
func (t *transaction) endAll() error {
	for _, table := range []string{"sessions", "challenges", "ceremonies"} { // with what hangs on them
		if err := t.do("DELETE FROM " + table); err != nil {
			return err
		}
	}
	return nil
}

// joinAddresses brings in the addresses that are missing, in a new generation,
// and the accounts that they need.
func (t *transaction) joinAddresses(lost bool, now time.Time) error {
	err := t.do(`INSERT INTO addresses (address, email, account, generation, proven)
		SELECT address, email, account, max(generation + 1, ?), proven FROM backup.addresses
		WHERE address NOT IN (SELECT address FROM main.addresses)`, newGeneration(now))
	if err != nil {
		return err
	}
	err = t.do(`INSERT INTO accounts (id, created, blocked, handle) SELECT id, created, blocked, handle FROM backup.accounts
		WHERE id NOT IN (SELECT id FROM main.accounts) AND id IN (SELECT account FROM main.addresses)`)
	if err != nil || !lost {
		return err
	}
	return t.do("INSERT INTO main.passkeys SELECT * FROM backup.passkeys WHERE account IN (SELECT id FROM main.accounts)")
}

// newGeneration is above all that an address has had: package idp counts them by
// milliseconds, with 20 bits of chance below.
func newGeneration(now time.Time) int64 {
	return (now.UnixMilli() + 1) << 20
}

// joinTables brings in what is missing of what gives no rights.
func (t *transaction) joinTables() error {
	for _, table := range []string{"issuances", "counters", "familiars", "sightings", "replays", "acme"} {
		if err := t.do("INSERT OR IGNORE INTO main." + table + " SELECT * FROM backup." + table); err != nil {
			return err
		}
	}
	return nil
}

// EndAllRights ends all sessions, challenges and ceremonies, and has each
// address proven anew. It is for a Postgres that was restored from a dump, before
// the host starts: what people have ended since would be back otherwise.
func (s *Store) EndAllRights(ctx context.Context, now time.Time) error {
	endAll := func(tx idp.Tx) error {
		t := tx.(*transaction)
		first := newGeneration(now)
		return errors.Join(t.endAll(), t.do(`UPDATE addresses SET
			generation = CASE WHEN generation < ? THEN ? ELSE generation + 1 END`, first, first))
	}
	return s.persist(ctx, func() error { return s.change(ctx, endAll) }) // which may take long
}
