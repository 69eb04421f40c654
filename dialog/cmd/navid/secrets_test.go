package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// A start says what secrets it has made, and doubts them where the database has
// accounts that others have signed for.
func TestSecretsMade(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	opened := func(secrets string) string {
		options, err := parseServe([]string{"-dev", atLocalhost, "-database=" + filepath.Join(folder, "navid.db"), "-secrets=" + filepath.Join(folder, secrets)}, nil)
		require.NoError(t, err)
		var log strings.Builder
		h := newHost(options, &log)
		require.NoError(t, h.open(t.Context()))
		require.NoError(t, h.close())
		return log.String()
	}
	first := opened("navid-secrets")
	assert.Contains(t, first, `level=INFO msg="made the host secret"`)
	assert.Contains(t, first, `level=INFO msg="made the first signing key"`)
	assert.NotContains(t, first, "WARN")
	r := startHost(t, folder, "-dev", atLocalhost)
	r.prove(t, "ann@idp.test")
	r.end(t)
	assert.NotContains(t, opened("navid-secrets"), "made")
	elsewhere := opened("elsewhere")
	assert.Contains(t, elsewhere, `level=INFO msg="made the first signing key"`)
	assert.Contains(t, elsewhere, "level=WARN")
	assert.Contains(t, elsewhere, "made a new host secret, "+filepath.Join(folder, "elsewhere", "host.secret")+", although")
	assert.Contains(t, elsewhere, "made new keys in "+filepath.Join(folder, "elsewhere", "keys")+", although "+filepath.Join(folder, "navid.db")+" has been used before: is -secrets right?")
}

// The start without its host secret says what is lost with it, and that is so.
func TestHostSecretLost(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r := startHost(t, folder, "-dev", atLocalhost)
	ann := r.prove(t, "ann@idp.test")
	visitor := idp.Visitor{BrowserToken: idp.NewToken(), Browser: "Firefox on Linux"}
	pending, err := r.provider.Begin(t.Context(), visitor, "bob@idp.test", false)
	require.NoError(t, err)
	code := r.codeFor(t, "bob@idp.test")
	r.end(t)
	require.NoError(t, os.Remove(filepath.Join(folder, "navid-secrets", "host.secret")))

	again := startHost(t, folder, "-dev", atLocalhost)
	warning := again.terminal.waitFor(t, "(?s)level=WARN.*made a new host secret.*")
	assert.Contains(t, warning, "codes under way and mails in the queue are void")
	assert.Contains(t, warning, "Addresses, passkeys and sessions stay")
	assert.NotContains(t, warning, "new keys", "those are there")
	_, err = again.provider.Confirm(t.Context(), visitor, pending.Challenge, code)
	require.ErrorContains(t, err, "wrong_code")
	view, err := again.provider.Session(t.Context(), ann.SessionToken)
	require.NoError(t, err)
	assert.True(t, view.SignedIn)
}
