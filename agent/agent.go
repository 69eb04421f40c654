// Package agent is the user agent of Navid: the part of BrowserID that
// browsers never got. It runs in the dialog of a login host, compiled to
// WebAssembly, and has no I/O of its own: keys, storage, the provider's pages
// and the screen are interfaces, so that every path is tested natively.
//
// The entrance is [Agent.SignIn]: one function, read from top to bottom, that
// ends with an assertion for one site.
package agent

import (
	"errors"
	"time"
)

// Lifetimes and bounds (design 7, 8; protocol.md B4). Each wait also ends
// with the person's Back or Cancel.
const (
	// AssertionLifetime is how long an assertion is good for (B3.3).
	AssertionLifetime = 2 * time.Minute
	// MinimumRemaining is what a certificate must still have to be used (B3.2).
	MinimumRemaining = 2 * time.Minute
	// CertificateLifetime is asked from a provider (B4).
	CertificateLifetime = 6 * time.Hour
	// CertificateLifetimeElsewhere is asked on a device that is not the person's own.
	CertificateLifetimeElsewhere = time.Hour
	// CertificateLifetimeFallback is asked from the login host, whose session
	// renews it without a word (G7).
	CertificateLifetimeFallback = time.Hour
	// MaximumCertificateLifetime is never exceeded, whatever was asked.
	MaximumCertificateLifetime = 24 * time.Hour
	// ClockSlack is how far a provider's clock may be off.
	ClockSlack = 5 * time.Minute

	// DiscoveryTimeout bounds the question who vouches for a domain.
	DiscoveryTimeout = 20 * time.Second
	// RecheckTimeout bounds the same question where a usable certificate is at hand.
	RecheckTimeout = time.Second
	// FrameTimeout bounds the hidden frame: it is free to fail.
	FrameTimeout = 2500 * time.Millisecond
	// ProvisioningTimeout bounds the provisioning page in a window (C1.5).
	ProvisioningTimeout = 20 * time.Second
	// AuthenticationTimeout bounds the person's visit at the provider.
	AuthenticationTimeout = 15 * time.Minute
	// FallbackTimeout bounds each question to the login host as a provider.
	FallbackTimeout = 20 * time.Second
)

// Config is what an Agent works with. Every field but Now is required.
type Config struct {
	Keys       KeyStore
	Store      Store
	Discoverer Discoverer
	Pages      Pages
	Fallback   Fallback
	Signatures SignatureVerifier
	// Forgetful makes the stores of a sign-in on a device that is not the
	// person's own: nothing in them outlives the dialog.
	Forgetful func() (KeyStore, Store)
	// Now is the login host's time, since browsers' clocks are often wrong. Defaults to time.Now.
	Now func() time.Time
}

// Agent signs people in. It may be used for any number of sign-ins.
type Agent struct {
	Config
}

// New returns an Agent, or an error that names what the Config lacks.
func New(c Config) (*Agent, error) {
	if c.Keys == nil || c.Store == nil || c.Discoverer == nil || c.Pages == nil || c.Fallback == nil ||
		c.Signatures == nil || c.Forgetful == nil {
		return nil, errors.New("agent: every field of Config but Now is required")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Agent{Config: c}, nil
}
