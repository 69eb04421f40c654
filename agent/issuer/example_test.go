package issuer_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// A mail domain becomes its own identity provider: it serves a support document, and certifies the keys of those who are signed in.
func Example() {
	directory, err := os.MkdirTemp("", "issuer")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(directory) }()
	path := filepath.Join(directory, "issuer.key")

	// Once: make the key.
	key, err := issuer.GenerateKey(browserid.RS256)
	if err != nil {
		panic(err)
	}
	if err := key.WriteFile(path); err != nil {
		panic(err)
	}

	// At each start: load it, and serve the support document.
	key, err = issuer.LoadKey(path)
	if err != nil {
		panic(err)
	}
	provider := &issuer.Issuer{
		Domain:         "idp.example",
		Keys:           []browserid.Signer{key},
		Authentication: "/sign_in",
		Provisioning:   "/provision",
	}
	document, err := provider.Handler()
	if err != nil {
		panic(err)
	}
	http.NewServeMux().Handle(issuer.Path, document)

	// For a person who is signed in: certify the public key that the provisioning page got from genKeyPair.
	userKey, err := browserid.ParsePublicKey([]byte(
		`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`,
	))
	if err != nil {
		panic(err)
	}
	token, err := provider.Certificate(context.Background(), issuer.Request{
		SignedIn:  []browserid.Email{"user@idp.example"}, // by your records
		Email:     "user@idp.example",
		PublicKey: userKey,
		Duration:  6 * time.Hour,
	})
	if err != nil {
		panic(err)
	}
	certificate, _, err := browserid.ParseCertificate(token)
	if err != nil {
		panic(err)
	}
	fmt.Println(certificate.Issuer, "says that the key is of", certificate.Principal.Email)
	// Output: idp.example says that the key is of user@idp.example
}
