package dialog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// maxAddressBody bounds a question in bytes: a domain has at most 253.
const maxAddressBody = 1 << 10

// addressReply tells the dialog who speaks for a mail domain. Type is
// "primary", "fallback" for a domain without an identity provider of its own, or
// "none" where this host does not vouch for those, or
// "offline" or "invalid" for one whose provider cannot be reached or is set up
// wrongly; Reason then says what was seen, in a sentence. These are answers
// too, with status 200: browsers report other statuses as errors of the page.
// Now is the host's time in milliseconds since the Unix epoch.
type addressReply struct {
	Domain         browserid.Domain      `json:"domain"`
	Type           string                `json:"type"`
	Authority      browserid.Domain      `json:"authority,omitempty"`
	Authentication string                `json:"authentication,omitempty"`
	Provisioning   string                `json:"provisioning,omitempty"`
	Keys           []json.RawMessage     `json:"keys,omitempty"` // each a JWK, also of those published in the classic form
	Algorithms     []browserid.Algorithm `json:"algorithms,omitempty"`
	Logout         string                `json:"logout,omitempty"`
	Reason         string                `json:"reason,omitempty"`
	// Display is how to write Domain and Authority for people, for those of
	// them that may be shown in their own script (B6.3).
	Display map[browserid.Domain]string `json:"display,omitempty"`
	Now     browserid.Millis            `json:"now"`
}

// address answers POST /api/address {"domain":"idp.test"}. The dialog sends
// the domain alone, so that this server never holds a whole address. The domain
// may be in its own script; the answer has it as it is on the wire.
func (h *host) address(w http.ResponseWriter, r *http.Request) {
	domain, refusal := readDomain(w, r)
	if refusal != nil {
		refusal.writeAt(w, browserid.MillisOf(h.now()))
		return
	}
	reply, failure := h.whoSpeaksFor(r, domain)
	if failure != nil {
		failure.writeAt(w, browserid.MillisOf(h.now()))
		return
	}
	reply.Display = displayed(domain, reply.Authority)
	reply.Now = browserid.MillisOf(h.now())
	writeJSON(w, http.StatusOK, reply)
}

// displayed returns the display names of those domains that have one.
func displayed(domains ...browserid.Domain) map[browserid.Domain]string {
	names := map[browserid.Domain]string{}
	for _, domain := range domains {
		if name := discovery.Display(domain); name != string(domain) {
			names[domain] = name
		}
	}
	return names
}

// whoSpeaksFor discovers the provider of a domain and says what came of it.
func (h *host) whoSpeaksFor(r *http.Request, domain browserid.Domain) (addressReply, *problem) {
	ctx := r.Context()
	provider, err := h.discovery.Discover(ctx, domain)
	if err == nil && h.vouchesFor(r) && provider.Authority == h.fallback.Issuer() {
		return h.withoutProvider(r, domain) // it is this host, or delegates to it
	}
	if err == nil {
		return primary(domain, provider), nil
	}
	failure, ok := errors.AsType[*discovery.Error](err)
	if ok && failure.State.FallbackMaySpeak() { // D1.12
		return h.withoutProvider(r, domain)
	}
	h.log.LogAttrs(ctx, slog.LevelWarn, "discovery failed",
		slog.String("domain", string(domain)), slog.Any("error", err), slog.Any("cause", errors.Unwrap(err)))
	switch {
	case ok && failure.State == discovery.Offline:
		return addressReply{Domain: domain, Type: "offline", Reason: failure.Reason}, nil
	case ok && failure.State == discovery.Invalid:
		return addressReply{Domain: domain, Type: "invalid", Reason: failure.Reason}, nil
	}
	return addressReply{}, &internalProblem
}

// withoutProvider is the reply for a domain that has no identity provider: this
// host vouches for it, or nobody does.
func (h *host) withoutProvider(r *http.Request, domain browserid.Domain) (addressReply, *problem) {
	if !h.vouchesFor(r) {
		return addressReply{Domain: domain, Type: "none"}, nil
	}
	reply, err := h.byFallback(domain)
	if err != nil {
		h.log.ErrorContext(r.Context(), "fallback", slog.Any("error", err))
		return addressReply{}, &internalProblem
	}
	return reply, nil
}

// primary is the reply for a domain that has an identity provider.
func primary(domain browserid.Domain, provider *discovery.Provider) addressReply {
	return addressReply{
		Domain:         domain,
		Type:           "primary",
		Authority:      provider.Authority,
		Authentication: provider.Authentication,
		Provisioning:   provider.Provisioning,
		Keys:           jwks(provider.Keys),
		Algorithms:     provider.Algorithms,
		Logout:         provider.Logout,
	}
}

// jwks writes keys in the form that is cheap to write and to read: turning an
// RSA modulus into decimal, for the classic form, takes many times as long.
func jwks(keys []browserid.PublicKey) []json.RawMessage {
	written := make([]json.RawMessage, len(keys))
	for i, key := range keys {
		written[i] = key.JWK()
	}
	return written
}

// readDomain reads the question strictly: one member, no duplicate of it.
func readDomain(w http.ResponseWriter, r *http.Request) (browserid.Domain, *problem) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAddressBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return "", &problem{http.StatusRequestEntityTooLarge, "invalid_request", "The question is too long."}
	}
	if err != nil {
		return "", &problem{http.StatusBadRequest, "invalid_request", "The question broke off."}
	}
	name, err := onlyMember(body, "domain")
	if err != nil {
		return "", &problem{http.StatusBadRequest, "invalid_request", `The question must be {"domain":"…"}.`}
	}
	domain, err := discovery.ParseDomain(name)
	if err != nil {
		return "", &problem{http.StatusBadRequest, "invalid_domain", "This is not the name of a mail domain."}
	}
	return domain, nil
}

// onlyMember returns the string of an object that has this member and no other.
func onlyMember(body []byte, name string) (string, error) {
	object, err := browserid.StrictObject(body)
	if err != nil {
		return "", err
	}
	raw, ok := object[name]
	if !ok || len(object) != 1 {
		return "", fmt.Errorf("want the member %q alone", name)
	}
	var value *string
	if err := json.Unmarshal(raw, &value); err != nil {
		return "", err
	}
	if value == nil {
		return "", fmt.Errorf("%q is null", name)
	}
	return *value, nil
}
