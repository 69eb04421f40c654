package discovery_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/navid-login/navid/agent/discovery"
)

// A verifier keeps one Client, whose zero configuration is the strictest.
func Example() {
	client := discovery.New(discovery.Config{})

	provider, err := client.Discover(context.Background(), "idp.localhost")
	if failure, ok := errors.AsType[*discovery.Error](err); ok {
		fmt.Println(failure.Reason)
		fmt.Println("A fallback may speak:", failure.State.FallbackMaySpeak())
		return
	}
	if err != nil {
		log.Fatal(err) // the context ended
	}
	fmt.Println(provider.Authority, "issues for", provider.Domain)
	// Output:
	// idp.localhost is this machine itself, which has a provider in development only.
	// A fallback may speak: true
}
