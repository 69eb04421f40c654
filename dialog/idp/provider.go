package idp

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// Keyring holds the keys that sign certificates.
type Keyring interface {
	// Signer is the key that signs now.
	Signer(now time.Time) (browserid.Signer, error)
	// Published are the keys that the support document names now.
	Published(now time.Time) []browserid.Signer
}

// Discoverer finds out whether a mail domain has a provider of its own.
// [discovery.Client] is one.
type Discoverer interface {
	Discover(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error)
}

// Config says which provider to be.
type Config struct {
	// Origin of the host. Its host name is the issuer of certificates and the
	// relying party of passkeys.
	Origin    browserid.Origin
	Store     Store
	Mail      Mailer
	Keys      Keyring
	Discovery Discoverer
	Secrets   *Secrets
	// Limits are DefaultLimits where they are zero.
	Limits Limits
	// MaxCertificate is the longest life of a certificate; zero is [MaxCertificate].
	MaxCertificate time.Duration
	// Now is the clock; nil is [time.Now].
	Now func() time.Time
	// Log is told what was issued and what went wrong; nil discards.
	Log *slog.Logger
}

// Provider is the fallback identity provider. It keeps no state of its own:
// any number of them share a [Store].
type Provider struct {
	config Config
	issuer browserid.Domain
}

// New makes a Provider.
func New(config Config) (*Provider, error) {
	switch {
	case config.Store == nil, config.Mail == nil, config.Keys == nil, config.Discovery == nil, config.Secrets == nil:
		return nil, errors.New("idp: store, mailer, keys, discovery and secrets are all needed")
	}
	issuer, err := browserid.ParseDomain(config.Origin.Host())
	if err != nil {
		return nil, err
	}
	return &Provider{config: config, issuer: issuer}, nil
}
