//go:build js && wasm

// Package webcrypto makes and uses keys by the browser's own cryptography.
// Private keys are made non-extractable: nothing on this page, this package
// included, can read one. Non-extractable is not non-transferable (security.md
// E9), so a key is never handed to anything but the database of its origin.
package webcrypto

import (
	"context"
	"fmt"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// Check returns an *agent.Error if this browser or this page has no WebCrypto.
func Check() error {
	_, err := subtle()
	return err
}

// subtle returns crypto.subtle, which pages have only in a secure context.
func subtle() (jsx.Value, error) {
	value, err := jsx.Lookup("crypto", "subtle")
	if err != nil {
		return value, &agent.Error{Code: agent.CodeBrowserTooOld, Err: err}
	}
	return value, nil
}

// call calls a method of crypto.subtle and awaits the result.
func call(ctx context.Context, method string, args ...any) (jsx.Value, error) {
	object, err := subtle()
	if err != nil {
		return object, err
	}
	result, err := jsx.AwaitCall(ctx, object, method, args...)
	if err != nil {
		err = fmt.Errorf("crypto.subtle.%s: %w", method, err)
	}
	return result, err
}

// parametersOf returns what WebCrypto wants to know of an algorithm: enough
// for all of generateKey, importKey, sign and verify, each of which ignores
// what is for the others.
func parametersOf(alg browserid.Algorithm) (map[string]any, error) {
	switch alg {
	case browserid.RS256:
		exponent, err := jsx.Uint8Array([]byte{1, 0, 1}) // 65537
		return map[string]any{
			"name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256", "modulusLength": 2048, "publicExponent": exponent,
		}, err
	case browserid.ES256:
		return map[string]any{"name": "ECDSA", "hash": "SHA-256", "namedCurve": "P-256"}, nil
	case browserid.EdDSA:
		return map[string]any{"name": "Ed25519"}, nil
	}
	return nil, fmt.Errorf("%w: %q", agent.ErrUnsupportedKey, alg)
}
