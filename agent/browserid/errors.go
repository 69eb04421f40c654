package browserid

// Code names the format that was found broken. It is an error itself, so that
// a caller can ask errors.Is(err, browserid.CodeKey).
type Code string

// The codes. An error may carry several of them: a certificate with a broken
// key is both CodeCertificate and CodeKey.
const (
	CodeEmail           Code = "email"            // not an address (B6)
	CodeDomain          Code = "domain"           // not a bare host name
	CodeOrigin          Code = "origin"           // not a web origin (D2)
	CodeTime            Code = "time"             // not a time, or none where one must be (D3)
	CodeKey             Code = "key"              // not a public key, or one of a refused size (C4)
	CodeUnsupportedKey  Code = "unsupported_key"  // a kind of key that this package does not know
	CodeJSON            Code = "json"             // not a JSON object, or one that is too large or too deep
	CodeDuplicate       Code = "duplicate_member" // a JSON object names a member twice (D5.5)
	CodeCompact         Code = "compact"          // not a JWS compact serialization (D1.2)
	CodeHeader          Code = "header"           // a JWS header that asks for more than a signature check (D5.4)
	CodeCertificate     Code = "certificate"      // not an identity certificate (C5)
	CodeAssertion       Code = "assertion"        // not an identity assertion (C6)
	CodeBacked          Code = "backed_assertion" // not certificate~assertion (D1.1)
	CodeSupportDocument Code = "support_document" // not a support document (C3)
)

// Error returns the code as it is spelt.
func (c Code) Error() string { return string(c) }

// Error says which format was broken and where. Detail never quotes the input,
// so it may be logged.
type Error struct {
	Code   Code
	Detail string
	Err    error // the cause, or nil
}

// Error describes the error and its cause.
func (e *Error) Error() string {
	text := "browserid: " + string(e.Code) + ": " + e.Detail
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the code of e.
func (e *Error) Is(target error) bool { return target == error(e.Code) }

func broken(code Code, detail string) error { return &Error{Code: code, Detail: detail} }

func because(code Code, detail string, err error) error {
	return &Error{Code: code, Detail: detail, Err: err}
}
