package verify

import (
	"fmt"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// span is when a token says that it is valid.
type span struct {
	token             string // for the error
	issued, expires   browserid.Millis
	notYetValid       Code
	expired, lifetime Code
}

// checkTimes is D1.8, D1.9 and D3: both tokens are valid now, for no longer than
// they may be, and the certificate is not too old.
func (v *Verifier) checkTimes(e *evidence) error {
	now := v.config.Now()
	certificate := span{
		"certificate", e.certificate.IssuedAt, e.certificate.Expires,
		CodeCertificateNotYetValid, CodeCertificateExpired, CodeCertificateLifetime,
	}
	if err := v.checkSpan(certificate, MaxCertificateLifetime, now); err != nil {
		return err
	}
	if err := v.checkAge(certificate, now); err != nil {
		return err
	}
	assertion := span{
		"assertion", e.assertion.IssuedAt, e.assertion.Expires,
		CodeAssertionNotYetValid, CodeAssertionExpired, CodeAssertionLifetime,
	}
	return v.checkSpan(assertion, v.config.MaxAssertionAge, now)
}

// checkSpan checks one token. A token without a time of issue, as classic
// assertions are (C6), counts as issued now. The leeway goes on top of the
// longest lifetime because issuers date their certificates back (C5.1).
func (v *Verifier) checkSpan(s span, longest time.Duration, now time.Time) error {
	issued, expires := now, s.expires.Time()
	if s.issued != 0 {
		issued = s.issued.Time()
	}
	switch {
	case issued.After(now.Add(v.config.Leeway)):
		return refuse(s.notYetValid, clocks(s.token+" issued at", issued, now))
	case expires.Before(now.Add(-v.config.Leeway / 2)):
		return refuse(s.expired, clocks(s.token+" expired at", expires, now))
	case expires.Sub(issued) > longest+v.config.Leeway:
		return refuse(s.lifetime, fmt.Sprintf("%s valid for %v, more than %v", s.token, expires.Sub(issued), longest))
	}
	return nil
}

// checkAge is MaxCertificateAge. A certificate that does not say when it was
// issued is as old as it can be.
func (v *Verifier) checkAge(s span, now time.Time) error {
	oldest := v.config.MaxCertificateAge
	if oldest == MaxCertificateLifetime {
		return nil // checkSpan has bounded it
	}
	if s.issued == 0 {
		return refuse(CodeCertificateAge, "the certificate does not say when it was issued")
	}
	if s.issued.Time().Before(now.Add(-oldest - v.config.Leeway)) {
		return refuse(CodeCertificateAge, clocks("certificate issued at", s.issued.Time(), now))
	}
	return nil
}

// clocks names both clocks, for the reader has to find the one that is wrong
// (D3).
func clocks(what string, theirs, ours time.Time) string {
	return what + " " + theirs.UTC().Format(time.RFC3339) + ", it is " + ours.UTC().Format(time.RFC3339) + " here"
}
