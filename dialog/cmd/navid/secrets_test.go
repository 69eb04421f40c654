package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	assert.Contains(t, elsewhere, "made new keys in "+filepath.Join(folder, "elsewhere", "keys")+", although "+filepath.Join(folder, "navid.db")+" has been used before: is -secrets right?")
}
