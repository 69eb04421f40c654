//go:build js && wasm

package webstore

import (
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
	for len(state.Sites) > MaxSites {
		delete(state.Sites, leastRecent(state.Sites))
	}
	return dropped
}

// leastRecent returns the site that was not used for the longest.
func leastRecent(sites map[browserid.Origin]agent.Site) (oldest browserid.Origin) {
	for origin, site := range sites {
		if oldest == "" || site.Used < sites[oldest].Used {
			oldest = origin
		}
	}
	return oldest
}
