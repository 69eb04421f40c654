package idp

import (
	"context"
	"crypto/hmac"
	"time"
)

// Confirm completes a challenge with the code from the mail, in the browser that
// began it. Of any number of confirmations at once, one succeeds.
func (p *Provider) Confirm(ctx context.Context, visitor Visitor, id, text string) (Grant, error) {
	code, ok := ParseCode(text)
	if !ok {
		return Grant{}, refuse(CodeInvalidRequest, "The code has six digits.")
	}
	now := p.now()
	challenge, err := p.challengeOf(ctx, visitor, id)
	if err != nil {
		return Grant{}, err
	}
	open, err := challenge.open(p.limits, now)
	if err != nil {
		return Grant{}, err
	}
	if err := p.spendOnTry(ctx, visitor, challenge.Email, len(open), now); err != nil {
		return Grant{}, err
	}

	var grant Grant
	var wrong error
	err = p.store.Update(ctx, func(tx Tx) error {
		challenge, err := ownChallenge(tx, visitor, id)
		if err != nil {
			return err
		}
		paid := len(open)
		open, err := challenge.open(p.limits, now)
		if err != nil {
			return err
		}
		open = open[:min(len(open), paid)] // one that was mailed meanwhile has not been paid for
		if wrong = p.compare(challenge.ID, open, code); wrong != nil {
			return tx.PutChallenge(challenge) // keeps the count of tries
		}
		grant, err = p.complete(tx, visitor, challenge, MethodCode, now)
		return err
	})
	if err == nil {
		err = wrong
	}
	return grant, err
}

// compare looks for the code among those that are open, and counts a wrong try on
// each of them.
func (p *Provider) compare(challenge string, open []*Code, typed string) error {
	mac := p.secrets.codeMAC(challenge, typed)
	for _, code := range open {
		if hmac.Equal(code.MAC, mac) {
			return nil
		}
	}
	left := 0
	for _, code := range open {
		code.Tries++
		left = max(left, p.limits.TriesPerCode-code.Tries)
	}
	return &Error{Code: CodeWrongCode, Message: "This is not the code.", Left: left}
}

// Follow is the button on the page of a mailed link. In the browser that began
// the challenge it completes it; anywhere else it changes nothing and shows the
// code, to be typed where it was asked for.
func (p *Provider) Follow(ctx context.Context, visitor Visitor, linkToken string) (Followed, error) {
	now := p.now()
	var followed Followed
	err := p.store.Update(ctx, func(tx Tx) error {
		challenge, err := p.followable(tx, linkToken, now)
		if err != nil {
			return err
		}
		if !challenge.begunBy(visitor) {
			followed = Followed{Code: p.secrets.codeOf(linkToken), Email: challenge.Email}
			return nil
		}
		grant, err := p.complete(tx, visitor, challenge, MethodLink, now)
		followed = Followed{Confirmed: true, Grant: grant, Email: challenge.Email}
		return err
	})
	return followed, err
}

// followable reads the challenge of a link that has not ended.
func (p *Provider) followable(r Reader, linkToken string, now time.Time) (Challenge, error) {
	hash := hashOf(linkToken)
	challenge, err := r.ChallengeOfLink(hash)
	if isNotFound(err) {
		return challenge, refuse(CodeChallengeUnknown, "This link is too old.")
	}
	if err != nil {
		return challenge, err
	}
	if !challenge.Spent.IsZero() {
		return challenge, refuse(CodeSpent, "This link has been used already, or its code.")
	}
	for _, code := range challenge.Codes {
		if hmac.Equal(code.LinkHash, hash) && now.Before(code.Expires) {
			return challenge, nil
		}
	}
	return challenge, refuse(CodeExpired, "This link is too old.")
}

// Await says how far a challenge is, to the browser that began it. Once it is
// confirmed, by whichever way, the answer brings the session, again and again
// until the challenge ends: an answer that is lost costs nothing.
func (p *Provider) Await(ctx context.Context, visitor Visitor, id string) (Progress, error) {
	now := p.now()
	var progress Progress
	err := p.store.View(ctx, func(r Reader) error {
		challenge, err := ownChallenge(r, visitor, id)
		if err != nil {
			return err
		}
		progress, err = p.progress(r, visitor, challenge, now)
		return err
	})
	return progress, err
}

func (p *Provider) progress(r Reader, visitor Visitor, challenge Challenge, now time.Time) (Progress, error) {
	if !now.Before(challenge.Expires) {
		return Progress{State: StateExpired}, nil
	}
	if !challenge.Spent.IsZero() {
		session, err := r.Session(challenge.Session)
		if isNotFound(err) { // signed out since
			return Progress{State: StateExpired}, nil
		}
		token := p.secrets.sessionToken(challenge.ID, visitor.BrowserToken)
		return Progress{State: StateConfirmed, Grant: grantOf(token, challenge.Email, session)}, err
	}
	mail, err := r.Mail(challenge.Codes[len(challenge.Codes)-1].MailID)
	switch {
	case isNotFound(err):
		return Progress{State: StateWaiting}, nil
	case err == nil && mail.State == MailFailed:
		return Progress{State: StateMailFailed, Reason: mail.Reason}, nil
	}
	return Progress{State: StateWaiting, Reason: mail.Reason}, err
}
