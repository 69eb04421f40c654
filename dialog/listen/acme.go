package listen

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/http"
	"time"

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

// retryInterval is how long to wait after an authority has refused: its limits
// count refusals too.
const retryInterval = 15 * time.Minute

// Fetch gets the certificates before anybody asks for them: a first visitor would
// wait for longer than a handshake may take. It tries until it has them, or ctx
// ends.
func Fetch(ctx context.Context, manager *autocert.Manager, hosts []string, log *slog.Logger) {
	for _, host := range hosts {
		for !fetchOrEnd(ctx, manager, host, log) {
			select {
			case <-ctx.Done():
			case <-time.After(retryInterval):
			}
		}
	}
}

// fetchOrEnd reports whether there is nothing more to do for a host. A fetch that
// nothing can break off is not waited for at the end.
func fetchOrEnd(ctx context.Context, manager *autocert.Manager, host string, log *slog.Logger) bool {
	fetched := make(chan bool, 1)
	go func() { fetched <- ctx.Err() != nil || fetch(manager, host, log) }()
	select {
	case <-ctx.Done():
		return true
	case done := <-fetched:
		return done
	}
}

func fetch(manager *autocert.Manager, host string, log *slog.Logger) bool {
	certificate, err := manager.GetCertificate(&tls.ClientHelloInfo{
		ServerName:   host,
		CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}, // as browsers of today
	})
	if err != nil {
		log.Error("no TLS certificate", "host", host, "error", err, "next_try", retryInterval.String())
		return false
	}
	log.Info("TLS certificate", "host", host, "expires", certificate.Leaf.NotAfter)
	return true
}
