package api

import (
	"slices"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// idQuestion names a passkey or a session.
type idQuestion struct {
	ID string `json:"id"`
}

// provenAnswer is an address that a session has proven.
type provenAnswer struct {
	Email  browserid.Email  `json:"email"`
	Method idp.Method       `json:"method"`
	Proven browserid.Millis `json:"proven"`
}

// addressesAnswer is what a session is good for.
type addressesAnswer struct {
	Addresses []provenAnswer `json:"addresses"`
	Elsewhere bool           `json:"elsewhere"`
}

// accountAnswer is all that a session may see.
type accountAnswer struct {
	Elsewhere    bool                `json:"elsewhere"`
	Addresses    []addressAnswer     `json:"addresses"`
	Passkeys     []passkeyAnswer     `json:"passkeys"`
	Sessions     []sessionAnswer     `json:"sessions"`
	Certificates []certificateLogged `json:"certificates"`
}

// addressAnswer is an address; Provable says that it has to be proven again.
type addressAnswer struct {
	provenAnswer
	Provable bool `json:"provable"`
}

type sessionAnswer struct {
	ID      string           `json:"id"`
	Browser string           `json:"browser"`
	Created browserid.Millis `json:"created"`
	Seen    browserid.Millis `json:"seen"`
	Current bool             `json:"current"`
}

type certificateLogged struct {
	Email   browserid.Email  `json:"email"`
	At      browserid.Millis `json:"at"`
	Expires browserid.Millis `json:"expires"`
	Browser string           `json:"browser"`
}

// session says which addresses this session may have certified.
func (*api) session(e *exchange, _ nothing) (addressesAnswer, error) {
	view, err := e.provider.Session(e.context(), e.visitor.SessionToken)
	return addressesOf(view), err
}

func addressesOf(view idp.SessionView) addressesAnswer {
	answer := addressesAnswer{Addresses: []provenAnswer{}, Elsewhere: view.Elsewhere}
	for _, proven := range view.Addresses {
		if !proven.Lapsed {
			answer.Addresses = append(answer.Addresses, provenOf(proven))
		}
	}
	return answer
}

func provenOf(proven idp.Proven) provenAnswer {
	return provenAnswer{proven.Email, proven.Method, browserid.MillisOf(proven.At)}
}

// account says all that this session may see.
func (*api) account(e *exchange, _ nothing) (accountAnswer, error) {
	view, err := e.provider.Account(e.context(), e.visitor.SessionToken)
	return accountOf(view), err
}

// export is the same, as a file.
func (*api) export(e *exchange, _ nothing) (accountAnswer, error) {
	view, err := e.provider.Account(e.context(), e.visitor.SessionToken)
	if err == nil {
		e.w.Header().Set("Content-Disposition", `attachment; filename="account.json"`)
	}
	return accountOf(view), err
}

func accountOf(view idp.AccountView) accountAnswer {
	answer := accountAnswer{
		view.Elsewhere, []addressAnswer{}, []passkeyAnswer{}, []sessionAnswer{}, []certificateLogged{},
	}
	for _, a := range view.Addresses {
		answer.Addresses = append(answer.Addresses, addressAnswer{provenOf(a), a.Lapsed})
	}
	for _, p := range view.Passkeys {
		answer.Passkeys = append(answer.Passkeys, passkeyOf(p))
	}
	for _, s := range view.Sessions {
		answer.Sessions = append(answer.Sessions,
			sessionAnswer{s.ID, s.Browser, browserid.MillisOf(s.Created), browserid.MillisOf(s.Seen), s.Current})
	}
	for _, c := range view.Certificates {
		answer.Certificates = append(answer.Certificates,
			certificateLogged{c.Email, browserid.MillisOf(c.At), browserid.MillisOf(c.Expires), c.Browser})
	}
	slices.SortFunc(answer.Certificates, func(a, b certificateLogged) int { return int(b.At - a.At) })
	return answer
}

// removeAddress removes an address; the last one when that is confirmed.
func (*api) removeAddress(e *exchange, q struct {
	Email   string `json:"email"`
	Confirm bool   `json:"confirm"`
},
) (nothing, error) {
	return nothing{}, e.provider.RemoveAddress(e.context(), e.visitor.SessionToken, q.Email, q.Confirm)
}

// deleteAccount removes all that this session has proven.
func (*api) deleteAccount(e *exchange, q struct {
	Confirm bool `json:"confirm"`
},
) (nothing, error) {
	if !q.Confirm {
		return nothing{}, errShape
	}
	err := e.provider.DeleteAccount(e.context(), e.visitor.SessionToken)
	if err == nil {
		e.forget()
	}
	return nothing{}, err
}

// endSession ends another session.
func (*api) endSession(e *exchange, q idQuestion) (nothing, error) {
	return nothing{}, e.provider.EndSession(e.context(), e.visitor.SessionToken, q.ID)
}

// signOut ends this session, or all.
func (*api) signOut(e *exchange, q struct {
	Everywhere bool `json:"everywhere"`
},
) (nothing, error) {
	err := e.provider.SignOut(e.context(), e.visitor.SessionToken, q.Everywhere)
	if err == nil {
		e.forget()
	}
	return nothing{}, err
}
