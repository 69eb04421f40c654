package issuer

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

//go:embed pages
var pages embed.FS

var templates = template.Must(template.ParseFS(pages, "pages/*.html"))

// view is what the templates see.
type view struct {
	Title, Name      string
	Stylesheet, Icon string
	Script           string // the page's own
	API              string // of the login host
	SignedIn         string // the addresses of the session, in JSON
	Done             bool   // there is nothing left to ask
	Forgetful        bool   // the browser has not kept the session
	Body             template.HTML
}

// authenticate serves the authentication page (C2). Who is signed in as the address goes back at once (C2.6).
func (s *Site) authenticate(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	page := view{Title: "Sign in", Script: s.Issuer.Authentication + ".js", API: "/authentication_api.js"}
	email, err := browserid.ParseEmail(r.URL.Query().Get("email"))
	switch {
	case err != nil || !s.Issuer.speaksFor(email.Domain()):
		page.Body = s.stranger(r.URL.Query().Get("email"))
		s.write(w, http.StatusOK, "authentication.html", page)
	case slices.Contains(s.SignedIn(r), email):
		page.Done = true
		s.write(w, http.StatusOK, "authentication.html", page)
	default:
		s.ask(w, r, email, page)
	}
}

// hasSession is in the query of the page after a session has begun.
const hasSession = "session"

// ask shows the form. After a session has begun the page is asked for anew, so that it sees what the browser keeps, and nothing is
// posted twice by a reload. A browser that keeps nothing is told so, or people would type for ever.
func (s *Site) ask(w http.ResponseWriter, r *http.Request, email browserid.Email, page view) {
	form := s.SignIn(w, r, email)
	if form.HTML == "" && r.Method == http.MethodPost {
		http.Redirect(w, r, s.Issuer.Authentication+"?email="+url.QueryEscape(string(email))+"&"+hasSession, http.StatusSeeOther)
		return
	}
	page.Body, page.Forgetful = form.HTML, r.Method == http.MethodGet && r.URL.Query().Has(hasSession)
	s.write(w, max(form.Status, http.StatusOK), "authentication.html", page)
}

// stranger says that an address is none of this provider's.
func (s *Site) stranger(email string) template.HTML {
	var text bytes.Buffer
	_ = templates.ExecuteTemplate(&text, "stranger.html", map[string]any{"Email": email, "Domain": s.Issuer.Domain}) // a buffer takes all
	return template.HTML(text.String())
}

// provision serves the provisioning page (C1). It tells its script who is signed in; the certificate depends on who is when it is made.
func (s *Site) provision(w http.ResponseWriter, r *http.Request) {
	signedIn, err := json.Marshal(append([]browserid.Email{}, s.SignedIn(r)...))
	if err != nil {
		http.Error(w, "the session cannot be read", http.StatusInternalServerError)
		return
	}
	s.write(w, http.StatusOK, "provisioning.html", view{
		Title: "One moment", Script: s.Issuer.Provisioning + ".js", API: "/provisioning_api.js", SignedIn: string(signedIn),
	})
}

// Show serves another page of the site, such as one to sign out on, in the same clothes and with the same protection.
func (s *Site) Show(w http.ResponseWriter, status int, title string, body template.HTML) {
	s.write(w, status, "page.html", view{Title: title, Body: body})
}

func (s *Site) write(w http.ResponseWriter, status int, name string, page view) {
	page.Name, page.Stylesheet, page.Icon = s.name(), s.Stylesheet, s.Icon
	if page.Stylesheet == "" {
		page.Stylesheet = s.Issuer.Authentication + ".css"
	}
	if page.Icon == "" {
		page.Icon = s.Issuer.Authentication + ".svg"
	}
	page.API = string(s.LoginHost) + page.API
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(&text, name, page); err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	s.setHeaders(w.Header(), name == "provisioning.html")
	w.WriteHeader(status)
	_, _ = text.WriteTo(w) // a browser that has gone does not want it
}

func (s *Site) name() string {
	if s.Name != "" {
		return s.Name
	}
	return string(s.Issuer.Domain)
}

// setHeaders sets those of a page. It sends its origin to itself alone; not even that, and its own forms would come from nowhere.
func (s *Site) setHeaders(header http.Header, isFramed bool) {
	ancestors := "'none'"
	if isFramed {
		ancestors = string(s.LoginHost)
	} else {
		header.Set("X-Frame-Options", "DENY")
	}
	header.Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src 'self' %s; style-src 'self'; img-src 'self'; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors %s", s.LoginHost, ancestors))
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("X-Content-Type-Options", "nosniff")
}

func serveFile(name string) http.HandlerFunc {
	content, err := pages.ReadFile("pages/" + name)
	if err != nil {
		panic(err) // it is embedded
	}
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	}
}
