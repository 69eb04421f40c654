package idp

import (
	"net/netip"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Visitor is the browser that asks, as its request tells it.
type Visitor struct {
	// BrowserToken ties challenges and ceremonies to the browser that began
	// them. It is a secret of [NewToken], in a cookie.
	BrowserToken string
	// SessionToken is of the session on this host, or empty.
	SessionToken string
	// Client is where the request comes from. The zero Addr is an unknown
	// place, to which the limits per network do not apply.
	Client netip.Addr
	// Browser is its rough kind, as in "Firefox on Linux". People read it.
	Browser string
}

// Pending is a challenge that waits for its code or link.
type Pending struct {
	Challenge string
	Email     browserid.Email
	Words     string
	ResendAt  time.Time // from when on another mail may be asked for
	Expires   time.Time // of the last code
}

// Grant is a session to be given to the browser.
type Grant struct {
	SessionToken string
	Email        browserid.Email // that was proven; empty for a passkey
	Expires      time.Time
	Elsewhere    bool // not the person's own device: the cookie ends with the browser
}

// Followed is what came of a mailed link's button: in the browser that asked,
// the address is proven; in another, there is a code to type where it was asked.
type Followed struct {
	Confirmed bool
	Grant     Grant // when Confirmed
	Code      string
	Email     browserid.Email
}

// State is how far a challenge has come.
type State string

// The states of a challenge.
const (
	StateWaiting    State = "waiting"
	StateConfirmed  State = "confirmed"
	StateMailFailed State = "mail_failed"
	StateExpired    State = "expired"
)

// Progress is how far a challenge has come.
type Progress struct {
	State  State
	Reason string // why the mail failed, or waits to be sent once more
	Grant  Grant  // when confirmed
}

// Proven is an address that a session has proven.
type Proven struct {
	Email  browserid.Email
	Method Method
	At     time.Time // when its mailbox was last proven
	// Lapsed says that it has to be proven again: someone else has proven it
	// since, or the proof is too old.
	Lapsed bool
}

// SessionView is what a session may know about itself.
type SessionView struct {
	SignedIn  bool
	Elsewhere bool
	Addresses []Proven
}

// PasskeyView is a passkey as its owner sees it.
type PasskeyView struct {
	ID, Name      string
	Created, Used time.Time
}

// SessionSummary is one of the sessions that hold rights of this one.
type SessionSummary struct {
	ID, Browser   string
	Created, Seen time.Time
	Current       bool
}

// Issued is a certificate that was issued for an address.
type Issued struct {
	Email       browserid.Email
	At, Expires time.Time
	Browser     string
}

// AccountView is all that a session may see: what belongs to the addresses that
// it has proven, and nothing else of the same account.
type AccountView struct {
	SessionView
	Passkeys     []PasskeyView
	Sessions     []SessionSummary
	Certificates []Issued
}
