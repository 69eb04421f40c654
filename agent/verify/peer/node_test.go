package peer

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// replyTimeout is how long the old verifier may think about one request. It has
// no bounds of its own.
const replyTimeout = 30 * time.Second

// node is a running peer.mjs.
type node struct {
	input   *json.Encoder
	close   func() error // of the input
	replies chan json.RawMessage
}

// TestSetup installs the old verifier, also for the tests of package testbrowser.
func TestSetup(t *testing.T) {
	t.Parallel()
	require.NoError(t, setup())
}

// startNode starts peer.mjs, installing it if need be. It ends with the test.
func startNode(t testing.TB) *node {
	t.Helper()
	require.NoError(t, setup())
	command := exec.CommandContext(t.Context(), "node", "--no-deprecation", "peer.mjs")
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	require.NoError(t, err)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	n := &node{json.NewEncoder(input), input.Close, make(chan json.RawMessage)}
	go n.read(output)
	t.Cleanup(func() {
		_ = n.close()
		for range n.replies { // until it ends, or is killed with the test's context
		}
		_ = command.Wait()
	})
	return n
}

func (n *node) read(output io.Reader) {
	defer close(n.replies)
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		n.replies <- append(json.RawMessage(nil), lines.Bytes()...)
	}
}

// ask sends all requests at once and returns their replies in order.
func ask[Request, Reply any](t testing.TB, n *node, requests []Request) []Reply {
	t.Helper()
	sent := make(chan error, 1)
	go func() {
		for _, request := range requests {
			if err := n.input.Encode(request); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	replies := make([]Reply, len(requests))
	for i := range replies {
		select {
		case line, open := <-n.replies:
			require.True(t, open, "the old verifier died of %+v", requests[i])
			require.NoError(t, json.Unmarshal(line, &replies[i]))
		case <-time.After(replyTimeout):
			require.Fail(t, "the old verifier hangs", "%+v", requests[i])
		}
	}
	require.NoError(t, <-sent)
	return replies
}

// verifyRequest asks for a verification.
type verifyRequest struct {
	Op             string   `json:"op"` // "verify"
	Bundle         string   `json:"bundle"`
	Audience       string   `json:"audience"`
	Now            int64    `json:"now"`
	Documents      world    `json:"documents"`
	Fallback       string   `json:"fallback"`
	TrustedIssuers []string `json:"trustedIssuers"`
}

// verifyReply is what the old verifier says.
type verifyReply struct {
	Accepted bool   `json:"accepted"`
	Reason   string `json:"reason"`
	Micros   int64  `json:"micros"` // how long it took
	Result   struct {
		Email      any                        `json:"email"` // it has been seen to be no string
		Issuer     string                     `json:"issuer"`
		Expires    int64                      `json:"expires"`
		IdPClaims  map[string]json.RawMessage `json:"idpClaims"`
		UserClaims map[string]json.RawMessage `json:"userClaims"`
	} `json:"result"`
}
