package verify

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// issuerTimeout bounds all the discovery of one verification (G15).
const issuerTimeout = 30 * time.Second

// ask is Discover or Refresh.
type ask func(context.Context, browserid.Domain) (*discovery.Provider, error)

// checkIssuer is D1.5, D1.6, D1.8, D1.11 and D1.12: the issuer may speak for
// the address, and one of the keys it publishes verifies the certificate. If
// none does, the issuer is asked anew, once.
func (v *Verifier) checkIssuer(ctx context.Context, e *evidence) error {
	if !isDomain(e.certificate.Issuer) {
		return refuse(CodeIssuer, "not a domain in lower case without port and trailing dot")
	}
	ctx, cancel := context.WithTimeout(ctx, issuerTimeout)
	defer cancel()
	err := v.checkIssuerBy(ctx, e, v.config.Discovery.Discover)
	refresher, can := v.config.Discovery.(Refresher)
	if can && (errors.Is(err, CodeCertificateSignature) || errors.Is(err, CodeAlgorithm)) {
		return v.checkIssuerBy(ctx, e, refresher.Refresh)
	}
	return err
}

func (v *Verifier) checkIssuerBy(ctx context.Context, e *evidence, ask ask) error {
	keys, err := v.issuerKeys(ctx, e, ask)
	if err != nil {
		return err
	}
	return v.checkCertificateSignature(e, keys)
}

// issuerKeys decides whether the issuer may speak for the address, and returns
// its keys.
func (v *Verifier) issuerKeys(ctx context.Context, e *evidence, ask ask) ([]browserid.PublicKey, error) {
	issuer, domain := browserid.Domain(e.certificate.Issuer), e.certificate.Principal.Email.Domain()
	if slices.Contains(v.config.TrustedIssuers, issuer) {
		return ownKeys(ctx, issuer, ask)
	}
	fallback := slices.Contains(v.config.Fallbacks, issuer)
	provider, err := ask(ctx, domain)
	absence, known := errors.AsType[*discovery.Error](err)
	switch {
	case err == nil && provider.Authority == issuer:
		return provider.Keys, nil
	case err == nil && fallback:
		return nil, refuse(CodeFallback, string(domain)+" has an identity provider, "+string(issuer)+" is not it")
	case err == nil:
		return nil, refuse(CodeUntrustedIssuer, "expected "+string(provider.Authority)+", got "+string(issuer))
	case !known || !absence.State.FallbackMaySpeak():
		return nil, &Error{Code: CodeDiscovery, Detail: "who speaks for " + string(domain), Err: err}
	case fallback:
		return ownKeys(ctx, issuer, ask)
	default:
		return nil, &Error{Code: CodeUntrustedIssuer, Detail: string(issuer) + " is not a known fallback", Err: err}
	}
}

// ownKeys returns the keys of an issuer that speaks by our configuration. If it
// delegates to somebody else, those are not its keys.
func ownKeys(ctx context.Context, issuer browserid.Domain, ask ask) ([]browserid.PublicKey, error) {
	provider, err := ask(ctx, issuer)
	if err != nil {
		return nil, &Error{Code: CodeDiscovery, Detail: "keys of " + string(issuer), Err: err}
	}
	if provider.Authority != issuer {
		return nil, refuse(CodeUntrustedIssuer, string(issuer)+" delegates to "+string(provider.Authority))
	}
	return provider.Keys, nil
}
