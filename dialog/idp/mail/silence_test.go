package mail

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A server that falls silent, at whichever step, costs the timeout and no more.
func TestSMTPHangs(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"greeting", "EHLO", "STARTTLS", "handshake", "hello", "auth", "from", "to", "data", "end"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			client, _ := silentAt(t, step)
			client.Timeout = 300 * time.Millisecond
			started := time.Now()
			failure := failureOf(t, client.Send(t.Context(), aMessage("ada@example.org")))
			assert.Equal(t, reasonUnreachable, failure.Reason, failure.Detail)
			assert.False(t, failure.Permanent)
			assert.Less(t, time.Since(started), 3*time.Second)
		})
	}
}

// The end of the context breaks a conversation off at once.
func TestSMTPIsBrokenOff(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"greeting", "handshake", "to", "end"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			client, silent := silentAt(t, step)
			client.Timeout = time.Minute
			ctx, cancel := context.WithCancel(t.Context())
			failed := make(chan error, 1)
			go func() { failed <- client.Send(ctx, aMessage("ada@example.org")) }()
			<-silent
			cancel()
			select {
			case err := <-failed:
				assert.Error(t, err)
			case <-time.After(10 * time.Second):
				t.Error("still talking")
			}
		})
	}
}

// silentAt returns a way to a server that falls silent at a step, and a channel
// that is closed when it has.
func silentAt(t *testing.T, step string) (SMTP, <-chan struct{}) {
	silent := make(chan struct{})
	said, known := map[string][]string{
		"greeting":  {},
		"EHLO":      {"220 mx.test"},
		"STARTTLS":  {"220 mx.test", "250-mx.test\r\n250 STARTTLS"},
		"handshake": {"220 mx.test", "250-mx.test\r\n250 STARTTLS", "220 go"},
	}[step]
	if known {
		return scripted(t, said, silent), silent
	}
	end := t.Context().Done()
	server := startServer(t, serverOptions{auth: []string{"PLAIN"}, user: "u", pass: "p", answer: func(reached string, _ int) error {
		if reached == step {
			close(silent)
			<-end
		}
		return nil
	}})
	client := server.client()
	client.User, client.Password = "u", "p"
	return client, silent
}

// scripted serves prepared lines, the first at once, each next one after a line
// was heard, and then nothing.
func scripted(t *testing.T, lines []string, silent chan<- struct{}) SMTP {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		heard := make([]byte, 4096)
		for _, line := range lines {
			fmt.Fprintf(connection, "%s\r\n", line)
			for n, _ := connection.Read(heard); line[0] == '3' && n > 0 && !bytes.HasSuffix(heard[:n], []byte("\r\n.\r\n")); {
				n, _ = connection.Read(heard)
			}
		}
		close(silent)
		<-t.Context().Done()
	}()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return SMTP{Host: "localhost", Port: port}
}

// A server that took the mail and then says nothing more has taken it.
func TestSMTPFarewellDoesNotMatter(t *testing.T) {
	t.Parallel()
	silent := make(chan struct{})
	client := scripted(t, []string{"220 mx.test", "250 mx.test", "250 from", "250 to", "354 go on", "250 taken"}, silent)
	client.Security = InsecurePlaintext
	started := time.Now()
	require.NoError(t, client.Send(t.Context(), aMessage("ada@example.org")))
	<-silent
	assert.Less(t, time.Since(started), 10*time.Second)
}

// A server that refuses in between, or goes away before it has said that it
// took the mail, has not taken it.
func TestSMTPGoesAway(t *testing.T) {
	t.Parallel()
	for _, lines := range [][]string{
		{"220 mx.test", "250 mx.test", "250 from", "250 to", "354 go on", "421 4.3.2 going down"},
		{"220 mx.test", "250 mx.test", "250 from", "250 to", "421 4.3.2 going down"},
		{"421 4.3.2 going down"},
		{"rubbish"},
	} {
		client := scripted(t, lines, make(chan struct{}))
		client.Security = InsecurePlaintext
		assert.False(t, failureOf(t, client.Send(t.Context(), aMessage("ada@example.org"))).Permanent)
	}
}
