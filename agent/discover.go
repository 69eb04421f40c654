package agent

import (
	"context"
	"errors"

	"github.com/navid-login/navid/agent/browserid"
)

// Provider is who vouches for the addresses of a domain, as the login host found it.
type Provider struct {
	Authority      browserid.Domain
	Fallback       bool             // the login host itself, for want of a provider: without pages
	Origin         browserid.Origin // of both pages: messages are taken from nowhere else
	Authentication string           // URL of the page where the person signs in
	Provisioning   string           // URL of the page that certifies keys
	Keys           []browserid.PublicKey
	Algorithms     []browserid.Algorithm // of user keys that it certifies
	Display        Display               // of the domain asked and of the authority
}

// Display is how people read domains: in their own scripts, for those that the
// login host has found safe to show so. Others are shown as they are on the
// wire, and so is each domain that nobody has asked about yet (B6.3).
type Display map[browserid.Domain]string

// Errors of a Discoverer that the agent handles.
var (
	// ErrNoProvider reports a domain that nobody vouches for.
	ErrNoProvider = errors.New("no identity provider")
	// ErrProviderUnreachable reports a domain whose provider does not answer.
	ErrProviderUnreachable = errors.New("identity provider unreachable")
	// ErrProviderInvalid reports a domain whose support document is broken.
	ErrProviderInvalid = errors.New("identity provider misconfigured")
	// ErrHostBusy reports that the login host answers no more questions for now.
	ErrHostBusy = errors.New("login host busy")
)

// Discoverer finds out who vouches for a domain. Errors that wrap none of the
// above mean that the login host could not be asked.
type Discoverer interface {
	Discover(ctx context.Context, domain browserid.Domain) (*Provider, error)
}
