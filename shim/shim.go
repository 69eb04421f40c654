// Package shim owns the scripts that other people's pages include from a login
// host: navigator.id for relying parties and for identity providers. They are
// classic scripts without build step or dependency; README.md is their
// reference, and `npm test` in this folder runs their tests.
package shim

import (
	"embed"
	"io/fs"
)

//go:embed agent.js agent.d.ts provisioning_api.js authentication_api.js provider.d.ts
var files embed.FS

// FS returns the scripts under the names by which a login host serves them
// (design.md 4), and the TypeScript declarations beside them. include.js is
// agent.js under its old name; the script looks at the name and then asks for
// signatures that old verifiers can check.
func FS() fs.FS { return scripts{} }

type scripts struct{}

// Open opens the script of that name.
func (scripts) Open(name string) (fs.File, error) {
	if name == "include.js" {
		name = "agent.js"
	}
	return files.Open(name)
}
