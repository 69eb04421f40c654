//go:build js && wasm

package frame

import (
	"context"
	"errors"
	"time"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// closedPoll is how often is looked whether a window is closed: no event tells.
const closedPoll = 250 * time.Millisecond

// window is an agent.Window. A page in it may cut it off (COOP): then it looks
// closed, nothing is said to its pages any more, and the return pages alone
// report, and go where they are told.
type window struct {
	proxy   jsx.Value // its WindowProxy
	name    string
	returns *returns
	lost    chan struct{}
	stop    context.CancelFunc
}

// Window opens the provider's window.
func (p *Pages) Window(ctx context.Context) (agent.Window, error) {
	returns, err := openReturns()
	if err != nil {
		return nil, err
	}
	proxy, name, err := p.openWindow()
	if err == nil {
		err = returns.expect()
	}
	if err != nil {
		returns.close()
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	w := &window{proxy, name, returns, make(chan struct{}), stop}
	go w.watch(ctx, p.ClosedGrace)
	return w, nil
}

// openWindow returns the new window and its name, which can be read as long as
// it shows a page of ours. Without one it is of no use: links for no name are
// followed by the dialog itself.
func (p *Pages) openWindow() (jsx.Value, string, error) {
	proxy, err := jsx.Call(p.dialog, "openWindow")
	if err == nil && !proxy.IsNull() && !proxy.IsUndefined() {
		if name, _ := jsx.StringOf(proxy, "name"); name != "" {
			return proxy, name, nil
		}
	}
	return proxy, "", errors.Join(agent.ErrWindowBlocked, err)
}

// Provision visits the provisioning page with the question in the fragment:
// the page answers by messages, or by redirect where it has cut itself off.
func (w *window) Provision(ctx context.Context, p agent.Provisioning) (string, error) {
	url, err := withQuestion(ctx, p, w.returns.attempt)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	spoken := make(chan provisioned, 1)
	go func() {
		certificate, err := converse(ctx, w.proxy, p, func() error { return w.visit(url) })
		spoken <- provisioned{certificate, err}
	}()
	select {
	case outcome := <-spoken:
		return outcome.certificate, outcome.err
	case outcome := <-w.returns.provisioned:
		return outcome.certificate, outcome.err
	}
}

// Authenticate shows the provider's own sign-in page, and waits until the
// provider sends the person back to the host's return page.
func (w *window) Authenticate(ctx context.Context, url string) error {
	if err := w.visit(url); err != nil {
		return err
	}
	select {
	case err := <-w.returns.signedIn:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Lost returns a channel that is closed when the window is out of sight.
func (w *window) Lost() <-chan struct{} { return w.lost }

// Close closes the window, also one that was cut off and shows a return page.
func (w *window) Close() {
	w.stop()
	_, _ = jsx.Call(w.proxy, "close")
	_ = w.returns.tell(closeWindow, "")
	w.returns.close()
}

// visit makes the window go to a page, or tells the return page in it to. That
// page knows first that the window has been cut off.
func (w *window) visit(url string) error {
	if w.returns.severed.Load() || jsx.BoolOf(w.proxy, "closed") {
		return w.returns.tell(goOn, url)
	}
	return follow(url, w.name)
}

// watch looks after the window until it is out of sight for a while.
func (w *window) watch(ctx context.Context, grace time.Duration) {
	ticker := time.NewTicker(closedPoll)
	defer ticker.Stop()
	for !jsx.BoolOf(w.proxy, "closed") {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
	select {
	case <-time.After(grace):
		close(w.lost)
	case <-ctx.Done():
	}
}
