package dialog

import (
	"fmt"
	"io"
	"net/http"

	"github.com/navid-login/navid/dialog/idp/api"
)

// handler wires every URL of the host (design.md 4). What must hold for each
// response, 404 and refusals included, is wrapped around the whole.
func (h *host) handler() (http.Handler, error) {
	mux := http.NewServeMux()
	h.assets.register(mux)
	mux.HandleFunc("GET /{$}", h.document("index.html"))
	mux.HandleFunc("GET /sign_in", h.signIn)
	mux.HandleFunc("GET /communication_iframe", h.communicationFrame)
	mux.HandleFunc("GET /healthz", healthz)
	mux.Handle("POST /api/address", api.SameOriginOnly(h.limitClients(lookups, http.HandlerFunc(h.address))))
	h.registerCheck(mux)
	if err := h.registerFallback(mux); err != nil {
		return nil, fmt.Errorf("dialog: %w", err)
	}
	mux.HandleFunc("GET /", h.notFound)

	// A mux of their own, since the verifier says itself which methods it takes,
	// and "/verify" beside "GET /" would be ambiguous.
	front := http.NewServeMux()
	front.Handle("/verify", h.verifier)
	front.Handle("/v2", h.verifier)
	front.Handle("/", mux)

	var handler http.Handler = front
	handler = refuseServiceWorkers(handler)
	handler = h.onlyHost(handler)
	handler = logRequests(h.log, handler)
	return setHeaders(h.origin, h.dev, handler), nil
}

// healthz says that the process answers; it depends on nothing else.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, "ok\n")
}
