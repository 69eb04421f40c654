//go:build js && wasm

// Package frame reaches the pages of identity providers: in a hidden frame,
// where trying is free, and in a window, which the person sees. Both speak to
// the dialog by postMessage, the window also by way of the host's return pages.
//
// A message counts only if it comes from the very window that was opened and
// from the provider's exact origin, and messages are posted to that origin
// only (A9.5). By then the dialog has set its window.opener to null, so that
// no such page can reach the relying party through it (security.md E1, E2, G2).
package frame

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/channel"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// ClosedGrace is how long a window may by default look closed before it is
// lost: a page that has cut it off (COOP) is often done by then.
const ClosedGrace = 1500 * time.Millisecond

// Pages is agent.Pages in a browser.
type Pages struct {
	// ClosedGrace replaces the default.
	ClosedGrace time.Duration

	dialog jsx.Value
}

// NewPages returns the Pages of a dialog: an object whose method openWindow()
// returns a new window on a blank page, or null if the browser would not open
// one without a click.
func NewPages(dialog jsx.Value) *Pages { return &Pages{ClosedGrace, dialog} }

// converse has the conversation with a provisioning page, once show has made a
// window go there.
func converse(ctx context.Context, window jsx.Value, p agent.Provisioning, show func() error) (string, error) {
	port, err := openPort(window, p.Origin)
	if err != nil {
		return "", err
	}
	defer port.close()
	if err := show(); err != nil {
		return "", err
	}
	certificate, err := channel.Provision(ctx, port, string(p.Email), int(p.Duration/time.Second), p.NewKey)
	if failure, failed := errors.AsType[*channel.ProvisioningFailure](err); failed {
		return "", &agent.ProvisioningFailure{Reason: failure.Reason}
	}
	if err != nil {
		return "", fmt.Errorf("provisioning page: %w", err)
	}
	return certificate, nil
}

// Check returns an *agent.Error if this browser lacks what windows need.
func Check() error {
	if _, err := jsx.Lookup("BroadcastChannel"); err != nil {
		return &agent.Error{Code: agent.CodeBrowserTooOld, Err: err}
	}
	return nil
}
