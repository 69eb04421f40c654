package idp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
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
	// Limits that are zero are those of [DefaultLimits].
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
	origin         browserid.Origin
	issuer         browserid.Domain
	store          Store
	mail           Mailer
	keys           Keyring
	discovery      Discoverer
	secrets        *Secrets
	limits         Limits
	maxCertificate time.Duration
	now            func() time.Time
	log            *slog.Logger
	webauthn       *webauthn.WebAuthn
}

// New makes a Provider.
func New(config Config) (*Provider, error) {
	if config.Store == nil || config.Mail == nil || config.Keys == nil || config.Discovery == nil || config.Secrets == nil {
		return nil, errors.New("idp: store, mail, keys, discovery and secrets are all needed")
	}
	name, err := browserid.ParseDomain(config.Origin.Host())
	if err != nil {
		return nil, fmt.Errorf("idp: origin: %w", err)
	}
	p := &Provider{
		origin: config.Origin, issuer: name, store: config.Store, mail: config.Mail, keys: config.Keys,
		discovery: config.Discovery, secrets: config.Secrets, limits: config.Limits,
		maxCertificate: config.MaxCertificate, now: config.Now, log: config.Log,
	}
	p.fillIn()
	if p.webauthn, err = newWebAuthn(config.Origin); err != nil {
		return nil, fmt.Errorf("idp: passkeys: %w", err)
	}
	return p, nil
}

// fillIn sets what was left out.
func (p *Provider) fillIn() {
	p.limits = p.limits.orDefault()
	if p.maxCertificate == 0 {
		p.maxCertificate = MaxCertificate
	}
	if p.now == nil {
		p.now = time.Now
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
}

// Issuer is the "iss" of the certificates.
func (p *Provider) Issuer() browserid.Domain { return p.issuer }

// SupportDocument is what the host publishes at [issuer.Path], with the keys that
// certificates verify with (C3, C3.7). The two pages are there because the format
// demands them; they prove addresses in the dialog, and not by the protocol of
// providers, so that a user agent of another host cannot use this one as its own.
func (p *Provider) SupportDocument() ([]byte, error) {
	document := issuer.Issuer{
		Domain: p.issuer, AllowAnyDomain: true, Keys: p.keys.Published(p.now()),
		Authentication: "/sign_in", Provisioning: "/communication_iframe", Now: p.now,
	}
	return document.SupportDocument()
}

// mayVouchFor refuses domains that have a provider of their own, which alone
// speaks for them, and those of which that cannot be told now (D1.12, G12). A
// domain that delegates to this host has chosen it.
func (p *Provider) mayVouchFor(ctx context.Context, domain browserid.Domain) error {
	provider, err := p.discovery.Discover(ctx, domain)
	if err == nil {
		if provider.Authority == p.issuer {
			return nil
		}
		return refuse(CodeProviderExists, "The mail provider of this address vouches for it itself.")
	}
	failure, ok := errors.AsType[*discovery.Error](err)
	switch {
	case ok && failure.State.FallbackMaySpeak():
		return nil
	case ok:
		return &Error{Code: CodeProviderOffline, Message: "The mail provider of this address cannot be reached now.", Err: err}
	}
	return fmt.Errorf("discover: %w", err)
}

// logAddress tells addresses apart in the log, and tells no more of them than
// their domain.
func (p *Provider) logAddress(email browserid.Email) slog.Attr {
	return slog.Group("address",
		slog.String("domain", string(email.Domain())), slog.String("hash", p.secrets.nameOf("log", AddressKey(email))[:8]))
}
