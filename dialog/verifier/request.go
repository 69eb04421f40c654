package verifier

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	typeForm = "application/x-www-form-urlencoded"
	typeJSON = "application/json"
)

// version is one of the two that callers speak.
type version struct {
	types []string // the content types of its bodies
	ask   func(parameters) (question, error)
}

var (
	version1 = version{[]string{typeForm, typeJSON}, parameters.version1}
	version2 = version{[]string{typeJSON}, parameters.version2}
)

// read reads a request. The error is a *refusal, or a *verify.Error where the
// assertion is none.
func (v version) read(w http.ResponseWriter, r *http.Request) (question, error) {
	contentType, err := v.contentType(r.Header)
	if err != nil {
		return question{}, err
	}
	body, err := readBody(w, r)
	if err != nil {
		return question{}, err
	}
	return v.parse(contentType, body)
}

// contentType returns the type of the body, which must be one of the version's.
func (v version) contentType(header http.Header) (string, error) {
	if coding := header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return "", wrongType("the body must not be compressed")
	}
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	for _, known := range v.types {
		if err == nil && mediaType == known {
			return known, nil
		}
	}
	return "", wrongType("the Content-Type must be " + strings.Join(v.types, " or "))
}

// readBody reads the body within its limits. Where the connection has no
// deadlines, the server's own limits hold.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > MaxBodyBytes {
		return nil, tooLarge()
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBodyBytes))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, tooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, tooSlow()
	}
	if err != nil {
		return nil, malformed("the body broke off")
	}
	return body, nil
}

// parse reads a body of a type that the version knows.
func (v version) parse(contentType string, body []byte) (question, error) {
	read := parseJSON
	if contentType == typeForm {
		read = parseForm
	}
	given, err := read(body)
	if err != nil {
		return question{}, err
	}
	return v.ask(given)
}
