package verifier

import "net/http"

// headers are on every response (D6): nobody keeps a reply, and no browser
// makes anything of one.
var headers = map[string]string{
	"Cache-Control":             "private, no-cache, no-store, must-revalidate, max-age=0",
	"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
	"Referrer-Policy":           "no-referrer",
	"Strict-Transport-Security": "max-age=15552000",
	"X-Content-Type-Options":    "nosniff",
	"X-Frame-Options":           "DENY",
}

// setHeaders keeps what a server around the verifier has set before.
func setHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			if w.Header().Get(name) == "" {
				w.Header().Set(name, value)
			}
		}
		next.ServeHTTP(w, r)
	})
}
