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

// FS returns the scripts and, beside them, their TypeScript declarations.
//
// A login host serves each script under its own name (design.md 4), and
// agent.js as /include.js too: the script looks at the name it was loaded by,
// and as include.js asks for signatures that old verifiers can check.
func FS() fs.FS { return files }
