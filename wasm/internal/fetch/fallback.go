//go:build js && wasm

package fetch

import (
	"context"
	"time"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// Fallback is an agent.Fallback that asks the login host. The host knows this
// browser by its cookies, which no script sees.
type Fallback struct {
	// HostTime, where set, is told the host's time as each answer comes.
	HostTime func(browserid.Millis)
}

// Certify asks for a certificate of an address that this browser has proven.
func (f *Fallback) Certify(ctx context.Context, email browserid.Email, publicKey string, lifetime time.Duration) (string, error) {
	a, err := f.ask(ctx, "certificate", question{"email": email, "publicKey": publicKey, "duration": lifetime / time.Second})
	if err == nil && a.Certificate == "" {
		err = a.refusal(statusOK)
	}
	return a.Certificate, err
}

// Challenge has a code mailed.
func (f *Fallback) Challenge(ctx context.Context, email browserid.Email, elsewhere bool) (agent.Challenge, error) {
	a, err := f.ask(ctx, "challenge", question{"email": email, "elsewhere": elsewhere})
	return a.Challenge, err
}

// Resend has another code mailed.
func (f *Fallback) Resend(ctx context.Context, challenge string) (agent.Challenge, error) {
	a, err := f.ask(ctx, "challenge/resend", question{"challenge": challenge})
	return a.Challenge, err
}

// Confirm proves the address by a code.
func (f *Fallback) Confirm(ctx context.Context, challenge, code string) error {
	_, err := f.ask(ctx, "challenge/confirm", question{"challenge": challenge, "code": code})
	return err
}

// SignOut ends the session of this browser.
func (f *Fallback) SignOut(ctx context.Context) error {
	_, err := f.ask(ctx, "sign_out", question{"everywhere": false})
	return err
}

// ask asks the host a question. The answer is never nil.
func (f *Fallback) ask(ctx context.Context, name string, q question) (*answer, error) {
	status, a, err := ask(ctx, "/api/"+name, withCookies, q, f.HostTime)
	switch {
	case err != nil && status == tooManyRequests:
		return new(answer), &agent.Error{Code: agent.CodeHostBusy, Err: err}
	case err != nil:
		return new(answer), err
	case status != statusOK:
		return new(answer), a.refusal(status)
	}
	return a, nil
}

// refusal is the host's No as the agent knows it.
func (a *answer) refusal(status int) error {
	code := agent.Code(a.Code)
	switch a.Code {
	case "wrong_code", "code_expired", "code_spent", "too_many", "mail_failed", "provider_exists", "blocked", "invalid_email":
	case "challenge_unknown":
		code = agent.CodeCodeExpired
	case "provider_offline":
		code = agent.CodeProviderUnreachable
	case "not_proven", "proof_too_old":
		return agent.ErrNotProven
	default:
		code = agent.CodeInternal
		if status == tooManyRequests {
			code = agent.CodeHostBusy
		}
	}
	return &agent.Refusal{Code: code, Left: a.Left, RetryAfter: time.Duration(a.RetryAfter) * time.Second, Message: a.Message}
}
