package main

import (
	"io"

	"github.com/navid-login/navid/agent/discovery"
)

// seenRow is the setting of a server that remembers which domains have an
// identity provider.
var seenRow = row{
	section: sectionData, name: "seen", argument: "FILE",
	does: "remember in this file which domains had an identity provider, so that nobody else may speak for one that is only away, also after a restart; the file is of one process; without it, serve remembers them in its database, and verify-server until it ends",
}

// seenStore is a memory of providers that a server closes at its end.
type seenStore interface {
	discovery.SeenStore
	io.Closer
}

// openSeen opens the file of [seenRow]; without one, what was seen ends with
// the process.
func openSeen(file string) (seenStore, error) {
	if file == "" {
		return forgetful{discovery.NewSeenMemory()}, nil
	}
	seen, err := discovery.OpenSeenFile(file)
	if err != nil {
		return nil, err
	}
	return seen, nil
}

type forgetful struct{ *discovery.SeenMemory }

// Close implements [io.Closer].
func (forgetful) Close() error { return nil }

// inDatabase is the memory of a database, which is closed by itself.
type inDatabase struct{ discovery.SeenStore }

// Close implements [io.Closer].
func (inDatabase) Close() error { return nil }
