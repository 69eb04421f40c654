package mail

import (
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// aMessage is one to send.
func aMessage(to browserid.Email) Message {
	return Message{
		ID:      "abc@login.example",
		From:    netmail.Address{Name: "login.example", Address: "login@login.example"},
		To:      to,
		Subject: "Your code for login.example",
		At:      time.Date(2026, 11, 22, 14, 22, 0, 0, time.UTC),
		Text:    "Hello\n.\nA line with a dot alone.\n",
		HTML:    "<p>Hello</p>",
	}
}

func reply(code int, enhanced ...int) error {
	status := smtp.NoEnhancedCode
	if len(enhanced) == 3 {
		status = smtp.EnhancedCode{enhanced[0], enhanced[1], enhanced[2]}
	}
	return &smtp.SMTPError{Code: code, EnhancedCode: status, Message: "no ada@example.org 482093 here"}
}

// at answers at one step only, each time.
func at(step string, err error) func(string, int) error {
	return func(reached string, _ int) error {
		if reached == step {
			return err
		}
		return nil
	}
}

func TestSMTPDelivers(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]serverOptions{
		"STARTTLS":                     {},
		"implicit TLS":                 {implicit: true},
		"PLAIN":                        {auth: []string{"CRAM-MD5", "LOGIN", "PLAIN"}, user: "navid", pass: "p@ss: wörd"},
		"LOGIN":                        {auth: []string{"LOGIN"}, user: "navid", pass: "p@ss: wörd"},
		"CRAM-MD5":                     {auth: []string{"CRAM-MD5"}, user: "navid", pass: "p@ss: wörd"},
		"PLAIN in implicit TLS":        {implicit: true, auth: []string{"PLAIN"}, user: "navid", pass: "x"},
		"a server that knows SMTPUTF8": {smtputf8: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, options)
			client := server.client()
			client.User, client.Password = options.user, options.pass
			require.NoError(t, client.Send(t.Context(), aMessage("ada@example.org")))
			mails := server.all()
			require.Len(t, mails, 1)
			assert.Equal(t, "login@login.example", mails[0].from)
			assert.Equal(t, "ada@example.org", mails[0].to)
			assert.False(t, mails[0].utf8, "SMTPUTF8 is not asked for")
		})
	}
}

// The plain way is for this machine only, and said by name.
func TestPlaintextStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	server := startServer(t, serverOptions{noTLS: true, auth: []string{"PLAIN"}, user: "u", pass: "p"})
	client := server.client()
	client.Security, client.User, client.Password = InsecurePlaintext, "u", "p"
	require.NoError(t, client.Send(t.Context(), aMessage("ada@example.org")))

	for _, elsewhere := range otherAddresses(t) {
		server := startServer(t, serverOptions{noTLS: true, address: net.JoinHostPort(elsewhere, "0")})
		client := server.client()
		client.Host, client.Security = elsewhere, InsecurePlaintext
		assert.Error(t, client.Send(t.Context(), aMessage("ada@example.org")))
		assert.Zero(t, server.reached("hello"))
	}
	assert.False(t, isLoopback(&net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)}), "also on a machine without a network")
}

// otherAddresses are those of this machine's networks.
func otherAddresses(t *testing.T) (others []string) {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() && network.IP.To4() != nil {
			others = append(others, network.IP.String())
		}
	}
	return others
}

func TestSMTPRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		answer    func(string, int) error
		permanent bool
		reason    string
		detail    string
	}{
		{"no such mailbox", at("to", reply(550, 5, 1, 1)), true, reasonNoMailbox, "RCPT TO: 550 5.1.1"},
		{"no such mailbox, old server", at("to", reply(550)), true, reasonNoMailbox, "RCPT TO: 550"},
		{"no such domain", at("to", reply(550, 5, 1, 2)), true, reasonNoDomain, "RCPT TO: 550 5.1.2"},
		{"mailbox off", at("to", reply(550, 5, 2, 1)), true, reasonOff, "RCPT TO: 550 5.2.1"},
		{"mailbox full", at("to", reply(552, 5, 2, 2)), true, reasonFull, "RCPT TO: 552 5.2.2"},
		{"mailbox full for now", at("to", reply(452, 4, 2, 2)), false, reasonFull, "RCPT TO: 452 4.2.2"},
		{"policy", at("to", reply(554, 5, 7, 1)), true, reasonRefusesHost, "RCPT TO: 554 5.7.1"},
		{"greylisting", at("to", reply(451, 4, 7, 1)), false, reasonLater, "RCPT TO: 451 4.7.1"},
		{"sender refused", at("from", reply(553, 5, 1, 8)), true, reasonSender, "MAIL FROM: 553 5.1.8"},
		{"sender later", at("from", reply(421, 4, 3, 2)), false, reasonLater, "MAIL FROM: 421 4.3.2"},
		{"content refused", at("end", reply(554, 5, 6, 0)), true, reasonRefusesMail, "DATA: 554 5.6.0"},
		{"content later", at("end", reply(451, 4, 3, 0)), false, reasonLater, "DATA: 451 4.3.0"},
		{"host refused", at("hello", reply(554, 5, 7, 1)), false, reasonRefusesHost, "EHLO: 554 5.7.1"},
		{"wrong password", at("auth", reply(535, 5, 7, 8)), false, reasonPassword, "AUTH: 535 5.7.8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, serverOptions{answer: test.answer, auth: []string{"PLAIN"}, user: "u", pass: "p"})
			client := server.client()
			client.User, client.Password = "u", "p"
			failure := failureOf(t, client.Send(t.Context(), aMessage("ada@example.org")))
			assert.Equal(t, Failure{Reason: test.reason, Permanent: test.permanent, Detail: test.detail}, *failure)
			assert.NotContains(t, failure.Reason+failure.Detail, "ada")
			assert.Empty(t, server.all())
		})
	}
}

func failureOf(t *testing.T, err error) *Failure {
	t.Helper()
	failure, ok := errors.AsType[*Failure](err)
	require.True(t, ok, "%v is no *Failure", err)
	return failure
}

// Without a way that is encrypted, to a server that is the right one, neither
// password nor mail leaves this host.
func TestSMTPWantsTLS(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]serverOptions{
		"no STARTTLS":                  {noTLS: true},
		"certificate of another name":  {name: "elsewhere.test"},
		"certificate of an unknown CA": {selfSigned: true},
		"the same, TLS from the start": {selfSigned: true, implicit: true},
		"another name, from the start": {name: "elsewhere.test", implicit: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options.auth, options.user, options.pass = []string{"PLAIN", "LOGIN", "CRAM-MD5"}, "u", "p"
			server := startServer(t, options)
			client := server.client()
			client.User, client.Password = "u", "p"
			failure := failureOf(t, client.Send(t.Context(), aMessage("ada@example.org")))
			assert.Equal(t, reasonUnencrypted, failure.Reason, failure.Detail)
			assert.False(t, failure.Permanent)
			assert.Zero(t, server.reached("auth"))
			assert.Zero(t, server.reached("from"))
		})
	}
}

func TestSMTPNobodyThere(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	listener.Close()
	failure := failureOf(t, SMTP{Host: "localhost", Port: port}.Send(t.Context(), aMessage("ada@example.org")))
	assert.Equal(t, reasonUnreachable, failure.Reason)
	assert.False(t, failure.Permanent)
}

func TestParseSMTP(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]SMTP{
		"smtp://mx.test":                  {Host: "mx.test", Port: "587"},
		"smtps://mx.test":                 {Host: "mx.test", Port: "465", Security: ImplicitTLS},
		"smtp://mx.test:25/":              {Host: "mx.test", Port: "25"},
		"smtp://u%40x:p%2Fw@mx.test:2525": {Host: "mx.test", Port: "2525", User: "u@x", Password: "p/w"},
		"smtp://[::1]:25":                 {Host: "::1", Port: "25"},
	} {
		got, err := ParseSMTP(url)
		require.NoError(t, err, url)
		assert.Equal(t, want, got, url)
	}
	for _, url := range []string{"", "mx.test:25", "http://mx.test", "smtp://", "smtp://u:secret@", "smtp://u:sec ret@mx.test", "smtp://u:%zzsecret@mx.test", "smtp://u:secret@mx.test/x", "smtp://u:secret@mx.test?tls=no"} {
		_, err := ParseSMTP(url)
		require.Error(t, err, url)
		assert.NotContains(t, err.Error(), "secret", url)
	}
}

func TestSMTPDoesNotPrintItsPassword(t *testing.T) {
	t.Parallel()
	server, err := ParseSMTP("smtps://u:hunter2@mx.test")
	require.NoError(t, err)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.Equal(t, "smtps://u@mx.test:465", fmt.Sprintf(format, server), format)
		assert.Equal(t, "smtps://u@mx.test:465", fmt.Sprintf(format, &server), format)
	}
}
