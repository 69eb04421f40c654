//go:build js && wasm

package frame

import (
	"errors"
	"sync/atomic"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/channel"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

const (
	// returnChannel is the BroadcastChannel by which the return pages report:
	// it reaches the dialog also from a window that was cut off.
	returnChannel = "navid"
	// attemptItem is the item of sessionStorage that names an attempt. The
	// window's own sessionStorage is a copy of ours, so that its return page
	// can say whose window it is in.
	attemptItem = "navid.attempt"
)

// The types of messages on the channel.
const (
	authReturn      = "auth_return"      // from the window: {attempt, severed, cancelled}
	provisionReturn = "provision_return" // from the window: {attempt, severed} with certificate or failure
	goOn            = "go"               // to the window: {attempt, url}
	closeWindow     = "close"            // to the window: {attempt}
)

// returns hears the return pages' reports about one attempt, and says what the
// window that they are in shall do next.
type returns struct {
	channel     jsx.Value
	stop        func()
	attempt     string
	severed     atomic.Bool      // the window says so itself
	signedIn    chan error       // nil or agent.ErrBack
	provisioned chan provisioned // by redirect
}

// provisioned is the outcome of redirect provisioning (design 5.4c).
type provisioned struct {
	certificate string
	err         error
}

func openReturns() (*returns, error) {
	broadcast, err := jsx.New("BroadcastChannel", returnChannel)
	if err != nil {
		return nil, &agent.Error{Code: agent.CodeBrowserTooOld, Err: err}
	}
	r := &returns{channel: broadcast, signedIn: make(chan error, 1), provisioned: make(chan provisioned, 1)}
	r.stop, err = jsx.Listen(broadcast, "message", r.hear)
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
	if attempt, _ := jsx.StringOf(report, "attempt"); r.attempt == "" || attempt != r.attempt {
		return
	}
	if jsx.BoolOf(report, "severed") {
		r.severed.Store(true)
	}
	switch kind, _ := jsx.StringOf(report, "type"); kind {
	case authReturn:
		offer(r.signedIn, authenticated(report))
	case provisionReturn:
		offer(r.provisioned, certified(report))
	}
}

// offer puts a report where it is waited for. A second one of its kind is none.
func offer[T any](reports chan<- T, report T) {
	select {
	case reports <- report:
	default:
	}
}

// authenticated reads how a visit of the provider's sign-in page ended.
func authenticated(report jsx.Value) error {
	if jsx.BoolOf(report, "cancelled") {
		return agent.ErrBack
	}
	return nil
}

// certified reads how a visit of the provisioning page ended.
func certified(report jsx.Value) provisioned {
	if certificate, ok := shortText(report, "certificate"); ok {
		return provisioned{certificate: certificate}
	}
	reason, _ := shortText(report, "failure")
	return provisioned{err: &agent.ProvisioningFailure{Reason: reason}}
}

// shortText returns a property if it is a text of bearable size.
func shortText(object jsx.Value, property string) (string, bool) {
	value, err := jsx.Get(object, property)
	if err != nil {
		return "", false
	}
	return jsx.ShortText(value, channel.MaxMessage)
}

// tell says what the window shall do, which it hears while a return page is in it.
func (r *returns) tell(kind, url string) error {
	_, err := jsx.Call(r.channel, "postMessage", map[string]any{"type": kind, "attempt": r.attempt, "url": url})
	return err
}

func (r *returns) close() {
	r.stop()
	_, _ = jsx.Call(r.channel, "close")
}
