package mail

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"PLAIN", "LOGIN", "CRAM-MD5"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, serverOptions{auth: []string{way}, user: "navid", pass: "hunter2"})
			client := server.client()
			client.User, client.Password = "navid", "hunter2"
			said, err := Probe(t.Context(), client, ourLetters, "ada@example.org")
			require.NoError(t, err)
			dialogue := strings.Join(said, "\n")
			for _, part := range []string{
				"* connected to 127.0.0.1:", "> EHLO login.example", "> STARTTLS", "* TLS 1.3", "* certificate of localhost by Test CA",
				"> MAIL FROM:<login@login.example>", "> RCPT TO:<ada@example.org>", "> DATA", "> QUIT", "< 221",
			} {
				assert.Contains(t, dialogue, part)
			}
			assertNoPassword(t, dialogue)
			mails := server.all()
			require.Equal(t, 1, len(mails))
			assert.Equal(t, "Test mail of login.example", parse(t, mails[0].content).header.Get("Subject"))
		})
	}
}

// assertNoPassword looks for hunter2, also in base64 at each of its three offsets.
func assertNoPassword(t *testing.T, dialogue string) {
	t.Helper()
	assert.NotContains(t, dialogue, "hunter2")
	for _, before := range []string{"", "x", "xx"} {
		encoded := base64.StdEncoding.EncodeToString([]byte(before + "hunter2"))
		assert.NotContains(t, dialogue, strings.TrimRight(encoded, "=")[4:8])
	}
}

func TestProbeShowsWhereItFailed(t *testing.T) {
	t.Parallel()
	server := startServer(t, serverOptions{auth: []string{"PLAIN"}, user: "navid", pass: "other", answer: at("to", reply(550, 5, 1, 1))})
	client := server.client()
	client.User, client.Password = "navid", "hunter2"
	said, err := Probe(t.Context(), client, ourLetters, "ada@example.org")
	assert.Equal(t, reasonPassword, failureOf(t, err).Reason)
	assert.Contains(t, strings.Join(said, "\n"), "* at AUTH: 535")
	assertNoPassword(t, strings.Join(said, "\n"))

	client.Password = "other"
	said, err = Probe(t.Context(), client, ourLetters, "ada@example.org")
	assert.Equal(t, reasonNoMailbox, failureOf(t, err).Reason)
	assert.Contains(t, strings.Join(said, "\n"), "* at RCPT TO: 550")
}

// A server that repeats what it heard does not get the password into the dialogue.
func TestTranscriptKeepsSecrets(t *testing.T) {
	t.Parallel()
	log := &transcript{secrets: SMTP{User: "navid", Password: "p@ss/word"}.secrets()}
	for _, said := range []string{"535 p@ss/word", "535 " + base64.StdEncoding.EncodeToString([]byte("\x00navid\x00p@ss/word")), "535 p%40ss%2Fword"} {
		log.note("%s", said)
	}
	assert.Equal(t, []string{"* 535 " + redacted, "* 535 " + redacted, "* 535 " + redacted}, log.lines)
}

// zone is the DNS of a test.
type zone map[string][]string

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	texts, ok := z[name]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	if texts == nil {
		return nil, errors.New("server failure")
	}
	return texts, nil
}

func TestCheckDomain(t *testing.T) {
	t.Parallel()
	strong, weak, other := rsaRecord(t, 2048), rsaRecord(t, 1024), ecRecord(t)
	for _, test := range []struct {
		name   string
		zone   zone
		about  int // SPF, DKIM, DMARC
		ok     bool
		says   string
		record string
	}{
		{"SPF", zone{"a.test": {"other", "v=spf1 mx -all"}}, 0, true, "Only the listed servers", "v=spf1 mx -all"},
		{"SPF elsewhere", zone{"a.test": {"v=spf1 redirect=b.test"}}, 0, true, "Only the listed servers", "v=spf1 redirect=b.test"},
		{"no SPF", zone{"a.test": {"v=spf10 -all"}}, 0, false, "No record", ""},
		{"no domain", zone{}, 0, false, "No record", ""},
		{"two SPF", zone{"a.test": {"v=spf1 mx -all", "v=spf1 -all"}}, 0, false, "There are 2", "v=spf1 -all"},
		{"SPF for all", zone{"a.test": {"v=spf1 +all"}}, 0, false, "Every server", "v=spf1 +all"},
		{"SPF for none", zone{"a.test": {"v=spf1 -all"}}, 0, false, "No server", "v=spf1 -all"},
		{"SPF open", zone{"a.test": {"v=spf1 mx ?all"}}, 0, false, "neither allowed", "v=spf1 mx ?all"},
		{"DNS down", zone{"a.test": nil}, 0, false, "The DNS does not answer", ""},
		{"DKIM", zone{"s._domainkey.a.test": {"v=DKIM1; k=rsa; p=" + strong}}, 1, true, "Receivers can check", "v=DKIM1; k=rsa; p=" + strong},
		{"DKIM without version", zone{"s._domainkey.a.test": {"p=" + strong}}, 1, true, "Receivers can check", "p=" + strong},
		{"DKIM Ed25519", zone{"s._domainkey.a.test": {"v=DKIM1; k=ed25519; p=AAAA"}}, 1, true, "Receivers can check", "v=DKIM1; k=ed25519; p=AAAA"},
		{"no DKIM", zone{}, 1, false, "No key", ""},
		{"DKIM weak", zone{"s._domainkey.a.test": {"v=DKIM1; p=" + weak}}, 1, false, "The key has 1024 bits", "v=DKIM1; p=" + weak},
		{"DKIM taken back", zone{"s._domainkey.a.test": {"v=DKIM1; p="}}, 1, false, "taken back", "v=DKIM1; p="},
		{"DKIM cut", zone{"s._domainkey.a.test": {"v=DKIM1; p=" + strong[:100]}}, 1, false, "cut or mangled", "v=DKIM1; p=" + strong[:100]},
		{"DKIM garbage", zone{"s._domainkey.a.test": {"v=DKIM1; p=!"}}, 1, false, "cut or mangled", "v=DKIM1; p=!"},
		{"DKIM of another kind", zone{"s._domainkey.a.test": {"v=DKIM1; p=" + other}}, 1, false, "no RSA key", "v=DKIM1; p=" + other},
		{"DKIM test", zone{"s._domainkey.a.test": {"v=DKIM1; t=y:s; p=" + strong}}, 1, false, "marked as a test", "v=DKIM1; t=y:s; p=" + strong},
		{"DMARC", zone{"_dmarc.a.test": {"v=DMARC1; p=reject"}}, 2, true, "is refused", "v=DMARC1; p=reject"},
		{"DMARC quarantine", zone{"_dmarc.a.test": {"v=DMARC1; p=quarantine"}}, 2, true, "set aside", "v=DMARC1; p=quarantine"},
		{"DMARC none", zone{"_dmarc.a.test": {"v=DMARC1; p=none; rua=mailto:x@a.test"}}, 2, false, "let through", "v=DMARC1; p=none; rua=mailto:x@a.test"},
		{"no DMARC", zone{}, 2, false, "No record", ""},
		{"DMARC without policy", zone{"_dmarc.a.test": {"v=DMARC1"}}, 2, false, "names no policy", "v=DMARC1"},
	} {
		finding := CheckDomain(t.Context(), test.zone, "a.test", "s")[test.about]
		assert.Equal(t, test.ok, finding.OK, test.name)
		assert.Contains(t, finding.Says, test.says, test.name)
		assert.Equal(t, test.record, finding.Record, test.name)
	}
}

// A name below a domain follows the policy of that domain.
func TestDMARCIsInherited(t *testing.T) {
	t.Parallel()
	dns := zone{"_dmarc.example.co.uk": {"v=DMARC1; p=reject; sp=none"}}
	assert.True(t, CheckDomain(t.Context(), dns, "example.co.uk", "")[2].OK)
	assert.False(t, CheckDomain(t.Context(), dns, "login.example.co.uk", "")[2].OK, "sp is for the names below")
	dns["_dmarc.login.example.co.uk"] = []string{"v=DMARC1; p=reject"}
	assert.True(t, CheckDomain(t.Context(), dns, "login.example.co.uk", "")[2].OK)
}

func TestDKIMNeedsASelector(t *testing.T) {
	t.Parallel()
	finding := CheckDomain(t.Context(), zone{}, "a.test", "")[1]
	assert.False(t, finding.OK)
	assert.Contains(t, finding.Says, "name the selector")
}

func rsaRecord(t *testing.T, bits int) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	require.NoError(t, err)
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(der)
}

func ecRecord(t *testing.T) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(newKey(t).Public())
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(der)
}
