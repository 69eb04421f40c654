package mail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Folder keeps mails as .eml files, for development and tests: any mail program
// opens them. Their names begin with the time, so that the newest is the last.
type Folder struct{ Dir string }

// Send writes one file, whole or not at all.
func (f Folder) Send(_ context.Context, message Message) error {
	if _, err := newEnvelope(message); err != nil {
		return err
	}
	var content bytes.Buffer
	if _, err := message.WriteTo(&content); err != nil {
		return err
	}
	id, _, _ := strings.Cut(message.ID, "@")
	name := filepath.Join(f.Dir, message.At.UTC().Format("20060102T150405.000")+"-"+filepath.Base(id)+".eml")
	if err := os.WriteFile(name+".part", content.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".part", name)
}

// Log prints mails instead of sending them, codes and links included: for
// development only.
type Log struct {
	Writer io.Writer
	mu     sync.Mutex
}

// Send prints one mail.
func (l *Log) Send(_ context.Context, message Message) error {
	if _, err := newEnvelope(message); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	const edge = "------------------------------------------------------------------------"
	_, err := fmt.Fprintf(l.Writer, "\n%s\nDEVELOPMENT: this mail is shown here and not sent\nTo: %s\nSubject: %s\n\n%s%s\n\n",
		edge, message.To, message.Subject, message.Text, edge)
	return err
}
