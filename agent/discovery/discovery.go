// Package discovery finds the identity provider of a mail domain: the support document at
// https://DOMAIN/.well-known/browserid, and those that it delegates to (protocol.md C3).
//
// A domain is named by strangers, so a lookup is guarded: TLS is verified, no redirect is followed, only public addresses on
// port 443 are dialled (checked on the address really dialled, so that a name that changes its mind gains nothing), and body,
// hops and time are bounded. Answers are kept for as long as HTTP allows, between [MinLifetime] and [MaxLifetime]. One lookup
// serves all who wait for the same domain, and domains never seen before have slots of their own, so that a thousand slow
// strangers cannot hold up a provider that is known; nor can one owner's thousand names, which share a few slots.
//
// # What a failure means
//
// Who may vouch for a domain depends on why its provider was not found (G12). On first contact:
//
//	no such name, no public address, refused, no connection   Absent
//	TLS does not verify                                       Absent
//	404, 410, another 4xx, a redirect, not application/json   Absent
//	DNS in trouble, connection lost, no answer in time        Offline
//	408, 425, 429, 5xx                                        Offline
//	JSON that is no support document, or over the limits      Invalid
//	"disabled": true                                          Disabled
//
// A provider that was seen before stays: for min(5 days, the time over which it was seen) after the last sighting, what reads
// Absent above is Offline. It is gone sooner when it says 404 three times over at least 24 hours, and at once when it says
// disabled. What an authority fails to answer is Offline too: the domain said that it has a provider.
package discovery

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/navid-login/navid/agent/browserid"
)

// Limits of one lookup.
const (
	// HopTimeout bounds the fetch of one document (B4).
	HopTimeout = 8 * time.Second
	// TotalTimeout bounds a lookup with all its delegations and its wait for a slot.
	TotalTimeout = 20 * time.Second
	// MaxDelegations is how often authority may be passed on (C3.5).
	MaxDelegations = 5
	// MaxDocumentBytes bounds a support document (C3.11).
	MaxDocumentBytes = 64 << 10
)

// Config says how to discover. The zero value is the strictest and is what a program on the Internet wants.
type Config struct {
	// RootCAs are the certificate authorities believed; nil means the system's.
	RootCAs *x509.CertPool
	// Resolver looks names up; nil means [net.DefaultResolver]. The addresses it gives are guarded like any other.
	Resolver *net.Resolver
	// InsecureDial replaces the guarded dial, for tests and demonstrations. It skips the address guard.
	InsecureDial func(ctx context.Context, network, address string) (net.Conn, error)
	// InsecureLocalhostPort is for development: localhost and *.localhost are then fetched from http://DOMAIN:PORT at
	// 127.0.0.1, and their pages are there too. Empty means that such domains have no provider.
	InsecureLocalhostPort string
	// Now is the clock; nil means [time.Now].
	Now func() time.Time
	// Seen remembers which domains had a provider; nil means a memory that ends with the process.
	Seen SeenStore
	// CacheSize bounds the providers kept, and apart from them the failures kept; 0 means [DefaultCacheSize].
	CacheSize int
	// MaxLookups bounds the lookups at once of domains never seen, and apart from them of known ones; 0 means
	// [DefaultMaxLookups].
	MaxLookups int
	// Log is told when Seen cannot be written; nil means silence.
	Log *slog.Logger
}

// Client discovers identity providers. It is safe for concurrent use.
type Client struct {
	now      func() time.Time
	fetcher  *fetcher
	flights  singleflight.Group
	bulkhead *bulkhead
	cache    *cache
	memory   memory
}

// New makes a Client.
func New(config Config) *Client {
	config = config.withDefaults()
	return &Client{
		now:      config.Now,
		fetcher:  newFetcher(config),
		bulkhead: newBulkhead(config.MaxLookups),
		cache:    newCache(config.CacheSize),
		memory:   memory{store: config.Seen, log: config.Log},
	}
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Seen == nil {
		c.Seen = NewSeenMemory()
	}
	if c.CacheSize == 0 {
		c.CacheSize = DefaultCacheSize
	}
	if c.MaxLookups == 0 {
		c.MaxLookups = DefaultMaxLookups
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Discover returns the identity provider of domain, from the cache where that is fresh. The Provider is shared with others and
// must not be changed. The error is an [*Error], or wraps ctx's own when ctx ends first; the lookup then goes on for others.
func (c *Client) Discover(ctx context.Context, domain browserid.Domain) (*Provider, error) {
	return c.discover(ctx, domain, MaxLifetime)
}

// Refresh asks the domain again although the cache is fresh, for a caller that met a signature by a key it does not know (G13).
// Within [RefreshInterval] of the last answer it is the same as [Client.Discover]. An answer that was good is given up only for
// another document, never because the domain could not be reached.
func (c *Client) Refresh(ctx context.Context, domain browserid.Domain) (*Provider, error) {
	return c.discover(ctx, domain, RefreshInterval)
}

// discover takes a kept answer that is younger than maxAge, or joins the one lookup of the domain that is under way.
func (c *Client) discover(ctx context.Context, domain browserid.Domain, maxAge time.Duration) (*Provider, error) {
	if kept := c.cache.get(domain, c.now(), maxAge); kept != nil {
		return kept.provider, kept.err()
	}
	flight := c.flights.DoChan(string(domain), func() (any, error) {
		// Another flight may have landed between the look into the cache and this one.
		if kept := c.cache.get(domain, c.now(), maxAge); kept != nil {
			return kept, nil
		}
		found, _ := c.lookup(context.WithoutCancel(ctx), domain)
		return found, nil
	})
	select {
	case landed := <-flight:
		found := landed.Val.(*answer)
		return found.provider, found.err()
	case <-ctx.Done():
		return nil, fmt.Errorf("discover %s: %w", domain, ctx.Err())
	}
}
