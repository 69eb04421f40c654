package totp

import (
	"net/http"
	"slices"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

const (
	// browserCookie is what a browser is known by in which somebody has signed in. It signs nobody in.
	browserCookie   = "__Host-browser"
	browserLifetime = 365 * 24 * time.Hour
	// maxBrowsers is how many of each user are known.
	maxBrowsers = 20
)

// browser is one that a user has signed in with. Its wrong tries are counted by themselves: whoever tries codes for an address that is
// not theirs keeps its owner waiting in other browsers alone.
type browser struct {
	UserID string    `json:"user"`
	Until  time.Time `json:"until"`
}

// browserOf names the browser of a user in the state file. A browser may be of several.
func browserOf(token string, user User) string { return keyOf(token + " " + user.ID) }

// browserToken is what the browser of a request is known by, or will be.
func browserToken(r *http.Request) string {
	if sent, err := r.Cookie(browserCookie); err == nil && len(sent.Value) == len(newToken()) {
		return sent.Value
	}
	return newToken()
}

// triesFor names where the tries for an address from a browser are counted. Those of users are never crowded out by others.
func (p *Provider) triesFor(email browserid.Email, user User, token string, now time.Time) string {
	if user.Address != email {
		return triesOf("address", string(email))
	}
	if known := browserOf(token, user); p.state.Browsers[known].Until.After(now) {
		return userTries + known
	}
	return userTries + user.ID
}

// meet remembers a browser in which somebody has just signed in, in place of the one longest ago where there are too many.
func (s *state) meet(token string, user User, now time.Time) {
	var theirs []string
	for name := range s.Browsers {
		if s.Browsers[name].UserID == user.ID && name != browserOf(token, user) {
			theirs = append(theirs, name)
		}
	}
	if len(theirs) >= maxBrowsers {
		delete(s.Browsers, slices.MinFunc(theirs, func(a, b string) int { return s.Browsers[a].Until.Compare(s.Browsers[b].Until) }))
	}
	s.Browsers[browserOf(token, user)] = browser{UserID: user.ID, Until: now.Add(browserLifetime).UTC()}
}
