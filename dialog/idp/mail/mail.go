// Package mail carries the letters of the fallback identity provider from its
// core to a mail server: Outbox seals a letter into the store's queue, Worker
// takes it out, writes it as text and HTML, and gives it to a Sender: SMTP, or
// in development Folder or Log.
//
// A mail that was queued is handed over at least once, or reported as failed:
// never dropped in silence. The price is that one which was handed over may be
// sent again, when the process or the store dies between the mail server's
// "accepted" and the store's. Both copies have the same Message-ID.
//
// A letter goes to exactly the address that it names or nowhere: the envelope
// is built from the address's bytes, and no mail library parses it on the way.
// Nothing that a stranger wrote gets into a header, and into a body only
// letters, digits and spaces (see plain).
package mail

import (
	"context"
	"io"
	netmail "net/mail"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/navid-login/navid/agent/browserid"
)

// Sender hands a message over. When Send returns nil, someone else answers for
// its delivery. An error that is no *Failure is treated as one that may pass.
type Sender interface {
	Send(ctx context.Context, message Message) error
}

// Message is a letter as it goes out.
type Message struct {
	ID      string // Message-ID without its brackets, the same at each attempt
	From    netmail.Address
	To      browserid.Email
	Subject string
	At      time.Time // when it was asked for
	Text    string
	HTML    string
}

// WriteTo writes the message as MIME (RFC 5322, RFC 2045), with lines that end in CR LF.
func (m Message) WriteTo(w io.Writer) (int64, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(&m.From)
	message.ToMailAddress(&netmail.Address{Address: string(m.To)})
	message.Subject(m.Subject)
	message.SetDateWithValue(m.At.UTC())
	message.SetMessageIDWithValue(m.ID)
	// Neither answered by robots (RFC 3834) nor by people on holiday.
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetGenHeader("X-Auto-Response-Suppress", "All")
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return message.WriteTo(w)
}

// Failure is why a message was not handed over.
type Failure struct {
	Reason    string // a sentence for the person who waits: no address, no code
	Permanent bool   // trying again is useless
	Detail    string // for the log, no address either
}

// Error returns the detail.
func (f *Failure) Error() string { return f.Detail }
