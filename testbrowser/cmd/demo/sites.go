package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
	"github.com/navid-login/navid/dialog"
	"github.com/navid-login/navid/testbrowser/site/idp"
	"github.com/navid-login/navid/testbrowser/site/rp"
)

// The names of the sites, and the one account.
const (
	rpName    = "rp.localhost"
	loginName = "login.localhost"
	idpName   = "idp.localhost"
	mailName  = "mail.localhost" // has no provider: the login host mails codes there

	user     = "alice"
	password = "correct horse"
)

// sites are all sites of the demo, behind one listener. As a handler they are told apart by the Host that the browser asks for.
type sites struct {
	port     int
	byHost   map[string]http.Handler
	fallback *fallback
}

func newSites(port int) (*sites, error) {
	s := &sites{port: port}
	providers := discovery.New(discovery.Config{InsecureLocalhostPort: strconv.Itoa(port)})
	mails := &mailbox{}
	host, err := s.loginHost(providers, mails)
	if err != nil {
		return nil, err
	}
	provider, err := idp.New(idp.Config{
		Domain:   idpName,
		Origin:   browserid.Origin(s.url(idpName)),
		HostURL:  s.url(loginName),
		Accounts: map[string]string{user: password},
	})
	if err != nil {
		return nil, err
	}
	site, err := s.relyingParty(providers)
	if err != nil {
		return nil, err
	}
	s.byHost = map[string]http.Handler{
		s.host(rpName): site, s.host(loginName): host, s.host(idpName): provider, s.host(mailName): mails,
	}
	return s, nil
}

// loginHost is the host, which proves addresses by mails that it sends to a mailbox.
func (s *sites) loginHost(providers *discovery.Client, mails *mailbox) (_ http.Handler, err error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if s.fallback, err = newFallback(browserid.Origin(s.url(loginName)), providers, mails, log); err != nil {
		return nil, err
	}
	return dialog.New(dialog.Config{
		PublicURL: s.url(loginName),
		Discovery: providers,
		Fallback:  s.fallback.Provider,
		Dev:       true,
		Logger:    log,
	})
}

// close ends what runs beside the sites.
func (s *sites) close() error { return s.fallback.close() }

func (s *sites) relyingParty(providers *discovery.Client) (http.Handler, error) {
	origin := browserid.Origin(s.url(rpName))
	verifier, err := verify.New(verify.Config{Audience: origin, Discovery: providers, Fallbacks: []browserid.Domain{loginName}, Replay: &verify.ReplayMemory{}})
	if err != nil {
		return nil, err
	}
	return rp.New(rp.Config{Origin: origin, HostURL: s.url(loginName), Verifier: verifier})
}

func (s *sites) host(name string) string {
	return name + ":" + strconv.Itoa(s.port)
}

func (s *sites) url(name string) string {
	return "http://" + s.host(name)
}

// ServeHTTP sends whoever comes by another name, such as localhost, to the site that there is to see.
func (s *sites) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	site, ok := s.byHost[r.Host]
	if !ok {
		site = http.RedirectHandler(s.url(rpName), http.StatusFound)
	}
	site.ServeHTTP(w, r)
}

// welcome says what to do.
func (s *sites) welcome() string {
	return fmt.Sprintf(`
Navid is running here. To see it at work:

  1. Open           %s
  2. Click          Sign in with your e-mail
  3. As address     %s@%s
     as password    %s

Or, for a domain without a provider, as anybody@%s: the login host mails
a code, and the mail comes to %s

The login host is %s, the provider of the first address is
%s. Stop with Ctrl-C.

`, s.url(rpName), user, idpName, password, mailName, s.url(mailName), s.url(loginName), s.url(idpName))
}
