package idp

import (
	"context"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Begin asks for the proof of an address: it mails a code and a link. The answer
// and the time it takes are the same whether anybody has the address or not,
// since nothing here looks (abuse test 37).
func (p *Provider) Begin(ctx context.Context, visitor Visitor, address string, elsewhere bool) (Pending, error) {
	email, err := parseMailable(address)
	if err != nil {
		return Pending{}, err
	}
	now := p.now()
	if err := p.spendOnMail(ctx, visitor, email, now); err != nil {
		return Pending{}, err
	}
	if err := p.mayVouchFor(ctx, email.Domain()); err != nil {
		return Pending{}, err
	}
	challenge := Challenge{
		ID: newID(), Email: email, BrowserHash: hashOf(visitor.BrowserToken),
		Words: newWords(), Elsewhere: elsewhere, Created: now,
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		challenge.Codes = nil // of an attempt that the store gave up
		return p.mailCode(tx, visitor, &challenge, now)
	})
	return challenge.pending(), err
}

// Resend mails another code for a challenge. The earlier ones keep their life.
func (p *Provider) Resend(ctx context.Context, visitor Visitor, id string) (Pending, error) {
	challenge, err := p.challengeOf(ctx, visitor, id)
	if err != nil {
		return Pending{}, err
	}
	now := p.now()
	if err := p.mayResend(&challenge, now); err != nil {
		return Pending{}, err
	}
	if err := p.spendOnMail(ctx, visitor, challenge.Email, now); err != nil {
		return Pending{}, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		if challenge, err = ownChallenge(tx, visitor, id); err != nil {
			return err
		}
		if err := p.mayResend(&challenge, now); err != nil {
			return err
		}
		return p.mailCode(tx, visitor, &challenge, now)
	})
	return challenge.pending(), err
}

func (p *Provider) mayResend(challenge *Challenge, now time.Time) error {
	switch wait := challenge.resendAt().Sub(now); {
	case !challenge.Spent.IsZero():
		return refuse(CodeSpent, "This address has been proven already.")
	case !now.Before(challenge.Expires):
		return refuse(CodeExpired, "This has taken too long. Please begin anew.")
	case len(challenge.Codes) >= p.limits.CodesPerChallenge:
		return tooMany(challenge.Expires.Sub(now))
	case wait > 0:
		return tooMany(wait)
	}
	return nil
}

// mailCode adds a code to the challenge and mails it, with a link.
func (p *Provider) mailCode(tx Tx, visitor Visitor, challenge *Challenge, now time.Time) error {
	link := NewToken()
	code := p.secrets.codeOf(link)
	expires := now.Add(CodeLife)
	mailID, err := p.mail.Enqueue(tx, Letter{
		Kind: LetterCode, To: challenge.Email, Code: code, Link: string(p.origin) + "/confirm#" + link,
		Words: challenge.Words, At: now, Expires: expires, Browser: visitor.Browser,
	})
	if err != nil {
		return err
	}
	challenge.Codes = append(challenge.Codes, Code{
		MAC: p.secrets.codeMAC(challenge.ID, code), LinkHash: hashOf(link), MailID: mailID, Expires: expires,
	})
	challenge.Expires = expires
	return tx.PutChallenge(*challenge)
}

// challengeOf reads a challenge that this browser began.
func (p *Provider) challengeOf(ctx context.Context, visitor Visitor, id string) (challenge Challenge, err error) {
	err = p.store.View(ctx, func(r Reader) error {
		challenge, err = ownChallenge(r, visitor, id)
		return err
	})
	return challenge, err
}

// ownChallenge reads a challenge that this browser began. Those of others are as
// unknown as those that never were.
func ownChallenge(r Reader, visitor Visitor, id string) (Challenge, error) {
	challenge, err := r.Challenge(id)
	if isNotFound(err) || err == nil && !challenge.begunBy(visitor) {
		return Challenge{}, refuse(CodeChallengeUnknown, "This was not asked for in this browser, or too long ago.")
	}
	return challenge, err
}

// begunBy reports that the visitor's browser asked.
func (c *Challenge) begunBy(visitor Visitor) bool {
	return visitor.BrowserToken != "" && subtle.ConstantTimeCompare(c.BrowserHash, hashOf(visitor.BrowserToken)) == 1
}

func (c *Challenge) resendAt() time.Time { return c.Expires.Add(ResendAfter - CodeLife) }

func (c *Challenge) pending() Pending {
	return Pending{Challenge: c.ID, Email: c.Email, Words: c.Words, ResendAt: c.resendAt(), Expires: c.Expires}
}

// parseMailable reads an address that a mail reaches as it stands. Beyond
// [browserid.ParseEmail] the local part has no empty words: mail software quotes
// such, drops their dots or refuses them, and the mail would go to another
// address than the certified one (abuse test 36).
func parseMailable(address string) (browserid.Email, error) {
	email, err := browserid.ParseEmail(address)
	if err != nil {
		return "", &Error{Code: CodeInvalidEmail, Message: "This is not an e-mail address.", Err: err}
	}
	if local := "." + email.Local() + "."; strings.Contains(local, "..") {
		return "", refuse(CodeInvalidEmail, "Mail cannot be sent to this address.")
	}
	return email, nil
}
