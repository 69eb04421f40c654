package verify

import (
	"errors"

	"github.com/navid-login/navid/agent/browserid"
)

// Code names the check that failed. It is an error itself, so that a caller can
// ask errors.Is(err, verify.CodeAudience). The words are stable.
type Code string

// The codes, in the order of the checks. An assertion that breaks several rules
// gets the first.
const (
	CodeBacked                 Code = "malformed_backed_assertion"    // D1.1: not certificate~assertion
	CodeChain                  Code = "certificate_chain"             // D1.3, C6.1: more than one certificate
	CodeToken                  Code = "malformed_token"               // D1.2: not a JWS, or not the claims that it needs
	CodeHeader                 Code = "header"                        // D5.4: a header member that we never follow
	CodeDuplicate              Code = "duplicate_member"              // D5.5: a member named twice
	CodeTime                   Code = "malformed_time"                // D3: a time that is none, or no exp
	CodeUserKey                Code = "malformed_user_key"            // C4: the certified key
	CodeAddress                Code = "address"                       // D1.4: no address, a malformed one, or two
	CodeUnverified             Code = "unverified_address"            // C6.2: the issuer has not proven the address
	CodeLegacyKey              Code = "legacy_key"                    // C4.7: a key that only AllowLegacyKeys accepts
	CodeAlgorithm              Code = "algorithm"                     // D1.7: the label is not the key's
	CodeCertificateNotYetValid Code = "certificate_not_yet_valid"     // D1.8: iat in the future
	CodeCertificateExpired     Code = "certificate_expired"           // D1.8
	CodeCertificateLifetime    Code = "certificate_lifetime"          // D3: valid for more than 24 hours
	CodeCertificateAge         Code = "certificate_age"               // older than MaxCertificateAge
	CodeAssertionNotYetValid   Code = "assertion_not_yet_valid"       // D1.9: iat in the future
	CodeAssertionExpired       Code = "assertion_expired"             // D1.9
	CodeAssertionLifetime      Code = "assertion_lifetime"            // D3: valid for more than MaxAssertionAge
	CodeAudience               Code = "audience"                      // D1.10: made for another site
	CodeNonce                  Code = "nonce"                         // D5.11: not the nonce that was asked for
	CodeIssuer                 Code = "malformed_issuer"              // D1.5: the issuer is not a domain
	CodeDiscovery              Code = "discovery"                     // D1.5: who may speak for the domain is not known now
	CodeFallback               Code = "fallback_for_primary"          // D1.12: a fallback, but the domain has its own provider
	CodeUntrustedIssuer        Code = "untrusted_issuer"              // D1.11: the issuer may not speak for the domain
	CodeCertificateSignature   Code = "invalid_certificate_signature" // D1.6, D1.8: by none of the issuer's keys
	CodeAssertionSignature     Code = "invalid_assertion_signature"   // D1.9: not by the certified key
	CodeReplay                 Code = "replay"                        // D5.11: used before
	CodeReplayCache            Code = "replay_cache"                  // the replay cache failed or is full: nobody knows
)

// Error returns the code as it is spelt.
func (c Code) Error() string { return string(c) }

// Error says which check failed. It quotes domains, origins and times, never an
// address or a token, and may be logged; Detail may be shown to the person who
// runs the site.
type Error struct {
	Code   Code
	Detail string
	Err    error // the cause, for example a *browserid.Error or *discovery.Error; or nil
}

// Error describes the failed check.
func (e *Error) Error() string {
	text := "verify: " + string(e.Code) + ": " + e.Detail
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the code of e.
func (e *Error) Is(target error) bool { return target == error(e.Code) }

func refuse(code Code, detail string) error { return &Error{Code: code, Detail: detail} }

// unreadable is the error for a token that does not parse.
func unreadable(what string, err error) error {
	return &Error{Code: codeOf(err), Detail: "read the " + what, Err: err}
}

// codeOf maps what browserid found broken to the check that fails by it.
func codeOf(err error) Code {
	for _, mapping := range [...]struct {
		cause browserid.Code
		code  Code
	}{
		{browserid.CodeDuplicate, CodeDuplicate},
		{browserid.CodeHeader, CodeHeader},
		{browserid.CodeTime, CodeTime},
		{browserid.CodeKey, CodeUserKey},
		{browserid.CodeUnsupportedKey, CodeUserKey},
		{browserid.CodeEmail, CodeAddress},
	} {
		if errors.Is(err, mapping.cause) {
			return mapping.code
		}
	}
	return CodeToken
}
