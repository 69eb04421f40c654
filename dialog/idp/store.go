package idp

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// ErrNotFound reports that a store has no such record.
var ErrNotFound = errors.New("not found")

// Store keeps what the fallback identity provider knows. Any number of
// replicas share one.
//
// Update runs change as one transaction: serializable with all others, durable
// when Update returns nil, without any effect when it returns an error. It may
// run change more than once, so change must have no other effects. View is the
// same for reading only.
//
// Count adds one to the counter of a name and returns what it now stands at;
// it starts anew when its window has ended. It is a transaction of its own, and
// counts also what later fails.
type Store interface {
	Update(ctx context.Context, change func(Tx) error) error
	View(ctx context.Context, read func(Reader) error) error
	Count(ctx context.Context, name string, window time.Duration, now time.Time) (int, error)
	// Sweep removes what has expired before now, and accounts that have neither
	// addresses nor sessions any more (with their passkeys), a bounded number of
	// rows a call.
	Sweep(ctx context.Context, now time.Time) error
	// Ping reports whether the store answers.
	Ping(ctx context.Context) error
}

// Reader reads records. A record that is not there is ErrNotFound; a list of
// none is empty. Records that have expired may still be there.
type Reader interface {
	Challenge(id string) (Challenge, error)
	ChallengeOfLink(linkHash []byte) (Challenge, error)
	Address(email browserid.Email) (Address, error) // by AddressKey(email)
	AddressesOf(account string) ([]Address, error)
	Session(tokenHash []byte) (Session, error)
	SessionsOf(account string) ([]Session, error) // those that hold a proof of one of its addresses, or belong to it
	Passkey(credentialID []byte) (Passkey, error)
	PasskeyOfUndo(undoHash []byte) (Passkey, error)
	PasskeysOf(account string) ([]Passkey, error)
	Account(id string) (Account, error)
	Accounts(after string, limit int) ([]Account, error) // by ID, those that come after
	Mail(id string) (Mail, error)
	Familiar(key []byte) (until time.Time, err error)
	IssuancesOf(emailMAC []byte, limit int) ([]Issuance, error) // the newest first
}

// Tx reads and writes within one transaction. Put writes a whole record, new
// or in place of the one of the same key. Delete of what is not there is no error.
type Tx interface {
	Reader
	PutChallenge(Challenge) error
	PutAddress(Address) error
	DeleteAddress(email browserid.Email) error
	PutSession(Session) error
	DeleteSession(tokenHash []byte) error
	PutPasskey(Passkey) error
	DeletePasskey(credentialID []byte) error
	PutAccount(Account) error
	DeleteAccount(id string) error // with its addresses, passkeys and sessions
	PutCeremony(Ceremony) error
	TakeCeremony(id string) (Ceremony, error) // reads and deletes
	PutMail(Mail) error
	AppendIssuance(Issuance) error
	// Count is [Store.Count] for what counts only if the transaction is done.
	Count(name string, window time.Duration, now time.Time) (int, error)
	// PutFamiliar remembers a keyed hash of an address with a browser, or with a
	// network, that has proven it.
	PutFamiliar(key []byte, until time.Time) error
}

// MailQueue hands out mails to send, each to one worker of one replica at a time.
type MailQueue interface {
	// ClaimMail leases the mail that is due longest until leaseEnds. ErrNotFound: none is due.
	ClaimMail(ctx context.Context, now, leaseEnds time.Time) (Mail, error)
	// SaveMail writes what became of a claimed mail.
	SaveMail(ctx context.Context, mail Mail) error
}

// Account is what belongs together for a person: addresses and passkeys. It
// gives no rights of its own: those follow the proofs of a session (design 8).
type Account struct {
	ID      string
	Created time.Time
	Blocked bool   // by the operator: nothing is certified
	Handle  []byte // WebAuthn user handle, 64 random bytes
}

// AddressKey is what an address is found by. Mail servers take local parts in
// any case, so that spellings that differ in it are one address with one owner;
// certificates keep to the spelling that a mail has proven.
func AddressKey(email browserid.Email) string {
	return strings.ToLower(string(email)) // ASCII, as ParseEmail has seen to
}

// Address is an address that somebody has proven. Generation grows whenever
// someone else proves it: proofs of an older generation count no more. It does
// so also over a removal in between.
type Address struct {
	Email      browserid.Email // as first proven
	Account    string
	Generation int64
	Proven     time.Time // when its mailbox was last proven
}

// Proof is a session's, or a passkey's, right to certificates of an address.
type Proof struct {
	Email      browserid.Email `json:"email"`
	Generation int64           `json:"generation"`
	Method     Method          `json:"method"`
	At         time.Time       `json:"at"` // when the mailbox was proven: a passkey hands on the time of the proof it stands for
}

// Method is how an address was proven.
type Method string

// The ways of proving an address.
const (
	MethodCode    Method = "code"
	MethodLink    Method = "link"
	MethodPasskey Method = "passkey"
)

// Challenge is one wait of one dialog for the proof of one address. Several
// mails may be sent for it, each with a code and a link of its own.
type Challenge struct {
	ID          string
	Email       browserid.Email
	BrowserHash []byte // SHA-256 of the token of the browser that asked
	Words       string // shown in the dialog and in the mail; no secret
	Elsewhere   bool   // not the person's own device
	Created     time.Time
	Expires     time.Time // of its last code
	Codes       []Code
	Spent       time.Time // zero while it may still be completed; exactly one confirmation sets it
	Session     []byte    // hash of the session that the confirmation made
}

// Code is what one mail of a challenge carries.
type Code struct {
	MAC      []byte    `json:"mac"`  // HMAC of the digits, by a key outside the store
	LinkHash []byte    `json:"link"` // SHA-256 of the link's token
	MailID   string    `json:"mail"`
	Expires  time.Time `json:"expires"`
	Tries    int       `json:"tries"` // wrong ones while it was open
}

// Session is a browser's at this host. The cookie holds the token, the store its hash.
type Session struct {
	TokenHash []byte
	ID        string // names it to people; random, no secret
	Account   string
	Proofs    []Proof
	Browser   string // rough kind, as in "Firefox on Linux"
	Elsewhere bool   // ends with the browser, or after an hour
	Created   time.Time
	Seen      time.Time
	Expires   time.Time
}

// Passkey is a WebAuthn credential. It proves the addresses that its enrolling
// session had proven.
type Passkey struct {
	CredentialID []byte
	ID           string // names it to people
	Account      string
	Name         string
	Proofs       []Proof
	Credential   []byte // go-webauthn's Credential, as JSON
	UndoHash     []byte // SHA-256 of the token in the notice that was mailed
	Session      string // ID of the session that enrolled it
	Created      time.Time
	Used         time.Time
}

// Ceremony is a WebAuthn challenge that was handed out. It is taken once.
type Ceremony struct {
	ID          string
	BrowserHash []byte
	Data        []byte // go-webauthn's SessionData, as JSON
	Expires     time.Time
}

// MailState says what became of a mail.
type MailState string

// The states of a mail.
const (
	MailQueued MailState = "queued"
	MailSent   MailState = "sent"
	MailFailed MailState = "failed" // for good
)

// Mail is a mail to be sent. Sealed holds recipient and words, encrypted with
// a key outside the store, so that no dump of it lets a code be read; it is
// emptied once the mail is sent or has failed for good.
type Mail struct {
	ID      string
	Sealed  []byte
	State   MailState
	Tries   int
	Due     time.Time // next attempt
	Leased  time.Time // until when a worker has it
	Reason  string    // why the last attempt failed: no address, no code
	Created time.Time
	Expires time.Time // not worth sending afterwards
}

// Issuance is a line of the append-only log of certificates (G13).
type Issuance struct {
	At       time.Time
	Expires  time.Time
	EmailMAC []byte // keyed hash of the address
	Hash     []byte // SHA-256 of the certificate
	Session  string // Session.ID
	Browser  string
	Key      string // thumbprint of the signing key
}
