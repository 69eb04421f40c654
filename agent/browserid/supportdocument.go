package browserid

import (
	"encoding/json"
	"errors"
	"strings"
)

// Limits of a support document beyond those of StrictObject (C3.11).
const (
	MaxKeys       = 10
	MaxPathBytes  = 2048
	maxAlgorithms = 16
)

// SupportDocument is what a domain publishes at /.well-known/browserid. It says
// one of three things, and only the fields of that one are set: the domain has
// disabled BrowserID, it delegates to an authority, or it is an identity
// provider (C3.2).
type SupportDocument struct {
	Disabled  bool
	Authority string // the domain that this one delegates to
	// Authentication and Provisioning are paths on the provider's own origin.
	Authentication, Provisioning string
	PublicKeys                   []PublicKey // "public-key", then "keys" but for those not for signatures
	// Algorithms are the kinds of user keys that the provider certifies; nil
	// when the document does not say, which means RS256 alone.
	Algorithms []Algorithm
	Logout     string // optional path of the provider's log-out page
}

// ParseSupportDocument reads a support document (C3.2 to C3.4). Members that it
// does not know are ignored, and so are keys in "keys" of an unknown kind, so
// that a provider can publish newer ones; one key must remain. The error is
// CodeSupportDocument, with CodeKey or CodeDomain where one of these is at fault.
func ParseSupportDocument(data []byte) (*SupportDocument, error) {
	members, err := StrictObject(data)
	if err != nil {
		return nil, because(CodeSupportDocument, "JSON", err)
	}
	switch disabled := string(members["disabled"]); disabled {
	case "true":
		return &SupportDocument{Disabled: true}, nil
	case "", "false":
	default:
		return nil, broken(CodeSupportDocument, "disabled is neither true nor false")
	}
	if authority, found := members["authority"]; found {
		return parseDelegation(authority)
	}
	return parseProvider(members)
}

func parseDelegation(raw json.RawMessage) (*SupportDocument, error) {
	text, ok := stringOf(raw)
	if !ok {
		return nil, broken(CodeSupportDocument, "authority is not a string")
	}
	authority, err := ParseDomain(text)
	if err != nil {
		return nil, because(CodeSupportDocument, "authority", err)
	}
	return &SupportDocument{Authority: string(authority)}, nil
}

func parseProvider(members map[string]json.RawMessage) (*SupportDocument, error) {
	var document SupportDocument
	var errs [5]error
	document.Authentication, errs[0] = pathOf(members, "authentication", true)
	document.Provisioning, errs[1] = pathOf(members, "provisioning", true)
	document.Logout, errs[2] = pathOf(members, "logout", false)
	document.PublicKeys, errs[3] = keysOf(members)
	document.Algorithms, errs[4] = algorithmsOf(members)
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return &document, nil
}

// pathOf reads a path on the provider's own origin: no host of its own ("//"),
// no query, no fragment, nothing that a browser would turn into a slash or drop.
func pathOf(members map[string]json.RawMessage, name string, required bool) (string, error) {
	raw, found := members[name]
	if !found && !required {
		return "", nil
	}
	path, ok := stringOf(raw)
	if !ok {
		return "", broken(CodeSupportDocument, name+" is missing or not a string")
	}
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || len(path) > MaxPathBytes {
		return "", broken(CodeSupportDocument, name+" does not start with one slash, or is too long")
	}
	if !consistsOf(path, isPath) {
		return "", broken(CodeSupportDocument, name+" is not a plain path")
	}
	return path, nil
}

// isPath tells the bytes of a path: those of RFC 3986, escapes included.
func isPath(c byte) bool {
	return isLower(c) || isUpper(c) || isDigit(c) || strings.IndexByte("/-._~!$&'()*+,;=:@%", c) >= 0
}

func keysOf(members map[string]json.RawMessage) ([]PublicKey, error) {
	var candidates []json.RawMessage
	if raw, found := members["keys"]; found {
		list, ok := arrayOf(raw, MaxKeys)
		if !ok {
			return nil, broken(CodeSupportDocument, "keys is not an array, or too long")
		}
		candidates = list
	}
	var keys []PublicKey
	if raw, found := members["public-key"]; found {
		key, err := parseKey(raw)
		if err != nil {
			return nil, because(CodeSupportDocument, "public-key", err)
		}
		keys = append(keys, key)
	}
	for _, raw := range candidates {
		key, err := signingKey(raw)
		switch {
		case err == nil && !key.IsZero():
			keys = append(keys, key)
		case err != nil && !errors.Is(err, CodeUnsupportedKey):
			return nil, because(CodeSupportDocument, "keys", err)
		}
	}
	if len(keys) == 0 || len(keys) > MaxKeys {
		return nil, broken(CodeSupportDocument, "no key, or too many")
	}
	return keys, nil
}

// signingKey reads an element of "keys". It returns the zero key for one whose
// use is not signatures.
func signingKey(raw json.RawMessage) (PublicKey, error) {
	members, err := membersOf(raw)
	if use, found := members["use"]; err == nil && found && string(use) != `"sig"` {
		return PublicKey{}, nil
	}
	return parseKey(raw)
}

func algorithmsOf(members map[string]json.RawMessage) ([]Algorithm, error) {
	raw, found := members["algorithms"]
	if !found {
		return nil, nil
	}
	list, ok := arrayOf(raw, maxAlgorithms)
	if !ok {
		return nil, broken(CodeSupportDocument, "algorithms is not an array, or too long")
	}
	algorithms := make([]Algorithm, 0, len(list))
	for _, element := range list {
		name, ok := stringOf(element)
		if !ok {
			return nil, broken(CodeSupportDocument, "algorithms has an element that is not a string")
		}
		algorithms = append(algorithms, Algorithm(name))
	}
	return algorithms, nil
}

// MarshalJSON writes the document. The first key is "public-key", the one that
// old verifiers know.
func (d SupportDocument) MarshalJSON() ([]byte, error) {
	switch {
	case d.Disabled:
		return []byte(`{"disabled":true}`), nil
	case d.Authority != "":
		return json.Marshal(map[string]any{"authority": d.Authority})
	case len(d.PublicKeys) == 0:
		return nil, broken(CodeSupportDocument, "no key")
	}
	members := map[string]any{
		"public-key":     d.PublicKeys[0],
		"authentication": d.Authentication,
		"provisioning":   d.Provisioning,
	}
	if len(d.PublicKeys) > 1 {
		members["keys"] = d.PublicKeys[1:]
	}
	if d.Algorithms != nil {
		members["algorithms"] = d.Algorithms
	}
	if d.Logout != "" {
		members["logout"] = d.Logout
	}
	return json.Marshal(members)
}
