package idp

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// elsewhere is where the document of [DocumentRedirected] is.
const elsewhere = "/browserid.json"

// document serves the support document, or what is wrong in its place.
func (p *Provider) document(honest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case p.does(DocumentMissing):
			http.NotFound(w, r)
		case p.does(DocumentFailing):
			http.Error(w, "down for maintenance", http.StatusServiceUnavailable)
		case p.does(DocumentRedirected):
			http.Redirect(w, r, elsewhere, http.StatusFound)
		case p.does(DocumentDisabled):
			writeDocument(w, `{"disabled":true}`)
		case p.does(DocumentBroken):
			writeDocument(w, `{"public-key":{"kty":"EC",`)
		default:
			honest.ServeHTTP(w, r)
		}
	})
}

// Delegate is a domain that has another speak for it: a site with nothing but a support document that says so (C3.3).
func Delegate(authority browserid.Domain) http.Handler {
	document, err := json.Marshal(map[string]browserid.Domain{"authority": authority})
	if err != nil {
		panic(err) // strings can be marshalled
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+issuer.Path, func(w http.ResponseWriter, _ *http.Request) { writeDocument(w, string(document)) })
	return mux
}

func writeDocument(w http.ResponseWriter, document string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, document) // a client that has gone does not want it
}
