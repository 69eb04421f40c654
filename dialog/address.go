package dialog

import (
	"context"
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
// "primary", or "none" for a domain without an identity provider of its own.
// Now is the host's time in milliseconds since the Unix epoch.
type addressReply struct {
	Domain         browserid.Domain      `json:"domain"`
	Type           string                `json:"type"`
	Authority      browserid.Domain      `json:"authority,omitempty"`
	Authentication string                `json:"authentication,omitempty"`
	Provisioning   string                `json:"provisioning,omitempty"`
	Keys           []browserid.PublicKey `json:"keys,omitempty"`
	Algorithms     []browserid.Algorithm `json:"algorithms,omitempty"`
	Logout         string                `json:"logout,omitempty"`
	Now            browserid.Millis      `json:"now"`
}

// address answers POST /api/address {"domain":"idp.test"}. The dialog sends
// the domain alone, so that this server never holds a whole address.
func (h *host) address(w http.ResponseWriter, r *http.Request) {
	domain, refusal := readDomain(w, r)
	if refusal != nil {
		refusal.writeAt(w, browserid.MillisOf(h.now()))
		return
	}
	provider, err := h.discovery.Discover(r.Context(), domain)
	reply := addressReply{Domain: domain, Type: "none"}
	if err == nil {
		reply = primary(domain, provider)
	} else if failure := h.discoveryProblem(r.Context(), domain, err); failure != nil {
		failure.writeAt(w, browserid.MillisOf(h.now()))
		return
	}
	reply.Now = browserid.MillisOf(h.now())
	writeJSON(w, http.StatusOK, reply)
}

// primary is the reply for a domain that has an identity provider.
func primary(domain browserid.Domain, provider *discovery.Provider) addressReply {
	return addressReply{
		Domain:         domain,
		Type:           "primary",
		Authority:      provider.Authority,
		Authentication: provider.Authentication,
		Provisioning:   provider.Provisioning,
		Keys:           provider.Keys,
		Algorithms:     provider.Algorithms,
		Logout:         provider.Logout,
	}
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
	domain, err := browserid.ParseDomain(name)
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

// discoveryProblem says what a failed discovery means to the dialog; nil
// means that a fallback may vouch for the domain's addresses (D1.12).
func (h *host) discoveryProblem(ctx context.Context, domain browserid.Domain, err error) *problem {
	failure, ok := errors.AsType[*discovery.Error](err)
	if ok && failure.State.FallbackMaySpeak() {
		return nil
	}
	h.log.LogAttrs(ctx, slog.LevelWarn, "discovery failed", slog.String("domain", string(domain)), slog.Any("error", err))
	switch {
	case ok && failure.State == discovery.Offline:
		return &problem{http.StatusBadGateway, "provider_offline", failure.Reason}
	case ok && failure.State == discovery.Invalid:
		return &problem{http.StatusBadGateway, "provider_invalid", failure.Reason}
	default:
		return &problem{http.StatusInternalServerError, "internal", "Something went wrong here. Please try again."}
	}
}
