package browserid

import (
	"context"
	"encoding/json"
	"strings"
)

// MaxCompactBytes is the longest token that is read.
const MaxCompactBytes = 16 << 10

// Compact is a token in the JWS compact serialization, taken apart. Nothing in
// it has been verified.
type Compact struct {
	Algorithm    Algorithm // what the header says; never choose a verification by it
	Header       map[string]json.RawMessage
	Payload      []byte // a JSON object without duplicate members
	SigningInput []byte // header.payload as it was received
	Signature    []byte
}

// forbidden are the header members that would change what the signature covers
// or bring a key along (D5.4).
var forbidden = [...]string{"crit", "b64", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "zip", "enc"}

// texts are the header members that JOSE knows and this protocol has no use for.
// What is no string there, no JOSE library would read (RFC 7515 4.1).
var texts = [...]string{"kid", "typ", "cty", "nonce"}

// ParseCompact splits a token: three parts in base64url without padding, the
// first two of them JSON objects (D1.2). The error is CodeCompact, or
// CodeHeader for a header that this protocol has no use for.
func ParseCompact(token string) (*Compact, error) {
	compact, _, err := splitCompact(token)
	return compact, err
}

// splitCompact is ParseCompact and returns the members of the payload as well.
func splitCompact(token string) (*Compact, map[string]json.RawMessage, error) {
	if len(token) > MaxCompactBytes {
		return nil, nil, broken(CodeCompact, "too long")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, nil, broken(CodeCompact, "not three parts")
	}
	header, headerOK := decodeBase64(parts[0])
	payload, payloadOK := decodeBase64(parts[1])
	signature, signatureOK := decodeBase64(parts[2])
	if !headerOK || !payloadOK || !signatureOK {
		return nil, nil, broken(CodeCompact, "not base64url")
	}
	claims, err := StrictObject(payload)
	if err != nil {
		return nil, nil, because(CodeCompact, "payload", err)
	}
	algorithm, members, err := parseHeader(header)
	if err != nil {
		return nil, nil, err
	}
	return &Compact{
		Algorithm:    algorithm,
		Header:       members,
		Payload:      payload,
		SigningInput: []byte(token[:len(parts[0])+1+len(parts[1])]),
		Signature:    signature,
	}, claims, nil
}

func parseHeader(data []byte) (Algorithm, map[string]json.RawMessage, error) {
	members, err := StrictObject(data)
	if err != nil {
		return "", nil, because(CodeCompact, "header", err)
	}
	for _, name := range forbidden {
		if _, found := members[name]; found {
			return "", nil, broken(CodeHeader, "member "+name)
		}
	}
	for _, name := range texts {
		if value, found := members[name]; found && value[0] != '"' {
			return "", nil, broken(CodeHeader, name+" is not a string")
		}
	}
	algorithm, ok := stringOf(members["alg"])
	if !ok {
		return "", nil, broken(CodeHeader, "no alg")
	}
	return Algorithm(algorithm), members, nil
}

// String returns the token.
func (c *Compact) String() string {
	text := make([]byte, 0, len(c.SigningInput)+1+base64url.EncodedLen(len(c.Signature)))
	text = append(append(text, c.SigningInput...), '.')
	return string(base64url.AppendEncode(text, c.Signature))
}

// sign makes a token of claims. Its header has alg alone, as classic tokens do
// (C5, C6).
func sign(ctx context.Context, signer Signer, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", because(CodeCompact, "payload", err)
	}
	header := object("alg", string(signer.PublicKey().Algorithm()))
	input := base64url.EncodeToString(header) + "." + base64url.EncodeToString(payload)
	signature, err := signer.Sign(ctx, []byte(input))
	if err != nil {
		return "", because(CodeCompact, "sign", err)
	}
	token := input + "." + base64url.EncodeToString(signature)
	if len(token) > MaxCompactBytes {
		return "", broken(CodeCompact, "too long to be read again")
	}
	return token, nil
}
