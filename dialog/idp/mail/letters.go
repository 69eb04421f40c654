package mail

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	netmail "net/mail"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

//go:embed templates
var templates embed.FS

// Letters writes the letters of a host.
type Letters struct {
	From   netmail.Address
	Origin browserid.Origin
}

// Write writes a letter. The id, which names it in the queue, becomes part of
// its Message-ID, so that mailboxes can tell a repetition.
func (l Letters) Write(id string, letter idp.Letter) (Message, error) {
	head, ok := letterheads[letter.Kind]
	if !ok {
		return Message{}, fmt.Errorf("no letter is called %q", letter.Kind)
	}
	text, html, err := head.write(l.facts(letter))
	return Message{
		ID:      l.messageID(id),
		From:    l.From,
		To:      letter.To,
		Subject: head.subject + " " + l.Origin.Host(),
		At:      letter.At,
		Text:    text,
		HTML:    html,
	}, err
}

func (l Letters) messageID(id string) string {
	return strings.ToLower(id) + "@" + string(browserid.Email(l.From.Address).Domain())
}

var letterheads = map[idp.LetterKind]letterhead{
	idp.LetterCode:             newLetterhead("Your code for", "code"),
	idp.LetterPasskeyAdded:     newLetterhead("A passkey was added at", "passkey_added"),
	idp.LetterMoved:            newLetterhead("Your address was confirmed anew at", "moved"),
	idp.LetterProviderAppeared: newLetterhead("Your address is no longer confirmed by", "provider_appeared"),
}

func (l Letters) facts(letter idp.Letter) facts {
	return facts{
		Host:    l.Origin.Host(),
		To:      letter.To,
		Code:    letter.Code,
		Link:    letter.Link,
		Words:   plain(letter.Words),
		At:      moment(letter.At),
		Until:   letter.Expires.UTC().Format("15:04 UTC"),
		Browser: plain(letter.Browser),
		Passkey: plain(letter.Passkey),
		Account: string(l.Origin) + "/account",
	}
}

// facts are what a letter says, ready to be written.
type facts struct {
	Host    string // of the login host
	To      browserid.Email
	Code    string
	Link    string
	Words   string
	At      string
	Until   string
	Browser string
	Passkey string
	Account string // where a person sees what is theirs
}

// letterhead is a kind of letter: its subject and its two bodies.
type letterhead struct {
	subject string // before the name of the host; no code: lock screens show it
	html    *htmltemplate.Template
	text    *texttemplate.Template
}

func newLetterhead(subject, name string) letterhead {
	functions := map[string]any{"css": css}
	return letterhead{
		subject: subject,
		html: htmltemplate.Must(htmltemplate.New("layout.html").Funcs(functions).
			ParseFS(templates, "templates/layout.html", "templates/"+name+".html")),
		text: texttemplate.Must(texttemplate.New("layout.txt").
			ParseFS(templates, "templates/layout.txt", "templates/"+name+".txt")),
	}
}

// write returns the letter as text and as HTML.
func (l letterhead) write(f facts) (text, html string, err error) {
	var plainText, hyperText strings.Builder
	if err := l.text.Execute(&plainText, f); err != nil {
		return "", "", err
	}
	if err := l.html.Execute(&hyperText, f); err != nil {
		return "", "", err
	}
	return wrap(plainText.String()), hyperText.String(), nil
}

// Padding keeps what follows the preview out of inboxes and lock screens,
// which show the first words of a mail: the code is not for them.
func (facts) Padding() string { return strings.Repeat("\u2007\u034f", 150) }

// maxFactLength limits what a stranger had a say in, in characters.
const maxFactLength = 40

// plain keeps of a text that a stranger had a say in what cannot become a
// link, a line, markup or the end of a sentence: letters, digits, spaces and
// hyphens. A letter must not carry a stranger's message (G11).
func plain(s string) string {
	kept := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\'' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
	kept = strings.Join(strings.Fields(kept), " ")
	runes := []rune(kept)
	return strings.TrimSpace(string(runes[:min(len(runes), maxFactLength)]))
}

// moment is how letters write a time. The person's time zone is not known here.
func moment(t time.Time) string { return t.UTC().Format("2 January 2006 at 15:04 UTC") }

// columns is how wide a letter's text is.
const columns = 72

// wrap breaks the long lines of a text between words. What is indented, and a
// word as long as a link, stays whole.
func wrap(text string) string {
	var wrapped strings.Builder
	for line := range strings.Lines(text) {
		if len(line) <= columns || strings.HasPrefix(line, " ") {
			wrapped.WriteString(line)
			continue
		}
		width := 0
		for _, word := range strings.Fields(line) {
			switch {
			case width > 0 && width+1+len(word) > columns:
				wrapped.WriteString("\n")
				width = 0
			case width > 0:
				wrapped.WriteString(" ")
				width++
			}
			wrapped.WriteString(word)
			width += len(word)
		}
		wrapped.WriteString("\n")
	}
	return wrapped.String()
}
