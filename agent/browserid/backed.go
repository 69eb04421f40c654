package browserid

import "strings"

// Limits of a backed assertion.
const (
	MaxBackedBytes  = 48 << 10
	MaxCertificates = 8
)

// Backed is an identity assertion with the certificates that back it, root
// first. Whether more than one is accepted is for the verifier to say (C6.1).
type Backed struct {
	Certificates []string
	Assertion    string
}

// ParseBacked reads "certificate~assertion" (C6), also with several
// certificates, and the form of 2011: base64url of a JSON object with the
// members certificates and assertion. The tokens themselves are not looked at.
// The error is CodeBacked.
func ParseBacked(s string) (Backed, error) {
	if len(s) > MaxBackedBytes {
		return Backed{}, broken(CodeBacked, "too long")
	}
	tokens := strings.Split(s, "~")
	if len(tokens) == 1 {
		if data, ok := decodeBase64(s); ok && len(data) > 0 && data[0] == '{' {
			return parseOldBacked(data)
		}
	}
	last := len(tokens) - 1
	return newBacked(tokens[:last], tokens[last])
}

func parseOldBacked(data []byte) (Backed, error) {
	members, err := StrictObject(data)
	if err != nil {
		return Backed{}, because(CodeBacked, "old form", err)
	}
	elements, arrayOK := arrayOf(members["certificates"], MaxCertificates)
	assertion, stringOK := stringOf(members["assertion"])
	if !arrayOK || !stringOK {
		return Backed{}, broken(CodeBacked, "old form")
	}
	certificates := make([]string, len(elements))
	for i, element := range elements {
		certificates[i], _ = stringOf(element) // what is no string stays empty and is refused
	}
	return newBacked(certificates, assertion)
}

func newBacked(certificates []string, assertion string) (Backed, error) {
	if len(certificates) == 0 {
		return Backed{}, broken(CodeBacked, "no certificate")
	}
	if len(certificates) > MaxCertificates {
		return Backed{}, broken(CodeBacked, "too many certificates")
	}
	for _, token := range append([]string{assertion}, certificates...) {
		if token == "" || strings.Contains(token, "~") {
			return Backed{}, broken(CodeBacked, "an empty part")
		}
	}
	return Backed{Certificates: certificates, Assertion: assertion}, nil
}

// String returns the form with tildes.
func (b Backed) String() string {
	return strings.Join(b.Certificates, "~") + "~" + b.Assertion
}
