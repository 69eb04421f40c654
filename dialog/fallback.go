package dialog

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/dialog/idp/api"
)

// registerFallback adds what a host has that proves addresses itself: its API,
// its support document (C3), and the pages that its mails lead to.
func (h *host) registerFallback(mux *http.ServeMux) error {
	if h.fallback == nil {
		mux.HandleFunc("POST /api/", apiNotFound)
		return nil
	}
	questions, err := api.New(api.Config{
		Provider: h.fallback,
		Origin:   h.origin,
		Client:   h.clientAddress,
		Now:      h.now,
		Log:      h.log,
	})
	if err != nil {
		return err
	}
	mux.Handle("POST /api/", h.underFirstName(api.SameOriginOnly(h.limitClients(floods, questions))))
	mux.Handle("GET "+issuer.Path, forOtherSites(h.underFirstName(http.HandlerFunc(h.supportDocument))))
	for _, name := range fallbackPages {
		mux.Handle("GET /"+name, h.underFirstName(h.document(name+".html")))
	}
	return nil
}

// fallbackPages are the documents of a host that proves addresses: where its
// mails lead to, and where people see what it knows of them.
var fallbackPages = []string{"confirm", "undo", "account"}

// clientAddress is where a request comes from, or the zero Addr where that cannot be told.
func (h *host) clientAddress(r *http.Request) netip.Addr {
	address, _ := h.proxies.Address(r)
	return address
}

// underFirstName answers for the host's first name alone: sessions, passkeys
// and certificates are that name's.
func (h *host) underFirstName(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.vouchesFor(r) {
			h.notFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// vouchesFor tells whether a request came to the name under which this host
// proves addresses.
func (h *host) vouchesFor(r *http.Request) bool {
	origin, _ := h.names.of(r) // onlyHost has let it pass
	return h.fallback != nil && origin == h.origin
}

// supportDocument publishes the keys that verify the fallback's certificates.
func (h *host) supportDocument(w http.ResponseWriter, r *http.Request) {
	document, err := h.fallback.SupportDocument()
	if err != nil {
		h.log.ErrorContext(r.Context(), "support document", slog.Any("error", err))
		http.Error(w, "Something went wrong here. Please try again.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json") // C3.1
	w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(int(issuer.CacheLifetime.Seconds())))
	_, _ = w.Write(document)
}

// byFallback is the reply for a domain that has no identity provider, where
// this host proves addresses.
func (h *host) byFallback(domain browserid.Domain) (addressReply, error) {
	text, err := h.fallback.SupportDocument()
	if err != nil {
		return addressReply{}, err
	}
	document, err := browserid.ParseSupportDocument(text)
	if err != nil {
		return addressReply{}, err
	}
	return addressReply{
		Domain:     domain,
		Type:       "fallback",
		Authority:  h.fallback.Issuer(),
		Keys:       jwks(document.PublicKeys),
		Algorithms: document.Algorithms,
	}, nil
}
