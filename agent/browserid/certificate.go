package browserid

import (
	"context"
	"encoding/json"
)

// Certificate is an identity certificate: the issuer says that the owner of the
// principal's address holds the private key of PublicKey (C5).
type Certificate struct {
	Issuer    string // "iss" as it stands
	IssuedAt  Millis // "iat"; 0 = absent
	Expires   Millis // "exp"
	PublicKey PublicKey
	Principal Principal
	// Extra are all other claims and the other members of "principal" (C6.3).
	Extra map[string]json.RawMessage
}

var certificateClaims = []string{"iss", "iat", "exp", "public-key", "pubkey", "principal", "sub"}

// ParseCertificate reads an identity certificate without verifying it. The
// address is principal.email, or principal.unverified-email, or else sub; one
// that names two different addresses is refused, and so is one without an
// address (Differs: the old verifier let such pass for issuers it trusted).
// The key may be called pubkey, as the "greenfield" draft had it.
//
// The error is CodeCertificate, with CodeCompact, CodeHeader, CodeKey,
// CodeEmail or CodeTime where one of these is at fault.
func ParseCertificate(token string) (*Certificate, *Compact, error) {
	c, compact, err := parseClaims(token, CodeCertificate)
	if err != nil {
		return nil, nil, err
	}
	certificate := &Certificate{Issuer: c.needText("iss"), Expires: c.needTime("exp")}
	certificate.IssuedAt, _ = c.time("iat")
	certificate.PublicKey = c.publicKey()
	certificate.Principal = c.principal()
	certificate.Extra = c.extra()
	if c.err != nil {
		return nil, nil, c.err
	}
	return certificate, compact, nil
}

func (c *claims) publicKey() PublicKey {
	raw, found := c.take("public-key")
	draft, foundDraft := c.take("pubkey")
	if found == foundDraft {
		c.fail(because(c.code, "public-key", broken(CodeKey, "none, or two")))
		return PublicKey{}
	}
	if foundDraft {
		raw = draft
	}
	key, err := parseKey(raw)
	if err != nil {
		c.fail(because(c.code, "public-key", err))
	}
	return key
}

// SignCertificate signs a certificate with the issuer's key. "iat" is left out
// when it is 0. The error is CodeCertificate for a certificate without issuer,
// key or address or with an extra claim of a reserved name, or the signer's.
func SignCertificate(ctx context.Context, issuer Signer, certificate Certificate) (string, error) {
	if certificate.Issuer == "" || certificate.PublicKey.IsZero() || certificate.Principal.Email == "" {
		return "", broken(CodeCertificate, "issuer, key or address is missing")
	}
	own := map[string]any{
		"iss":        certificate.Issuer,
		"exp":        certificate.Expires,
		"public-key": certificate.PublicKey,
		"principal":  certificate.Principal.claim(),
	}
	if certificate.IssuedAt != 0 {
		own["iat"] = certificate.IssuedAt
	}
	if err := withExtra(own, certificate.Extra, certificateClaims, CodeCertificate); err != nil {
		return "", err
	}
	return sign(ctx, issuer, own)
}
