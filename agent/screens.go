package agent

import (
	"context"
	"errors"
	"maps"

	"github.com/navid-login/navid/agent/browserid"
)

// ScreenName names a screen of the dialog.
type ScreenName string

// The screens. The dialog draws them; the agent knows neither words nor looks.
const (
	// ScreenEnter asks for an e-mail address. Answers: next (Email, NotMyDevice), back, cancel;
	// passkey (Identities, NotMyDevice): the page has seen one, and the host said which addresses it proves.
	ScreenEnter ScreenName = "enter"
	// ScreenPick asks which known address to use. Answers: next (Email), other, remove (Email), cancel.
	ScreenPick ScreenName = "pick"
	// ScreenChoose asks which of the addresses that a passkey proves to use. Answers: next (Email), back, cancel.
	ScreenChoose ScreenName = "choose"
	// ScreenCode asks for the code that was mailed. Answers: next (Code), resend, back, cancel;
	// confirmed: the page has seen that the link was used in this browser; passkey: it has seen one.
	ScreenCode ScreenName = "code"
	// ScreenUnlock asks for the passkey that this browser has seen. Answers: passkey: the page has seen
	// it; other: a mail instead, back, cancel.
	ScreenUnlock ScreenName = "unlock"
	// ScreenPasskey offers a passkey. Answers: enrol: the page has made it; next: not now; other: this
	// browser has none; cancel.
	ScreenPasskey ScreenName = "passkey"
	// ScreenContinue asks for a click that lets the provider's window open. Answers: next, back, cancel.
	ScreenContinue ScreenName = "continue"
	// ScreenWait says what is being waited for. Answers: back, cancel.
	ScreenWait ScreenName = "wait"
	// ScreenError says what went wrong. Answers: retry, back, cancel.
	ScreenError ScreenName = "error"
)

// Waiting names what a waiting screen waits for.
type Waiting string

// What can be waited for.
const (
	WaitingDiscovery Waiting = "discovery" // who vouches for this domain?
	WaitingProvider  Waiting = "provider"  // the provider's page, out of sight
	WaitingWindow    Waiting = "window"    // the person, in the provider's window
	WaitingHost      Waiting = "host"      // the login host, as the provider
	WaitingMail      Waiting = "mail"      // the login host, until it has taken a mail to send
)

// Reason says why a click is asked for.
type Reason string

// Why the provider's window is not open.
const (
	ReasonFirst  Reason = ""       // the click's permission to open a window has run out
	ReasonIssuer Reason = "issuer" // the site, not the address, says who is to vouch for it
	ReasonClosed Reason = "closed" // the window was closed, or cut off by the provider's page
)

// Screen is one blocking question. It has codes and parameters, never text for people.
type Screen struct {
	Name       ScreenName `json:"screen"`
	Email      string     `json:"email,omitempty"`      // the address in question, or a prefill
	Identities []string   `json:"identities,omitempty"` // known addresses, the likeliest first
	Authority  string     `json:"authority,omitempty"`  // the provider's domain
	Waiting    Waiting    `json:"waiting,omitempty"`
	Reason     Reason     `json:"reason,omitempty"`
	Code       Code       `json:"code,omitempty"`   // what went wrong
	Notice     Code       `json:"notice,omitempty"` // something to say by the way
	CanGoBack  bool       `json:"canGoBack,omitempty"`

	Challenge                    // of the code's screen; times are the login host's
	NotMyDevice bool             `json:"notMyDevice,omitempty"`
	Left        int              `json:"left,omitempty"`    // tries, after a wrong one
	RetryAt     browserid.Millis `json:"retryAt,omitempty"` // not before that is the same tried again; of errors too

	Display Display `json:"display,omitempty"` // for the domains of this screen and of others
}

// Action is what the person did.
type Action string

// The actions.
const (
	ActionNext   Action = "next"
	ActionBack   Action = "back"
	ActionCancel Action = "cancel"
	ActionOther  Action = "other"
	ActionRemove Action = "remove"
	ActionRetry  Action = "retry"

	ActionResend    Action = "resend"
	ActionConfirmed Action = "confirmed"
	ActionPasskey   Action = "passkey"
	ActionEnrol     Action = "enrol"
)

// Answer is the person's answer to a screen.
type Answer struct {
	Action      Action   `json:"action"`
	Email       string   `json:"email,omitempty"`
	Identities  []string `json:"identities,omitempty"`
	Code        string   `json:"code,omitempty"` // as it was typed or pasted
	NotMyDevice bool     `json:"notMyDevice,omitempty"`
}

// ErrBack reports that the person wants to go back one step.
var ErrBack = errors.New("back")

// ErrCancelled reports that the person gave up the sign-in.
var ErrCancelled = &Error{Code: CodeCancelled}

// UI shows screens to a person.
//
// Ask shows a screen, replacing the one before, and blocks until it is
// answered or ctx is done. With ctx done already it must show nothing.
type UI interface {
	Ask(ctx context.Context, screen Screen) (Answer, error)
}

// ask shows a screen and turns Back and Cancel into errors. A notice goes with
// the first screen that is there to be read.
func (s *session) ask(ctx context.Context, screen Screen) (Answer, error) {
	if screen.Name != ScreenWait {
		screen.Notice, s.notice = s.notice, ""
	}
	screen.Display = maps.Clone(s.display)
	answer, err := s.ui.Ask(ctx, screen)
	switch {
	case err != nil:
		return Answer{}, err
	case answer.Action == ActionBack:
		return Answer{}, ErrBack
	case answer.Action == ActionCancel:
		return Answer{}, ErrCancelled
	}
	return answer, nil
}

// waiting shows a screen for as long as work takes. Back or Cancel on it end
// the work, and are then the result.
func (s *session) waiting(ctx context.Context, screen Screen, work func(context.Context) error) error {
	return s.meanwhile(ctx, func(ctx context.Context) error {
		_, err := s.ask(ctx, screen)
		return err
	}, work)
}

// meanwhile has a question stand for as long as work takes. An error of the
// question's ends the work, and is then the result.
func (s *session) meanwhile(ctx context.Context, question, work func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		if err := question(ctx); err != nil && ctx.Err() == nil {
			cancel(err)
		}
	}()
	err := work(ctx)
	answer := context.Cause(ctx)
	cancel(nil)
	<-shown // or the screen could replace the next one
	if hasLeft(answer) || errors.Is(answer, errAnotherWindow) {
		return answer
	}
	return err
}

// hasLeft reports whether err says that the person went back or gave up.
func hasLeft(err error) bool {
	return errors.Is(err, ErrBack) || errors.Is(err, ErrCancelled)
}
