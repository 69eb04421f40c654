package agent

import (
	"context"
	"errors"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Fallback is the login host's own identity provider, for domains that have
// none (design 5.6). It knows this browser by a cookie that no script sees, and
// certifies the addresses that were proven in it: by a code or a link that was
// mailed, or by a passkey.
//
// Certify returns an error wrapping ErrNotProven where this browser has no
// proof that counts. Whatever else the host refuses is a *Refusal; other errors
// mean that it could not be asked.
type Fallback interface {
	Certify(ctx context.Context, email browserid.Email, publicKey string, lifetime time.Duration) (certificate string, err error)
	// Challenge mails a code and a link. elsewhere: the device is not the person's own.
	Challenge(ctx context.Context, email browserid.Email, elsewhere bool) (Challenge, error)
	// Resend mails another code; those before it keep their own life.
	Resend(ctx context.Context, challenge string) (Challenge, error)
	// Confirm proves the address by a code, however it was typed or pasted.
	Confirm(ctx context.Context, challenge, code string) error
	// SignOut ends what this browser has proven.
	SignOut(ctx context.Context) error
}

// Challenge is a mail that is on its way to an address.
type Challenge struct {
	ID       string           `json:"challenge,omitempty"`
	Words    string           `json:"words,omitempty"`    // in the mail too: the person sees that the two belong together
	ResendAt browserid.Millis `json:"resendAt,omitempty"` // not before that is another mail sent
	Expires  browserid.Millis `json:"expires,omitempty"`  // of the code that was mailed last
}

// ErrNotProven reports that this browser has not proven the address, or too
// long ago, or that somebody else has proven it since.
var ErrNotProven = errors.New("address not proven in this browser")

// Refusal is a No of the fallback's, with what the person should know of it.
type Refusal struct {
	Code       Code
	Left       int           // tries that the code is still good for; of CodeWrongCode
	RetryAfter time.Duration // of CodeTooMany
	Message    string        // the host's own words, for logs
}

// Error returns the code and the host's words.
func (r *Refusal) Error() string {
	return "the login host refuses: " + string(r.Code) + ": " + r.Message
}

// Unwrap returns an *Error, so that CodeOf knows the code.
func (r *Refusal) Unwrap() error { return &Error{Code: r.Code} }

// fromFallback gets the certificate from the login host itself: no frame and no
// window, and where the session of this browser suffices, no question either.
func (a *attempt) fromFallback(ctx context.Context) (string, error) {
	if a.req.isForeign(a.email) {
		if _, err := a.ask(ctx, a.windowNeedsClick(ReasonIssuer, false)); err != nil {
			return "", err
		}
	}
	if !a.passkey { // not used already, at the field for the address
		if token, err := a.withoutPerson(ctx); !errors.Is(err, ErrNotProven) {
			return token, err
		}
		if err := a.prove(ctx); err != nil {
			return "", err
		}
	}
	if a.notMyDevice {
		defer a.signOut(ctx)
	}
	token, err := a.certified(ctx)
	if errors.Is(err, ErrNotProven) { // a passkey for another address, or a session that has just ended
		a.passkey = false
		return "", &Error{CodeNotProven, err}
	}
	return token, err
}

// withoutPerson goes by the session of this browser, unless the site wants the
// person to be there, or the browser is not theirs, and the session neither.
func (a *attempt) withoutPerson(ctx context.Context) (string, error) {
	if a.req.ForceAuthentication || a.notMyDevice {
		return "", ErrNotProven
	}
	return a.certified(ctx)
}

// certified asks for a certificate with what this browser has proven.
func (a *attempt) certified(ctx context.Context) (token string, err error) {
	err = a.asking(ctx, WaitingHost, func(ctx context.Context) error {
		publicKey, err := a.newKey(ctx)
		if err != nil {
			return err
		}
		token, err = a.Fallback.Certify(ctx, a.email, publicKey, a.lifetime())
		return err
	})
	return token, err
}

// signOut leaves nothing behind on a device that is not the person's own (G6).
// Where it fails, the session there ends by itself.
func (a *attempt) signOut(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), FallbackTimeout)
	defer cancel()
	_ = a.Fallback.SignOut(ctx)
}

// asking shows that the login host is being asked something, and for how long at most.
func (a *attempt) asking(ctx context.Context, waiting Waiting, question func(context.Context) error) error {
	return a.waiting(ctx, a.screen(ScreenWait, waiting), func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, FallbackTimeout)
		defer cancel()
		return fallbackError(question(ctx))
	})
}

// fallbackError gives an error that the host did not word a code.
func fallbackError(err error) error {
	_, coded := errors.AsType[*Error](err)
	if err == nil || coded || errors.Is(err, ErrNotProven) {
		return err
	}
	return &Error{CodeHostUnreachable, err}
}
