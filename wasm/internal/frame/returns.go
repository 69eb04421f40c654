//go:build js && wasm

package frame

import (
	"errors"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

const (
	// returnChannel is the BroadcastChannel by which the return page reports:
	// it reaches the dialog also from a window that was cut off.
	returnChannel = "navid"
	// returnType is the type of the report.
	returnType = "auth_return"
	// attemptItem is the item of sessionStorage that names an attempt. The
	// window's own sessionStorage is a copy of ours, so that its return page
	// can say whose window it is in.
	attemptItem = "navid.attempt"
)

// returns hears the return page's reports about one attempt.
type returns struct {
	channel jsx.Value
	stop    func()
	attempt string
	came    chan bool // whether the person cancelled there
}

func openReturns() (*returns, error) {
	channel, err := jsx.New("BroadcastChannel", returnChannel)
	if err != nil {
		return nil, &agent.Error{Code: agent.CodeBrowserTooOld, Err: err}
	}
	r := &returns{channel: channel, came: make(chan bool, 1)}
	r.stop, err = jsx.Listen(channel, "message", r.hear)
	return r, err
}

// expect learns the attempt's name, which the dialog has chosen while opening the window.
func (r *returns) expect() error {
	storage, err := jsx.Lookup("sessionStorage")
	if err != nil {
		return err
	}
	value, err := jsx.Call(storage, "getItem", attemptItem)
	if err != nil {
		return err
	}
	attempt, ok := jsx.Text(value)
	if !ok || attempt == "" {
		return errors.New("the dialog has not named its attempt")
	}
	r.attempt = attempt
	return nil
}

func (r *returns) hear(event jsx.Value) {
	report, err := jsx.Get(event, "data")
	if err != nil {
		return
	}
	kind, _ := jsx.StringOf(report, "type")
	attempt, _ := jsx.StringOf(report, "attempt")
	if kind != returnType || r.attempt == "" || attempt != r.attempt {
		return
	}
	select {
	case r.came <- jsx.BoolOf(report, "cancelled"):
	default: // it has been reported
	}
}

func (r *returns) close() {
	r.stop()
	_, _ = jsx.Call(r.channel, "close")
}
