package verifier

import "net/http"

// refusal is why a request was not verified.
type refusal struct {
	status int
	code   string
	reason string
}

func (r *refusal) Error() string { return "verifier: " + r.code + ": " + r.reason }

func missing(parameter string) error {
	return &refusal{http.StatusBadRequest, CodeMissing, "the body has no " + parameter + " parameter (the query string is not read)"}
}

func invalid(reason string) error { return &refusal{http.StatusBadRequest, CodeInvalid, reason} }

func malformed(reason string) error { return &refusal{http.StatusBadRequest, CodeMalformed, reason} }

func wrongType(reason string) error {
	return &refusal{http.StatusUnsupportedMediaType, CodeContentType, reason}
}

func tooLarge() error {
	return &refusal{http.StatusRequestEntityTooLarge, CodeTooLarge, "the body has more than 10 kB"}
}

func tooSlow() error {
	return &refusal{http.StatusRequestTimeout, CodeTooSlow, "the body took too long to arrive"}
}

// notAllowed has the status of a failed assertion, as old callers expect (D4.2).
func notAllowed(reason string) error { return &refusal{http.StatusOK, CodeNotAllowed, reason} }

// retryAfter is in seconds.
const retryAfter = "2"

// What the verifier itself may lack. The caller may try again.
var (
	errBusy        error = &refusal{http.StatusServiceUnavailable, CodeBusy, "too many verifications at once"}
	errUnavailable error = &refusal{http.StatusServiceUnavailable, CodeUnavailable, "the verification could not be finished"}
)
