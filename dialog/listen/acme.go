package listen

import (
	"net/http"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACME says how to get certificates by ACME (RFC 8555).
type ACME struct {
	// Hosts are the names to get certificates for, and no others.
	Hosts []string
	// Directory is the URL of the authority; empty is Let's Encrypt.
	Directory string
	// Email is whom the authority may warn; may be empty.
	Email string
	// Cache keeps account and certificates. Replicas share one, so that each may
	// answer the authority for any other.
	Cache autocert.Cache
	// HTTP talks to the authority; nil is [http.DefaultClient].
	HTTP *http.Client
}

// ChallengeProtocol is the ALPN protocol in which the authority looks (RFC 8737).
const ChallengeProtocol = acme.ALPNProto

// Manager returns what gets, renews and answers for the certificates.
func (a ACME) Manager() *autocert.Manager {
	return &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		Cache:      a.Cache,
		HostPolicy: autocert.HostWhitelist(a.Hosts...),
		Client:     &acme.Client{DirectoryURL: a.Directory, UserAgent: "navid", HTTPClient: a.HTTP},
		Email:      a.Email,
	}
}
