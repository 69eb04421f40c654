package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/verifier"
)

// The program as it is started: it tells where it listens, answers, and ends
// with its context.
func TestVerifyServer(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	stderr, log := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"verify-server", "-listen=127.0.0.1:0"}, strings.NewReader(""), io.Discard, log)
	}()
	lines := make(chan string, 10)
	go func() {
		for scanner := bufio.NewScanner(stderr); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	var line struct{ Listen string }
	require.NoError(t, json.Unmarshal([]byte(<-lines), &line))

	response, err := http.PostForm("http://"+line.Listen+"/verify", url.Values{"assertion": {"a~b"}, "audience": {"https://rp.test"}})
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Contains(t, string(body), `"code":"malformed_token"`)
	assert.Contains(t, <-lines, `"outcome":"malformed_token"`)
	stop()
	assert.Equal(t, exitOK, <-ended)
}

func TestHostHasTheVerifierOfTheOptions(t *testing.T) {
	t.Parallel()
	options := serveOptions{publicURL: "https://login.example", verifier: verifier.Config{MaxVerifications: -1}}
	_, err := newHost(options, slog.New(slog.DiscardHandler))
	assert.ErrorContains(t, err, "MaxVerifications is negative")
}

// Each flag reaches the rules of the verifier.
func TestVerifierFlags(t *testing.T) {
	t.Parallel()
	options, err := parseServe([]string{
		"-public-url=https://login.example", "-fallback=Login.example", "-fallback=login2.example",
		"-trust=own.example", "-allow-unverified", "-allow-legacy-keys",
	})
	require.NoError(t, err)
	assert.Equal(t, domainList{"login.example", "login2.example"}, domainList(options.verifier.Fallbacks))
	assert.Equal(t, domainList{"own.example"}, domainList(options.verifier.TrustedIssuers))
	assert.True(t, options.verifier.AllowUnverified)
	assert.True(t, options.verifier.AllowLegacyKeys)
	options, err = parseServe([]string{"-public-url=https://login.example"})
	require.NoError(t, err)
	assert.Empty(t, options.verifier, "the zero value is the strictest")
}
