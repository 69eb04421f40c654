package discovery

import (
	"errors"

	"github.com/navid-login/navid/agent/browserid"
)

// State says what a failed discovery means for the domain asked about. It is a stable word that may be shown or sent.
type State string

const (
	// Absent: the domain has no identity provider. A fallback may vouch for its addresses.
	Absent State = "absent"
	// Offline: the domain has, or may have, an identity provider that could not be asked. Nobody else may speak for it (G12).
	Offline State = "offline"
	// Disabled: the domain says that it takes no part. A fallback may vouch for its addresses (D4.4).
	Disabled State = "disabled"
	// Invalid: the domain publishes a support document that cannot be used. It meant to speak for itself, so nobody else may.
	Invalid State = "invalid"
)

// FallbackMaySpeak reports whether a fallback may vouch for addresses of a domain in this state (D1.12).
func (s State) FallbackMaySpeak() bool {
	return s == Absent || s == Disabled
}

// Error is why a domain has no usable identity provider. [Client.Discover] returns no other type, save for the caller's own
// context error.
type Error struct {
	State State
	// Cause is what was met.
	Cause Cause
	// Reason is one sentence, or several, for the person who runs the domain; strangers may read it. It quotes nothing that the domain
	// sent, and tells nothing of the network that we are in.
	Reason string
	// Domain is the domain that was asked about.
	Domain browserid.Domain
	// Err is the cause, for our own logs only; it may be nil.
	Err error
}

func (e *Error) Error() string {
	return "discover " + string(e.Domain) + ": " + e.Reason
}

func (e *Error) Unwrap() error { return e.Err }

var (
	// ErrBusy is wrapped by an Offline [Error] when too many lookups are under way to begin another. It is never cached.
	ErrBusy = errors.New("too many lookups at once")
	// ErrAddressBarred is wrapped when a domain leads to an address that is not public, or to a port other than 443.
	ErrAddressBarred = errors.New("address barred")
)
