package dialog

import (
	"net/http"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/check"
	"github.com/navid-login/navid/dialog/idp/api"
)

// checks are what one client may have examined: each is a lookup and a few pages
// of another one, and somebody who mends a provider looks again and again.
var checks = pace{rate: 0.2, burst: 10}

// maxChecks is how many checks are made at once, for all clients together: whoever
// has many networks and a slow domain could have any number under way otherwise,
// each with two pages in memory.
const maxChecks = 32

// registerCheck adds the page that tells who runs a mail domain why its provider
// does not work (H1.10), where the host's discovery can tell.
func (h *host) registerCheck(mux *http.ServeMux) {
	detailed, ok := h.discovery.(check.Discovery)
	if !ok {
		return
	}
	examine := func(w http.ResponseWriter, r *http.Request) { h.check(w, r, detailed) }
	mux.HandleFunc("GET /check", h.document("check.html"))
	mux.Handle("POST /api/check", api.SameOriginOnly(h.limitClients(checks, h.atOnce(maxChecks, examine))))
}

// atOnce answers 503 while most requests are under way that may be.
func (h *host) atOnce(most int, next http.HandlerFunc) http.Handler {
	underWay := make(chan struct{}, most)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case underWay <- struct{}{}:
			defer func() { <-underWay }()
			next(w, r)
		default:
			problem{http.StatusServiceUnavailable, "host_busy", "There are many checks under way. Please wait a minute."}.
				writeAt(w, browserid.MillisOf(h.now()))
		}
	})
}

// checkReply is a report, with the host's time in milliseconds since the Unix epoch.
type checkReply struct {
	*check.Report
	Now browserid.Millis `json:"now"`
}

// check answers POST /api/check {"domain":"idp.test"}. A check takes as long as
// the domain does, within the bounds of package check.
func (h *host) check(w http.ResponseWriter, r *http.Request, detailed check.Discovery) {
	domain, refusal := readDomain(w, r)
	if refusal != nil {
		refusal.writeAt(w, browserid.MillisOf(h.now()))
		return
	}
	checker := check.Checker{Discovery: detailed, Hosts: h.originsFrom(r), Now: h.now}
	if h.fallback != nil {
		checker.Fallback = h.fallback.Issuer()
	}
	report := checker.Domain(r.Context(), domain)
	writeJSON(w, http.StatusOK, checkReply{report, browserid.MillisOf(h.now())})
}

// originsFrom are the host's, the one that was asked for first.
func (h *host) originsFrom(r *http.Request) []browserid.Origin {
	asked, _ := h.names.of(r) // onlyHost has let it pass
	origins := []browserid.Origin{asked}
	for _, name := range h.names.list() {
		if name != string(asked) {
			origins = append(origins, browserid.Origin(name))
		}
	}
	return origins
}
