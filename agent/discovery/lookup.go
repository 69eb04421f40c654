package discovery

import (
	"context"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// lookup asks the domain, judges the answer by what is remembered of the domain, and keeps it.
func (c *Client) lookup(ctx context.Context, domain browserid.Domain) *answer {
	ctx, cancel := context.WithTimeout(ctx, TotalTimeout)
	defer cancel()
	past := c.memory.load(ctx, domain)
	leave, err := c.bulkhead.enter(ctx, domain, past.seen())
	if err != nil {
		return &answer{failure: &Error{
			State: Offline, Domain: domain, Err: err,
			Reason: "Too many lookups of other domains are under way, so " + string(domain) + " was not asked. Try again soon.",
		}}
	}
	provider, lifetime, failure := c.follow(ctx, domain)
	leave()
	now := c.now()
	if failure != nil {
		failure.Domain = domain
		failure = c.memory.judge(ctx, past, failure, now)
	} else {
		c.memory.found(ctx, domain, past, now)
	}
	return c.cache.put(domain, &answer{provider: provider, failure: failure, fetched: now, expires: now.Add(lifetime)})
}

// follow reads the domain's document and those it delegates to (C3.5), and gives the time for which the answer may be kept.
func (c *Client) follow(ctx context.Context, domain browserid.Domain) (*Provider, time.Duration, *Error) {
	chain := []browserid.Domain{domain}
	lifetime := MaxLifetime
	for {
		host := chain[len(chain)-1]
		document, hopLifetime, failure := c.fetcher.fetch(ctx, host, domain)
		if failure != nil {
			return nil, FailureLifetime, atAuthority(chain, failure)
		}
		lifetime = min(lifetime, hopLifetime)
		switch {
		case document.Disabled: // C3.2: disabled > authority > keys
			return nil, lifetime, &Error{State: Disabled, Reason: string(host) + " says that it takes no part in BrowserID."}
		case document.Authority == "":
			return newProvider(domain, host, c.fetcher.origin(host), document), lifetime, nil
		}
		// The parser has checked that the authority is a bare host name (C3.3).
		if chain, failure = delegate(chain, browserid.Domain(document.Authority)); failure != nil {
			return nil, FailureLifetime, failure
		}
	}
}
