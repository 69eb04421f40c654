package agent

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// checkCertificate checks what a provider's page sent before anything of it
// is kept (design 5.5, C1.3). The first broken rule is the error.
func (a *attempt) checkCertificate(ctx context.Context, token string) (*browserid.Certificate, error) {
	certificate, compact, err := browserid.ParseCertificate(token)
	if err != nil {
		return nil, fail(CodeCertificateMalformed, "%w", err)
	}
	if a.key == nil {
		return nil, fail(CodeProviderMisspoke, "a certificate, though no key was asked for")
	}
	if certificate.Principal.Email != a.email {
		return nil, fail(CodeCertificateWrongAddress, "principal is not the address asked")
	}
	if certificate.Principal.Unverified && !a.req.AllowUnverified {
		return nil, fail(CodeCertificateWrongAddress, "the address is not verified")
	}
	if !certificate.PublicKey.Equal(a.key.PublicKey()) {
		return nil, fail(CodeCertificateWrongKey, "public key is not the pending key")
	}
	if certificate.Issuer != string(a.provider.Authority) {
		return nil, fail(CodeCertificateWrongIssuer, "issuer %q, authority %q", certificate.Issuer, a.provider.Authority)
	}
	if err := checkTimes(certificate, a.Now(), a.lifetime()); err != nil {
		return nil, err
	}
	return certificate, a.checkSignature(ctx, compact)
}

// checkTimes checks that a certificate is valid now, and for no longer than asked.
func checkTimes(c *browserid.Certificate, now time.Time, asked time.Duration) error {
	issued, expires := c.IssuedAt.Time(), c.Expires.Time()
	switch {
	case c.IssuedAt == 0 || issued.After(now.Add(ClockSlack)):
		return fail(CodeCertificateWrongTime, "issued at %v, now %v", issued, now)
	case expires.Before(now.Add(MinimumRemaining)):
		return fail(CodeCertificateWrongTime, "expires at %v, now %v", expires, now)
	case expires.Sub(issued) > MaximumCertificateLifetime, expires.After(now.Add(asked + ClockSlack)):
		return fail(CodeCertificateTooLong, "expires at %v, asked for %v", expires, asked)
	}
	return nil
}

// checkSignature tries each published key whose kind is the one that the
// certificate's header names (D1.6, D1.7).
func (a *attempt) checkSignature(ctx context.Context, token *browserid.Compact) error {
	code := CodeCertificateBadSignature
	for _, key := range a.provider.Keys {
		if key.Algorithm() != token.Algorithm {
			continue
		}
		err := a.Signatures.VerifySignature(ctx, key, token.SigningInput, token.Signature)
		if err == nil {
			return nil
		}
		if errors.Is(err, ErrUnsupportedKey) {
			code = CodeIssuerKeyUnsupported
		}
	}
	return fail(code, "none of %d published keys", len(a.provider.Keys))
}

// checkUsable checks that a kept certificate may back an assertion for a
// site: for this address and key, valid for a while yet (B3.2), and of a kind
// that the site's verifier knows.
func (c *credential) checkUsable(req Request, email browserid.Email, now time.Time) error {
	switch {
	case c.certificate.Principal.Unverified || c.certificate.Principal.Email != email:
		return fail(CodeCertificateWrongAddress, "principal is not the address kept")
	case !c.certificate.PublicKey.Equal(c.key.PublicKey()):
		return fail(CodeCertificateWrongKey, "public key is not the kept key")
	case !slices.Contains(req.Algorithms, c.key.PublicKey().Algorithm()):
		return fail(CodeAlgorithmUnsupported, "site %v, key %v", req.Algorithms, c.key.PublicKey().Algorithm())
	}
	return checkTimes(c.certificate, now, MaximumCertificateLifetime)
}

// lifetime is what is asked from a provider (B4).
func (a *attempt) lifetime() time.Duration {
	switch {
	case a.notMyDevice:
		return CertificateLifetimeElsewhere
	case a.provider.Fallback:
		return CertificateLifetimeFallback
	}
	return CertificateLifetime
}
