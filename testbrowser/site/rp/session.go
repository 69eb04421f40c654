package rp

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// sessionLife is how long a person stays signed in.
const sessionLife = 12 * time.Hour

// sessions remembers who is signed in, by the random token in their cookie. It forgets when the program ends.
type sessions struct {
	cookie http.Cookie // without its value
	now    func() time.Time

	mu      sync.Mutex
	current map[string]session
}

type session struct {
	email   browserid.Email
	expires time.Time
}

func newSessions(config Config) *sessions {
	cookie := http.Cookie{Name: "session", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(sessionLife.Seconds())}
	if strings.HasPrefix(string(config.Origin), "https://") {
		cookie.Name, cookie.Secure = "__Host-session", true
	}
	return &sessions{cookie: cookie, now: config.Now, current: map[string]session{}}
}

// start signs a person in, under a new token: one that was there before may be known to someone else.
func (s *sessions) start(w http.ResponseWriter, r *http.Request, email browserid.Email) {
	s.forget(r)
	token := rand.Text()
	now := s.now()
	s.mu.Lock()
	for old, session := range s.current {
		if session.expires.Before(now) {
			delete(s.current, old)
		}
	}
	s.current[token] = session{email: email, expires: now.Add(sessionLife)}
	s.mu.Unlock()
	cookie := s.cookie
	cookie.Value = token
	http.SetCookie(w, &cookie)
}

// email is the address of the person who sends a request, or empty.
func (s *sessions) email(r *http.Request) browserid.Email {
	cookie, err := r.Cookie(s.cookie.Name)
	if err != nil {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	session, ok := s.current[cookie.Value]
	if !ok || session.expires.Before(s.now()) {
		return ""
	}
	return session.email
}

// end signs the person out, here and in their browser.
func (s *sessions) end(w http.ResponseWriter, r *http.Request) {
	s.forget(r)
	cookie := s.cookie
	cookie.MaxAge = -1
	http.SetCookie(w, &cookie)
}

func (s *sessions) forget(r *http.Request) {
	if cookie, err := r.Cookie(s.cookie.Name); err == nil {
		s.mu.Lock()
		delete(s.current, cookie.Value)
		s.mu.Unlock()
	}
}
