package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The keys are listed, rotated and revoked while the host runs.
func TestKeysCommands(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r := startHost(t, folder, "-dev", atLocalhost)
	at := "-database=" + filepath.Join(folder, "navid.db")
	stdout, _ := runFor(t, exitOK, "keys", "list", at)
	assert.Regexp(t, `(?m)^1 +RS256 +signing +since .* UTC +[\w-]{43}$`, stdout)
	stdout, _ = runFor(t, exitOK, "keys", "rotate", at, "-algorithm=EdDSA")
	assert.Contains(t, stdout, "Key 2 is published within 10s, and signs from ")
	_, stderr := runFor(t, exitFailed, "keys", "rotate", at)
	assert.Contains(t, stderr, "key 2 is waiting already and signs from ")
	stdout, _ = runFor(t, exitOK, "keys", "revoke", at, "1")
	assert.Regexp(t, `(?m)^1 +RS256 +revoked `, stdout)
	assert.Regexp(t, `(?m)^2 +EdDSA +signing `, stdout)
	_, stderr = runFor(t, exitFailed, "keys", "revoke", at, "1")
	assert.Contains(t, stderr, "no such key")
	document, err := r.provider.SupportDocument()
	require.NoError(t, err)
	assert.NotContains(t, string(document), "OKP", "until the host reads the folder again")
}

// An operator looks at accounts and changes them while the host runs.
func TestAccountCommands(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r := startHost(t, folder, "-dev", atLocalhost)
	at := "-database=" + filepath.Join(folder, "navid.db")
	stdout, _ := runFor(t, exitOK, "account", "list", at)
	assert.Equal(t, "No accounts yet.\n", stdout)
	ann := r.prove(t, "ann@a.test")
	r.prove(t, "bob@b.test")
	signedIn := func() bool {
		view, err := r.provider.Session(t.Context(), ann.SessionToken)
		require.NoError(t, err)
		return view.SignedIn
	}

	stdout, _ = runFor(t, exitOK, "account", "list", at)
	assert.Regexp(t, `(?m)^\S+ +20\d\d-\d\d-\d\d +ann@a.test +0 +1`, stdout)
	assert.Equal(t, 3, strings.Count(stdout, "\n"))
	stdout, _ = runFor(t, exitOK, "account", "list", at, "-limit=1")
	assert.Equal(t, 2, strings.Count(stdout, "\n"))
	stdout, _ = runFor(t, exitOK, "account", "block", at, "ann@a.test")
	assert.Equal(t, "The account of ann@a.test is blocked: nothing is certified.\n", stdout)
	stdout, _ = runFor(t, exitOK, "account", "show", at, "ann@a.test")
	assert.Contains(t, stdout, "blocked\n  address ann@a.test, proven ")
	assert.Contains(t, stdout, "  session of Firefox on Linux, since ")
	runFor(t, exitOK, "account", "unblock", at, "ann@a.test")
	require.True(t, signedIn())
	runFor(t, exitOK, "account", "sign-out", at, "ann@a.test")
	assert.False(t, signedIn())
	runFor(t, exitOK, "account", "link", at, "ann@a.test", "bob@b.test")
	stdout, _ = runFor(t, exitOK, "account", "list", at)
	assert.Regexp(t, `(ann@a.test bob@b.test|bob@b.test ann@a.test)`, stdout)
	runFor(t, exitOK, "account", "delete", at, "bob@b.test")
	_, stderr := runFor(t, exitFailed, "account", "show", at, "ann@a.test")
	assert.Contains(t, stderr, "nobody here has proven this address")
}

// A backup of a running host brings its accounts back, and signs nobody in.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	folder, elsewhere := t.TempDir(), t.TempDir()
	r := startHost(t, folder, "-dev", atLocalhost)
	grant := r.prove(t, "ann@a.test")
	file := filepath.Join(elsewhere, "navid.backup")
	stdout, _ := runFor(t, exitOK, "backup", "-database="+filepath.Join(folder, "navid.db"), file)
	assert.Contains(t, stdout, "It holds no keys")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	secret, err := os.ReadFile(filepath.Join(folder, "navid-secrets", "host.secret"))
	require.NoError(t, err)
	assert.NotContains(t, string(data), strings.TrimSpace(string(secret)))

	stdout, _ = runFor(t, exitOK, "restore", "-database="+filepath.Join(elsewhere, "navid.db"), file)
	assert.Contains(t, stdout, "Nobody is signed in")
	stdout, _ = runFor(t, exitOK, "account", "list", "-database="+filepath.Join(elsewhere, "navid.db"))
	assert.Contains(t, stdout, "ann@a.test")
	restored := startHost(t, elsewhere, "-dev", atLocalhost)
	view, err := restored.provider.Session(t.Context(), grant.SessionToken)
	require.NoError(t, err)
	assert.False(t, view.SignedIn)
}

// A database out of reach says so with what to do; other files are not it.
func TestDatabaseOutOfReach(t *testing.T) {
	t.Parallel()
	data := dataOptions{database: "/var/lib/navid/navid.db"}
	denied := &fs.PathError{Op: "open", Path: "/var/lib/navid/navid.db", Err: fs.ErrPermission}
	assert.ErrorContains(t, data.explain(denied), "navid.db: permission denied: run this as the user whose database it is, as in sudo -u navid")
	assert.ErrorIs(t, data.explain(denied), denied)
	elsewhere := &fs.PathError{Op: "open", Path: "/var/lib/navid/navid.backup", Err: fs.ErrPermission}
	assert.Equal(t, elsewhere, data.explain(elsewhere))
	assert.NoError(t, data.explain(nil))
}

func TestOperatorsCommandsRefuse(t *testing.T) {
	t.Parallel()
	nowhere := t.TempDir()
	none := "-database=" + filepath.Join(nowhere, "navid.db")
	tests := []struct {
		args []string
		want int
		says string
	}{
		{[]string{"keys"}, exitUsage, "say what to do: list, rotate, revoke"},
		{[]string{"keys", "rotat"}, exitUsage, `did you mean rotate?`},
		{[]string{"keys", "revoke"}, exitUsage, "want navid keys revoke KEY"},
		{[]string{"keys", "revoke", "one"}, exitUsage, `"one" is not a number`},
		{[]string{"keys", "list", none, "x"}, exitUsage, `"x" is one word too many`},
		{[]string{"keys", "rotate", none}, exitUsage, "there are no keys in "},
		{[]string{"keys", "revoke", none, "1"}, exitUsage, "there are no keys in "},
		{[]string{"keys", "list", none}, exitUsage, "there are no keys in " + filepath.Join(nowhere, "navid-secrets", "keys") + ": say with -secrets or -database where they are"},
		{[]string{"account", "show", "ann@a.test", none}, exitUsage, "comes too late: flags go before other words"},
		{[]string{"account", "show", none, "ann@a.test"}, exitUsage, "there is no database"},
		{[]string{"account", "list", none}, exitUsage, "there is no database"},
		{[]string{"account", "link", none, "ann@a.test"}, exitUsage, "want navid account link ADDRESS ADDRESS"},
		{[]string{"account", "delete", none, "nobody"}, exitUsage, `"nobody" is not an address such as ann@idp.test`},
		{[]string{"account", "link", none, "ann@a.test", "bob"}, exitUsage, `"bob" is not an address such as ann@idp.test`},
		{[]string{"backup", none, "x"}, exitUsage, "there is no database"},
		{[]string{"backup"}, exitUsage, "want navid backup FILE"},
		{[]string{"restore", none, filepath.Join(t.TempDir(), "none")}, exitFailed, "no such file"},
		{[]string{"restore", none}, exitUsage, "want navid restore FILE"},
		{[]string{"restore", "-database=postgres://127.0.0.1:1/none", "x"}, exitUsage, "restore a Postgres by pg_restore"},
		{[]string{"restore", "-database=postgres://127.0.0.1:1/none"}, exitFailed, "127.0.0.1"},
		{[]string{"help", "keys", "rotat"}, exitUsage, "did you mean rotate?"},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			stdout, stderr := runFor(t, test.want, test.args...)
			assert.Contains(t, stderr, test.says)
			assert.Empty(t, stdout)
		})
	}
	for _, args := range [][]string{{"help", "keys", "list"}, {"keys", "list", "-h"}, {"help", "account"}, {"account", "-h"}, {"help", "backup"}} {
		stdout, _ := runFor(t, exitOK, args...)
		assert.Contains(t, stdout, "navid "+strings.TrimPrefix(args[0], "help"))
	}
}
