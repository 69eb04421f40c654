package testbrowser

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// MailServer is a real one on this machine, which takes mail for everybody.
type MailServer struct {
	t        testing.TB
	server   *smtp.Server
	listener net.Listener

	mu      sync.Mutex
	mails   []Mail
	isDown  bool
	unknown string
	refused int
}

// Mail is a mail that has come.
type Mail struct {
	To      string // of the envelope
	Subject string
	Text    string // the part in plain text
	HTML    string
	Raw     string
}

// newMailServer starts a server that speaks STARTTLS; it ends with the test.
func newMailServer(t testing.TB) *MailServer {
	t.Helper()
	s := &MailServer{t: t, listener: listen(t)}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{server: s}, nil }))
	s.server.Domain = "localhost"
	s.server.TLSConfig = &tls.Config{GetCertificate: testAuthority().certificate}
	go func() { _ = s.server.Serve(s.listener) }() // ends with smtp.ErrServerClosed
	t.Cleanup(func() { _ = s.server.Close() })
	return s
}

// Break makes the server refuse all mail for now, or take it again.
func (s *MailServer) Break(isDown bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isDown = isDown
}

// Forget makes the server know of no mailbox of this name.
func (s *MailServer) Forget(mailbox string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unknown = mailbox
}

// WaitRefused waits until the broken server has refused a mail.
func (s *MailServer) WaitRefused() {
	s.t.Helper()
	await(s.t, "a mail to be refused", func() (bool, string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.refused > 0, "none"
	})
}

// All are the mails so far, the oldest first.
func (s *MailServer) All() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Wait waits for the nth mail to an address, counted from one.
func (s *MailServer) Wait(to string, n int) Mail {
	s.t.Helper()
	var found Mail
	await(s.t, fmt.Sprintf("mail %d to %s", n, to), func() (bool, string) {
		var seen []string
		count := 0
		for _, m := range s.All() {
			seen = append(seen, m.To+": "+m.Subject)
			if m.To == to {
				if count++; count == n {
					found = m
					return true, ""
				}
			}
		}
		return false, fmt.Sprintf("%v", seen)
	})
	return found
}

var (
	codeInMail = regexp.MustCompile(`(?m)^\s*(\d{3}) ?(\d{3})\s*$`)
	linkInMail = regexp.MustCompile(`https://\S+#\S+`)
)

// Code is the one-time code that the mail's text has on a line of its own.
func (m Mail) Code() string {
	digits := codeInMail.FindStringSubmatch(m.Text)
	if digits == nil {
		return "no code in: " + m.Text
	}
	return digits[1] + digits[2]
}

// Link is the mail's link.
func (m Mail) Link() string {
	return linkInMail.FindString(m.Text)
}

// delivery is a conversation with somebody who brings mail.
type delivery struct {
	server *MailServer
	to     string
}

var (
	errMailDown  = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "out of order"}
	errNoMailbox = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
)

func (d *delivery) Mail(string, *smtp.MailOptions) error {
	d.server.mu.Lock()
	defer d.server.mu.Unlock()
	if d.server.isDown {
		d.server.refused++
		return errMailDown
	}
	return nil
}

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	if d.to != "" {
		return errors.New("one recipient, please")
	}
	d.server.mu.Lock()
	defer d.server.mu.Unlock()
	if to == d.server.unknown {
		return errNoMailbox
	}
	d.to = to
	return nil
}

func (d *delivery) Data(content io.Reader) error {
	raw, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	received, err := readMail(string(raw))
	if err != nil {
		return err
	}
	received.To = d.to
	d.server.mu.Lock()
	defer d.server.mu.Unlock()
	d.server.mails = append(d.server.mails, received)
	return nil
}

func (d *delivery) Reset()        { d.to = "" }
func (d *delivery) Logout() error { return nil }

// readMail reads a mail as a mail program does.
func readMail(raw string) (Mail, error) {
	message, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return Mail{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		return Mail{}, err
	}
	read := Mail{Subject: subject, Raw: raw}
	_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return Mail{}, err
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return read, nil
		}
		if err != nil {
			return Mail{}, err
		}
		text, err := readPart(part)
		if err != nil {
			return Mail{}, err
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			read.HTML = text
		} else {
			read.Text = text
		}
	}
}

func readPart(part *multipart.Part) (string, error) {
	var content io.Reader = part
	if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		content = quotedprintable.NewReader(part)
	}
	text, err := io.ReadAll(content)
	return string(text), err
}
