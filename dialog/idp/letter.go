package idp

import (
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Mailer takes letters to be sent.
type Mailer interface {
	// Enqueue puts a letter into the outbox within the caller's transaction: it
	// is sent once the transaction is committed, and never if it is not. It
	// returns the ID of the [Mail].
	Enqueue(tx Tx, letter Letter) (mailID string, err error)
}

// LetterKind says what a letter is about.
type LetterKind string

// The kinds of letters.
const (
	// LetterCode brings the code and the link that prove an address.
	LetterCode LetterKind = "code"
	// LetterPasskeyAdded tells of a new passkey; its link takes it back.
	LetterPasskeyAdded LetterKind = "passkey_added"
	// LetterMoved tells that the address was proven in a browser that had no
	// right to it before, and that older sessions and passkeys have none now.
	LetterMoved LetterKind = "moved"
	// LetterProviderAppeared tells that the mail domain has an identity provider
	// of its own now, which speaks for the address from here on.
	LetterProviderAppeared LetterKind = "provider_appeared"
)

// Letter is what a mail says. It names no site: the host does not know any.
type Letter struct {
	Kind    LetterKind
	To      browserid.Email // goes to exactly this address, or nowhere
	Code    string          // six digits, for LetterCode
	Link    string          // for LetterCode and LetterPasskeyAdded: a page whose button does it
	Words   string          // for LetterCode: as shown in the dialog, "amber river"
	At      time.Time       // when it was asked for, or happened
	Expires time.Time       // of code and link, after which a letter is not worth sending; zero for notices
	Browser string          // rough kind of the browser that asked, "Firefox on Linux"; may be empty
	Passkey string          // its name, for LetterPasskeyAdded; the person has chosen it
}
