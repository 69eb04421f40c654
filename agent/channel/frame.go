package channel

import (
	"encoding/json"
	"strings"
)

// frameScope begins the name of each method of the communication frame's
// channel (A9.2).
const frameScope = "mozid_ni::"

// FrameMessage is a message between a relying party's page and the
// communication frame in it: [FrameReady], [FrameOptions], [FrameUser],
// [FrameLoaded], [FrameChecked], [FrameLogin], [FrameLogout], [FrameMatch],
// [FrameDialogRunning], [FrameDialogComplete], [FrameRedirectFlow] or
// [FrameError].
type FrameMessage interface {
	// String returns the message as it is posted.
	String() string
	frame()
}

// FrameReady is the handshake, as [Ready] is.
type FrameReady struct {
	Pong bool // the answer, not the question
}

// FrameOptions is what assertions are to be made with. Persona had none; a
// page that says nothing gets what old verifiers read.
type FrameOptions struct {
	Nonce      string   `json:"nonce,omitempty"`
	Algorithms []string `json:"algorithms,omitempty"`
	// SignedIn says that the page has come back from the dialog with an assertion.
	SignedIn bool `json:"signedIn,omitempty"`
}

// FrameUser is who is logged in, as the page says (A2.6). Nil is nobody; a page
// that does not know says nothing.
type FrameUser struct {
	Email *string
}

// FrameLoaded asks for the check, whose outcome is told by notifications.
type FrameLoaded struct {
	ID int64 // names the call in its answer
}

// FrameChecked answers [FrameLoaded]: the check is done.
type FrameChecked struct {
	ID int64
}

// FrameLogin tells the page that somebody is logged in.
type FrameLogin struct {
	Assertion string // the backed assertion
}

// FrameLogout tells that nobody is logged in any more: the page the frame, or
// the frame the page.
type FrameLogout struct{}

// FrameMatch tells the page that it is right about who is logged in.
type FrameMatch struct{}

// FrameDialogRunning says that the dialog is open, which tells the page itself (A3.10).
type FrameDialogRunning struct{}

// FrameDialogComplete says that the dialog has closed.
type FrameDialogComplete struct {
	Check bool // whether somebody may have logged in or out
}

// FrameRedirectFlow is what Persona's script asked for where there are no
// windows. It is answered by [FrameError].
type FrameRedirectFlow struct {
	ID      int64
	Options string // JSON
}

// FrameError is the answer to a call that cannot be served.
type FrameError struct {
	ID   int64
	Code string
	Text string // for the page's developer
}

func (FrameReady) frame()          {}
func (FrameOptions) frame()        {}
func (FrameUser) frame()           {}
func (FrameLoaded) frame()         {}
func (FrameChecked) frame()        {}
func (FrameLogin) frame()          {}
func (FrameLogout) frame()         {}
func (FrameMatch) frame()          {}
func (FrameDialogRunning) frame()  {}
func (FrameDialogComplete) frame() {}
func (FrameRedirectFlow) frame()   {}
func (FrameError) frame()          {}

// String returns the message as it is posted.
func (m FrameReady) String() string {
	word := "ping"
	if m.Pong {
		word = "pong"
	}
	return encode(wire{Method: frameScope + "__ready", Params: word})
}

// String returns the message as it is posted.
func (m FrameOptions) String() string { return encode(wire{Method: frameScope + "options", Params: m}) }

// String returns the message as it is posted.
func (m FrameUser) String() string {
	params := any(json.RawMessage("null"))
	if m.Email != nil {
		params = *m.Email
	}
	return encode(wire{Method: frameScope + "loggedInUser", Params: params})
}

// String returns the message as it is posted.
func (m FrameLoaded) String() string { return encode(wire{ID: &m.ID, Method: frameScope + "loaded"}) }

// String returns the message as it is posted.
func (m FrameChecked) String() string { return encode(wire{ID: &m.ID, Result: true}) }

// String returns the message as it is posted.
func (m FrameLogin) String() string {
	return encode(wire{Method: frameScope + "login", Params: m.Assertion})
}

// String returns the message as it is posted.
func (FrameLogout) String() string { return encode(wire{Method: frameScope + "logout"}) }

// String returns the message as it is posted.
func (FrameMatch) String() string { return encode(wire{Method: frameScope + "match"}) }

// String returns the message as it is posted.
func (FrameDialogRunning) String() string {
	return encode(wire{Method: frameScope + "dialog_running"})
}

// String returns the message as it is posted.
func (m FrameDialogComplete) String() string {
	return encode(wire{Method: frameScope + "dialog_complete", Params: m.Check})
}

// String returns the message as it is posted.
func (m FrameRedirectFlow) String() string {
	return encode(wire{ID: &m.ID, Method: frameScope + "redirect_flow", Params: m.Options})
}

// String returns the message as it is posted.
func (m FrameError) String() string {
	return encode(wire{ID: &m.ID, Error: m.Code, Message: m.Text})
}

// ParseFrame reads a message between a page and the communication frame, from
// either side. Its errors wrap [ErrMalformed].
func ParseFrame(text string) (FrameMessage, error) {
	members, err := parseObject([]byte(text))
	if err != nil {
		return nil, err
	}
	message, err := parseFrameMembers(members)
	if err != nil {
		return nil, err
	}
	if err := members.end(); err != nil {
		return nil, err
	}
	return message, nil
}

func parseFrameMembers(members object) (FrameMessage, error) {
	if !members.has("method") {
		return parseFrameAnswer(members)
	}
	method, err := members.takeString("method")
	if err != nil {
		return nil, err
	}
	name, ours := strings.CutPrefix(method, frameScope)
	switch {
	case !ours:
		return nil, malformed("another scope")
	case members.has("id"):
		return parseFrameCall(name, members)
	case members.has("params"):
		return parseFrameNews(name, members)
	}
	switch name {
	case "logout":
		return FrameLogout{}, nil
	case "match":
		return FrameMatch{}, nil
	case "dialog_running":
		return FrameDialogRunning{}, nil
	}
	return nil, malformed("unknown notification")
}

func parseFrameAnswer(members object) (FrameMessage, error) {
	id, err := members.takeNumber("id")
	if err != nil {
		return nil, err
	}
	if !members.has("error") {
		if string(members.take("result")) != "true" {
			return nil, malformed("an answer without a result")
		}
		return FrameChecked{id}, nil
	}
	code, err := members.takeString("error")
	if err != nil {
		return nil, err
	}
	text, err := members.takeString("message")
	return FrameError{id, code, text}, err
}

func parseFrameCall(name string, members object) (FrameMessage, error) {
	id, err := members.takeNumber("id")
	if err != nil {
		return nil, err
	}
	switch name {
	case "loaded":
		return FrameLoaded{id}, nil
	case "redirect_flow":
		options, err := members.takeString("params")
		return FrameRedirectFlow{id, options}, err
	}
	return nil, malformed("unknown call")
}

// parseFrameNews reads a notification that has something to say.
func parseFrameNews(name string, members object) (FrameMessage, error) {
	params := members.take("params")
	switch {
	case params == nil && name == "loggedInUser":
		return FrameUser{}, nil
	case params == nil:
		return nil, malformed("params are null")
	}
	switch name {
	case "__ready":
		return parseFrameReady(params)
	case "options":
		return read(params, func(options FrameOptions) FrameMessage { return options })
	case "loggedInUser":
		return read(params, func(email string) FrameMessage { return FrameUser{&email} })
	case "login":
		return read(params, func(assertion string) FrameMessage { return FrameLogin{assertion} })
	case "dialog_complete":
		return read(params, func(check bool) FrameMessage { return FrameDialogComplete{check} })
	}
	return nil, malformed("unknown notification")
}

func parseFrameReady(params json.RawMessage) (FrameMessage, error) {
	word := string(params)
	if word != `"ping"` && word != `"pong"` {
		return nil, malformed("unknown handshake")
	}
	return FrameReady{Pong: word == `"pong"`}, nil
}

// read makes a message of params of the right type.
func read[T any](params json.RawMessage, of func(T) FrameMessage) (FrameMessage, error) {
	var value T
	if err := json.Unmarshal(params, &value); err != nil {
		return nil, malformed("params of another type")
	}
	return of(value), nil
}
