// Package idp is a small identity provider: a mail service that vouches for the addresses of its users.
//
// It is what the demo and the end-to-end tests sign in with. It has what protocol.md C1 to C3 ask of a provider: a support document, a
// provisioning page, an authentication page, and certificates for whoever is signed in and for nobody else. The login host whose scripts
// its two pages include comes from its configuration, never from the request.
//
// It can also misbehave, in the ways that [Misbehaviour] lists: that is what most of the tests want of it. Sessions are in memory and
// forgotten at the end.
package idp

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// Paths of the pages, as the support document names them.
const (
	AuthenticationPath = "/sign_in"
	ProvisioningPath   = "/provision"
	LogoutPath         = "/sign_out"
)

// Config says which provider to be.
type Config struct {
	// Domain is the mail domain that this provider speaks for.
	Domain browserid.Domain
	// Origin is where it is: https://DOMAIN, or http for development on localhost names. Cookies are Secure unless it is http.
	Origin browserid.Origin
	// HostURL is the origin of the login host that the API scripts come from.
	HostURL string
	// Accounts are the users: the local part of each address and its password.
	Accounts map[string]string
	// Session is how a signed-in user is remembered. The zero value is LaxCookie.
	Session Session
	// Delegating are further domains, whose support documents delegate to Domain (see [issuer.Delegate]).
	Delegating []browserid.Domain
	// Algorithms are those of user keys that are certified. Nil means all.
	Algorithms []browserid.Algorithm
	// Now is the clock. Nil is [time.Now].
	Now func() time.Time
}

// Provider is a running provider. It is an [http.Handler].
type Provider struct {
	http.Handler
	config   Config
	key      *issuer.Key
	issuer   *issuer.Issuer
	accounts accounts
	sessions sessions

	mu           sync.Mutex
	misbehaviour []Misbehaviour
	reports      []Report
}

// New makes the provider, with a signing key of its own.
func New(config Config) (*Provider, error) {
	if config.Now == nil {
		config.Now = time.Now
	}
	if _, err := browserid.ParseOrigin(string(config.Origin)); err != nil {
		return nil, fmt.Errorf("idp: origin %q: %w", config.Origin, err)
	}
	if config.HostURL == "" {
		return nil, errors.New("idp: Config.HostURL is missing")
	}
	key, err := issuer.GenerateKey(browserid.ES256)
	if err != nil {
		return nil, fmt.Errorf("idp: %w", err)
	}
	people, err := newAccounts(config.Accounts)
	if err != nil {
		return nil, fmt.Errorf("idp: %w", err)
	}
	p := &Provider{config: config, key: key, accounts: people, sessions: newSessions(config)}
	p.issuer = &issuer.Issuer{
		Domain:         config.Domain,
		Domains:        config.Delegating,
		Keys:           []browserid.Signer{key},
		Algorithms:     config.Algorithms,
		Authentication: AuthenticationPath,
		Provisioning:   ProvisioningPath,
		Logout:         LogoutPath,
		Now:            config.Now,
	}
	if p.Handler, err = p.routes(); err != nil {
		return nil, fmt.Errorf("idp: %w", err)
	}
	return p, nil
}

// PublicKey verifies the certificates of this provider.
func (p *Provider) PublicKey() browserid.PublicKey {
	return p.key.PublicKey()
}

func (p *Provider) routes() (http.Handler, error) {
	pages, err := newPages(p)
	if err != nil {
		return nil, err
	}
	document, err := p.issuer.Handler()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+issuer.Path, p.document(document))
	mux.HandleFunc("GET /{$}", pages.home)
	mux.HandleFunc("GET "+ProvisioningPath, pages.provisioning)
	mux.HandleFunc("GET "+AuthenticationPath, pages.authentication)
	mux.HandleFunc("GET "+LogoutPath, pages.logout)
	mux.Handle("GET /static/", pages.static)
	mux.HandleFunc("GET /session", p.whoIs)
	mux.HandleFunc("POST /session", p.signIn)
	mux.HandleFunc("POST "+LogoutPath, p.signOut)
	mux.HandleFunc("POST /certificate", p.certify)
	mux.HandleFunc("POST /report", p.takeReport)
	return http.NewCrossOriginProtection().Handler(mux), nil
}

// owns tells whether a text is an address that this provider may speak for, and which.
func (p *Provider) owns(text string) (browserid.Email, bool) {
	email, err := browserid.ParseEmail(text)
	if err != nil {
		return "", false
	}
	for _, domain := range append([]browserid.Domain{p.config.Domain}, p.config.Delegating...) {
		if email.Domain() == domain {
			return email, true
		}
	}
	return "", false
}
