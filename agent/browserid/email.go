package browserid

import "strings"

// Limits of an address (B6.1).
const (
	MaxEmailBytes = 254
	MaxLocalBytes = 64
)

// Email is an address: the local part as its owner spells it, "@", and the
// domain in lower case.
type Email string

// ParseEmail checks an address and lower-cases its domain (B6.1, B6.2). Only
// ASCII is taken, the domain needs a dot and must not be an IP address, and
// nothing is quoted, trimmed or commented. The error is CodeEmail.
func ParseEmail(s string) (Email, error) {
	if len(s) > MaxEmailBytes {
		return "", broken(CodeEmail, "too long")
	}
	local, host, found := strings.Cut(s, "@")
	if !found {
		return "", broken(CodeEmail, "no @")
	}
	if local == "" || len(local) > MaxLocalBytes || !consistsOf(local, isLocal) {
		return "", broken(CodeEmail, "local part")
	}
	domain, err := ParseDomain(host)
	if err != nil {
		return "", because(CodeEmail, "domain", err)
	}
	if !strings.Contains(host, ".") {
		return "", broken(CodeEmail, "domain without a dot")
	}
	return Email(local + "@" + string(domain)), nil
}

// isLocal tells the bytes that may stand in a local part. A quotation mark,
// space, comma, bracket, colon or control character never does: no mail
// software reads a second address, a comment or a header into what is left.
func isLocal(c byte) bool {
	return isLower(c) || isUpper(c) || isDigit(c) || strings.IndexByte("_.!#$%&'*+-/=?^`{|}~", c) >= 0
}

// Local returns the part before the @.
func (e Email) Local() string {
	local, _, _ := strings.Cut(string(e), "@")
	return local
}

// Domain returns the part after the @.
func (e Email) Domain() Domain {
	_, domain, _ := strings.Cut(string(e), "@")
	return Domain(domain)
}
