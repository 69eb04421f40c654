// Package api is the fallback identity provider over HTTP: same-origin questions
// in JSON, by POST, that the host's own pages ask.
//
// A question is an object of the members that it must have and no others; an
// answer is an object too, with the host's time in "now". What is refused is
// {"code","message","now"} with a status of 4xx or 5xx, "left" for a wrong code,
// and "retryAfter" in seconds beside the header of that name.
//
// The session is in a cookie that no script reads and no other site sends, and so
// is the token that ties challenges and ceremonies to a browser.
package api

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// Config says what to serve.
type Config struct {
	Provider *idp.Provider
	// Origin of the host. Where it is http, which development alone allows, the
	// cookies go without Secure and their prefix.
	Origin browserid.Origin
	// Client tells where a request comes from; the zero Addr is unknown.
	Client func(*http.Request) netip.Addr
	// Now is the host's clock; nil is [time.Now].
	Now func() time.Time
	// Log is told of failures; nil discards.
	Log *slog.Logger
}

// api is the shared state of the handlers: none that changes.
type api struct {
	provider *idp.Provider
	client   func(*http.Request) netip.Addr
	now      func() time.Time
	log      *slog.Logger
	cookies  cookies
}

// New makes the handler of all paths below /api/ that are the provider's.
func New(config Config) (http.Handler, error) {
	if config.Provider == nil || config.Client == nil {
		return nil, errors.New("api: provider and client are needed")
	}
	a := &api{
		provider: config.Provider, client: config.Client, now: config.Now, log: config.Log,
		cookies: cookies{secure: config.Origin.Scheme() == "https"},
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	return SameOriginOnly(a.routes()), nil
}

// Limits of a question in bytes.
const (
	maxBody    = 4 << 10
	maxKeyBody = 16 << 10 // with a public key or a credential
)

func (a *api) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /api/session", answer(a, maxBody, a.session))
	mux.Handle("POST /api/session/end", answer(a, maxBody, a.endSession))
	mux.Handle("POST /api/sign_out", answer(a, maxBody, a.signOut))
	mux.Handle("POST /api/challenge", answer(a, maxBody, a.challenge))
	mux.Handle("POST /api/challenge/resend", answer(a, maxBody, a.resend))
	mux.Handle("POST /api/challenge/confirm", answer(a, maxBody, a.confirm))
	mux.Handle("POST /api/challenge/await", answer(a, maxBody, a.await))
	mux.Handle("POST /api/link", answer(a, maxBody, a.link))
	mux.Handle("POST /api/certificate", answer(a, maxKeyBody, a.certificate))
	mux.Handle("POST /api/passkey/enrol", answer(a, maxBody, a.enrol))
	mux.Handle("POST /api/passkey/enrolled", answer(a, maxKeyBody, a.enrolled))
	mux.Handle("POST /api/passkey/login", answer(a, maxBody, a.login))
	mux.Handle("POST /api/passkey/loggedin", answer(a, maxKeyBody, a.loggedIn))
	mux.Handle("POST /api/passkey/rename", answer(a, maxBody, a.renamePasskey))
	mux.Handle("POST /api/passkey/remove", answer(a, maxBody, a.removePasskey))
	mux.Handle("POST /api/passkey/undo", answer(a, maxBody, a.undo))
	mux.Handle("POST /api/account", answer(a, maxBody, a.account))
	mux.Handle("POST /api/account/remove", answer(a, maxBody, a.removeAddress))
	mux.Handle("POST /api/account/delete", answer(a, maxBody, a.deleteAccount))
	mux.Handle("POST /api/account/export", answer(a, maxBody, a.export))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		problem{http.StatusNotFound, "not_found", "There is nothing at this address.", 0, 0}.write(w, a.now())
	})
	return mux
}

// nothing is a question without members, or an answer without any of its own.
type nothing struct{}

// answer makes a handler of a function from question to answer.
func answer[Question, Answer any](a *api, limit int64, reply func(*exchange, Question) (Answer, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		question, err := read[Question](w, r, limit)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		answered, err := reply(a.exchange(w, r), question)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		write(w, http.StatusOK, answered, a.now())
	})
}
