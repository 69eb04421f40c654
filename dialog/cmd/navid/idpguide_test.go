package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer/personal"
)

// providing is the guide for who wants to be an identity provider.
const providing guide = "../../../agent/issuer/README.md"

// newGuideCounter has the files where the guide's service has them, in a folder.
func newGuideCounter(t *testing.T) counter {
	t.Helper()
	folder := t.TempDir()
	environ := []string{
		"NAVID_LISTEN=127.0.0.1:0", "NAVID_USERS=" + filepath.Join(folder, "totp-users.json"),
		"NAVID_SECRETS=" + filepath.Join(folder, "navid-idp-secrets"),
	}
	for _, line := range linesOf(providing.blocks(t, "env")[0]) {
		if !strings.HasPrefix(line, "NAVID_ACME") { // which is for who can be reached
			environ = append(environ, line)
		}
	}
	return counter{t, folder, environ}
}

// The guide's commands do what it says, in its order, beside a provider with its settings.
func TestProviderGuideCommands(t *testing.T) {
	t.Parallel()
	d := newGuideCounter(t)
	d.serve()
	done := map[string]int{}
	for _, words := range providing.navidCommands(t) {
		done[words[0]]++
		line := strings.Join(words, " ")
		for i, word := range words {
			switch word {
			case "provider", "key.json", "navid-idp-secrets":
				words[i] = filepath.Join(d.folder, word)
			}
		}
		switch {
		case words[0] == "check": // which looks at the internet
			word, err := new(checkOptions).settings().parseAnywhere(words[1:], nil, "DOMAIN|ADDRESS")
			require.NoError(t, err, line)
			domain, _, err := domainOrAddress(word)
			require.NoError(t, err, line)
			assert.EqualValues(t, "example.com", domain)
		case words[0] == "idp" && words[1] == "static":
			stdout, _ := feed(t, chosenPassphrase+"\n"+chosenPassphrase, exitOK, words...)
			assert.Contains(t, stdout, "Put all that is in it", line)
		case words[0] == "idp":
			stdout, stderr := d.run(exitOK, words[2:]...)
			assert.NotEmpty(t, stdout, line)
			assert.Empty(t, stderr, line)
		case words[0] == "keygen":
			runFor(t, exitOK, words...)
		default:
			stdout, stderr := runFor(t, exitOK, words...)
			assert.NotEmpty(t, stdout, line)
			assert.Empty(t, stderr, line)
		}
	}
	assert.Equal(t, map[string]int{"idp": 5, "keys": 3, "check": 2, "keygen": 1, "support-document": 1}, done)

	left, _ := d.run(exitOK, "list")
	assert.Contains(t, left, "ann@example.com")
	assert.NotContains(t, left, "bob@example.com")
	checkGuideFolder(t, filepath.Join(d.folder, "provider"))
}

// checkGuideFolder looks for what the guide says of the folder of files.
func checkGuideFolder(t *testing.T, folder string) {
	document, err := os.ReadFile(filepath.Join(folder, ".well-known", "browserid"))
	require.NoError(t, err)
	opened, err := personal.Open(document, chosenPassphrase)
	require.NoError(t, err)
	assert.Equal(t, []browserid.Email{"ann@example.com"}, opened.Rights.Addresses)
	for _, name := range []string{"README.md", "servers/nginx.conf", "servers/Caddyfile", "sign_out.html", "key_change.html"} {
		assert.FileExists(t, filepath.Join(folder, "browserid", name))
	}
}

// What the guide writes into /etc/navid-idp.env is what the provider takes, and the documents are what verifiers read.
func TestProviderGuideDocuments(t *testing.T) {
	t.Parallel()
	o, err := parseTOTP(nil, linesOf(providing.blocks(t, "env")[0]))
	require.NoError(t, err)
	assert.Equal(t, domainList{"idp.example.com"}, o.domain)
	assert.Equal(t, domainList{"example.com"}, o.domains)
	documents := providing.blocks(t, "json")
	require.Len(t, documents, 2)
	delegation, err := browserid.ParseSupportDocument([]byte(documents[0]))
	require.NoError(t, err)
	assert.EqualValues(t, o.domain[0], delegation.Authority)
	assert.Contains(t, providing.blocks(t, "nginx")[0], "'"+strings.NewReplacer("{ ", "{", " }", "}", "\n", "").Replace(documents[0])+"'")
	end, err := browserid.ParseSupportDocument([]byte(documents[1]))
	require.NoError(t, err)
	assert.True(t, end.Disabled)
}

// On one's own machine, the login host finds the provider at its own port: the commands and nginx agree about all three.
func TestProviderGuideAtHome(t *testing.T) {
	t.Parallel()
	proxy := providing.blocks(t, "nginx")[1]
	goesTo := func(name, address string) string {
		return "listen 127.0.0.1:8080; server_name " + name + "; location / { proxy_pass http://" + address + "; }"
	}
	for _, line := range linesOf(providing.blocks(t, "console")[0])[2:] {
		words := strings.Fields(line)
		switch words[1] {
		case "idp":
			o, err := parseTOTP(words[3:], nil)
			require.NoError(t, err)
			assert.Contains(t, proxy, goesTo(string(o.domain[0]), o.listen))
			assert.EqualValues(t, "http://login.localhost:8080", o.loginHost)
		case "serve":
			o, err := parseServe(words[2:], nil)
			require.NoError(t, err)
			assert.EqualValues(t, "http://login.localhost:8080", o.publicURL)
			assert.Contains(t, proxy, goesTo(o.publicURL.Host(), o.listen))
		default:
			var o checkOptions
			_, err := o.settings().parseAnywhere(words[2:], nil, "DOMAIN|ADDRESS")
			require.NoError(t, err)
			assert.Equal(t, "8080", o.devPort)
		}
	}
}

// The code that the guide shows is that of the example.
func TestProviderGuideShowsTheExample(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile(filepath.Join(filepath.Dir(string(providing)), "example_site_test.go"))
	require.NoError(t, err)
	for _, block := range providing.blocks(t, "go") {
		assert.Contains(t, string(example), block, "the example has changed: copy it into its guide")
	}
}
