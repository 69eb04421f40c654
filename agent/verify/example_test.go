package verify_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
)

// A relying party: the page posts the assertion that onlogin gave it.
func Example() {
	verifier, err := verify.New(verify.Config{
		Audience:  "https://rp.test",
		Discovery: discovery.New(discovery.Config{}),
		Fallbacks: []browserid.Domain{"login.example"},
		Replay:    &verify.ReplayMemory{},
	})
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		result, err := verifier.Verify(r.Context(), r.PostFormValue("assertion"))
		if err != nil {
			http.Error(w, "sign-in failed", http.StatusForbidden)
			return
		}
		fmt.Fprintln(w, "hello", result.Email) // begin a session here
	})
}

// A verification, and how to tell why one failed.
func ExampleVerifier_Verify() {
	verifier, err := verify.New(newAttempt().config)
	if err != nil {
		log.Fatal(err)
	}
	result, err := verifier.Verify(context.Background(), newAttempt().text())
	fmt.Println(result.Email, result.Issuer, err)
	_, err = verifier.Verify(context.Background(), "ann@idp.test")
	fmt.Println(err)
	// Output:
	// ann@idp.test idp.test <nil>
	// verify: malformed_backed_assertion: read: browserid: backed_assertion: no certificate
}
