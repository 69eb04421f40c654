package idp

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

//go:embed static templates
var files embed.FS

// pages are the html documents of the provider.
type pages struct {
	provider *Provider
	template *template.Template
	static   http.Handler
}

// view is what the templates see.
type view struct {
	Domain  browserid.Domain
	HostURL string
	Session Session
	Email   browserid.Email
	Hostile bool
	Silent  bool
}

func newPages(p *Provider) (*pages, error) {
	parsed, err := template.ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	return &pages{provider: p, template: parsed, static: http.StripPrefix("/static", http.FileServerFS(static))}, nil
}

func (p *pages) home(w http.ResponseWriter, r *http.Request) {
	p.refuseFrames(w)
	p.write(w, r, "home.html")
}

func (p *pages) logout(w http.ResponseWriter, r *http.Request) {
	p.refuseFrames(w)
	p.write(w, r, "logout.html")
}

// authentication is the page on which a password is typed: nobody may frame it (C1.8).
func (p *pages) authentication(w http.ResponseWriter, r *http.Request) {
	if p.provider.does(AuthenticationMissing) {
		http.NotFound(w, r)
		return
	}
	p.refuseFrames(w)
	if p.provider.does(AuthenticationFramed) {
		w.Header().Del("X-Frame-Options")
		p.setPolicy(w, "*")
	}
	if p.provider.does(AuthenticationCOOP) {
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	p.write(w, r, "authentication.html")
}

// provisioning is the page that the login host frames or opens (C1.8).
func (p *pages) provisioning(w http.ResponseWriter, r *http.Request) {
	switch {
	case p.provider.does(ProvisioningMissing):
		http.NotFound(w, r)
		return
	case p.provider.does(ProvisioningElsewhere):
		http.Redirect(w, r, AnotherHost+r.URL.Path, http.StatusFound)
		return
	}
	p.setPolicy(w, p.provider.config.HostURL)
	if p.provider.does(FramesRefused) {
		p.refuseFrames(w)
	}
	if p.provider.does(ProvisioningCOOP) {
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	if p.provider.does(Slow) {
		delay := time.NewTimer(SlowBy)
		defer delay.Stop()
		select {
		case <-delay.C:
		case <-r.Context().Done():
		}
	}
	p.write(w, r, "provisioning.html")
}

// scriptHost is the origin that the API scripts are included from.
func (p *pages) scriptHost() string {
	host := strings.TrimSuffix(p.provider.config.HostURL, "/")
	switch {
	case p.provider.does(ScriptInsecure):
		return strings.Replace(host, "https://", "http://", 1)
	case p.provider.does(ScriptOfAnotherHost):
		return AnotherHost
	}
	return host
}

func (p *pages) refuseFrames(w http.ResponseWriter) {
	w.Header().Set("X-Frame-Options", "DENY")
	p.setPolicy(w, "'none'")
}

func (p *pages) setPolicy(w http.ResponseWriter, ancestors string) {
	scripts := "'self' " + p.provider.config.HostURL
	if p.provider.does(ScriptForbidden) {
		scripts = "'self'"
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+scripts+
		"; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "+ancestors)
}

func (p *pages) write(w http.ResponseWriter, r *http.Request, name string) {
	var page bytes.Buffer
	err := p.template.ExecuteTemplate(&page, name, view{
		Domain:  p.provider.config.Domain,
		HostURL: p.scriptHost(),
		Session: p.provider.sessions.kind,
		Email:   p.provider.sessions.email(r),
		Hostile: p.provider.does(Hostile),
		Silent:  p.provider.does(Silent),
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	if name == "provisioning.html" && p.provider.does(ProvisioningAsText) {
		header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	_, _ = page.WriteTo(w) // a browser that has gone does not want it
}
