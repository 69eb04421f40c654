package discovery

import (
	"context"

	"github.com/navid-login/navid/agent/browserid"
)

// lookup asks the domain, judges the answer by what is remembered of the domain, and keeps it.
func (c *Client) lookup(ctx context.Context, domain browserid.Domain) (*answer, *Trace) {
	ctx, cancel := context.WithTimeout(ctx, TotalTimeout)
	defer cancel()
	past := c.memory.load(ctx, domain)
	leave, err := c.bulkhead.enter(ctx, domain, past.seen())
	if err != nil {
		failure := &Error{
			State: Offline, Cause: CauseBusy, Domain: domain, Err: err,
			Reason: "Too many lookups of other domains are under way, so " + string(domain) + " was not asked. Try again soon.",
		}
		return &answer{failure: failure}, &Trace{Failure: failure}
	}
	trace := c.follow(ctx, domain)
	leave()
	now := c.now()
	latest := &answer{provider: trace.Provider, fetched: now, expires: now.Add(trace.Lifetime)}
	if trace.Failure != nil {
		failure := *trace.Failure
		latest.failure = c.memory.judge(ctx, past, &failure, now)
	} else {
		c.memory.found(ctx, domain, past, now)
	}
	return c.cache.put(domain, latest), trace
}

// follow reads the domain's document and those it delegates to (C3.5). The lifetime that it gives is how long the answer may be
// kept.
func (c *Client) follow(ctx context.Context, domain browserid.Domain) *Trace {
	trace := &Trace{Lifetime: MaxLifetime}
	chain := []browserid.Domain{domain}
	for trace.Provider == nil && trace.Failure == nil {
		host := chain[len(chain)-1]
		asked := c.now()
		hop := c.fetcher.fetch(ctx, host, domain)
		hop.Asked = asked
		trace.Hops = append(trace.Hops, hop)
		chain = c.step(trace, chain, hop)
	}
	if trace.Failure != nil {
		trace.Failure.Domain = domain
	}
	return trace
}

// step goes by what a hop says: to an answer, or on to another domain, which it adds to the chain.
func (c *Client) step(trace *Trace, chain []browserid.Domain, hop Hop) (longer []browserid.Domain) {
	if hop.Failure != nil {
		failure := *hop.Failure
		trace.Lifetime, trace.Failure = FailureLifetime, atAuthority(chain, &failure)
		return chain
	}
	trace.Lifetime = min(trace.Lifetime, hop.Lifetime)
	switch {
	case hop.Document.Disabled: // C3.2: disabled > authority > keys
		trace.Failure = &Error{
			State: Disabled, Cause: CauseDisabled,
			Reason: string(hop.Host) + " says that it takes no part in BrowserID.",
		}
	case hop.Document.Authority == "":
		trace.Provider = newProvider(chain[0], hop.Host, c.fetcher.origin(hop.Host), hop.Document)
	default:
		// The parser has checked that the authority is a bare host name (C3.3).
		if chain, trace.Failure = delegate(chain, browserid.Domain(hop.Document.Authority)); trace.Failure != nil {
			trace.Lifetime = FailureLifetime
		}
	}
	return chain
}
