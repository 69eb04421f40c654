package idp

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/navid-login/navid/agent/browserid"
)

// Session is a way to remember a signed-in user in the browser. What a hidden frame sees of it differs (webplatform.md 6).
type Session string

// The ways.
const (
	// LaxCookie is a SameSite=Lax cookie: what a cookie that says nothing is today. No cross-site frame ever sees it.
	LaxCookie Session = "lax-cookie"
	// NoneCookie is a SameSite=None cookie, which a cross-site frame sees where third-party cookies are allowed. It needs https.
	NoneCookie Session = "none-cookie"
	// LocalStorage is a token in localStorage, which is partitioned: a cross-site frame has another.
	LocalStorage Session = "local-storage"
)

// maxFormBytes bounds the body of every POST.
const maxFormBytes = 16 << 10

// sessions are the signed-in users by their random token.
type sessions struct {
	kind   Session
	cookie http.Cookie // without its value

	mu      *sync.Mutex
	current map[string]browserid.Email
}

func newSessions(config Config) sessions {
	cookie := http.Cookie{Name: "session", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	cookie.Secure = strings.HasPrefix(string(config.Origin), "https://")
	if config.Session == NoneCookie {
		cookie.SameSite = http.SameSiteNoneMode
	}
	if config.Session == "" {
		config.Session = LaxCookie
	}
	return sessions{kind: config.Session, cookie: cookie, mu: new(sync.Mutex), current: map[string]browserid.Email{}}
}

func (s *sessions) start(email browserid.Email) (token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token = rand.Text()
	s.current[token] = email
	return token
}

// token is the one that a request carries, if any.
func (s *sessions) token(r *http.Request) string {
	if s.kind == LocalStorage {
		return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	cookie, err := r.Cookie(s.cookie.Name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (s *sessions) email(r *http.Request) browserid.Email {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current[s.token(r)]
}

func (s *sessions) end(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.current, s.token(r))
}

// SignOutAll ends the sessions of all users, as a restart would.
func (p *Provider) SignOutAll() {
	p.sessions.mu.Lock()
	defer p.sessions.mu.Unlock()
	clear(p.sessions.current)
}

// whoIs answers with the address that the browser is signed in as, or with an empty one.
func (p *Provider) whoIs(w http.ResponseWriter, r *http.Request) {
	email := p.sessions.email(r)
	if p.does(NeverSignedIn) {
		email = ""
	}
	answer(w, http.StatusOK, map[string]string{"email": string(email)})
}

// signIn takes {"email", "password"}.
func (p *Provider) signIn(w http.ResponseWriter, r *http.Request) {
	var form struct{ Email, Password string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxFormBytes)).Decode(&form); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"message": "That was no sign-in."})
		return
	}
	email, ours := p.owns(form.Email)
	right, err := p.accounts.check(email.Local(), form.Password)
	if err != nil || !ours || !right {
		answer(w, http.StatusForbidden, map[string]string{"message": "That is not the password of this address."})
		return
	}
	token := p.sessions.start(email)
	if p.sessions.kind == LocalStorage {
		answer(w, http.StatusOK, map[string]string{"email": string(email), "token": token})
		return
	}
	cookie := p.sessions.cookie
	cookie.Value = token
	http.SetCookie(w, &cookie)
	answer(w, http.StatusOK, map[string]string{"email": string(email)})
}

func (p *Provider) signOut(w http.ResponseWriter, r *http.Request) {
	p.sessions.end(r)
	cookie := p.sessions.cookie
	cookie.MaxAge = -1
	http.SetCookie(w, &cookie)
	answer(w, http.StatusOK, map[string]string{})
}

func answer(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a browser that has gone does not want it
}
