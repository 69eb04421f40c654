package mail

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// step is where a conversation with a mail server stands.
type step string

const (
	stepConnect   step = "connect"
	stepTLS       step = "TLS"
	stepGreeting  step = "greeting"
	stepHello     step = "EHLO"
	stepAuth      step = "AUTH"
	stepSender    step = "MAIL FROM"
	stepRecipient step = "RCPT TO"
	stepData      step = "DATA"
)

var (
	errNoSTARTTLS = errors.New("the server offers no STARTTLS, and mails are not sent unencrypted: use smtps://…:465, or a server that has it")
	errNoAuth     = errors.New("the server offers none of PLAIN, LOGIN, CRAM-MD5 and SCRAM-SHA-256")
)

// conversation is one with a mail server, about one mail.
type conversation struct {
	server     SMTP
	log        *transcript // nil: none
	at         step
	connection net.Conn
	client     *smtp.Client
}

// hold is the conversation, read from top to bottom. Nothing in it outlasts
// the deadline of ctx, and the end of ctx ends it at once.
func (c *conversation) hold(ctx context.Context, mail envelope) (err error) {
	c.at = stepConnect
	if c.connection, err = c.server.connect(ctx); err != nil {
		return err
	}
	defer c.connection.Close()
	defer context.AfterFunc(ctx, c.hangUp)()
	c.log.note("connected to %s", c.connection.RemoteAddr())
	if err := c.greet(ctx); err != nil {
		return err
	}
	if err := c.authenticate(); err != nil {
		return err
	}
	if err := c.deliver(mail); err != nil {
		return err
	}
	// The mail is the server's now, whatever becomes of the farewell.
	c.connection.SetDeadline(time.Now().Add(time.Second))
	_ = c.client.Quit()
	return nil
}

// hangUp ends all reading and writing.
func (c *conversation) hangUp() { c.connection.SetDeadline(time.Unix(1, 0)) }

// greet exchanges greetings, and sees to it that the rest is encrypted.
func (c *conversation) greet(ctx context.Context) (err error) {
	connection := c.connection
	if c.server.Security == ImplicitTLS {
		c.at = stepTLS
		encrypted := tls.Client(connection, c.server.tls(c.log.noteTLS))
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return err
		}
		connection = encrypted
	}
	c.at = stepGreeting
	if c.client, err = smtp.NewClient(connection, c.server.Host); err != nil {
		return err
	}
	c.log.follow(c.client)
	c.client.SkipSMTPUTF8(true)
	c.at = stepHello
	if err := c.client.Hello(c.server.hello()); err != nil {
		return err
	}
	return c.encrypt()
}

// encrypt is STARTTLS, without which nothing is said that matters.
func (c *conversation) encrypt() error {
	if c.server.Security != STARTTLS {
		return nil
	}
	c.at = stepTLS
	if offered, _ := c.client.Extension("STARTTLS"); !offered {
		return errNoSTARTTLS
	}
	return c.client.StartTLS(c.server.tls(c.log.noteTLS))
}

// authenticate uses the first way that the server offers. The connection is
// encrypted, or within this machine, so the plain ones come first: every
// server gets them right.
func (c *conversation) authenticate() error {
	if c.server.User == "" {
		return nil
	}
	c.at = stepAuth
	_, offer := c.client.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(offer))
	for _, way := range c.server.ways() {
		if slices.Contains(offered, way.name) {
			return c.client.Auth(way.auth)
		}
	}
	return errNoAuth
}

// way is a way of authentication.
type way struct {
	name string
	auth smtp.Auth
}

func (s SMTP) ways() []way {
	unencrypted := s.Security == InsecurePlaintext
	return []way{
		{"PLAIN", smtp.PlainAuth("", s.User, s.Password, s.Host, unencrypted)},
		{"LOGIN", smtp.LoginAuth(s.User, s.Password, s.Host, unencrypted)},
		{"CRAM-MD5", smtp.CRAMMD5Auth(s.User, s.Password)},
		{"SCRAM-SHA-256", smtp.ScramSHA256Auth(s.User, s.Password)},
	}
}

// deliver hands the mail over: nil when the server has said that it took it.
func (c *conversation) deliver(mail envelope) error {
	c.at = stepSender
	if err := c.client.Mail(mail.from); err != nil {
		return err
	}
	c.at = stepRecipient
	if err := c.client.Rcpt(mail.to); err != nil {
		return err
	}
	c.at = stepData
	data, err := c.client.Data()
	if err != nil {
		return err
	}
	body := bufio.NewWriter(data)
	if _, err := mail.message.WriteTo(body); err != nil {
		return err // without the final dot, the server takes nothing
	}
	if err := body.Flush(); err != nil {
		return err
	}
	return data.Close()
}
