package issuer

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// Site is the web side of a provider: the support document, the two pages, and the certificates that the provisioning page asks for.
// What differs from one provider to the next are two functions, SignedIn and SignIn; the rest is the protocol's.
//
// The pages load the scripts of one login host, which is named here and nowhere else: a page that took it from the Referer would let
// anybody run scripts in it (F1). Each has a Content-Security-Policy that allows nothing but those, itself and the site's own files;
// the login host alone may frame the provisioning page, and nobody the other (C1.8).
//
// Cookies of the session are to be Secure, HttpOnly and SameSite=Lax, with a name that begins with __Host-. Where browsers block them
// in frames of other sites, the hidden provisioning page finds nobody signed in, and the agent opens the pages in a window, where the
// cookies are the site's own.
type Site struct {
	// Issuer signs, and says at which paths the pages are.
	Issuer *Issuer
	// LoginHost is the origin of the login host whose scripts the pages load, such as https://login.example.
	LoginHost browserid.Origin
	// Name is what the site calls itself on its pages. Empty is the domain of the Issuer.
	Name string
	// Stylesheet and Icon are the paths of the style sheet and of the icon of the pages. Empty are those of this package.
	Stylesheet, Icon string
	// SignedIn returns the addresses that the session of a request has proven. It is asked again for each certificate.
	SignedIn func(*http.Request) []browserid.Email
	// SignIn answers somebody who is not signed in as the address, and is to be, at the authentication page. For a GET that is the
	// form: it needs no action, for it is posted to where it is. A POST brings what was typed; where it is right, SignIn starts a
	// session by a cookie on w and returns the zero [Form], and where it is not, the form once more, with a word about it.
	//
	// A button with the name "cancel" and type "button" gives up.
	SignIn func(w http.ResponseWriter, r *http.Request, email browserid.Email) Form
}

// Form is what the authentication page shows.
type Form struct {
	// HTML is the form. Make it with package html/template: what comes with the request must not become markup.
	HTML template.HTML
	// Status is that of the answer; 0 is 200.
	Status int
}

// maxFormBytes is the length of what may be posted.
const maxFormBytes = 16 << 10

// Handler serves all of the site. It belongs at the root of the domain; mount it beside the site's other pages with the patterns
// [Path], Issuer.Authentication and Issuer.Provisioning, each also with what begins with it and a dot.
func (s *Site) Handler() (http.Handler, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("make provider: %w", err)
	}
	document, err := s.Issuer.Handler()
	if err != nil {
		return nil, err
	}
	authentication, provisioning := s.Issuer.Authentication, s.Issuer.Provisioning
	mux := http.NewServeMux()
	mux.Handle("GET "+Path, document)
	mux.HandleFunc("GET "+authentication, s.authenticate)
	mux.HandleFunc("POST "+authentication, s.authenticate)
	mux.HandleFunc("GET "+provisioning, s.provision)
	mux.HandleFunc("POST "+provisioning, s.certify)
	mux.HandleFunc("GET "+authentication+".js", serveFile("authentication.js"))
	mux.HandleFunc("GET "+provisioning+".js", serveFile("provisioning.js"))
	mux.HandleFunc("GET "+authentication+".css", serveFile("site.css"))
	mux.HandleFunc("GET "+authentication+".svg", serveFile("site.svg"))
	return refuseForeign(mux), nil
}

func (s *Site) check() error {
	switch {
	case s.Issuer == nil || s.SignedIn == nil || s.SignIn == nil:
		return errors.New("Issuer, SignedIn and SignIn are needed")
	case strings.HasSuffix(s.Issuer.Authentication, "/") || strings.HasSuffix(s.Issuer.Provisioning, "/"):
		return errors.New("paths of pages must not end with a slash")
	case s.Issuer.Authentication == s.Issuer.Provisioning:
		return errors.New("the two pages need different paths")
	}
	if _, err := browserid.ParseOrigin(string(s.LoginHost)); err != nil {
		return fmt.Errorf("login host %q is not an origin such as https://login.example: %w", s.LoginHost, err)
	}
	return nil
}

// refuseForeign refuses what pages of other sites post: a certificate, or a sign-in that nobody has asked for. Every browser says
// where a POST comes from; what does not say so is none that is signed in here.
func refuseForeign(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !isOwn(r) {
			http.Error(w, "This was posted by a page of another site.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isOwn tells whether a request comes from a page of the same origin. The word of a browser that knows Sec-Fetch-Site holds also where
// a proxy has changed the Host.
func isOwn(r *http.Request) bool {
	if from := r.Header.Get("Sec-Fetch-Site"); from != "" {
		return from == "same-origin"
	}
	return r.Header.Get("Origin") == "https://"+r.Host
}
