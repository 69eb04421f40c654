package api

import (
	"context"
	"net/http"

	"github.com/navid-login/navid/dialog/idp"
)

// exchange is a question that is being answered: who asks, and the cookies that
// the answer brings.
type exchange struct {
	*api
	w       http.ResponseWriter
	r       *http.Request
	visitor idp.Visitor
}

func (a *api) exchange(w http.ResponseWriter, r *http.Request) *exchange {
	return &exchange{a, w, r, idp.Visitor{
		BrowserToken: a.cookies.read(r, a.cookies.browser()),
		SessionToken: a.cookies.read(r, a.cookies.session()),
		Client:       a.client(r),
		Browser:      browserOf(r.UserAgent()),
	}}
}

func (e *exchange) context() context.Context { return e.r.Context() }

// bind gives the browser a token when it has none, for what it begins now. It
// ends with the browser.
func (e *exchange) bind() {
	if e.visitor.BrowserToken == "" {
		e.visitor.BrowserToken = idp.NewToken()
		e.cookies.set(e.w, e.cookies.browser(), e.visitor.BrowserToken, 0)
	}
}

// signIn sends the session. On a person's own device the browser's token stays
// as well: it is what the limits know the owner of the address by.
func (e *exchange) signIn(grant idp.Grant) {
	if grant.Elsewhere {
		e.cookies.set(e.w, e.cookies.session(), grant.SessionToken, 0)
		return
	}
	e.cookies.set(e.w, e.cookies.session(), grant.SessionToken, max(grant.Expires.Sub(e.now()), 1))
	if e.visitor.BrowserToken != "" {
		e.cookies.set(e.w, e.cookies.browser(), e.visitor.BrowserToken, idp.FamiliarLife)
	}
}

// forget takes the session's cookie away.
func (e *exchange) forget() { e.cookies.set(e.w, e.cookies.session(), "", -1) }
