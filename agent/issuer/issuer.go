// Package issuer is an identity provider's side of BrowserID: its signing keys, the certificates it gives out, and the support
// document that says so (protocol.md C3 to C5). Who owns an address is for the provider to find out before it asks for a
// certificate; this package makes sure that what is signed is within the limits that verifiers keep.
//
// # Changing keys
//
// The first of [Issuer.Keys] signs, and all are published, so that nobody meets a signature by a key that is not in the document
// which they hold (G13):
//
//  1. add the new key at the end, and wait for [CacheLifetime];
//  2. move it to the front, and wait for [MaxDuration];
//  3. remove the old one.
//
// A key that has leaked is removed at once; verifiers forget it within [CacheLifetime].
package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/navid-login/navid/agent/browserid"
)

// Limits of a certificate (B4, C5.1).
const (
	// MaxDuration is the longest life of a certificate, from its iat to its exp.
	MaxDuration = 24 * time.Hour
	// MinDuration is the shortest that may be asked for.
	MinDuration = time.Minute
	// Backdating is how far iat lies in the past, for verifiers whose clock is slow.
	Backdating = 10 * time.Second
)

// What a caller may branch on. Requests that fail with one of these are the requester's fault.
var (
	// ErrAddress: not an address of a domain that this issuer speaks for.
	ErrAddress = errors.New("address not of this issuer")
	// ErrPublicKey: a legacy key, one that cannot be used, or of an algorithm that this issuer does not certify.
	ErrPublicKey = errors.New("public key refused")
	// ErrDuration: shorter than MinDuration.
	ErrDuration = errors.New("duration too short")
)

// Issuer signs certificates for the addresses of its domains.
type Issuer struct {
	// Domain is the issuer's own, the "iss" of its certificates: where its support document is.
	Domain browserid.Domain
	// Domains are others that delegate to Domain.
	Domains []browserid.Domain
	// AllowAnyDomain is for a fallback provider. The caller then makes sure that the address has no provider of its own (D1.12).
	AllowAnyDomain bool
	// Keys are the signing keys. The first signs; all are published.
	Keys []browserid.Signer
	// Algorithms are those of user keys that are certified; nil means RS256, ES256 and EdDSA.
	Algorithms []browserid.Algorithm
	// Authentication, Provisioning and, if there is one, Logout are paths of pages on Domain (C1, C2, G6).
	Authentication, Provisioning, Logout string
	// Now is the clock; nil means [time.Now].
	Now func() time.Time
}

// Request is for one certificate. Whoever makes it has proven that the owner of the address is asking.
type Request struct {
	Email     browserid.Email
	PublicKey browserid.PublicKey
	// Duration is the life asked for, from now on; more than MaxDuration is cut.
	Duration time.Duration
	// Extra are further claims, such as when the address was last proven. Names of the protocol's own are refused.
	Extra map[string]json.RawMessage
}

// Certificate signs a certificate. It lives no longer than asked. The error wraps [ErrAddress], [ErrPublicKey] or [ErrDuration], or
// is the signer's.
func (i *Issuer) Certificate(ctx context.Context, request Request) (string, error) {
	if err := i.check(request); err != nil {
		return "", err
	}
	if len(i.Keys) == 0 {
		return "", errors.New("sign certificate: issuer has no key")
	}
	now := i.now()
	issued := now.Add(-Backdating)
	expires := now.Add(min(request.Duration, MaxDuration-Backdating))
	certificate, err := browserid.SignCertificate(ctx, i.Keys[0], browserid.Certificate{
		Issuer:    string(i.Domain),
		IssuedAt:  browserid.MillisOf(issued),
		Expires:   browserid.MillisOf(expires),
		PublicKey: request.PublicKey,
		Principal: browserid.Principal{Email: request.Email},
		Extra:     request.Extra,
	})
	if err != nil {
		return "", fmt.Errorf("sign certificate: %w", err)
	}
	return certificate, nil
}

func (i *Issuer) check(request Request) error {
	email, err := browserid.ParseEmail(string(request.Email))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAddress, err)
	}
	if email != request.Email || !i.speaksFor(email.Domain()) {
		return fmt.Errorf("%w: domain %s", ErrAddress, email.Domain())
	}
	if request.Duration < MinDuration {
		return fmt.Errorf("%w: %s", ErrDuration, request.Duration)
	}
	return i.checkPublicKey(request.PublicKey)
}

func (i *Issuer) speaksFor(domain browserid.Domain) bool {
	return i.AllowAnyDomain || domain == i.Domain || slices.Contains(i.Domains, domain)
}

// checkPublicKey refuses what verifiers would. go-jose says whether a point is on its curve.
func (i *Issuer) checkPublicKey(key browserid.PublicKey) error {
	if key.IsZero() || key.Legacy() || !slices.Contains(i.algorithms(), key.Algorithm()) {
		return fmt.Errorf("%w: algorithm %q", ErrPublicKey, key.Algorithm())
	}
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON(key.JWK()); err != nil {
		return fmt.Errorf("%w: %w", ErrPublicKey, err)
	}
	return nil
}

func (i *Issuer) algorithms() []browserid.Algorithm {
	if i.Algorithms == nil {
		return []browserid.Algorithm{browserid.RS256, browserid.ES256, browserid.EdDSA}
	}
	return i.Algorithms
}

func (i *Issuer) now() time.Time {
	if i.Now == nil {
		return time.Now()
	}
	return i.Now()
}
