// Package old has sites as they were written in 2012, when Persona was new: pages with inline scripts and callbacks, sessions in readable
// cookies, no policies. They know nothing of this project, and must work as they are (protocol.md A, C1, C2). They were written from that
// description, and are nobody's.
//
// [NewSite] is a relying party in one of three styles, [NewProvider] an identity provider in one of four.
package old

import (
	"bytes"
	"crypto/rand"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"sync"

	"github.com/navid-login/navid/agent/browserid"
)

//go:embed pages
var files embed.FS

// pages are all documents, by file name.
var pages = template.Must(template.ParseFS(files, "pages/*.html"))

// write writes a document with the headers of its day: none.
func write(w http.ResponseWriter, name string, view any) {
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name, view); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = page.WriteTo(w) // a browser that has gone does not want it
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text)
}

// script serves the few lines that stand in for the library that every page had then.
func script(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "pages/dollar.js")
}

// sessions are who is signed in, by a random token.
type sessions struct {
	mu      sync.Mutex
	current map[string]browserid.Email
}

func (s *sessions) start(email browserid.Email) (token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		s.current = map[string]browserid.Email{}
	}
	token = rand.Text()
	s.current[token] = email
	return token
}

func (s *sessions) email(token string) browserid.Email {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current[token]
}

// cookie is the value of a cookie, or empty.
func cookie(r *http.Request, name string) string {
	found, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return found.Value
}

// problem names what a config lacks.
func problem(what string) error {
	return fmt.Errorf("old: Config.%s is missing", what)
}
