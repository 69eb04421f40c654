package store

import (
	"database/sql"
	"io/fs"
)

// WithMigrations opens a store as another version of the program would.
func WithMigrations(folder fs.FS) Option { return func(s *Store) { s.schemas = folder } }

// Embedded are the migrations of this version.
var Embedded = embedded

// Writer is the pool that writes.
func (s *Store) Writer() *sql.DB { return s.write }

// SQLite tells which database it is.
func (s *Store) SQLite() bool { return s.dialect.name == sqliteDialect.name }
