package agent

import (
	"context"
	"errors"
	"slices"

	"github.com/navid-login/navid/agent/browserid"
)

// Identity is an address that this browser has a certificate for. It names its
// key by thumbprint: a certificate and a key that do not belong together are
// as good as no certificate.
type Identity struct {
	Email       browserid.Email  `json:"email"`
	Certificate string           `json:"certificate"`
	Thumbprint  string           `json:"thumbprint"`
	Authority   browserid.Domain `json:"authority"`
	Used        browserid.Millis `json:"used"`              // last sign-in with it
	Display     string           `json:"display,omitempty"` // how people read the address's domain, where that differs
	Passkey     PasskeyMemory    `json:"passkey,omitempty"`
}

// Site is what this browser remembers of a site: the address last used there.
type Site struct {
	Email    browserid.Email  `json:"email"`
	Used     browserid.Millis `json:"used"`
	LoggedIn bool             `json:"loggedIn,omitempty"` // as an observing site was told, and has not ended (A3.7)
}

// State is everything that a Store keeps.
type State struct {
	Identities []Identity
	Sites      map[browserid.Origin]Site
}

// Errors of a Store that the agent handles.
var (
	// ErrStorageBlocked reports that the browser keeps nothing for this origin.
	ErrStorageBlocked = errors.New("storage is blocked")
	// ErrStorageFull reports that there is no room for what was to be kept.
	ErrStorageFull = errors.New("storage is full")
	// ErrStorageCorrupt reports that what was stored could not be read. The
	// unreadable text has been put aside, and the store is empty and usable.
	ErrStorageCorrupt = errors.New("storage is corrupt")
)

// Store keeps the State of this browser.
//
// Update reads the state, lets change modify it, and writes it, excluding all
// other writers meanwhile, other windows included. If change fails or the
// state cannot be written, nothing is stored. Load and Update of a corrupt
// store put the unreadable text aside and return an error wrapping
// ErrStorageCorrupt, once; other errors wrap ErrStorageBlocked or ErrStorageFull.
type Store interface {
	Load(ctx context.Context) (*State, error)
	Update(ctx context.Context, change func(*State) error) error
}

// Identity returns the identity of an address.
func (st *State) Identity(email browserid.Email) (Identity, bool) {
	i := st.index(email)
	if i < 0 {
		return Identity{}, false
	}
	return st.Identities[i], true
}

// Put adds or replaces an identity.
func (st *State) Put(id Identity) {
	st.Remove(id.Email, false)
	st.Identities = append(st.Identities, id)
}

// Remove removes an identity, and on request what sites remember of it (B3.6).
func (st *State) Remove(email browserid.Email, sites bool) {
	st.Identities = slices.DeleteFunc(st.Identities, func(id Identity) bool { return id.Email == email })
	for origin, site := range st.Sites {
		if sites && site.Email == email {
			delete(st.Sites, origin)
		}
	}
}

// Use notes that an address was used at a site.
func (st *State) Use(origin browserid.Origin, site Site) {
	if i := st.index(site.Email); i >= 0 {
		st.Identities[i].Used = site.Used
	}
	if st.Sites == nil {
		st.Sites = map[browserid.Origin]Site{}
	}
	st.Sites[origin] = site
}

// Known returns the known addresses for a site: the one last used there first
// (B5.1), then by last use anywhere.
func (st *State) Known(origin browserid.Origin) []string {
	here := st.Sites[origin].Email
	var known []string
	for i := range st.Identities {
		known = append(known, string(st.Identities[i].Email))
		for j := i; j > 0 && st.isLikelier(known[j], known[j-1], here); j-- {
			known[j], known[j-1] = known[j-1], known[j]
		}
	}
	return known
}

// isLikelier reports whether a is offered before b. There are too few
// addresses to link one of the library's sorting functions for them.
func (st *State) isLikelier(a, b string, here browserid.Email) bool {
	if a == string(here) || b == string(here) {
		return a == string(here)
	}
	return st.Identities[st.index(browserid.Email(a))].Used > st.Identities[st.index(browserid.Email(b))].Used
}

func (st *State) index(email browserid.Email) int {
	return slices.IndexFunc(st.Identities, func(id Identity) bool { return id.Email == email })
}
