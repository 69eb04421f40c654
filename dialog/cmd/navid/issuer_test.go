package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// runFor runs the program and expects an exit status.
func runFor(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	return feed(t, "", want, args...)
}

// feed is [runFor] with something to read.
func feed(t *testing.T, stdin string, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	require.Equal(t, want, program(t.Context(), args, streams{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs}), "%s%s", out.String(), errs.String())
	return out.String(), errs.String()
}

func TestSupportDocumentOfNewKeys(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first, second := filepath.Join(folder, "first.json"), filepath.Join(folder, "second.json")
	runFor(t, exitOK, "keygen", first)
	runFor(t, exitOK, "keygen", "-algorithm=EdDSA", second)
	stdout, _ := runFor(t, exitOK, "support-document", "-authentication=/login", "-provisioning=/certify", first, second)

	document, err := browserid.ParseSupportDocument([]byte(stdout))
	require.NoError(t, err)
	assert.Equal(t, "/login", document.Authentication)
	assert.Equal(t, "/certify", document.Provisioning)
	require.Len(t, document.PublicKeys, 2)
	for i, file := range []string{first, second} {
		key, err := issuer.LoadKey(file)
		require.NoError(t, err)
		assert.True(t, key.PublicKey().Equal(document.PublicKeys[i]), file)
	}
}

func TestKeygenReplacesNothing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key.json")
	runFor(t, exitOK, "keygen", "-algorithm=ES256", file)
	before, err := issuer.LoadKey(file)
	require.NoError(t, err)
	_, stderr := runFor(t, exitFailed, "keygen", "-algorithm=ES256", file)
	assert.Equal(t, "navid keygen: "+file+" exists, and a key is never replaced: name another file, or move this one away first\n", stderr)
	after, err := issuer.LoadKey(file)
	require.NoError(t, err)
	assert.True(t, before.PublicKey().Equal(after.PublicKey()))
}

func TestIssuerCommandsRefuse(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key.json")
	runFor(t, exitOK, "keygen", "-algorithm=EdDSA", file)
	tests := []struct {
		name string
		args []string
		want int
		says string
	}{
		{"no file", []string{"keygen"}, exitUsage, "name one file"},
		{"two files", []string{"keygen", "a", "b"}, exitUsage, "name one file"},
		{"unknown algorithm", []string{"keygen", "-algorithm=DS128", "a"}, exitUsage, `"DS128" is none of RS256, ES256 and EdDSA`},
		{"no key", []string{"support-document", "-authentication=/a", "-provisioning=/p"}, exitUsage, "name the key files"},
		{"no folder", []string{"keygen", filepath.Join(file+".none", "key.json")}, exitFailed, "no such file"},
		{"missing key", []string{"support-document", "-authentication=/a", "-provisioning=/p", file + ".none"}, exitFailed, "no such file"},
		{"no pages", []string{"support-document", file}, exitUsage, "-authentication and -provisioning are needed: the paths of the provider's two pages"},
		{"one page", []string{"support-document", "-authentication=/a", file}, exitUsage, "-authentication and -provisioning are needed"},
		{"no path", []string{"support-document", "-authentication=a", "-provisioning=/p", file}, exitUsage, "support document"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, stderr := runFor(t, test.want, test.args...)
			assert.Contains(t, stderr, test.says)
		})
	}
}
