//go:build js && wasm

package frame

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// closedPoll is how often is looked whether a window is closed: no event tells.
const closedPoll = 250 * time.Millisecond

// window is an agent.Window.
type window struct {
	proxy   jsx.Value // its WindowProxy
	returns *returns
	grace   time.Duration
}

// Window opens the provider's window.
func (p *Pages) Window(context.Context) (agent.Window, error) {
	returns, err := openReturns()
	if err != nil {
		return nil, err
	}
	proxy, err := jsx.Call(p.dialog, "openWindow")
	if err == nil && !proxy.IsNull() && !proxy.IsUndefined() {
		err = returns.expect()
	} else {
		err = errors.Join(agent.ErrWindowBlocked, err)
	}
	if err != nil {
		returns.close()
		return nil, err
	}
	return &window{proxy, returns, p.ClosedGrace}, nil
}

// Provision has the conversation with the provisioning page.
func (w *window) Provision(ctx context.Context, p agent.Provisioning) (string, error) {
	ctx, stop := w.whileOpen(ctx)
	defer stop()
	return converse(ctx, w.proxy, p, func() error { return w.visit(p.URL) })
}

// Authenticate shows the provider's own sign-in page, and waits until the
// provider sends the person back to the host's return page.
func (w *window) Authenticate(ctx context.Context, url string) error {
	ctx, stop := w.whileOpen(ctx)
	defer stop()
	if err := w.visit(url); err != nil {
		return err
	}
	select {
	case cancelled := <-w.returns.came:
		if cancelled {
			return agent.ErrBack
		}
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Close closes the window.
func (w *window) Close() {
	w.returns.close()
	_, _ = jsx.Call(w.proxy, "close")
}

// visit points the window at a page. The history of the window has no use for
// the pages before it.
func (w *window) visit(url string) error {
	location, err := jsx.Get(w.proxy, "location")
	if err != nil {
		return fmt.Errorf("%w: %w", agent.ErrWindowClosed, err)
	}
	if _, err := jsx.Call(location, "replace", url); err != nil {
		return fmt.Errorf("%w: %w", agent.ErrWindowClosed, err)
	}
	return nil
}

// whileOpen returns a context that ends, with agent.ErrWindowClosed as its
// cause, when the window has been closed.
func (w *window) whileOpen(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
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
		case <-time.After(w.grace):
			cancel(agent.ErrWindowClosed)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}
