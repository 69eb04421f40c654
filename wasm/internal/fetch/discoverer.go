//go:build js && wasm

// Package fetch asks the login host, over its same-origin HTTP interface.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// addressPath is where the host says who vouches for a mail domain. It is told
// the domain, never the address.
const addressPath = "/api/address"

// Discoverer is an agent.Discoverer that asks the login host.
type Discoverer struct {
	// HostTime, where set, is told the host's time as each answer comes.
	HostTime func(browserid.Millis)
}

// Discover asks who vouches for a domain.
func (d Discoverer) Discover(ctx context.Context, domain browserid.Domain) (*agent.Provider, error) {
	status, a, err := ask(ctx, addressPath, withoutCookies, question{"domain": domain}, d.HostTime)
	if status == tooManyRequests {
		return nil, agent.ErrHostBusy
	}
	if err != nil {
		return nil, err
	}
	if status != 200 {
		return nil, fmt.Errorf("the login host answers %d %s: %s", status, a.Code, a.Message)
	}
	return a.provider(domain)
}

func (a *answer) provider(asked browserid.Domain) (*agent.Provider, error) {
	switch {
	case a.Domain != asked:
		return nil, errors.New("an answer about another domain")
	case a.Type == "none":
		return nil, agent.ErrNoProvider
	case a.Type == "offline":
		return nil, fmt.Errorf("%w: %s", agent.ErrProviderUnreachable, a.Reason)
	case a.Type == "invalid":
		return nil, fmt.Errorf("%w: %s", agent.ErrProviderInvalid, a.Reason)
	case a.Type != "primary" && a.Type != "fallback":
		return nil, fmt.Errorf("a provider of type %q", a.Type)
	case len(a.Keys) == 0:
		return nil, errors.New("a provider without keys")
	}
	if len(a.Algorithms) == 0 {
		a.Algorithms = []browserid.Algorithm{browserid.RS256}
	}
	provider := &agent.Provider{Authority: a.Authority, Keys: a.Keys, Algorithms: a.Algorithms, Display: a.Display}
	if a.Type == "fallback" { // this host itself, which needs no page for it
		provider.Fallback = true
		return provider, nil
	}
	origin, err := originOf(a.Provisioning, a.Authority)
	if err != nil {
		return nil, fmt.Errorf("provisioning page: %w", err)
	}
	if other, err := originOf(a.Authentication, a.Authority); err != nil || other != origin {
		return nil, errors.New("authentication page: not of the provisioning page's origin")
	}
	provider.Origin, provider.Authentication, provider.Provisioning = origin, a.Authentication, a.Provisioning
	return provider, nil
}

// originOf returns the origin of a page's URL, which must be the authority's
// own: https on the default port, or, in development, http on any port of a
// localhost. The browser will send messages there, so the spelling must be the
// browser's own.
func originOf(page string, authority browserid.Domain) (browserid.Origin, error) {
	scheme, rest, found := strings.Cut(page, "://")
	host, path, slash := strings.Cut(rest, "/")
	if !found || !slash || strings.ContainsAny(path, "?#\\") {
		return "", errors.New("not a plain URL")
	}
	origin, err := browserid.ParseOrigin(scheme + "://" + host)
	if err != nil {
		return "", err
	}
	if string(origin) != scheme+"://"+host || origin.Host() != string(authority) || scheme == "https" && origin.Port() != "443" {
		return "", errors.New("not on the authority's origin")
	}
	return origin, nil
}
