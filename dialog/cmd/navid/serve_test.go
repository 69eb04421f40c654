package main

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/discovery"
)

// Where nothing is said, the host listens where requests come: from a proxy,
// or in development from browsers themselves.
func TestDefaultListenAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-public-url=https://login.example", "-no-fallback"}, "127.0.0.1:8080"},
		{[]string{"-public-url=https://login.example", "-no-fallback", "-acme"}, ":443"},
		{[]string{"-public-url=https://login.example", "-no-fallback", "-tls-cert=c", "-tls-key=k"}, ":443"},
		{[]string{"-public-url=http://login.localhost:9735", "-dev"}, "127.0.0.1:9735"},
		{[]string{"-public-url=http://login.localhost:9735", "-dev", "-listen=127.0.0.1:1"}, "127.0.0.1:1"},
	} {
		options, err := parseServe(c.args, nil)
		require.NoError(t, err)
		assert.Equal(t, c.want, options.listen)
	}
}

// The host's discovery remembers in the file of -seen, and finds providers on
// localhost names only in development.
func TestDiscoveryOfTheHost(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "seen.json")
	options, err := parseServe([]string{"-public-url=http://login.localhost:9735", "-dev", "-no-fallback", "-seen", file}, nil)
	require.NoError(t, err)
	seen, err := openSeen(options.seenFile)
	require.NoError(t, err)
	assert.FileExists(t, file)
	log := slog.New(slog.DiscardHandler)
	assert.Equal(t, discovery.Config{Log: log, Seen: seen, InsecureLocalhostPort: "9735"}, options.discoveryConfig(seen, log))
	assert.Equal(t, discovery.Config{Log: log, Seen: seen}, (&serveOptions{publicURL: "https://login.example"}).discoveryConfig(seen, log))
}

// A host behind a proxy that it was not told of has no limits for each client, and
// says so.
func TestBlindHosts(t *testing.T) {
	t.Parallel()
	for want, cases := range map[bool][][]string{
		true:  {{"-public-url=https://login.example"}},
		false: {{"-public-url=https://login.example", "-trusted-proxies=127.0.0.1"}, {"-public-url=https://login.example", "-acme"}, {"-public-url=http://login.localhost:9735", "-dev"}},
	} {
		for _, args := range cases {
			options, err := parseServe(append(args, "-no-fallback"), nil)
			require.NoError(t, err)
			assert.Equal(t, want, options.isBlind(), args)
		}
	}
}

// The banner says that mails are in the log where they are.
func TestDevBanner(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args  []string
		mails bool
	}{
		{nil, true},
		{[]string{"-smtp=smtp://mail.example"}, false},
		{[]string{"-outbox=mails"}, false},
		{[]string{"-no-fallback"}, false},
	} {
		options, err := parseServe(append(c.args, "-dev", atLocalhost), nil)
		require.NoError(t, err)
		var banner strings.Builder
		newHost(options, &banner).warnOfDev()
		assert.Equal(t, c.mails, strings.Contains(banner.String(), "codes in this log"), c.args)
		assert.Contains(t, banner.String(), "Never let others reach it.")
		for _, line := range strings.Fields(strings.ReplaceAll(banner.String(), " ", "_")) {
			assert.Len(t, line, 67)
		}
	}
}

// What is said about proxies comes after what ends the start.
func TestBlindWarning(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, stderr := runFor(t, exitFailed, "serve", loginExample, "-no-fallback", "-listen="+taken.Addr().String())
	assert.NotContains(t, stderr, "proxy")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var log strings.Builder
	if program(ended, []string{"serve", loginExample, "-no-fallback", "-listen=127.0.0.1:0"}, streams{stderr: &log}) == exitOK { // else it was built without the agent
		assert.Contains(t, log.String(), `"Without -trusted-proxies everybody behind a proxy shares one limit"`)
	}
}
