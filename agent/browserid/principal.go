package browserid

import (
	"encoding/json"
	"slices"
)

// Principal is whom a certificate speaks of.
type Principal struct {
	Email Email
	// Unverified reports that the issuer has not proven the address
	// ("unverified-email", C6.2).
	Unverified bool
}

// The members of "principal" that hold an address.
const (
	verifiedMember   = "email"
	unverifiedMember = "unverified-email"
)

func (p Principal) claim() map[string]Email {
	if p.Unverified {
		return map[string]Email{unverifiedMember: p.Email}
	}
	return map[string]Email{verifiedMember: p.Email}
}

// principal takes the claims that name the address. There must be one, and if
// there are several they must name the same; it is unverified if one says so.
func (c *claims) principal() Principal {
	inner := c.inner("principal")
	var principal Principal
	for _, name := range [...]string{verifiedMember, unverifiedMember} {
		if raw, found := inner.take(name); found {
			c.join(&principal, raw)
			principal.Unverified = name == unverifiedMember
		}
	}
	if raw, found := c.take("sub"); found {
		c.join(&principal, raw)
	}
	if principal.Email == "" {
		c.fail(because(c.code, "principal", broken(CodeEmail, "no address")))
	}
	c.adopt(inner)
	return principal
}

// join sets the address of the principal, which must not have another.
func (c *claims) join(principal *Principal, raw json.RawMessage) {
	text, _ := stringOf(raw) // what is no string is no address either
	address, err := ParseEmail(text)
	if err == nil && principal.Email != "" && principal.Email != address {
		err = broken(CodeEmail, "two addresses")
	}
	if err != nil {
		c.fail(because(c.code, "principal", err))
	}
	principal.Email = address
}

// inner takes a claim that is an object if it is there.
func (c *claims) inner(name string) *claims {
	inner := &claims{}
	if raw, found := c.take(name); found {
		members, err := membersOf(raw)
		if err != nil {
			c.fail(because(c.code, name, err))
		}
		inner.members = members
	}
	return inner
}

// adopt moves what is left of "principal" to the extra claims, but for members
// with a reserved name, which mean nothing there (C6.3).
func (c *claims) adopt(inner *claims) {
	for name, value := range inner.members {
		if slices.Contains(certificateClaims, name) {
			continue
		}
		if _, found := c.members[name]; found {
			c.fail(because(c.code, "principal", broken(CodeDuplicate, "a member is also a claim")))
		}
		c.members[name] = value
	}
}
