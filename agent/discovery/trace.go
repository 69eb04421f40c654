package discovery

import (
	"context"
	"net/url"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// MaxPageBytes bounds what [Client.Visit] reads of a page.
const MaxPageBytes = 512 << 10

// Trace is a lookup with all that it met on its way, for telling people why it fails.
type Trace struct {
	Hops []Hop
	// Failure is what this lookup found by itself, as on first contact; nil where it found a provider.
	Failure *Error
	// Provider and Err are what [Client.Discover] answers from now on, which may be better: see [SeenStore]. One of them is nil.
	Provider *Provider
	Err      *Error
	// Lifetime is for how long that answer is kept.
	Lifetime time.Duration
}

// Trace looks a domain up now, whatever is kept of it, by the rules of [Client.Discover] and within the same bounds, and keeps
// the answer. Like any lookup it goes on when its caller has gone. Who calls it for strangers bounds how often.
func (c *Client) Trace(ctx context.Context, domain browserid.Domain) *Trace {
	found, trace := c.lookup(context.WithoutCancel(ctx), domain)
	trace.Provider, trace.Err, trace.Lifetime = found.provider, found.failure, found.expires.Sub(found.fetched)
	return trace
}

// Visit gets a page as a support document is got: from public addresses alone, over verified TLS, following no redirect.
func (c *Client) Visit(ctx context.Context, page *url.URL) Hop {
	hop := Hop{Host: browserid.Domain(page.Hostname()), URL: page.String(), Asked: c.now()}
	if err := c.fetcher.visit(ctx, &hop, "text/html, */*", MaxPageBytes); err != nil {
		hop.Failure = unreachable(hop.Host, err)
	}
	return hop
}
