package verify

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/navid-login/navid/agent/browserid"
)

// Result is a successful verification (D1.13).
type Result struct {
	// Email is whom to sign in.
	Email browserid.Email
	// Unverified reports that the issuer has not proven the address. It is never
	// set unless AllowUnverified is.
	Unverified bool
	// Audience is the origin that the assertion was made for: the configured one.
	Audience browserid.Origin
	// Issuer is who vouches for the address. A site may want to ask again when it
	// is not the issuer of last time (G12).
	Issuer browserid.Domain
	// Expires is when the assertion expires, in milliseconds since the Unix epoch.
	Expires browserid.Millis
	// PublicKey is the key that the issuer certified for this browser.
	PublicKey browserid.PublicKey
	// IdPClaims are the other claims of the certificate: the issuer vouches for
	// them (C6.3). Nil when there are none.
	IdPClaims map[string]json.RawMessage
	// UserClaims are the other claims of the assertion: nobody but the user says
	// so. Nil when there are none.
	UserClaims map[string]json.RawMessage
}

func newResult(audience browserid.Origin, e *evidence) *Result {
	return &Result{
		Email:      e.certificate.Principal.Email,
		Unverified: e.certificate.Principal.Unverified,
		Audience:   audience,
		Issuer:     browserid.Domain(e.certificate.Issuer),
		Expires:    e.assertion.Expires,
		PublicKey:  e.certificate.PublicKey,
		IdPClaims:  claims(e.certificate.Extra),
		UserClaims: claims(e.assertion.Extra),
	}
}

// reserved are the names that no extra claim may have (C6.3), and those that a
// reader could take for the address.
var reserved = []string{
	"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "public-key", "pubkey", "principal",
	"email", "unverified-email",
}

// claims returns the extra claims without the reserved ones.
func claims(extra map[string]json.RawMessage) map[string]json.RawMessage {
	kept := maps.Clone(extra)
	maps.DeleteFunc(kept, func(name string, _ json.RawMessage) bool { return slices.Contains(reserved, name) })
	if len(kept) == 0 {
		return nil
	}
	return kept
}
