package mail

import (
	"crypto/tls"
	"fmt"
	"strings"
	"sync"

	"github.com/wneessen/go-mail/log"
	"github.com/wneessen/go-mail/smtp"
)

// transcript writes down a conversation with a mail server, for its operator.
// The nil one writes nothing.
type transcript struct {
	secrets []string
	mu      sync.Mutex
	lines   []string
}

const redacted = "(not shown)"

// follow writes down what client says and hears.
func (t *transcript) follow(client *smtp.Client) {
	if t == nil {
		return
	}
	client.SetLogger(t)
	client.SetDebugLog(true)
}

// note writes down what happened beside the words.
func (t *transcript) note(format string, args ...any) {
	if t != nil {
		t.add("* ", fmt.Sprintf(format, args...))
	}
}

func (t *transcript) noteTLS(state tls.ConnectionState) {
	if t == nil {
		return
	}
	t.note("%s, %s", tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite))
	for _, certificate := range state.PeerCertificates[:1] {
		t.note("certificate of %s by %s, until %s", strings.Join(certificate.DNSNames, ", "),
			certificate.Issuer.CommonName, certificate.NotAfter.UTC().Format("2 January 2006"))
	}
}

// Debugf implements the logger of package smtp, which leaves out what belongs
// to AUTH. In case it ever does not, secrets are looked for as well.
func (t *transcript) Debugf(entry log.Log) {
	mark := "< "
	if entry.Direction == log.DirClientToServer {
		mark = "> "
	}
	t.add(mark, fmt.Sprintf(entry.Format, entry.Messages...))
}

// Infof, Warnf and Errorf are Debugf: package smtp uses no other.
func (t *transcript) Infof(entry log.Log)  { t.Debugf(entry) }
func (t *transcript) Warnf(entry log.Log)  { t.Debugf(entry) }
func (t *transcript) Errorf(entry log.Log) { t.Debugf(entry) }

func (t *transcript) add(mark, text string) {
	for _, secret := range t.secrets {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for line := range strings.Lines(text) {
		t.lines = append(t.lines, mark+strings.TrimRight(line, "\r\n"))
	}
}
