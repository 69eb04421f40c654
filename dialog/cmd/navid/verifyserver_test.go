package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/verifier"
)

// startVerifyServer runs the program as it is started, and returns where it says
// that it listens, the lines of its log after that, and how to end it.
func startVerifyServer(t *testing.T, args ...string) (address string, log <-chan string, end func() int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	stderr, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- program(ctx, append([]string{"verify-server", "-listen=127.0.0.1:0"}, args...), streams{stdin: strings.NewReader(""), stdout: io.Discard, stderr: writer})
	}()
	lines := make(chan string, 10)
	go func() {
		for scanner := bufio.NewScanner(stderr); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	var line struct{ Listen string }
	require.NoError(t, json.Unmarshal([]byte(<-lines), &line))
	return line.Listen, lines, func() int { stop(); return <-ended }
}

func askVerifyServer(t *testing.T, address, bundle, audience string) string {
	t.Helper()
	response, err := http.PostForm("http://"+address+"/verify", url.Values{"assertion": {bundle}, "audience": {audience}})
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusOK, response.StatusCode)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}

// It tells where it listens, answers, and ends with its context.
func TestVerifyServer(t *testing.T) {
	t.Parallel()
	address, log, end := startVerifyServer(t)
	assert.Contains(t, askVerifyServer(t, address, "a~b", "https://rp.test"), `"code":"malformed_token"`)
	assert.Contains(t, <-log, `"outcome":"malformed_token"`)
	assert.Equal(t, exitOK, end())
}

// What it has seen is in the file when it has ended (G12).
func TestVerifyServerRemembers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	port, file := d.localhostProvider(t), filepath.Join(d.folder, "seen.json")
	address, _, end := startVerifyServer(t, "-dev-port="+port, "-seen="+file)
	site := "http://rp.localhost:" + port
	bundle := d.bundleAt(t, time.Now(), site, "idp.localhost", "ann@idp.localhost")
	assert.Contains(t, askVerifyServer(t, address, bundle, site), `"email":"ann@idp.localhost"`)
	require.Equal(t, exitOK, end())
	seen, err := discovery.OpenSeenFile(file)
	require.NoError(t, err)
	sighting, err := seen.Load(t.Context(), "idp.localhost")
	require.NoError(t, err)
	assert.NotZero(t, sighting)
}

func TestHostHasTheVerifierOfTheOptions(t *testing.T) {
	t.Parallel()
	options := serveOptions{publicURL: "https://login.example", verifier: verifier.Config{MaxVerifications: -1}}
	h := &host{serveOptions: options, discovery: discovery.New(discovery.Config{})}
	_, err := h.handler()
	assert.ErrorContains(t, err, "MaxVerifications is negative")
}

// Each flag reaches the rules of the verifier.
func TestVerifierFlags(t *testing.T) {
	t.Parallel()
	options, err := parseServe([]string{
		"-public-url=https://login.example", "-no-fallback", "-fallback=Login.example", "-fallback=login2.example",
		"-trust=own.example", "-allow-unverified", "-allow-legacy-keys",
	}, nil)
	require.NoError(t, err)
	assert.Equal(t, domainList{"login.example", "login2.example"}, domainList(options.verifier.Fallbacks))
	assert.Equal(t, domainList{"own.example"}, domainList(options.verifier.TrustedIssuers))
	assert.True(t, options.verifier.AllowUnverified)
	assert.True(t, options.verifier.AllowLegacyKeys)
	options, err = parseServe([]string{"-public-url=https://login.example", "-no-fallback"}, nil)
	require.NoError(t, err)
	assert.Empty(t, options.verifier, "the zero value is the strictest")
}
