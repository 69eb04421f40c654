package verifier

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
)

// What Status says.
const (
	StatusOkay    = "okay"
	StatusFailure = "failure"
)

// Reply is the verifier's answer as JSON (D6). A caller looks at Status first.
type Reply struct {
	// Status is StatusOkay when the assertion signs in the owner of Email, and
	// otherwise StatusFailure, with Reason and Code alone.
	Status string `json:"status"`
	// Email is whom to sign in.
	Email browserid.Email `json:"email,omitempty"`
	// UnverifiedEmail is there instead of Email where the caller has asked for
	// addresses that the issuer has not proven (C6.2).
	UnverifiedEmail browserid.Email `json:"unverified-email,omitempty"`
	// Audience is the caller's origin as the caller spelt it.
	Audience string `json:"audience,omitempty"`
	// Expires is in milliseconds since the Unix epoch.
	Expires browserid.Millis `json:"expires,omitempty"`
	// Issuer is the domain that vouches for the address.
	Issuer browserid.Domain `json:"issuer,omitempty"`
	// IdPClaims are what else the issuer says, and UserClaims what nobody but the
	// user says (C6.3).
	IdPClaims  map[string]json.RawMessage `json:"idpClaims,omitempty"`
	UserClaims map[string]json.RawMessage `json:"userClaims,omitempty"`
	// Reason says to a person what was wrong; its words may change.
	Reason string `json:"reason,omitempty"`
	// Code says so to a program: a [verify.Code], or one of this package's own for
	// requests that were not verified.
	Code string `json:"code,omitempty"`
}

// The codes of requests that were not verified.
const (
	CodeMissing     = "missing_parameter"
	CodeInvalid     = "invalid_parameter"
	CodeMalformed   = "malformed_request"
	CodeContentType = "content_type"
	CodeTooLarge    = "too_large"
	CodeTooSlow     = "too_slow"
	CodeNotAllowed  = "not_allowed"
	CodeBusy        = "busy"
	CodeUnavailable = "unavailable"
)

// Okay is the reply to an assertion that was verified for an audience.
func Okay(result *verify.Result, audience string) Reply {
	reply := Reply{
		Status:     StatusOkay,
		Email:      result.Email,
		Audience:   audience,
		Expires:    result.Expires,
		Issuer:     result.Issuer,
		IdPClaims:  result.IdPClaims,
		UserClaims: result.UserClaims,
	}
	if result.Unverified {
		reply.Email, reply.UnverifiedEmail = "", result.Email
	}
	return reply
}

// Failure is the reply to an assertion for which [verify.Verifier.Verify]
// returned an error.
func Failure(err error) Reply {
	code := CodeUnavailable
	if failed, ok := errors.AsType[*verify.Error](err); ok {
		code = string(failed.Code)
	}
	return Reply{Status: StatusFailure, Reason: reason(err), Code: code}
}

// outcome is the code of a failure, or the status.
func (r Reply) outcome() string {
	if r.Status == StatusOkay {
		return r.Status
	}
	return r.Code
}

// reason joins what each cause has to say, from the outside in. None of these
// quotes an address or a token.
func reason(err error) string {
	var parts []string
	for err != nil {
		switch cause := err.(type) {
		case *verify.Error:
			parts = append(parts, cause.Detail)
		case *browserid.Error:
			parts = append(parts, cause.Detail)
		case *discovery.Error:
			return strings.Join(append(parts, cause.Reason), ": ")
		}
		err = errors.Unwrap(err)
	}
	return strings.Join(parts, ": ")
}

// failure returns the HTTP status and the reply for what went wrong.
func failure(err error) (int, Reply) {
	if refused, ok := errors.AsType[*refusal](err); ok {
		return refused.status, Reply{Status: StatusFailure, Reason: refused.reason, Code: refused.code}
	}
	_, aboutDomain := errors.AsType[*discovery.Error](err)
	switch {
	case errors.Is(err, discovery.ErrBusy):
		return failure(errBusy)
	case errors.Is(err, verify.CodeDiscovery) && !aboutDomain:
		return failure(errUnavailable) // it says nothing about the assertion
	default:
		return http.StatusOK, Failure(err)
	}
}

// writeReply sends a reply.
func writeReply(w http.ResponseWriter, status int, reply Reply) {
	if reply.Code == CodeBusy {
		w.Header().Set("Retry-After", retryAfter)
	}
	writeJSON(w, status, reply)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", typeJSON)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only when the client has gone
}
