package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/navid-login/navid/dialog/idp/store"
)

// dataOptions say where a host keeps what it has to keep.
type dataOptions struct{ database, secrets string }

func (o *dataOptions) add(table *settings) {
	table.text(&o.database, row{
		section: sectionData, name: "database", argument: "PLACE", standard: "navid.db",
		does: "the file of an SQLite database, or postgres://user@host/name for replicas",
	})
	table.text(&o.secrets, row{
		section: sectionData, name: "secrets", argument: "FOLDER",
		does: "with the signing keys and the host secret, which all replicas share; navid-secrets beside the database if nothing is said, and made at the first start",
	})
}

// secretsFolder is where the secrets are: never in the database.
func (o *dataOptions) secretsFolder() string {
	switch {
	case o.secrets != "":
		return o.secrets
	case o.isPostgres():
		return "navid-secrets"
	default:
		return filepath.Join(filepath.Dir(strings.TrimPrefix(o.database, "sqlite:")), "navid-secrets")
	}
}

func (o *dataOptions) isPostgres() bool {
	return strings.HasPrefix(o.database, "postgres://") || strings.HasPrefix(o.database, "postgresql://")
}

// open opens the database, and makes it where there is none.
func (o *dataOptions) open(ctx context.Context, options ...store.Option) (*store.Store, error) {
	database, err := store.Open(ctx, o.database, options...)
	return database, o.explain(err)
}

// explain says what to do about a database whose file, or what [store.Restore]
// puts beside it, is out of reach.
func (o *dataOptions) explain(err error) error {
	failure, ok := errors.AsType[*fs.PathError](err)
	if !ok || o.isPostgres() || strings.TrimSuffix(absolute(failure.Path), ".restore") != absolute(o.database) {
		return err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: make the folder, or say with -database, or NAVID_DATABASE, where the database is to be", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: run this as the user whose database it is, as in sudo -u navid, or name another with -database, or NAVID_DATABASE", err)
	default:
		return err
	}
}

func absolute(path string) string {
	path, err := filepath.Abs(strings.TrimPrefix(path, "sqlite:"))
	if err != nil {
		return ""
	}
	return path
}
