package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

var errRecipient = errors.New("no address that mail can go to")

// path writes an address as the path of an SMTP command (RFC 5321, 4.1.2): the
// very bytes of the address, whose local part is quoted where its dots do not
// stand between other characters ("a..b", which some networks do give out).
//
// Refused is all that is not exactly what browserid.ParseEmail returns:
// control characters, quotes, a second @, a name that is not ASCII, a dot at
// the end. And "=?": it may stand in an address, but no mailbox is called so,
// and mail software that decodes it finds a different one (G16, abuse test 36).
func path(address browserid.Email) (string, error) {
	parsed, err := browserid.ParseEmail(string(address))
	if err != nil || parsed != address || strings.Contains(string(address), "=?") {
		return "", errRecipient
	}
	local := address.Local()
	if dots := "." + local + "."; strings.Contains(dots, "..") {
		local = `"` + local + `"`
	}
	return "<" + local + "@" + string(address.Domain()) + ">", nil
}

// envelope is a message with the paths that it goes from and to.
type envelope struct {
	from, to string
	message  Message
}

func newEnvelope(message Message) (envelope, error) {
	to, err := path(message.To)
	if err != nil {
		return envelope{}, &Failure{Reason: reasonRecipient, Permanent: true, Detail: "recipient: " + err.Error()}
	}
	from, err := path(browserid.Email(message.From.Address))
	if err != nil {
		return envelope{}, &Failure{Reason: reasonSender, Permanent: true, Detail: "sender: " + err.Error()}
	}
	return envelope{from, to, message}, nil
}

// maxNameBytes limits the name of a sender.
const maxNameBytes = 64

// ParseFrom reads the sender of all letters: "login@example.org", or with a
// name, as in "Example sign-in <login@example.org>". Without a name, mailboxes
// show that of the host.
func ParseFrom(s string, host browserid.Origin) (netmail.Address, error) {
	from, err := netmail.ParseAddress(s)
	if err != nil {
		return netmail.Address{}, fmt.Errorf("sender %q: %w", s, err)
	}
	if _, err := path(browserid.Email(from.Address)); err != nil {
		return netmail.Address{}, fmt.Errorf("sender %q: %w (the domain in lower case)", s, err)
	}
	if len(from.Name) > maxNameBytes || strings.ContainsFunc(from.Name, isControl) {
		return netmail.Address{}, fmt.Errorf("sender %q: the name is too long, or not text", s)
	}
	if from.Name == "" {
		from.Name = host.Host()
	}
	return *from, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }
