package browserid

import (
	"context"
	"encoding/json"
)

// Assertion is an identity assertion: the holder of a certified key signs in at
// the audience (C6).
type Assertion struct {
	Audience string // "aud" as it stands: the relying party's origin
	Expires  Millis // "exp"
	IssuedAt Millis // "iat"; 0 = absent, as in classic assertions
	Issuer   string // "iss"; usually absent
	Nonce    string // "nonce"; what the relying party asked to be signed (D5.11)
	// Extra are all other claims, which the user alone vouches for (C6).
	Extra map[string]json.RawMessage
}

var assertionClaims = []string{"aud", "exp", "iat", "iss", "nonce"}

// ParseAssertion reads an identity assertion without verifying it. The error is
// CodeAssertion, with CodeCompact, CodeHeader or CodeTime where one of these is
// at fault.
func ParseAssertion(token string) (*Assertion, *Compact, error) {
	c, compact, err := parseClaims(token, CodeAssertion)
	if err != nil {
		return nil, nil, err
	}
	assertion := &Assertion{Audience: c.needText("aud"), Expires: c.needTime("exp")}
	assertion.IssuedAt, _ = c.time("iat")
	assertion.Issuer = c.text("iss")
	assertion.Nonce = c.text("nonce")
	assertion.Extra = c.extra()
	if c.err != nil {
		return nil, nil, c.err
	}
	return assertion, compact, nil
}

// SignAssertion signs an assertion with the user's key. The header is
// {"alg":...} alone, and "iat", "iss" and "nonce" are left out when they are
// zero. The error is CodeAssertion for an assertion without audience or with an
// extra claim of a reserved name, or the signer's.
func SignAssertion(ctx context.Context, user Signer, assertion Assertion) (string, error) {
	if assertion.Audience == "" {
		return "", broken(CodeAssertion, "no audience")
	}
	own := map[string]any{"aud": assertion.Audience, "exp": assertion.Expires}
	if assertion.IssuedAt != 0 {
		own["iat"] = assertion.IssuedAt
	}
	if assertion.Issuer != "" {
		own["iss"] = assertion.Issuer
	}
	if assertion.Nonce != "" {
		own["nonce"] = assertion.Nonce
	}
	if err := withExtra(own, assertion.Extra, assertionClaims, CodeAssertion); err != nil {
		return "", err
	}
	return sign(ctx, user, own)
}
