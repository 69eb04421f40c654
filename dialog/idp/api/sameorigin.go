package api

import "net/http"

// SameOriginOnly lets only the host's own pages call. Beyond what
// [http.CrossOriginProtection] refuses, a request must say where it comes from: a
// program that says nothing has no business here.
func SameOriginOnly(next http.Handler) http.Handler {
	refuse := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusForbidden, refusal{Code: "cross_origin", Message: "This address answers the host's own pages only."}, noTime)
	})
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(refuse)
	return protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site := r.Header.Get("Sec-Fetch-Site")
		// A browser too old for Sec-Fetch-Site sends Origin, which the protection
		// has compared with the host.
		if site == "same-origin" || site == "" && r.Header.Get("Origin") != "" {
			next.ServeHTTP(w, r)
			return
		}
		refuse(w, r)
	}))
}
