package personal

import (
	"errors"
	"fmt"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

const maxRights = 100

// Rights are the addresses that a key may certify, by themselves or by pattern.
type Rights struct {
	Domain    browserid.Domain  `json:"domain"`
	Addresses []browserid.Email `json:"addresses,omitempty"`
	Patterns  []Pattern         `json:"patterns,omitempty"`
}

// Pattern is an address with one star in its local part, which stands for any characters, also none: *@example.com, shop+*@example.com.
type Pattern string

// ParsePattern checks a pattern.
func ParsePattern(text string) (Pattern, error) {
	email, err := browserid.ParseEmail(text) // a star is a letter like others
	if err != nil {
		return "", fmt.Errorf("pattern %q: %w", text, err)
	}
	if strings.Count(email.Local(), "*") != 1 {
		return "", fmt.Errorf("pattern %q: want one star before the @", text)
	}
	return Pattern(email), nil
}

func (r Rights) check() error {
	if len(r.Addresses)+len(r.Patterns) == 0 {
		return errors.New("no address: name some, or a pattern")
	}
	if len(r.Addresses) > maxRights || len(r.Patterns) > maxRights {
		return fmt.Errorf("more than %d addresses", maxRights)
	}
	for _, address := range r.Addresses {
		if email, err := browserid.ParseEmail(string(address)); err != nil || email.Domain() != r.Domain {
			return fmt.Errorf("%s is not an address of %s", address, r.Domain)
		}
	}
	for _, pattern := range r.Patterns {
		if _, err := ParsePattern(string(pattern)); err != nil || browserid.Email(pattern).Domain() != r.Domain {
			return fmt.Errorf("%s is not a pattern of addresses of %s", pattern, r.Domain)
		}
	}
	return nil
}
