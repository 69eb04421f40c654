package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// Limits and defaults (D3).
const (
	// MaxCertificateLifetime is the longest that a certificate may be valid for.
	MaxCertificateLifetime = 24 * time.Hour
	// DefaultMaxAssertionAge is the longest that an assertion may be valid for.
	DefaultMaxAssertionAge = 5 * time.Minute
	// DefaultLeeway is how far two clocks may be apart.
	DefaultLeeway = time.Minute
	// MaxLeeway is what Leeway may be set to at most.
	MaxLeeway = 5 * time.Minute
	// NoLeeway as Leeway trusts all clocks to the millisecond.
	NoLeeway time.Duration = -1
)

// Discovery finds the identity provider of a domain. *discovery.Client is one.
// An error other than a *discovery.Error says nothing about the domain, and the
// assertion is refused.
type Discovery interface {
	Discover(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error)
}

// Refresher is what a Discovery may also be: Refresh asks the domain anew
// although the last answer is fresh, and limits by itself how often. It is
// called once when no published key verifies a certificate: the issuer may have
// changed its keys (G13).
type Refresher interface {
	Refresh(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error)
}

// Config says what to accept. Only Audience and Discovery are needed; every
// other field's zero value is the strictest choice.
type Config struct {
	// Audience is the relying party's own origin.
	Audience browserid.Origin
	// Discovery finds issuers and their keys.
	Discovery Discovery
	// Fallbacks may vouch for the addresses of domains that have no identity
	// provider or have disabled it, and for no others (D1.12, D4.4).
	Fallbacks []browserid.Domain
	// TrustedIssuers may vouch for any address, even of a domain with a provider
	// of its own (D4.1). Name only issuers that you run yourself.
	TrustedIssuers []browserid.Domain
	// AllowLegacyKeys accepts DSA and RSA below 2047 bits, for users and issuers.
	// Such keys can be broken (C4.7).
	AllowLegacyKeys bool
	// AllowUnverified accepts addresses that the issuer has not proven (C6.2).
	AllowUnverified bool
	// MaxCertificateAge is how long ago a certificate may have been issued; 0
	// means MaxCertificateLifetime, which is also the most.
	MaxCertificateAge time.Duration
	// MaxAssertionAge is how long an assertion may be valid; 0 means
	// DefaultMaxAssertionAge.
	MaxAssertionAge time.Duration
	// Leeway is how far a time of issue may lie in the future; an expiry may have
	// passed by half of it. 0 means DefaultLeeway.
	Leeway time.Duration
	// Replay remembers the assertions that were used; nil means that the same one
	// may be used again until it expires.
	Replay ReplayCache
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// check returns the first mistake.
func (c Config) check() error {
	if origin, err := browserid.ParseOrigin(string(c.Audience)); err != nil || origin != c.Audience {
		return fmt.Errorf("verify: Audience %q is not an origin such as https://site.example", c.Audience)
	}
	if c.Discovery == nil {
		return errors.New("verify: Discovery is nil")
	}
	for _, domains := range [...][]browserid.Domain{c.Fallbacks, c.TrustedIssuers} {
		for _, domain := range domains {
			if !isDomain(string(domain)) {
				return fmt.Errorf("verify: issuer %q is not a domain in lower case", domain)
			}
		}
	}
	if c.MaxCertificateAge < 0 || c.MaxCertificateAge > MaxCertificateLifetime {
		return errors.New("verify: MaxCertificateAge is negative or above 24 hours")
	}
	if c.MaxAssertionAge < 0 || c.Leeway < NoLeeway || c.Leeway > MaxLeeway {
		return errors.New("verify: MaxAssertionAge or Leeway is out of range")
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.MaxCertificateAge == 0 {
		c.MaxCertificateAge = MaxCertificateLifetime
	}
	if c.MaxAssertionAge == 0 {
		c.MaxAssertionAge = DefaultMaxAssertionAge
	}
	switch c.Leeway {
	case 0:
		c.Leeway = DefaultLeeway
	case NoLeeway:
		c.Leeway = 0
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// isDomain tells whether s is a domain as it is written on the wire: what would
// have to be normalised first is not.
func isDomain(s string) bool {
	domain, err := browserid.ParseDomain(s)
	return err == nil && string(domain) == s
}

// Option changes one call of Verify.
type Option func(*call)

// call is what one call of Verify asks beyond the configuration.
type call struct {
	nonce      string
	checkNonce bool
}

// WithNonce demands that the assertion carries this nonce, which the relying
// party made for this one sign-in (D5.11). An empty nonce is never met: it is
// what a lost session looks like.
func WithNonce(nonce string) Option {
	return func(c *call) { c.nonce, c.checkNonce = nonce, true }
}
