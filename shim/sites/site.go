// Command sites is a site that people sign in to with their e-mail address, the
// one in Go of four alike. README.md is a guide to them.
package main

import (
	"cmp"
	"crypto/rand"
	_ "embed"
	"html"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
)

var (
	origin    = cmp.Or(os.Getenv("ORIGIN"), "http://shop.localhost:3000") // our own, the audience
	loginHost = cmp.Or(os.Getenv("LOGIN_HOST"), "http://login.localhost:8080")
	port      = cmp.Or(os.Getenv("PORT"), "3000")
)

var (
	//go:embed page.html
	page string
	//go:embed sign-in.js
	script string
)

type site struct {
	verifier *verify.Verifier
	cookie   http.Cookie // of a session, without its token
	sessions sync.Map    // the browserid.Email of each token; where there are several processes, a table
}

func main() {
	verifier, err := newVerifier()
	if err != nil {
		log.Fatal(err)
	}
	s := &site{verifier: verifier, cookie: http.Cookie{Name: "session", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}}
	if strings.HasPrefix(origin, "https:") {
		s.cookie.Name, s.cookie.Secure = "__Host-session", true
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.HandleFunc("GET /sign-in.js", serve("text/javascript; charset=utf-8", script))
	mux.HandleFunc("GET /.well-known/navid", serve("application/json", `{"returnTo": ["/"]}`)) // if there was no window
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	handler := http.NewCrossOriginProtection().Handler(mux) // CSRF
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: handler, ReadTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func newVerifier() (*verify.Verifier, error) {
	host, err := url.Parse(loginHost)
	if err != nil {
		return nil, err
	}
	return verify.New(verify.Config{
		Audience:  browserid.Origin(origin),
		Discovery: discovery.New(discovery.Config{InsecureLocalhostPort: os.Getenv("DEV_PORT")}),
		Fallbacks: []browserid.Domain{browserid.Domain(host.Hostname())},
		Replay:    &verify.ReplayMemory{},
	})
}

func (s *site) index(w http.ResponseWriter, r *http.Request) {
	email, _ := s.sessions.Load(s.token(r))
	address, _ := email.(browserid.Email) // empty if there is none
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	text := strings.NewReplacer("{login_host}", loginHost, "{email}", html.EscapeString(string(address))).Replace(page)
	_, _ = w.Write([]byte(text))
}

// serve is of what is everybody's to read.
func serve(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = w.Write([]byte(text))
	}
}

func (s *site) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 10_000)
	result, err := s.verifier.Verify(r.Context(), r.PostFormValue("assertion"))
	if err != nil {
		log.Print(err) // says why, and names nobody
		http.Error(w, "We could not verify your sign-in. Please try again.", http.StatusForbidden)
		return
	}
	s.sessions.Delete(s.token(r))
	token := rand.Text()
	s.sessions.Store(token, result.Email) // the account is this very string
	s.setCookie(w, token, 0)
	w.WriteHeader(http.StatusNoContent)
}

func (s *site) logout(w http.ResponseWriter, r *http.Request) {
	s.sessions.Delete(s.token(r))
	s.setCookie(w, "", -1)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *site) setCookie(w http.ResponseWriter, token string, maxAge int) {
	cookie := s.cookie
	cookie.Value, cookie.MaxAge = token, maxAge
	http.SetCookie(w, &cookie)
}

// token is what the browser's cookie holds, or empty.
func (s *site) token(r *http.Request) string {
	if cookie, err := r.Cookie(s.cookie.Name); err == nil {
		return cookie.Value
	}
	return ""
}
