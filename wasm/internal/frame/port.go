//go:build js && wasm

package frame

import (
	"context"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/channel"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// maxWaiting is how many messages may wait to be read: more than a whole
// conversation has. What a page sends beyond is dropped.
const maxWaiting = 128

// port is a channel.Port to one page.
type port struct {
	window jsx.Value
	origin browserid.Origin
	inbox  chan string
	close  func()
}

// openPort listens to a page before it is there.
func openPort(window jsx.Value, origin browserid.Origin) (*port, error) {
	global, err := jsx.Lookup("globalThis")
	if err != nil {
		return nil, err
	}
	p := &port{window: window, origin: origin, inbox: make(chan string, maxWaiting)}
	p.close, err = jsx.Listen(global, "message", p.hear)
	return p, err
}

// hear takes a message if it is from the page, and a text of bearable size.
func (p *port) hear(event jsx.Value) {
	source, err := jsx.Get(event, "source")
	if err != nil || !source.Equal(p.window) {
		return
	}
	if origin, _ := jsx.StringOf(event, "origin"); origin != string(p.origin) {
		return
	}
	data, err := jsx.Get(event, "data")
	if err != nil {
		return
	}
	text, ok := jsx.ShortText(data, channel.MaxMessage)
	if !ok || len(text) > channel.MaxMessage {
		return
	}
	select {
	case p.inbox <- text:
	default:
	}
}

// Post sends a message, which the browser delivers to the page's origin only.
func (p *port) Post(_ context.Context, message string) error {
	_, err := jsx.Call(p.window, "postMessage", message, string(p.origin))
	return err
}

// Receive waits for the next message.
func (p *port) Receive(ctx context.Context) (string, error) {
	select {
	case message := <-p.inbox:
		return message, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
