package dialog

import "net/http"

// onlyHost refuses requests whose Host is none of the host's names (G16):
// under a foreign name this host would be a copy of itself that keeps other
// identities, and a DNS-rebinding page could read its answers.
func (h *host) onlyHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := h.names.of(r); !ok {
			http.Error(w, "This server answers for "+string(h.origin)+" only.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuseServiceWorkers lets no script of this origin be installed as a
// service worker, which would answer for the host from then on (design.md 9).
func refuseServiceWorkers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Service-Worker") != "" {
			http.Error(w, "This host has no service workers.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOriginOnly lets only the host's own pages call. Beyond what
// [http.CrossOriginProtection] refuses, a request must say where it comes
// from: a program that says nothing has no business with the dialog's API.
func sameOriginOnly(next http.Handler) http.Handler {
	refuse := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		problem{http.StatusForbidden, "cross_origin", "This address answers the host's own pages only."}.write(w)
	})
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(refuse)
	return protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site := r.Header.Get("Sec-Fetch-Site")
		// A browser too old for Sec-Fetch-Site sends Origin, which the
		// protection has compared with the host.
		if site == "same-origin" || site == "" && r.Header.Get("Origin") != "" {
			next.ServeHTTP(w, r)
			return
		}
		refuse(w, r)
	}))
}
