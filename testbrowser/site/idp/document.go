package idp

import (
	"io"
	"net/http"
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

func writeDocument(w http.ResponseWriter, document string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, document) // a client that has gone does not want it
}
