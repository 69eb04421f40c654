package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/doctor"
)

// A host on this machine is looked at as it is asked for.
func TestDoctorOfAHost(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
	}))
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	stdout, _ := runFor(t, exitOK, "doctor", "-dev", "-no-fallback", "-public-url=http://login.localhost:"+port, "-clock=")
	assert.Contains(t, stdout, "ok       HTTP     The sign-in page is there.\n")
	stdout, _ = runFor(t, exitFailed, "doctor", "-dev", "-public-url=http://login.localhost:"+port, "-clock=")
	assert.Contains(t, stdout, "problem  keys     ")
}

// post is a mail server that takes everything.
type post struct{ mails chan string }

func (p post) NewSession(*smtp.Conn) (smtp.Session, error) { return p, nil }
func (post) Mail(string, *smtp.MailOptions) error          { return nil }
func (post) Rcpt(string, *smtp.RcptOptions) error          { return nil }
func (post) Reset()                                        {}
func (post) Logout() error                                 { return nil }
func (p post) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	p.mails <- string(text)
	return err
}

type records map[string]string

func (r records) LookupTXT(_ context.Context, name string) ([]string, error) {
	if text, ok := r[name]; ok {
		return []string{text}, nil
	}
	return nil, &net.DNSError{IsNotFound: true}
}

// The mail server offers no TLS: the talk is printed as far as it goes, and no
// mail is handed over.
func TestDoctorOfMail(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := smtp.NewServer(post{make(chan string, 1)})
	server.AllowInsecureAuth = true
	go server.Serve(listener)
	defer server.Close()
	o := doctorOptions{
		mailTo: "you@idp.test", resolver: records{"login.example": "v=spf1 ip4:192.0.2.1 -all", "_dmarc.login.example": "v=DMARC1; p=none"},
		serveOptions: serveOptions{publicURL: "https://login.example", smtp: "smtp://user:secret@" + listener.Addr().String()},
	}
	var stdout strings.Builder
	findings, err := o.examineMail(t.Context(), streams{stdout: &stdout})
	require.NoError(t, err)
	require.NoError(t, printFindings(findings[1:], streams{stdout: &stdout}))
	assert.Contains(t, stdout.String(), "EHLO login.example")
	assert.NotContains(t, stdout.String(), "secret")
	assert.Equal(t, doctor.Problem, findings[0].Level)
	assert.Contains(t, findings[0].Says, "offers no STARTTLS, and mails are not sent unencrypted: use smtps://…:465, or a server that has it")
	assert.Contains(t, stdout.String(), "ok       SPF      login.example: v=spf1 ip4:192.0.2.1 -all\n")
	assert.Contains(t, stdout.String(), "warning  DMARC    ")
	assert.Contains(t, stdout.String(), "name the selector that your mail server signs with. -dkim-selector takes it.\n")
	assert.Equal(t, doctor.Good, probeFinding(nil).Level)
}

func TestDoctorRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		says string
	}{
		{nil, "-public-url is missing"},
		{[]string{"-public-url=http://localhost:8080"}, "must be https"},
		{[]string{"-mial=x"}, "did you mean -mail?"},
	} {
		_, stderr := runFor(t, exitUsage, append([]string{"doctor"}, test.args...)...)
		assert.Contains(t, stderr, test.says)
	}
	for _, o := range []doctorOptions{
		{mailTo: "you"},
		{mailTo: "you@idp.test"},
		{mailTo: "you@idp.test", serveOptions: serveOptions{smtp: "mail.example"}},
		{mailTo: "you@idp.test", serveOptions: serveOptions{smtp: "smtp://mail.example", publicURL: "https://login.example", mailFrom: "me"}},
	} {
		_, err := o.examineMail(t.Context(), streams{})
		assert.Error(t, err)
	}
	stdout, _ := runFor(t, exitOK, "doctor", "-h")
	assert.Contains(t, stdout, "What to look at\n\n  -mail ADDRESS")
}
