package browserid

import "strings"

// MaxDomainBytes is the longest host name (B6.1).
const MaxDomainBytes = 253

// Domain is a bare host name: lower case, ASCII, without port and without
// trailing dot. Internationalised names are in their A-label form (B6.3).
type Domain string

// ParseDomain lower-cases and checks a host name: labels of letters, digits and
// inner hyphens, at most 63 bytes each and MaxDomainBytes in all. IP addresses,
// and names that a browser would read as one, are refused. The error is
// CodeDomain.
func ParseDomain(s string) (Domain, error) {
	if s == "" || len(s) > MaxDomainBytes {
		return "", broken(CodeDomain, "empty or too long")
	}
	lower, ok := lowerASCII(s)
	if !ok {
		return "", broken(CodeDomain, "not ASCII")
	}
	last := ""
	for label := range strings.SplitSeq(lower, ".") {
		if !isLabel(label) {
			return "", broken(CodeDomain, "a label is not made of letters, digits and hyphens")
		}
		last = label
	}
	if isNumber(last) {
		return "", broken(CodeDomain, "an IP address is not a domain")
	}
	return Domain(lower), nil
}

// isLabel tells whether s is a lower-case LDH label.
func isLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	return consistsOf(s, func(c byte) bool { return isLower(c) || isDigit(c) || c == '-' })
}

// isNumber tells whether a host that ends in the label s is an IPv4 address to
// a browser (URL Standard, "ends in a number").
func isNumber(s string) bool {
	if hex, found := strings.CutPrefix(s, "0x"); found {
		return consistsOf(hex, isHex)
	}
	return consistsOf(s, isDigit)
}

// lowerASCII lower-cases ASCII and reports false for anything else. Differs
// from strings.ToLower, which turns the Kelvin sign into a k.
func lowerASCII(s string) (string, bool) {
	if !consistsOf(s, func(c byte) bool { return c < 0x80 }) {
		return "", false
	}
	return strings.ToLower(s), true
}

func consistsOf(s string, class func(byte) bool) bool {
	for i := range len(s) {
		if !class(s[i]) {
			return false
		}
	}
	return true
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isHex(c byte) bool   { return isDigit(c) || 'a' <= c && c <= 'f' }
