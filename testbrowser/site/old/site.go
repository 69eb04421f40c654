package old

import (
	"net/http"
	"net/url"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// Style is the part of navigator.id that a relying party uses.
type Style string

// The styles.
const (
	// Observer calls watch() with loggedInUser and onlogout on every page, and leaves it to the browser who is logged in (A2, A3).
	Observer Style = "observer"
	// Get calls get(callback, options) (A6).
	Get Style = "get"
	// GetVerifiedEmail calls the oldest of all (A6.5).
	GetVerifiedEmail Style = "get_verified_email"
)

// SiteConfig says which relying party to be.
type SiteConfig struct {
	Style Style
	// HostURL is the origin of the login host that include.js comes from.
	HostURL string
	// Verifier checks assertions for this site.
	Verifier *verify.Verifier
}

// userCookie holds the address for the page's own script, as pages did that had no other way to know it.
const userCookie = "user"

type site struct {
	config   SiteConfig
	sessions sessions
}

// NewSite makes a relying party. Its page has #sign-in, #sign-out and #who, which shows the address that its server has verified.
func NewSite(config SiteConfig) (http.Handler, error) {
	if config.Verifier == nil {
		return nil, problem("Verifier")
	}
	s := &site{config: config}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /dollar.js", script)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	return mux, nil
}

func (s *site) page(w http.ResponseWriter, r *http.Request) {
	write(w, string(s.config.Style)+".html", struct {
		HostURL string
		Email   browserid.Email
	}{s.config.HostURL, s.sessions.email(cookie(r, "sid"))})
}

// login takes a form with the assertion. That forms came from elsewhere too was on few people's minds.
func (s *site) login(w http.ResponseWriter, r *http.Request) {
	result, err := s.config.Verifier.Verify(r.Context(), r.PostFormValue("assertion"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: s.sessions.start(result.Email), Path: "/", HttpOnly: true})
	http.SetCookie(w, &http.Cookie{Name: userCookie, Value: url.QueryEscape(string(result.Email)), Path: "/"})
	writeText(w, string(result.Email))
}

func (s *site) logout(w http.ResponseWriter, _ *http.Request) {
	for _, name := range []string{"sid", userCookie} {
		http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1})
	}
	writeText(w, "bye")
}
