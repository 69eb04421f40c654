package main

import (
	"path/filepath"
	"strings"
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
