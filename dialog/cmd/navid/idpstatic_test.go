package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer/personal"
)

const chosenPassphrase = "lusab-babad-gutih-tugad-mabiv"

// staticArgs are arguments that work, for a folder.
func staticArgs(folder string, more ...string) []string {
	return append([]string{
		"idp", "static", "-domain=Example.com", "-login-host=https://login.example/", "-out=" + folder, "-algorithm=ES256", "-address=ann@example.com",
	}, more...)
}

func TestStaticProvider(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "provider")
	stdout, _ := feed(t, chosenPassphrase+"\n"+chosenPassphrase, exitOK, staticArgs(folder, "-pattern=shop+*@example.com")...)
	assert.Contains(t, stdout, "application/json")
	assert.Contains(t, stdout, "9000 a second")
	assert.Contains(t, stdout, filepath.Join(folder, "browserid", "README.md"))
	assert.NotContains(t, stdout, chosenPassphrase)

	document, err := os.ReadFile(filepath.Join(folder, ".well-known", "browserid"))
	require.NoError(t, err)
	opened, err := personal.Open(document, chosenPassphrase)
	require.NoError(t, err)
	assert.Equal(t, personal.Rights{
		Domain: "example.com", Addresses: []browserid.Email{"ann@example.com"}, Patterns: []personal.Pattern{"shop+*@example.com"},
	}, opened.Rights)
	assert.Equal(t, browserid.ES256, opened.PublicKey.Algorithm())

	_, stderr := feed(t, "", exitFailed, staticArgs(folder)...) // said before anybody thinks of a passphrase
	assert.Contains(t, stderr, "a key is never replaced")
}

func TestStaticProviderRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		stdin string
		args  []string
		want  int
		says  string
	}{
		{"nothing to read", "", nil, exitFailed, "read from standard input, twice"},
		{"one line", chosenPassphrase + "\n", nil, exitFailed, "read from standard input, twice"},
		{"nothing chosen", "\n\n", nil, exitFailed, "0 characters"},
		{"two passphrases", chosenPassphrase + "\nsix words by the roll of dice", nil, exitFailed, "not the same"},
		{"weak passphrase", "correct horse\ncorrect horse\n", nil, exitFailed, "13 characters, and 16 are the least: take the suggested one"},
		{"no part", "", []string{"idp"}, exitUsage, "static"},
		{"no flags", "", []string{"idp", "static"}, exitUsage, "-domain, -login-host and -out"},
		{"no addresses", "", []string{"idp", "static", "-domain=example.com", "-login-host=https://login.example", "-out=x"}, exitUsage, "-pattern '*@example.com'"},
		{"address elsewhere", "", []string{"-address=ann@evil.test"}, exitUsage, "ann@evil.test is not an address of example.com"},
		{"no address", "", []string{"-address=ann"}, exitUsage, "want an address"},
		{"no pattern", "", []string{"-pattern=ann@example.com"}, exitUsage, "one star"},
		{"no algorithm", "", []string{"-algorithm=HS256"}, exitUsage, `"HS256"`},
		{"no domain", "", []string{"-domain=-"}, exitUsage, "want a domain"},
		{"no origin", "", []string{"-login-host=login.example"}, exitUsage, "https://login.example"},
		{"a passphrase as a word", "", []string{chosenPassphrase}, exitUsage, "read from standard input"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "provider")
			args := test.args
			if len(args) == 0 || args[0] != "idp" {
				args = staticArgs(folder, args...)
			}
			_, stderr := feed(t, test.stdin, test.want, args...)
			assert.Contains(t, stderr, test.says)
			assert.NoDirExists(t, folder)
		})
	}
}

// person answers questions as a terminal would.
type person struct {
	*os.File // a device, for isTerminal
	answers  *strings.Reader
}

func (p person) Read(data []byte) (int, error) { return p.answers.Read(data) }

// A person is offered a passphrase, takes it with Enter, and has to have noted it.
func TestPassphraseOfAPerson(t *testing.T) {
	t.Parallel()
	device, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer func() { _ = device.Close() }()
	var asked bytes.Buffer
	_, _, err = newPassphrase(t.Context(), streams{stdin: person{device, strings.NewReader("\nsomething else\n")}, stderr: &asked})
	require.ErrorContains(t, err, "not the same")
	assert.Regexp(t, `random passphrase of 80 bits: (\w{5}-){4}\w{5}\n`, asked.String())
	assert.Contains(t, asked.String(), "once more")

	typed := chosenPassphrase + "\n"
	passphrase, isSuggested, err := newPassphrase(t.Context(), streams{stdin: person{device, strings.NewReader(typed + typed)}, stderr: &asked})
	require.NoError(t, err)
	assert.Equal(t, chosenPassphrase, passphrase)
	assert.False(t, isSuggested)
}
