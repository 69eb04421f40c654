package idp

import (
	"errors"
	"time"
)

// ErrorCode names why something was refused. It is stable: pages branch on it. It
// is an error itself, so that a caller can ask errors.Is(err, idp.CodeNotProven).
type ErrorCode string

// The codes.
const (
	CodeInvalidRequest   ErrorCode = "invalid_request"
	CodeInvalidEmail     ErrorCode = "invalid_email"
	CodeWrongCode        ErrorCode = "wrong_code"        // Left says how many tries are left
	CodeExpired          ErrorCode = "code_expired"      //
	CodeSpent            ErrorCode = "code_spent"        // used, or tried too often
	CodeChallengeUnknown ErrorCode = "challenge_unknown" // or another browser's
	CodeTooMany          ErrorCode = "too_many"          // RetryAfter says when to come again
	CodeNotProven        ErrorCode = "not_proven"        // not by this session, or by someone else since
	CodeProofTooOld      ErrorCode = "proof_too_old"
	CodeProviderExists   ErrorCode = "provider_exists"
	CodeProviderOffline  ErrorCode = "provider_offline"
	CodeBlocked          ErrorCode = "blocked"
	CodeMailFailed       ErrorCode = "mail_failed"
	CodePasskeyUnknown   ErrorCode = "passkey_unknown"
	CodePasskeyRefused   ErrorCode = "passkey_refused"
	CodeLastAddress      ErrorCode = "last_address"
	CodeInternal         ErrorCode = "internal"
)

// Error returns the code as it is spelt.
func (c ErrorCode) Error() string { return string(c) }

// Error is a refusal that a person may read. Whatever else a [Provider] returns
// is a failure of its own and says nothing to people.
type Error struct {
	Code       ErrorCode
	Message    string        // sentences for people
	RetryAfter time.Duration // with CodeTooMany
	Left       int           // with CodeWrongCode
	Err        error         // the cause, for our own log; may be nil
}

// Error describes the refusal and its cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Code)
	}
	return string(e.Code) + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the code of e.
func (e *Error) Is(target error) bool { return target == error(e.Code) }

// refuse makes a refusal.
func refuse(code ErrorCode, message string) *Error { return &Error{Code: code, Message: message} }

// isNotFound reports that a store has no such record.
func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }
