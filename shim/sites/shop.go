// Command sites is a shop that people sign in to with their e-mail address, the
// one in Go of four alike. What it has of Navid is in login.go; README.md is a
// guide to it.
package main

import (
	"cmp"
	"crypto/rand"
	_ "embed"
	"html"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

var (
	loginHost = browserid.Origin(cmp.Or(os.Getenv("LOGIN_HOST"), "http://login.localhost:8080"))
	port      = cmp.Or(os.Getenv("PORT"), "3000")
)

var (
	//go:embed page.html
	page string
	//go:embed sign-in.js
	script string
)

func main() {
	verifier, err := verify.New(navid)
	if err != nil {
		log.Fatal(err)
	}
	sessions := newSessions(navid.Audience.Scheme() == "https")
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", index(sessions))
	mux.Handle("GET /sign-in.js", text("text/javascript; charset=utf-8", script))
	mux.Handle("GET /.well-known/navid", text("application/json", `{"returnTo": ["/"]}`)) // if there was no window
	signing := signIn(verifier, sessions)
	mux.Handle("POST /login", signing)
	mux.Handle("POST /logout", signing)
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: mux, ReadTimeout: 10 * time.Second}
	log.Print("Open ", navid.Audience)
	log.Fatal(server.ListenAndServe())
}

func index(sessions *sessions) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		email := html.EscapeString(string(sessions.email(r)))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = strings.NewReplacer("{login_host}", string(loginHost), "{email}", email).WriteString(w, page)
	}
}

// text is what everybody may read.
func text(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = w.Write([]byte(body))
	}
}

// sessions are who is signed in.
type sessions struct {
	emails sync.Map    // the browserid.Email of each token; where there are several processes, a table
	cookie http.Cookie // without its token
}

func newSessions(isHTTPS bool) *sessions {
	s := &sessions{cookie: http.Cookie{Name: "session", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}}
	if isHTTPS {
		s.cookie.Name, s.cookie.Secure = "__Host-session", true
	}
	return s
}

// email is who sends a request, or empty.
func (s *sessions) email(r *http.Request) browserid.Email {
	email, _ := s.emails.Load(s.token(r))
	address, _ := email.(browserid.Email)
	return address
}

func (s *sessions) begin(w http.ResponseWriter, r *http.Request, email browserid.Email) {
	s.emails.Delete(s.token(r))
	token := rand.Text()
	s.emails.Store(token, email)
	s.setCookie(w, token, 0)
}

func (s *sessions) end(w http.ResponseWriter, r *http.Request) {
	s.emails.Delete(s.token(r))
	s.setCookie(w, "", -1)
}

func (s *sessions) setCookie(w http.ResponseWriter, token string, maxAge int) {
	cookie := s.cookie
	cookie.Value, cookie.MaxAge = token, maxAge
	http.SetCookie(w, &cookie)
}

// token is what the browser's cookie holds, or empty.
func (s *sessions) token(r *http.Request) string {
	if cookie, err := r.Cookie(s.cookie.Name); err == nil {
		return cookie.Value
	}
	return ""
}
