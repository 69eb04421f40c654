package api

import (
	"net"
	"net/http"
	"strings"
)

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
		if site == "same-origin" || site == "" && isOwnOrigin(r.Header.Get("Origin"), r.Host) {
			next.ServeHTTP(w, r)
			return
		}
		refuse(w, r)
	}))
}

// isOwnOrigin reads what a browser sends that is too old for Sec-Fetch-Site. The
// protection compares the names alone, and so lets pages in that somebody on the
// way has put at http:// and this name: that is for localhost only.
func isOwnOrigin(origin, host string) bool {
	scheme, authority, _ := strings.Cut(origin, "://")
	return strings.EqualFold(authority, host) && (scheme == "https" || scheme == "http" && isLocalhost(host))
}

func isLocalhost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
