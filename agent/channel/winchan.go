package channel

import (
	"bytes"
	"encoding/json"
)

// DialogMessage is a message between a relying party's page and the dialog:
// [DialogReady], [DialogRequest], [DialogResponse], [DialogError] or
// [DialogDie].
type DialogMessage interface {
	// String returns the message as it is posted.
	String() string
	dialog()
}

// DialogReady says that the dialog awaits the request. It is the only message
// that is posted to any origin: the dialog does not know yet who opened it.
type DialogReady struct{}

// DialogRequest is what the page asks for. The page's origin is not in it: the
// dialog takes that from the event (A4.16).
type DialogRequest struct {
	Params json.RawMessage // the options, a JSON object
}

// DialogResponse is the dialog's answer. Without an assertion it says that no
// address was chosen.
type DialogResponse struct {
	Assertion string // the backed assertion
	Email     string // the address in it, for display
}

// DialogError says that no assertion will come.
type DialogError struct {
	Reason string // such as "client closed window"
}

// DialogDie is the page's wish that the dialog close itself. On the wire it is
// a bare word and not JSON.
type DialogDie struct{}

func (DialogReady) dialog()    {}
func (DialogRequest) dialog()  {}
func (DialogResponse) dialog() {}
func (DialogError) dialog()    {}
func (DialogDie) dialog()      {}

// die is the one message that is not JSON.
const die = "die"

type winchan struct {
	Action string `json:"a"`
	Data   any    `json:"d,omitempty"`
}

type winchanRequest struct {
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

type winchanResponse struct {
	Assertion string `json:"assertion"`
	Email     string `json:"email"`
}

// String returns the message as it is posted.
func (DialogReady) String() string { return encode(winchan{Action: "ready"}) }

// String returns the message as it is posted.
func (m DialogRequest) String() string {
	return encode(winchan{"request", winchanRequest{"get", m.Params}})
}

// String returns the message as it is posted.
func (m DialogResponse) String() string {
	if m.Assertion == "" {
		return encode(winchan{"response", json.RawMessage("null")})
	}
	return encode(winchan{"response", winchanResponse(m)})
}

// String returns the message as it is posted.
func (m DialogError) String() string { return encode(winchan{"error", m.Reason}) }

// String returns the message as it is posted.
func (DialogDie) String() string { return die }

// ParseDialog reads a message between a relying party's page and the dialog,
// from either side. Its errors wrap [ErrMalformed].
func ParseDialog(text string) (DialogMessage, error) {
	if text == die {
		return DialogDie{}, nil
	}
	members, err := parseObject([]byte(text))
	if err != nil {
		return nil, err
	}
	message, err := parseDialogMembers(members)
	if err != nil {
		return nil, err
	}
	if err := members.end(); err != nil {
		return nil, err
	}
	return message, nil
}

func parseDialogMembers(members object) (DialogMessage, error) {
	action, err := members.takeString("a")
	if err != nil {
		return nil, err
	}
	switch action {
	case "ready":
		return DialogReady{}, nil
	case "request":
		return parseDialogRequest(members)
	case "response":
		return parseDialogResponse(members)
	case "error":
		reason, err := members.takeString("d")
		return DialogError{reason}, err
	}
	return nil, malformed("unknown action")
}

func parseDialogRequest(members object) (DialogMessage, error) {
	data, err := members.takeObject("d")
	if err != nil {
		return nil, err
	}
	method, err := data.takeString("method")
	if err != nil {
		return nil, err
	}
	if method != "get" {
		return nil, malformed("unknown request")
	}
	params := data.take("params")
	if _, err := parseObject(params); err != nil {
		return nil, err
	}
	return DialogRequest{params}, data.end()
}

func parseDialogResponse(members object) (DialogMessage, error) {
	if bytes.Equal(members["d"], []byte("null")) {
		members.take("d")
		return DialogResponse{}, nil
	}
	data, err := members.takeObject("d")
	if err != nil {
		return nil, err
	}
	assertion, err := data.takeString("assertion")
	if err != nil {
		return nil, err
	}
	if assertion == "" {
		return nil, malformed("an empty assertion")
	}
	email, err := data.takeString("email")
	if err != nil {
		return nil, err
	}
	return DialogResponse{assertion, email}, data.end()
}
