// Package issuer is an identity provider's side of BrowserID, for those who write one in Go (protocol.md C1 to C5).
//
// A mail domain that has a provider speaks for its own addresses: whoever signs in anywhere as user@domain does so here. A provider
// is a https site at the domain, with three things:
//
//   - the support document at [Path], which says where the two pages are and which keys sign;
//   - the provisioning page, which gives the browser of somebody who is signed in a certificate for a key;
//   - the authentication page, on which people sign in.
//
// [Site] is all three. It wants two functions of you: who is signed in in this request, and the form to sign in with; the example
// of Site is a whole provider. An [Issuer] is what signs. Without Site, for pages of your own, take [Issuer.Handler] for the
// document and [Issuer.Certificate] for certificates: it needs to be told which addresses the session has proven, and refuses all
// others.
//
// A provider that people can use at once, with codes of an authenticator app, is in package totp below this one, and in
// `navid idp totp`.
//
// # Keys
//
// Package keyring below this one keeps the keys in a folder and knows when a new one may sign, and when an old one may go: open it,
// run its Run beside your server, and set [Issuer.Keyring]. `navid keys` lists, rotates and revokes them.
//
// Where keys are kept otherwise, [Issuer.Keys] are those: the first signs, and all are published, so that nobody meets a signature by
// a key that is not in the document which they hold (G13). To change one:
//
//  1. add the new key at the end, and wait for [CacheLifetime];
//  2. move it to the front, and wait for [MaxDuration];
//  3. remove the old one.
//
// A key that has leaked is removed at once; verifiers forget it within [CacheLifetime].
//
// # Several domains
//
// A domain whose support document is only {"authority":"idp.example"} has idp.example speak for it; [Delegate] serves that, and so
// does any web server. idp.example names it in [Issuer.Domains]. Where its pages or keys are to be others than those of the next
// domain, it has an Issuer of its own, with the same Domain, and [Documents] answers each by the ?domain= that it is asked for.
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
	// ErrNotSignedIn: the session has not proven the address.
	ErrNotSignedIn = errors.New("not signed in as that address")
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
	// Keyring, if there is one, has the keys instead.
	Keyring Keyring
	// Algorithms are those of user keys that are certified; nil means RS256, ES256 and EdDSA.
	Algorithms []browserid.Algorithm
	// Authentication, Provisioning and, if there is one, Logout are paths of pages on Domain (C1, C2, G6).
	Authentication, Provisioning, Logout string
	// Now is the clock; nil means [time.Now].
	Now func() time.Time
}

// Keyring has keys that change with time. That of package keyring does.
type Keyring interface {
	// Signer returns the key that signs at a time.
	Signer(now time.Time) (browserid.Signer, error)
	// Published returns the keys of the support document at a time, the one that signs first.
	Published(now time.Time) []browserid.Signer
}

// Request is for one certificate.
type Request struct {
	// SignedIn are the addresses whose owner the sender has proven to be, by a session that lives. They come from the provider's own
	// records, never from what was sent. There is no certificate for any other address.
	SignedIn []browserid.Email
	// Email is the address that is asked for.
	Email     browserid.Email
	PublicKey browserid.PublicKey
	// Duration is the life asked for, from now on; more than MaxDuration is cut.
	Duration time.Duration
	// Extra are further claims, such as when the address was last proven. Names of the protocol's own are refused.
	Extra map[string]json.RawMessage
}

// Certificate signs a certificate, if the session may have it. It lives no longer than asked. The error wraps [ErrNotSignedIn],
// [ErrAddress], [ErrPublicKey] or [ErrDuration], or is the signer's.
func (i *Issuer) Certificate(ctx context.Context, request Request) (string, error) {
	if err := i.check(request); err != nil {
		return "", err
	}
	now := i.now()
	signer, err := i.signer(now)
	if err != nil {
		return "", fmt.Errorf("sign certificate: %w", err)
	}
	issued := now.Add(-Backdating)
	expires := now.Add(min(request.Duration, MaxDuration-Backdating))
	certificate, err := browserid.SignCertificate(ctx, signer, browserid.Certificate{
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

// signer is the key that signs at a time.
func (i *Issuer) signer(now time.Time) (browserid.Signer, error) {
	switch {
	case i.Keyring != nil:
		return i.Keyring.Signer(now)
	case len(i.Keys) == 0:
		return nil, errors.New("issuer has no key")
	default:
		return i.Keys[0], nil
	}
}

// check is the only way to a certificate: what it does not know, it refuses.
func (i *Issuer) check(request Request) error {
	if !slices.Contains(request.SignedIn, request.Email) {
		return ErrNotSignedIn
	}
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
