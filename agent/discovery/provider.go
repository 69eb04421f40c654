package discovery

import (
	"github.com/navid-login/navid/agent/browserid"
)

// Provider is a domain's identity provider, as its support document tells it.
type Provider struct {
	// Domain is the domain that was asked about.
	Domain browserid.Domain
	// Authority is the domain that may issue for it, after delegation (C3.5). It is Domain itself where nothing is delegated.
	Authority browserid.Domain
	// Authentication and Provisioning are absolute URLs on the authority's own origin.
	Authentication, Provisioning string
	// Logout is an absolute URL on the authority's origin where a person signs out of the provider, or empty (G6).
	Logout string
	// Keys are the published keys in the order in which they are to be tried (D1.6). There is at least one.
	Keys []browserid.PublicKey
	// Algorithms are the user keys that the provider certifies. A document that names none means RS256 only.
	Algorithms []browserid.Algorithm
}

// newProvider makes a Provider of the last document in a chain of delegations. base is the authority's origin.
func newProvider(domain, authority browserid.Domain, base string, document *browserid.SupportDocument) *Provider {
	provider := &Provider{
		Domain:         domain,
		Authority:      authority,
		Authentication: base + document.Authentication,
		Provisioning:   base + document.Provisioning,
		Keys:           document.PublicKeys,
		Algorithms:     document.Algorithms,
	}
	if document.Logout != "" {
		provider.Logout = base + document.Logout
	}
	if len(provider.Algorithms) == 0 {
		provider.Algorithms = []browserid.Algorithm{browserid.RS256}
	}
	return provider
}
