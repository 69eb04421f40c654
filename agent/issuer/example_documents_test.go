package issuer_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// One host, host.example, is the provider of two mail domains whose people sign in on different pages. Each of the domains serves no
// more than a support document that names the host.
func ExampleDocuments() {
	club, firm := hosted("club.example", "/club"), hosted("firm.example", "/firm")
	documents, err := issuer.Documents(club, firm)
	check(err)
	host := http.NewServeMux()
	host.Handle(issuer.Path, documents)
	// With a Site for each: host.Handle("/club/", clubSite), host.Handle("/firm/", firmSite).

	for _, asked := range []string{"club.example", "firm.example", "stranger.example"} {
		delegation := httptest.NewRecorder()
		issuer.Delegate("host.example").ServeHTTP(delegation, httptest.NewRequest(http.MethodGet, issuer.Path, nil))
		answer := httptest.NewRecorder()
		host.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, issuer.Path+"?domain="+asked, nil))
		if answer.Code != http.StatusOK {
			fmt.Println(asked, "is told", answer.Code)
			continue
		}
		document, err := browserid.ParseSupportDocument(answer.Body.Bytes())
		check(err)
		fmt.Println(asked, "says", delegation.Body, "and signs in at", document.Authentication)
	}
	// Output:
	// club.example says {"authority":"host.example"} and signs in at /club/sign_in
	// firm.example says {"authority":"host.example"} and signs in at /firm/sign_in
	// stranger.example is told 404
}

func hosted(domain browserid.Domain, path string) *issuer.Issuer {
	key, err := issuer.GenerateKey(browserid.ES256)
	check(err)
	return &issuer.Issuer{
		Domain: "host.example", Domains: []browserid.Domain{domain}, Keys: []browserid.Signer{key},
		Authentication: path + "/sign_in", Provisioning: path + "/provision",
	}
}
