package verify

import (
	"context"
	"crypto/subtle"

	"github.com/navid-login/navid/agent/browserid"
)

// Verifier verifies the assertions that are made for one audience. It is safe
// for concurrent use and cheap to make.
type Verifier struct {
	config Config
}

// New makes a Verifier. The error names a mistake in the configuration.
func New(config Config) (*Verifier, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	return &Verifier{config: config.withDefaults()}, nil
}

// Verify decides whether a backed assertion signs somebody in. The error is
// always an [*Error] whose Code names the first check that failed.
//
// The order of the checks is fixed. It is that of D1, but what is cheap comes
// before what costs a fetch or a signature (D1.14), so that a stranger's garbage
// makes nobody fetch anything. Nothing is remembered before everything holds.
func (v *Verifier) Verify(ctx context.Context, backedAssertion string, options ...Option) (*Result, error) {
	var asked call
	for _, option := range options {
		option(&asked)
	}
	evidence, err := read(backedAssertion) // D1.1 to D1.4
	if err != nil {
		return nil, err
	}
	for _, check := range [...]func() error{
		func() error { return v.checkAddress(evidence) },            // C6.2
		func() error { return v.checkUserKey(evidence) },            // D1.7, C4.7
		func() error { return v.checkTimes(evidence) },              // D1.8, D1.9, D3
		func() error { return v.checkAudience(evidence) },           // D1.10, D2
		func() error { return asked.check(evidence) },               // D5.11
		func() error { return v.checkIssuer(ctx, evidence) },        // D1.5, D1.11, D1.12, D1.6, D1.8
		func() error { return v.checkAssertionSignature(evidence) }, // D1.9
		func() error { return v.checkReplay(ctx, evidence) },        // D5.11
	} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	return newResult(v.config.Audience, evidence), nil
}

// evidence is a backed assertion taken apart.
type evidence struct {
	certificate      *browserid.Certificate
	certificateToken *browserid.Compact
	assertion        *browserid.Assertion
	assertionToken   *browserid.Compact
}

// read takes a backed assertion apart (D1.1, D1.2, D1.4) and refuses chains
// (D1.3).
func read(backedAssertion string) (*evidence, error) {
	backed, err := browserid.ParseBacked(backedAssertion)
	if err != nil {
		return nil, &Error{Code: CodeBacked, Detail: "read", Err: err}
	}
	if len(backed.Certificates) != 1 {
		return nil, refuse(CodeChain, "more than one certificate")
	}
	var e evidence
	if e.certificate, e.certificateToken, err = browserid.ParseCertificate(backed.Certificates[0]); err != nil {
		return nil, unreadable("certificate", err)
	}
	if e.assertion, e.assertionToken, err = browserid.ParseAssertion(backed.Assertion); err != nil {
		return nil, unreadable("assertion", err)
	}
	return &e, nil
}

func (v *Verifier) checkAddress(e *evidence) error {
	if e.certificate.Principal.Unverified && !v.config.AllowUnverified {
		return refuse(CodeUnverified, "the issuer has not proven the address")
	}
	return nil
}

// checkUserKey is D1.7 and C4.7 for the certified key: the assertion's label
// must be the key's own, and the key must not be a legacy one.
func (v *Verifier) checkUserKey(e *evidence) error {
	key := e.certificate.PublicKey
	if key.Legacy() && !v.config.AllowLegacyKeys {
		return refuse(CodeLegacyKey, "the certified key is too weak")
	}
	if !labels(e.assertionToken.Algorithm, key) {
		return refuse(CodeAlgorithm, "the assertion's alg is not that of the certified key")
	}
	return nil
}

// checkAudience is D1.10: origins are compared, so that a default port that is
// spelt out changes nothing (D2). Differs: a bare host name, a path and plain
// http, which old verifiers took, are refused.
func (v *Verifier) checkAudience(e *evidence) error {
	origin, err := browserid.ParseOrigin(e.assertion.Audience)
	if err != nil {
		return &Error{Code: CodeAudience, Detail: "the assertion's audience is not an origin", Err: err}
	}
	if origin != v.config.Audience {
		return refuse(CodeAudience, "made for "+string(origin)+", not for "+string(v.config.Audience))
	}
	return nil
}

// check is the check of the nonce.
func (c call) check(e *evidence) error {
	if !c.checkNonce {
		return nil
	}
	same := subtle.ConstantTimeCompare([]byte(c.nonce), []byte(e.assertion.Nonce)) == 1
	if c.nonce == "" || !same {
		return refuse(CodeNonce, "not the nonce of this sign-in")
	}
	return nil
}
