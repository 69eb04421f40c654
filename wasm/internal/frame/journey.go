//go:build js && wasm

package frame

import (
	"context"
	"errors"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// The visits of a journey, as the page names them.
const (
	visitProvision    = "provision"
	visitAuthenticate = "authenticate"
)

// errVisited: a frame is for finding out whether the provider must be visited.
var errVisited = errors.New("the provider has been visited")

// Journey is agent.Pages without windows (design 5): the tab itself goes to the
// provider's pages and comes back, and each time the sign-in begins anew. What
// earlier visits came to is played back; beyond that the tab leaves.
type Journey struct {
	*Pages
	page jsx.Value
}

// NewJourney returns the Pages of a dialog whose tab is on a journey. page is
// the journey, see dialog/static/journey.js: attempt names it, isReplaying tells
// whether something is still to be played back, take(visit) returns what a visit
// came to, or null if the tab has yet to go there, and depart(visit) notes that
// it goes.
func NewJourney(dialog, page jsx.Value) *Journey { return &Journey{NewPages(dialog), page} }

// Attempt names the certification that the tab is on.
func (j *Journey) Attempt() string {
	attempt, _ := jsx.StringOf(j.page, "attempt")
	return attempt
}

// Frame tries the provisioning page out of sight, unless it is known already
// that the tab must go there.
func (j *Journey) Frame(ctx context.Context, p agent.Provisioning) (string, error) {
	if jsx.BoolOf(j.page, "isReplaying") {
		return "", errVisited
	}
	return j.Pages.Frame(ctx, p)
}

// Window returns the tab.
func (j *Journey) Window(context.Context) (agent.Window, error) { return tab{j}, nil }

// tab is an agent.Window: the dialog's own.
type tab struct{ *Journey }

// Provision visits the provisioning page, which answers by redirect. The key
// that it was asked to certify is asked for again: it has waited.
func (t tab) Provision(ctx context.Context, p agent.Provisioning) (string, error) {
	url, err := withQuestion(ctx, p, t.Attempt())
	if err != nil {
		return "", err
	}
	outcome, err := jsx.Call(t.page, "take", visitProvision)
	if err != nil {
		return "", err
	}
	if !outcome.IsNull() {
		earlier := certified(outcome)
		return earlier.certificate, earlier.err
	}
	return "", t.leave(ctx, visitProvision, url)
}

// Authenticate visits the provider's sign-in page.
func (t tab) Authenticate(ctx context.Context, url string) error {
	outcome, err := jsx.Call(t.page, "take", visitAuthenticate)
	if err != nil {
		return err
	}
	if !outcome.IsNull() {
		return authenticated(outcome)
	}
	return t.leave(ctx, visitAuthenticate, url)
}

// Lost never is: with the tab the dialog would be gone.
func (tab) Lost() <-chan struct{} { return nil }

// Close does nothing, for the same reason.
func (tab) Close() {}

// leave ends the program, by going to another page. That it goes on until ctx
// is done means that the page has not come.
func (t tab) leave(ctx context.Context, visit, url string) error {
	if _, err := jsx.Call(t.page, "depart", visit); err != nil {
		return err
	}
	if err := follow(url, ""); err != nil {
		return err
	}
	<-ctx.Done()
	return context.Cause(ctx)
}
