// Package dialog is the login host: one origin that serves the scripts for
// relying parties and identity providers, the sign-in dialog with its
// WebAssembly agent, and the small same-origin API that the dialog asks.
//
// [New] makes an [http.Handler]; dialog/cmd/navid serves it. Identities live in
// the visitor's browser, and which site a person signs in to never reaches this
// server (design.md, principle 4). It keeps nothing about anybody but what its
// fallback provider needs, where it has one: dialog/idp proves the addresses of
// domains that have no identity provider of their own.
//
// The exception is a site that asks the host's verifier about its visitors: it
// tells the host what it asks, which a verifier of the site's own would not.
package dialog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/proxies"
	"github.com/navid-login/navid/dialog/verifier"
)

// Discoverer finds out who may speak for a mail domain. [discovery.Client]
// is one.
//
// Discover returns a *[discovery.Error] that tells absent, disabled, offline
// and invalid providers apart.
type Discoverer interface {
	Discover(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error)
}

// Config says which login host to be.
type Config struct {
	// PublicURL is the origin under which browsers reach this host, such as
	// "https://login.example". Requests for any other host are refused.
	PublicURL string
	// OtherURLs are more such origins, for a host with several names. Browsers
	// keep the identities of each apart.
	OtherURLs []string
	// Discovery answers the questions of dialog and verifier about mail domains.
	Discovery Discoverer
	// Verifier says what /verify and /v2 accept. Its Discovery, Log and Now are
	// the host's, whatever they are here.
	Verifier verifier.Config
	// Fallback proves the addresses of domains that have no identity provider, and
	// vouches for them. Nil: nobody does.
	Fallback *idp.Provider
	// TrustedProxies are the networks of the proxies in front whose
	// X-Forwarded-For is believed, so that each client can be given its limit of
	// questions. Without any, a request from a loopback or private address is
	// taken to come from a proxy, and is not limited.
	TrustedProxies []netip.Prefix
	// Dev allows an http PublicURL on localhost names, and identity
	// providers there. Never set it on a host that people use.
	Dev bool
	// Logger gets one line a request, without any word that could name the
	// site a person comes from. Nil discards.
	Logger *slog.Logger
	// Now is the host's clock, which the dialog goes by. Nil is [time.Now].
	Now func() time.Time
}

// host is a login host: the values that its handlers share.
type host struct {
	*site
	origin    browserid.Origin // by its first name
	names     names
	proxies   proxies.Networks
	dev       bool
	fallback  *idp.Provider
	discovery Discoverer
	verifier  http.Handler
	log       *slog.Logger
	now       func() time.Time
}

// New returns the handler of the login host. It fails when the configuration
// is not usable, or when the program was built without the agent.
func New(config Config) (http.Handler, error) {
	return newHandler(config, embeddedSite)
}

// newHandler is [New] with the site to serve, which tests replace.
func newHandler(config Config, load func() (*site, error)) (http.Handler, error) {
	origin, names, err := newNames(config)
	if err != nil {
		return nil, err
	}
	if config.Discovery == nil {
		return nil, errors.New("dialog: Config.Discovery is missing")
	}
	h := &host{
		origin:    origin,
		names:     names,
		proxies:   config.TrustedProxies,
		dev:       config.Dev,
		fallback:  config.Fallback,
		discovery: config.Discovery,
		log:       config.Logger,
		now:       config.Now,
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	if h.now == nil {
		h.now = time.Now
	}
	if h.verifier, err = h.newVerifier(config.Verifier); err != nil {
		return nil, fmt.Errorf("dialog: %w", err)
	}
	if h.site, err = load(); err != nil {
		return nil, fmt.Errorf("dialog: %w", err)
	}
	return h.handler()
}

// newVerifier returns the verifier of this host, which asks the same discovery,
// and believes the host where it vouches itself.
func (h *host) newVerifier(config verifier.Config) (http.Handler, error) {
	config.Discovery, config.Log, config.Now = h.discovery, h.log, h.now
	if h.fallback != nil && !slices.Contains(config.Fallbacks, h.fallback.Issuer()) {
		config.Fallbacks = append(slices.Clone(config.Fallbacks), h.fallback.Issuer())
	}
	return verifier.New(config)
}
