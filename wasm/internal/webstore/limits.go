//go:build js && wasm

package webstore

import (
	"cmp"
	"maps"
	"slices"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// Limits of what is kept. Beyond them what was not used for the longest goes.
const (
	MaxIdentities = 50
	MaxSites      = 500
)

// trim drops what is above the limits and returns the addresses that it dropped.
func trim(state *agent.State) (dropped []browserid.Email) {
	known := state.Known("")
	for _, address := range known[min(len(known), MaxIdentities):] {
		email := browserid.Email(address)
		state.Remove(email, true)
		dropped = append(dropped, email)
	}
	origins := slices.SortedFunc(maps.Keys(state.Sites), func(a, b browserid.Origin) int {
		return cmp.Compare(state.Sites[b].Used, state.Sites[a].Used)
	})
	for _, origin := range origins[min(len(origins), MaxSites):] {
		delete(state.Sites, origin)
	}
	return dropped
}
