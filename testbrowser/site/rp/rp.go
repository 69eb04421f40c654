// Package rp is a small relying party: a site that people sign in to with their e-mail address.
//
// It is what the demo shows and what the end-to-end tests sign in to, and it does what every relying party has to do (protocol.md A10):
// the page includes the login host's agent.js and asks for an assertion; the page's own server verifies it, against an audience from its
// configuration; and from there on the site has a session of its own, as with any other way to sign in.
package rp

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// maxLoginBytes bounds the body of a login: an assertion with its certificate has some 2 to 4 kB.
const maxLoginBytes = 64 << 10

// Config says which site to be.
type Config struct {
	// Origin is this site's own, the audience of its assertions. Cookies are Secure unless it is http.
	Origin browserid.Origin
	// HostURL is the origin of the login host that agent.js comes from.
	HostURL string
	// Script is the path of the script there. Empty is /agent.js.
	Script string
	// Verifier checks assertions; its audience is Origin.
	Verifier *verify.Verifier
	// Now is the clock of the sessions. Nil is [time.Now].
	Now func() time.Time
}

// site is a relying party: the values that its handlers share.
type site struct {
	config   Config
	sessions *sessions
	page     *template.Template
}

//go:embed static
var static embed.FS

//go:embed templates/index.html
var index string

// New makes the site.
func New(config Config) (http.Handler, error) {
	if _, err := browserid.ParseOrigin(string(config.Origin)); err != nil {
		return nil, fmt.Errorf("rp: origin %q: %w", config.Origin, err)
	}
	if config.Verifier == nil {
		return nil, errors.New("rp: Config.Verifier is missing")
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Script == "" {
		config.Script = "/agent.js"
	}
	page, err := template.New("index").Parse(index)
	if err != nil {
		return nil, fmt.Errorf("rp: %w", err)
	}
	files, err := fs.Sub(static, "static")
	if err != nil {
		return nil, fmt.Errorf("rp: %w", err)
	}
	s := &site{config: config, sessions: newSessions(config), page: page}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.HandleFunc("GET /.well-known/navid", permitReturn)
	mux.Handle("GET /static/", http.StripPrefix("/static", http.FileServerFS(files)))
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	// A login that another site starts would put its person into an account of the attacker's (A10).
	return s.secure(http.NewCrossOriginProtection().Handler(mux)), nil
}

// secure sets what every answer has. The login host needs its place in script-src, and nothing more.
func (s *site) secure(next http.Handler) http.Handler {
	policy := "default-src 'none'; script-src 'self' " + s.config.HostURL + "; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Referrer-Policy", "same-origin")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

func (s *site) index(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = s.page.Execute(w, struct { // a browser that has gone does not want it
		ScriptURL string
		Email     browserid.Email
		Offers    []offer
	}{s.config.HostURL + s.config.Script, s.sessions.email(r), offers})
}

// permitReturn says to which of the site's paths a sign-in may come back that had no window: those that lead nowhere else. The login host's
// page asks for it, from the browser.
func permitReturn(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"returnTo": ["/"], "siteName": "Seedswap"}`) // a browser that has gone does not want it
}

// login takes {"assertion": "…"} and starts a session for the address that it proves.
func (s *site) login(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Assertion string `json:"assertion"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxLoginBytes)).Decode(&body); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"message": "That was no sign-in request."})
		return
	}
	result, err := s.config.Verifier.Verify(r.Context(), body.Assertion)
	if err != nil {
		answer(w, http.StatusUnauthorized, map[string]string{"message": "We could not verify your sign-in.", "reason": reason(err)})
		return
	}
	s.sessions.start(w, r, result.Email)
	answer(w, http.StatusOK, map[string]string{"email": string(result.Email)})
}

// reason is the check that failed. The details are for a log, which this site does not have.
func reason(err error) string {
	if failed, ok := errors.AsType[*verify.Error](err); ok {
		return string(failed.Code)
	}
	return "unknown"
}

func (s *site) logout(w http.ResponseWriter, r *http.Request) {
	s.sessions.end(w, r)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func answer(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a browser that has gone does not want it
}
