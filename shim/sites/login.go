package main

import (
	"cmp"
	"log"
	"net/http"
	"os"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
)

// navid says which assertions are good here.
var navid = verify.Config{
	Audience:  browserid.Origin(cmp.Or(os.Getenv("ORIGIN"), "http://shop.localhost:3000")), // our own
	Fallbacks: []browserid.Domain{browserid.Domain(loginHost.Host())},
	Discovery: discovery.New(discovery.Config{InsecureLocalhostPort: os.Getenv("DEV_PORT")}),
	Replay:    &verify.ReplayMemory{},
}

// signIn answers POST /login and POST /logout.
func signIn(verifier *verify.Verifier, sessions *sessions) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		result, err := verifier.Verify(r.Context(), r.PostFormValue("assertion"))
		if err != nil {
			log.Print(err) // says why, and names nobody
			http.Error(w, "We could not verify your sign-in. Please try again.", http.StatusForbidden)
			return
		}
		sessions.begin(w, r, result.Email) // with a token that nobody knew before; the account is this very string
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /logout", func(w http.ResponseWriter, r *http.Request) {
		sessions.end(w, r)
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})
	return http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(mux, 10_000)) // CSRF
}
