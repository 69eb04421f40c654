package browserid

import "encoding/json"

// claims are the members of a payload that nobody has read yet. What is left in
// the end are the extra claims.
type claims struct {
	code    Code
	members map[string]json.RawMessage
	err     error // the first broken claim
}

// parseClaims splits a token and its payload.
func parseClaims(token string, code Code) (*claims, *Compact, error) {
	compact, members, err := splitCompact(token)
	if err != nil {
		return nil, nil, because(code, "token", err)
	}
	return &claims{code: code, members: members}, compact, nil
}

// take removes a claim and returns it.
func (c *claims) take(name string) (json.RawMessage, bool) {
	raw, found := c.members[name]
	delete(c.members, name)
	return raw, found
}

// text takes a claim that is a string if it is there.
func (c *claims) text(name string) string {
	raw, found := c.take(name)
	if !found {
		return ""
	}
	value, ok := stringOf(raw)
	if !ok {
		c.fail(broken(c.code, name+" is not a string"))
	}
	return value
}

// needText takes a claim that must be a string, and not an empty one.
func (c *claims) needText(name string) string {
	value := c.text(name)
	if value == "" {
		c.fail(broken(c.code, "no "+name))
	}
	return value
}

// time takes a claim that is a time if it is there.
func (c *claims) time(name string) (value Millis, found bool) {
	raw, found := c.take(name)
	if !found {
		return 0, false
	}
	if err := value.UnmarshalJSON(raw); err != nil {
		c.fail(because(c.code, name, err))
	}
	return value, true
}

// needTime takes a claim that must be a time (D5.3: an absent exp was accepted).
func (c *claims) needTime(name string) Millis {
	value, found := c.time(name)
	if !found {
		c.fail(because(c.code, name, broken(CodeTime, "absent")))
	}
	return value
}

// extra returns the claims that were not taken, nil if there are none.
func (c *claims) extra() map[string]json.RawMessage {
	if len(c.members) == 0 {
		return nil
	}
	return c.members
}

func (c *claims) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// withExtra adds the extra claims to those of the protocol. An extra claim must
// not take the name of one of the protocol's.
func withExtra(own map[string]any, extra map[string]json.RawMessage, reserved []string, code Code) error {
	for _, name := range reserved {
		if _, found := extra[name]; found {
			return broken(code, "extra claim "+name+" has a reserved name")
		}
	}
	for name, value := range extra {
		own[name] = value
	}
	return nil
}
