package mail

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Probe sends a test mail, for whoever runs a host, and returns what was said:
// lines that begin with ">" are this host's, with "<" the server's, with "*"
// what happened beside. Nothing of AUTH is in it, nor the password anywhere else.
// The error is a *Failure.
func Probe(ctx context.Context, server SMTP, letters Letters, to browserid.Email) ([]string, error) {
	log := &transcript{secrets: server.secrets()}
	err := server.send(ctx, letters.test(to), log)
	return log.lines, err
}

// test is the mail that Probe sends.
func (l Letters) test(to browserid.Email) Message {
	text := "This is a test of " + l.Origin.Host() + ", sent by `navid doctor`. If you read it where you read\n" +
		"other mail, and not among the unwanted, people will find their codes.\n"
	return Message{
		ID:      l.messageID(rand.Text()),
		From:    l.From,
		To:      to,
		Subject: "Test mail of " + l.Origin.Host(),
		At:      time.Now(),
		Text:    text,
		HTML:    "<p>" + strings.ReplaceAll(text, "`navid doctor`", "<code>navid doctor</code>") + "</p>",
	}
}

// secrets are the forms in which the password could appear.
func (s SMTP) secrets() []string {
	if s.Password == "" {
		return nil
	}
	encode := base64.StdEncoding.EncodeToString
	return []string{
		encode([]byte("\x00" + s.User + "\x00" + s.Password)), encode([]byte(s.Password)),
		url.QueryEscape(s.Password), url.PathEscape(s.Password), s.Password,
	}
}
