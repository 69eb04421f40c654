package agent

import (
	"cmp"
	"context"
	"errors"

	"github.com/navid-login/navid/agent/browserid"
)

// prove has the person prove the address: by the passkey that this browser has
// seen, or by a mail.
func (a *attempt) prove(ctx context.Context) error {
	if a.remembersPasskey(ctx) {
		answer, err := a.ask(ctx, a.screen(ScreenUnlock, ""))
		if err != nil || a.proven(answer) {
			return err
		}
	}
	if err := a.challenge(ctx); err != nil {
		return err
	}
	for {
		answer, err := a.ask(ctx, *a.pending)
		if err != nil {
			return err
		}
		if a.proven(answer) {
			return nil
		}
		if done, err := a.tryCode(ctx, answer); done || err != nil {
			return err
		}
	}
}

// proven reports whether an answer says that the page has seen the proof: the
// link was used in this browser, or a passkey.
func (a *attempt) proven(answer Answer) bool {
	switch answer.Action {
	case ActionConfirmed:
		a.byMail, a.pending = true, nil
	case ActionPasskey: // which may be another address's: the mail can still serve
		a.passkey = true
	default:
		return false
	}
	return true
}

// challenge mails a code, unless one for this address is on its way already:
// who goes back and comes again needs no other.
func (a *attempt) challenge(ctx context.Context) error {
	p := a.pending
	if p != nil && p.Email == string(a.email) && p.NotMyDevice == a.notMyDevice && p.Expires.Time().After(a.Now()) {
		return nil
	}
	return a.asking(ctx, WaitingMail, a.challengeAnew)
}

func (a *attempt) challengeAnew(ctx context.Context) error {
	challenge, err := a.Fallback.Challenge(ctx, a.email, a.notMyDevice)
	if err == nil {
		screen := a.screen(ScreenCode, "")
		screen.Challenge, screen.NotMyDevice = challenge, a.notMyDevice
		a.pending = &screen
	}
	return err
}

// tryCode does what the person wants with the code: try one, or have another
// one mailed. What goes wrong with that is for the same screen to say, as long
// as the person can still do something there.
func (a *attempt) tryCode(ctx context.Context, answer Answer) (done bool, err error) {
	p := a.pending
	p.Code, p.Left, p.RetryAt = "", 0, 0
	if answer.Action == ActionResend {
		return false, a.explainedThere(a.asking(ctx, WaitingMail, a.resend), &p.ResendAt)
	}
	err = a.asking(ctx, WaitingHost, func(ctx context.Context) error {
		return a.Fallback.Confirm(ctx, p.ID, answer.Code)
	})
	if err == nil {
		a.byMail, a.pending = true, nil
		return true, nil
	}
	return false, a.explainedThere(err, &p.RetryAt)
}

// resend mails another code. A challenge that the host knows no more begins anew.
func (a *attempt) resend(ctx context.Context) error {
	p := a.pending
	challenge, err := a.Fallback.Resend(ctx, p.ID)
	if CodeOf(err) == CodeCodeExpired {
		return a.challengeAnew(ctx)
	}
	if err == nil {
		p.Challenge = challenge
	}
	return err
}

// explainedThere notes a problem for the code's screen to say, and until when
// the person must wait; other problems it returns.
func (a *attempt) explainedThere(err error, until *browserid.Millis) error {
	switch code := CodeOf(err); code {
	case CodeWrongCode, CodeCodeExpired, CodeCodeSpent, CodeTooMany, CodeHostUnreachable, CodeHostBusy:
		a.pending.Code = code
		if refusal, ok := errors.AsType[*Refusal](err); ok {
			a.pending.Left = refusal.Left
		}
		*until = cmp.Or(a.retryAt(err), *until)
		return nil
	}
	return err
}

// retryAt is the login host's time from which on the same may be asked again, 0
// if it has not said.
func (s *session) retryAt(err error) browserid.Millis {
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok || refusal.RetryAfter <= 0 {
		return 0
	}
	return browserid.MillisOf(s.Now().Add(refusal.RetryAfter))
}
