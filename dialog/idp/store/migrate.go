package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewerSchema is what an older program answers to a database that a newer one has migrated.
var ErrNewerSchema = errors.New("a newer version of navid has migrated it")

// schema moves a database to the schema of this program.
type schema struct {
	provider *goose.Provider
}

func newSchema(name goose.Dialect, db *sql.DB, folder fs.FS) (*schema, error) {
	provider, err := goose.NewProvider(name, db, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, err
	}
	return &schema{provider}, nil
}

// embedded are the migrations of this program.
func embedded() fs.FS {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is valid
	}
	return folder
}

// pending returns the version of the database, and whether it is behind.
func (s *schema) pending(ctx context.Context) (version int64, behind bool, err error) {
	version, target, err := s.provider.GetVersions(ctx)
	if err != nil {
		return 0, false, err
	}
	if version > target {
		return 0, false, fmt.Errorf("%w: its schema is number %d, this program knows %d. Start the newer version, or restore a backup made by this one",
			ErrNewerSchema, version, target)
	}
	return version, version < target, nil
}

// up migrates. Another process that does the same at the same time may get in
// the way, and then has done it.
func (s *schema) up(ctx context.Context) error {
	var failure error
	for range 5 {
		_, err := s.provider.Up(ctx)
		if err == nil {
			return nil
		}
		failure = err
		if _, behind, err := s.pending(ctx); err == nil && !behind {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), failure)
		case <-time.After(200 * time.Millisecond):
		}
	}
	return failure
}

// migrateSQLite brings the file up to date. What is in it already is backed up
// first, to go back to.
func (s *Store) migrateSQLite(ctx context.Context) error {
	schema, err := newSchema(goose.DialectSQLite3, s.write, s.schemas)
	if err != nil {
		return err
	}
	version, behind, err := schema.pending(ctx)
	if err != nil || !behind {
		return err
	}
	if version > 0 {
		path := fmt.Sprintf("%s.schema-%d.%s", s.path, version, time.Now().UTC().Format("20060102-150405.000"))
		if err := backUp(ctx, s.write, path); err != nil {
			return fmt.Errorf("backup before the migration: %w", err)
		}
		s.log.InfoContext(ctx, "database backed up before its migration", "backup", path, "schema", version)
	}
	return schema.up(ctx)
}
