package idp

import (
	"context"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// newSession makes a session. One on a device that is not the person's own ends
// within the hour (G6).
func newSession(token string, visitor Visitor, account string, proofs []Proof, elsewhere bool, now time.Time) Session {
	life := SessionLife
	if elsewhere {
		life = ElsewhereLife
	}
	return Session{
		TokenHash: hashOf(token), ID: newID(), Account: account, Proofs: proofs,
		Browser: visitor.Browser, Elsewhere: elsewhere, Created: now, Seen: now, Expires: now.Add(life),
	}
}

func grantOf(token string, email browserid.Email, session Session) Grant {
	return Grant{SessionToken: token, Email: email, Expires: session.Expires, Elsewhere: session.Elsewhere}
}

// takeSession ends the session that the browser has, since another takes its
// place, and returns it if the next one may go on with what it holds. That takes
// the person's own device before and now: on a shared one, the session may be of
// whoever sat there before.
func (p *Provider) takeSession(tx Tx, visitor Visitor, elsewhere bool, now time.Time) (*Session, error) {
	session, err := liveSession(tx, visitor.SessionToken, now)
	if err != nil || session == nil {
		return nil, err
	}
	if err := tx.DeleteSession(session.TokenHash); err != nil {
		return nil, err
	}
	if elsewhere || session.Elsewhere {
		return nil, nil
	}
	return session, nil
}

// liveSession reads the session of a token; nil is none.
func liveSession(r Reader, token string, now time.Time) (*Session, error) {
	if token == "" {
		return nil, nil
	}
	session, err := r.Session(hashOf(token))
	if isNotFound(err) || err == nil && !now.Before(session.Expires) {
		return nil, nil
	}
	return &session, err
}

// signedIn reads the session of a token, or refuses.
func signedIn(r Reader, token string, now time.Time) (*Session, error) {
	session, err := liveSession(r, token, now)
	if err != nil {
		return nil, err
	}
	if session == nil {
		return nil, refuse(CodeNotProven, "You are not signed in here.")
	}
	return session, refuseBlocked(r, session.Account)
}

// Session says what a session has proven. No session has proven nothing.
func (p *Provider) Session(ctx context.Context, sessionToken string) (SessionView, error) {
	now := p.now()
	var view SessionView
	err := p.store.View(ctx, func(r Reader) error {
		session, err := liveSession(r, sessionToken, now)
		if err != nil || session == nil {
			view = SessionView{}
			return err
		}
		view, err = viewOf(r, session, now)
		return err
	})
	return view, err
}

func viewOf(r Reader, session *Session, now time.Time) (SessionView, error) {
	view := SessionView{SignedIn: true, Elsewhere: session.Elsewhere}
	for _, proof := range session.Proofs {
		address, err := r.Address(proof.Email)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return SessionView{}, err
		}
		proven := Proven{Email: proof.Email, Method: proof.Method, At: proof.At, Lapsed: !proof.counts(address, now)}
		if !proven.Lapsed {
			proven.At = address.Proven
		}
		view.Addresses = append(view.Addresses, proven)
	}
	return view, nil
}

// SignOut ends the session. Everywhere means that all others lose the addresses
// that this one has proven, and end when they have no more.
func (p *Provider) SignOut(ctx context.Context, sessionToken string, everywhere bool) error {
	now := p.now()
	return p.store.Update(ctx, func(tx Tx) error {
		session, err := liveSession(tx, sessionToken, now)
		if err != nil || session == nil {
			return err
		}
		if everywhere {
			if err := p.signOutOthers(tx, session, now); err != nil {
				return err
			}
		}
		return tx.DeleteSession(session.TokenHash)
	})
}

func (p *Provider) signOutOthers(tx Tx, session *Session, now time.Time) error {
	mine, err := rightsOf(tx, session.Proofs, now)
	if err != nil {
		return err
	}
	others, err := tx.SessionsOf(session.Account)
	if err != nil {
		return err
	}
	for _, other := range others {
		if err := withdrawFromSession(tx, other, mine); err != nil {
			return err
		}
	}
	return nil
}

// EndSession takes from another session the addresses that this one has proven.
func (p *Provider) EndSession(ctx context.Context, sessionToken, id string) error {
	now := p.now()
	return p.store.Update(ctx, func(tx Tx) error {
		session, mine, err := p.sessionWithRights(tx, sessionToken, now)
		if err != nil {
			return err
		}
		others, err := tx.SessionsOf(session.Account)
		if err != nil {
			return err
		}
		for _, other := range others {
			if other.ID == id && mine.sharedBy(other.Proofs) {
				return withdrawFromSession(tx, other, mine)
			}
		}
		return refuse(CodeInvalidRequest, "There is no such session any more.")
	})
}
