// Package channel owns the messages that web pages exchange with the user
// agent, and the agent's side of the provisioning conversation. It speaks
// Persona's own wire formats (protocol.md A9), so that identity providers that
// serve snapshots of the old scripts work unchanged:
//
//   - jschannel, scope "vep_prov" (A9.1, C1.7), between an identity provider's
//     provisioning page and the agent: [Message], [Parse], [Provision];
//   - jschannel, scope "mozid_ni" (A9.2), between a relying party's page and
//     the communication frame in it: [FrameMessage], [ParseFrame];
//   - WinChan (A9.3) between a relying party's page and the dialog:
//     [DialogMessage], [ParseDialog].
//
// Every message is one JSON string. Who sent it is the business of the caller:
// a [Port] hands on only what came from the right window and origin.
//
// The package is linked into agent.wasm: it has no clock, no network and no
// goroutine.
package channel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/navid-login/navid/agent/browserid"
)

// MaxMessage is the size in bytes of the largest message that is read. The
// largest one in use, a certificate, has a few thousand.
const MaxMessage = browserid.MaxObjectBytes

// ErrMalformed reports a message that is too large, is not strict JSON, has
// members that it should not have, lacks some, or names an unknown method.
var ErrMalformed = errors.New("channel: malformed message")

func malformed(detail string) error {
	return fmt.Errorf("%w: %s", ErrMalformed, detail)
}

// object is a JSON object whose members are taken out one by one; what is left
// at the end should not have been there.
type object map[string]json.RawMessage

func parseObject(data []byte) (object, error) {
	members, err := browserid.StrictObject(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return members, nil
}

func (o object) has(name string) bool {
	_, ok := o[name]
	return ok
}

// take removes a member and returns it; null and an absent member are the same.
func (o object) take(name string) json.RawMessage {
	value := o[name]
	delete(o, name)
	if string(value) == "null" {
		return nil
	}
	return value
}

func (o object) takeString(name string) (string, error) {
	var text string
	value := o.take(name)
	if value == nil {
		return "", malformed(name + " is missing")
	}
	if err := json.Unmarshal(value, &text); err != nil {
		return "", malformed(name + " is not a string")
	}
	return text, nil
}

// takeNumber reads an integer that JavaScript can hold exactly and that is not
// negative.
func (o object) takeNumber(name string) (int64, error) {
	const limit = 1 << 53
	number, err := strconv.ParseInt(string(o.take(name)), 10, 64)
	if err != nil || number < 0 || number >= limit {
		return 0, malformed(name + " is not a number from 0 to 2^53-1")
	}
	return number, nil
}

func (o object) takeObject(name string) (object, error) {
	value := o.take(name)
	if value == nil {
		return nil, malformed(name + " is missing")
	}
	return parseObject(value)
}

func (o object) end() error {
	for name := range o {
		return malformed("unexpected member " + strconv.Quote(name))
	}
	return nil
}

// encode writes JSON as JSON.stringify does, without escapes for HTML. What it
// is given is made of strings and numbers, or has been read from JSON.
func encode(message any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(message); err != nil {
		panic("channel: " + err.Error())
	}
	return string(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}
