//go:build js && wasm

package fetch

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/navid-login/navid/wasm/internal/jsx"
)

// MaxBody is the longest answer that is read, in bytes: ten keys of 4096 bits
// in decimal take 14,000.
const MaxBody = 128 << 10

// Whether the cookies of the login host go with a request.
const (
	withoutCookies = "omit"
	withCookies    = "same-origin"
)

// postJSON posts JSON to the page's own origin and returns the JSON answer. No
// cache answers it, no redirect leads it elsewhere.
func postJSON(ctx context.Context, path, cookies string, body []byte) (status int, answer []byte, err error) {
	controller, err := jsx.New("AbortController")
	if err != nil {
		return 0, nil, err
	}
	signal, err := jsx.Get(controller, "signal")
	if err != nil {
		return 0, nil, err
	}
	defer context.AfterFunc(ctx, func() { _, _ = jsx.Call(controller, "abort") })()
	global, err := jsx.Lookup("globalThis")
	if err != nil {
		return 0, nil, err
	}
	response, err := jsx.AwaitCall(ctx, global, "fetch", path, map[string]any{
		"method":         "POST",
		"headers":        map[string]any{"Content-Type": "application/json", "Accept": "application/json"},
		"body":           string(body),
		"signal":         signal,
		"mode":           "same-origin",
		"credentials":    cookies,
		"cache":          "no-store",
		"redirect":       "error",
		"referrerPolicy": "no-referrer",
	})
	if err != nil {
		return 0, nil, err
	}
	return read(ctx, response)
}

func read(ctx context.Context, response jsx.Value) (status int, body []byte, err error) {
	number, err := jsx.Get(response, "status")
	if err != nil {
		return 0, nil, err
	}
	if status, err = number.Int(); err != nil {
		return 0, nil, err
	}
	if kind, err := contentType(response); err != nil || kind != "application/json" {
		return status, nil, fmt.Errorf("status %d with content of type %q", status, kind)
	}
	body, err = readBody(ctx, response)
	return status, body, err
}

func contentType(response jsx.Value) (string, error) {
	headers, err := jsx.Get(response, "headers")
	if err != nil {
		return "", err
	}
	value, err := jsx.Call(headers, "get", "Content-Type")
	if err != nil {
		return "", err
	}
	text, _ := jsx.Text(value)
	kind, _, _ := strings.Cut(text, ";")
	return strings.ToLower(strings.TrimSpace(kind)), nil
}

// readBody reads piece by piece, so that an answer that is too long is not
// taken into memory first.
func readBody(ctx context.Context, response jsx.Value) ([]byte, error) {
	stream, err := jsx.Get(response, "body")
	if err != nil {
		return nil, err
	}
	reader, err := jsx.Call(stream, "getReader")
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = jsx.Call(reader, "cancel") }()
	var body []byte
	for {
		piece, err := jsx.AwaitCall(ctx, reader, "read")
		if err != nil {
			return nil, err
		}
		if jsx.BoolOf(piece, "done") {
			return body, nil
		}
		value, err := jsx.Get(piece, "value")
		if err != nil {
			return nil, err
		}
		b, err := jsx.Bytes(value)
		if err != nil {
			return nil, err
		}
		if body = append(body, b...); len(body) > MaxBody {
			return nil, errors.New("an answer that is too long")
		}
	}
}
