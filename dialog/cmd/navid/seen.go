package main

import (
	"flag"
	"io"

	"github.com/navid-login/navid/agent/discovery"
)

// seenFlag is the flag of a server that remembers which domains have an identity
// provider.
func seenFlag(flags *flag.FlagSet, file *string) {
	flags.StringVar(file, "seen", "",
		"`file` to remember in which domains had an identity provider, so that after a restart nobody else may speak for one that is only away; written within a second of news, and of one process")
}

// seenStore is a memory of providers that a server closes at its end.
type seenStore interface {
	discovery.SeenStore
	io.Closer
}

// openSeen opens the file of [seenFlag]; without one, what was seen ends with
// the process.
func openSeen(file string) (seenStore, error) {
	if file == "" {
		return forgetful{discovery.NewSeenMemory()}, nil
	}
	return discovery.OpenSeenFile(file)
}

type forgetful struct{ *discovery.SeenMemory }

// Close implements [io.Closer].
func (forgetful) Close() error { return nil }
