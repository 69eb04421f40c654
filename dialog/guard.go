package dialog

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/navid-login/navid/dialog/proxies"
)

// onlyHost refuses requests whose Host is none of the host's names (G16):
// under a foreign name this host would be a copy of itself that keeps other
// identities, and a DNS-rebinding page could read its answers. It refuses those
// that came by another scheme, too, whose pages would have no WebCrypto.
func (h *host) onlyHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin, known := h.names.of(r)
		scheme := h.schemeOf(r)
		if !known || scheme != "" && scheme != origin.Scheme() {
			h.misdirected(w, r, scheme)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// schemeOf is what browsers used, by the word of a proxy of ours, or empty.
func (h *host) schemeOf(r *http.Request) string {
	peer, ok := proxies.ParseHop(r.RemoteAddr)
	if ok && (h.proxies.Trust(peer) || len(h.proxies) == 0 && proxies.Nearby(peer)) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-Proto"), ","), ",")
		if last := strings.ToLower(strings.TrimSpace(hops[len(hops)-1])); last == "http" || last == "https" {
			return last
		}
	}
	return ""
}

// misdirected tells whoever set the host up what does not fit. It is plain text,
// in which a made-up Host does nothing.
func (h *host) misdirected(w http.ResponseWriter, r *http.Request, scheme string) {
	seen := "with a Host that cannot be shown"
	if isHostText(r.Host) {
		seen = "as " + strings.TrimPrefix(scheme+"://"+r.Host, "://")
	}
	http.Error(w, "This request came "+seen+", but this server answers for "+strings.Join(h.names.list(), " and ")+
		" only.\n\nIf you wanted to sign in, open "+string(h.origin)+"/\n\n"+
		"If you run this server: it is to be started with the -public-url that browsers use,\n"+
		"and a proxy in front of it must pass on the Host that it was asked for, and say\n"+
		"X-Forwarded-Proto: https where it was asked by https.", http.StatusMisdirectedRequest)
}

// isHostText tells whether a Host looks like one, so that it may be shown.
func isHostText(host string) bool {
	return host != "" && len(host) <= 255 && !strings.ContainsFunc(host, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]", r)
	})
}

// list are the origins, in order.
func (n names) list() []string {
	origins := map[string]bool{}
	for _, origin := range n {
		origins[string(origin)] = true
	}
	return slices.Sorted(maps.Keys(origins))
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
