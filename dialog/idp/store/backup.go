package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// ErrBackup is what Open answers to a backup.
var ErrBackup = errors.New("it is a backup, in which things live that have ended since: make a database of it with navid restore")

// ErrNotSQLite is what backups of other databases answer.
var ErrNotSQLite = errors.New("navid backs up SQLite only; Postgres has pg_dump, and what to do after its restore is in the guide")

// PRAGMA application_id tells what a file is.
const (
	idOfDatabase = 0x4e617669 // "Navi"
	idOfBackup   = 0x4e617642 // "NavB"
)

// Backup writes a copy of the database, as it is at one moment, to path, and
// takes the place of a file there. Others read and write meanwhile. It holds no
// session, challenge, ceremony or mail, and Open refuses it: only [Restore] makes
// a database of it.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.dialect.name != sqliteDialect.name {
		return ErrNotSQLite
	}
	pool, err := openPool(sqliteURL(s.path), 1) // the writers' connection is not kept from them
	if err != nil {
		return err
	}
	return errors.Join(backUp(ctx, pool, path), pool.Close())
}

func backUp(ctx context.Context, from *sql.DB, path string) (err error) {
	draft := fmt.Sprintf("%s.%d.part", path, time.Now().UnixNano())
	defer func() { err = errors.Join(err, removeIfThere(draft)) }()
	if err := makePrivate(draft); err != nil { // VACUUM INTO takes an empty file
		return err
	}
	if _, err := from.ExecContext(ctx, "VACUUM INTO ?", draft); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	if err := makeBackup(ctx, draft); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	return rename(draft, path)
}

// endsWithBackup are the tables whose records no backup holds.
var endsWithBackup = []string{"sessions", "session_addresses", "challenges", "challenge_links", "ceremonies", "mails"}

// makeBackup turns a copy into a backup. No page of it keeps what was deleted
// (secure_delete), and no empty page stays.
func makeBackup(ctx context.Context, path string) error {
	return withCopy(path, func(copy *sql.DB) error {
		for _, table := range endsWithBackup {
			if _, err := copy.ExecContext(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		if _, err := copy.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", idOfBackup)); err != nil {
			return err
		}
		_, err := copy.ExecContext(ctx, "VACUUM")
		return err
	})
}

// withCopy opens a file that nobody else uses, and needs no other beside it.
func withCopy(path string, do func(*sql.DB) error) error {
	pool, err := openPool(sqliteURL(path, "journal_mode(DELETE)"), 1)
	if err != nil {
		return err
	}
	return errors.Join(do(pool), pool.Close())
}

// idOf reads what a file is. A file that is new, or of a version that wrote none, has 0.
func idOf(ctx context.Context, db *sql.DB) (id int, err error) {
	return id, db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id)
}

// rename puts a file in its place for good.
func rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncPath(filepath.Dir(to))
}

func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
