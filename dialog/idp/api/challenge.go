package api

import (
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// emailQuestion begins a challenge.
type emailQuestion struct {
	Email     string `json:"email"`
	Elsewhere bool   `json:"elsewhere"`
}

// challengeQuestion is about a challenge.
type challengeQuestion struct {
	Challenge string `json:"challenge"`
}

// codeQuestion brings a code.
type codeQuestion struct {
	Challenge string `json:"challenge"`
	Code      string `json:"code"`
}

// linkQuestion brings the token of a mailed link.
type linkQuestion struct {
	Token string `json:"token"`
}

// pendingAnswer is a challenge that waits.
type pendingAnswer struct {
	Challenge string           `json:"challenge"`
	Words     string           `json:"words"`
	ResendAt  browserid.Millis `json:"resendAt"`
	Expires   browserid.Millis `json:"expires"`
}

// emailAnswer is the address that was proven.
type emailAnswer struct {
	Email browserid.Email `json:"email"`
}

// stateAnswer says how far a challenge is.
type stateAnswer struct {
	State  idp.State `json:"state"`
	Reason string    `json:"reason,omitempty"`
}

// linkAnswer is what a link's button came to.
type linkAnswer struct {
	State string          `json:"state"`
	Code  string          `json:"code,omitempty"`
	Email browserid.Email `json:"email,omitempty"`
}

// challenge mails a code.
func (*api) challenge(e *exchange, q emailQuestion) (pendingAnswer, error) {
	e.bind()
	pending, err := e.provider.Begin(e.context(), e.visitor, q.Email, q.Elsewhere)
	return pendingOf(pending), err
}

// resend mails another code.
func (*api) resend(e *exchange, q challengeQuestion) (pendingAnswer, error) {
	pending, err := e.provider.Resend(e.context(), e.visitor, q.Challenge)
	return pendingOf(pending), err
}

func pendingOf(pending idp.Pending) pendingAnswer {
	return pendingAnswer{pending.Challenge, pending.Words, browserid.MillisOf(pending.ResendAt), browserid.MillisOf(pending.Expires)}
}

// confirm takes a code, and signs in.
func (*api) confirm(e *exchange, q codeQuestion) (emailAnswer, error) {
	grant, err := e.provider.Confirm(e.context(), e.visitor, q.Challenge, q.Code)
	if err == nil {
		e.signIn(grant)
	}
	return emailAnswer{grant.Email}, err
}

// await says how far a challenge is, and signs in when the link was used.
func (*api) await(e *exchange, q challengeQuestion) (stateAnswer, error) {
	progress, err := e.provider.Await(e.context(), e.visitor, q.Challenge)
	if err == nil && progress.State == idp.StateConfirmed {
		e.signIn(progress.Grant)
	}
	return stateAnswer{progress.State, progress.Reason}, err
}

// link is the button on the page of a mailed link.
func (*api) link(e *exchange, q linkQuestion) (linkAnswer, error) {
	followed, err := e.provider.Follow(e.context(), e.visitor, q.Token)
	if err != nil {
		return linkAnswer{}, err
	}
	if !followed.Confirmed {
		return linkAnswer{"code", followed.Code, followed.Email}, nil
	}
	e.signIn(followed.Grant)
	return linkAnswer{State: "confirmed"}, nil
}
