package listen

import (
	"net/http"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// Redirect sends browsers that come by http on to the origin of the host that
// they name. It believes no other host: a link with a foreign one stays here.
func Redirect(origins []browserid.Origin) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := strings.Cut(strings.ToLower(r.Host), ":")
		for _, origin := range origins {
			if origin.Host() != host {
				continue
			}
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				http.Error(w, "This server speaks https only: "+string(origin), http.StatusForbidden)
				return
			}
			http.Redirect(w, r, string(origin)+r.URL.RequestURI(), http.StatusMovedPermanently)
			return
		}
		http.Error(w, "This server answers for "+string(origins[0])+" only.", http.StatusMisdirectedRequest)
	})
}
