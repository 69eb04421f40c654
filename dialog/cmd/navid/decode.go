package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// unchecked is the first thing that decode says.
const unchecked = "not checked: anybody could have written this"

// decodedBundle is a bundle as decode prints it.
type decodedBundle struct {
	Signatures   string         `json:"signatures"`
	Certificates []decodedToken `json:"certificates"`
	Assertion    decodedToken   `json:"assertion"`
}

// decodedToken is a certificate or assertion. Header and claims are as they
// were received; the rest says what they mean.
type decodedToken struct {
	Header  map[string]json.RawMessage `json:"header,omitempty"`
	Claims  json.RawMessage            `json:"claims,omitempty"`
	Issued  string                     `json:"issued,omitempty"`
	Expires string                     `json:"expires,omitempty"`
	Key     string                     `json:"key,omitempty"`
	Problem string                     `json:"problem,omitempty"`
}

// decode prints what is in a bundle. What it cannot read it names, and fails.
func decode(_ context.Context, args []string, std streams) error {
	table := newSettings("decode")
	table.reads = "the bundle"
	if err := table.parseAll(args, nil); err != nil {
		return err
	}
	text, err := readBundle("decode", std)
	if err != nil {
		return err
	}
	backed, err := browserid.ParseBacked(text)
	if err != nil {
		return fmt.Errorf("not a bundle of certificate~assertion: %w", err)
	}
	decoded := decodedBundle{Signatures: unchecked, Assertion: decodeAssertion(backed.Assertion)}
	readable := decoded.Assertion.Problem == ""
	for _, token := range backed.Certificates {
		certificate := decodeCertificate(token)
		decoded.Certificates = append(decoded.Certificates, certificate)
		readable = readable && certificate.Problem == ""
	}
	if err := printJSON(std.stdout, decoded, "  "); err != nil {
		return err
	}
	if !readable {
		return errAnswered
	}
	return nil
}

func decodeCertificate(token string) decodedToken {
	decoded := decodeToken(token)
	certificate, _, err := browserid.ParseCertificate(token)
	if err != nil {
		decoded.Problem = plain(err)
		return decoded
	}
	key := certificate.PublicKey
	decoded.Key = fmt.Sprintf("%s, %d bits", key.Algorithm(), key.Bits())
	decoded.Issued, decoded.Expires = dateOf(certificate.IssuedAt), dateOf(certificate.Expires)
	return decoded
}

func decodeAssertion(token string) decodedToken {
	decoded := decodeToken(token)
	assertion, _, err := browserid.ParseAssertion(token)
	if err != nil {
		decoded.Problem = plain(err)
		return decoded
	}
	decoded.Issued, decoded.Expires = dateOf(assertion.IssuedAt), dateOf(assertion.Expires)
	return decoded
}

// decodeToken shows header and claims even of a token that is not what it
// should be.
func decodeToken(token string) decodedToken {
	compact, err := browserid.ParseCompact(token)
	if err != nil {
		return decodedToken{}
	}
	return decodedToken{Header: compact.Header, Claims: compact.Payload}
}

func dateOf(m browserid.Millis) string {
	if m == 0 {
		return ""
	}
	return m.Time().Format(time.RFC3339)
}
