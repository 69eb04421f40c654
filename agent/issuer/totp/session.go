package totp

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// cookieName: with __Host- browsers take it from this host alone, over https, for all of its paths.
const cookieName = "__Host-session"

func cookie(name, token string, lifetime time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: token, Path: "/", MaxAge: int(lifetime.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// keyOf is what a session is known by: the token itself is kept in the browser alone.
func keyOf(token string) string {
	digest := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(digest[:])
}

// tokenOf is the token that a request carries, or empty.
func tokenOf(r *http.Request) string {
	sent, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return sent.Value
}

// proofs are what the session of a request has proven, and still counts. The caller holds mu.
func (p *Provider) proofs(r *http.Request, now time.Time) []proof {
	return slices.DeleteFunc(live(p.state.Sessions[keyOf(tokenOf(r))], now), func(proven proof) bool {
		return !p.config.Users.isCurrent(proven.Address, proven.UserID)
	})
}

// signedIn is for [issuer.Site].
func (p *Provider) signedIn(r *http.Request) (emails []browserid.Email) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.refresh(); err != nil {
		p.config.Log.Error("sessions cannot be read", "error", err)
		return nil
	}
	for _, proven := range p.proofs(r, p.config.Now()) {
		emails = append(emails, proven.Address)
	}
	return emails
}

// begin puts a new session in place of that of a request, if there is one: it has a token of its own, and what was proven before.
func (p *Provider) begin(r *http.Request, token string) func(*state, User, time.Time) {
	return func(s *state, user User, now time.Time) {
		proofs := slices.DeleteFunc(p.proofs(r, now), func(proven proof) bool { return proven.Address == user.Address })
		delete(s.Sessions, keyOf(tokenOf(r)))
		s.Sessions[keyOf(token)] = append(proofs, proof{Address: user.Address, UserID: user.ID, Until: now.Add(SessionLifetime).UTC()})
	}
}

// signOut ends the session of a request.
func (p *Provider) signOut(w http.ResponseWriter, r *http.Request) {
	if err := p.end(tokenOf(r)); err != nil {
		p.config.Log.Error("nobody can sign out", "error", err)
		http.Error(w, "This cannot be done at the moment.", http.StatusServiceUnavailable)
		return
	}
	http.SetCookie(w, cookie(cookieName, "", -time.Second))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// end ends a session.
func (p *Provider) end(token string) error {
	unlock, err := p.alone()
	if err != nil {
		return err
	}
	defer unlock()
	return p.change(p.config.Now(), func(s *state) { delete(s.Sessions, keyOf(token)) })
}

// newToken makes the token of a session.
func newToken() string { return rand.Text() }
