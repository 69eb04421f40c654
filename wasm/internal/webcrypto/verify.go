//go:build js && wasm

package webcrypto

import (
	"context"
	"errors"
	"fmt"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// Signatures is the agent's SignatureVerifier.
type Signatures struct{}

var errBadSignature = errors.New("signature does not verify")

// VerifySignature checks a JWS signature. Legacy keys, DSA above all, are
// agent.ErrUnsupportedKey, and so is Ed25519 where the browser lacks it.
func (Signatures) VerifySignature(ctx context.Context, key browserid.PublicKey, signingInput, signature []byte) error {
	parameters, err := parametersOf(key.Algorithm())
	if err != nil {
		return err
	}
	public, err := importKey(ctx, key, parameters)
	if err != nil {
		return err
	}
	data, err := jsx.Uint8Array(signingInput)
	if err != nil {
		return err
	}
	signed, err := jsx.Uint8Array(signature)
	if err != nil {
		return err
	}
	valid, err := call(ctx, "verify", parameters, public, signed, data)
	if err != nil {
		return err
	}
	if is, err := valid.Bool(); err != nil || !is {
		return errBadSignature
	}
	return nil
}

// importKey makes a CryptoKey of a public key. It is here that the browser
// checks that a point is on its curve.
func importKey(ctx context.Context, key browserid.PublicKey, parameters map[string]any) (jsx.Value, error) {
	jwk, err := jsx.ParseJSON(key.JWK())
	if err != nil {
		return jwk, err
	}
	public, err := call(ctx, "importKey", "jwk", jwk, parameters, false, []any{"verify"})
	if jsx.NameOf(err) == "NotSupportedError" {
		err = fmt.Errorf("%w: %w", agent.ErrUnsupportedKey, err)
	}
	return public, err
}
