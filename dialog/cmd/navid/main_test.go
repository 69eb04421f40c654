package main

import (
	"bytes"
	"context"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRun(t *testing.T) {
	t.Parallel()
	const public, alone = "-public-url=https://login.example", "-no-fallback"
	nowhere := filepath.Join(t.TempDir(), "gone", "seen.json")
	tests := []struct {
		name           string
		args           []string
		want           int
		stdout, stderr string
	}{
		{"help", []string{"help"}, 0, "navid serve", ""},
		{"-h", []string{"-h"}, 0, "navid serve", ""},
		{"help names all", []string{"help"}, 0, "navid support-document", ""},
		{"nothing", nil, 2, "", "navid serve"},
		{"help names itself", []string{"--help"}, 0, "  navid help [COMMAND]\n", ""},
		{"help for a command", []string{"help", "serve"}, 0, "-public-url ORIGIN", ""},
		{"help for help", []string{"help", "-h"}, 0, "navid help [COMMAND]", ""},
		{"help for help, in words", []string{"help", "help"}, 0, "navid help [COMMAND]", ""},
		{"help for no command", []string{"help", "sevre"}, 2, "", `navid help: there is no command "sevre"; did you mean serve?`},
		{"help for two commands", []string{"help", "serve", "verify"}, 2, "", "name one command"},
		{"version", []string{"version"}, 0, ", " + runtime.Version() + " " + runtime.GOOS, ""},
		{"version help", []string{"version", "-h"}, 0, "  navid version\n", ""},
		{"version of something", []string{"version", "serve"}, 2, "", `"serve" is one word too many`},
		{
			"unknown command", []string{"frobnicate"}, 2, "", "navid: there is no command \"frobnicate\"; there are serve, keys, account, doctor, backup, restore, verify-server, verify, decode, " +
				"idp, keygen, support-document, check, check-site, version, help. `navid help` explains them\n",
		},
		{"serve help", []string{"serve", "-h"}, 0, "-public-url ORIGIN", ""},
		{"help for a part", []string{"idp", "static", "-h"}, 0, "Usage:\n\n  navid idp static -domain DOMAIN", ""},
		{"help for a part of a part", []string{"help", "idp", "totp", "add"}, 0, "navid idp totp add|remove ADDRESS", ""},
		{"help for one of several parts", []string{"account", "show", "-h"}, 0, "navid account show|sign-out", ""},
		{"a part without its flags", []string{"idp", "totp"}, 2, "", "`navid idp totp -h` explains the flags.\n"},
		{"a part of a part without its address", []string{"idp", "totp", "add"}, 2, "", "navid idp totp add: want navid idp totp add ADDRESS\n"},
		{"an unknown part", []string{"idp", "topt"}, 2, "", "navid idp: there is no navid idp topt: there are totp, static; did you mean totp?\n"},
		{"unknown flag", []string{"serve", "-prot"}, 2, "", "navid serve: there is no flag -prot\n"},
		{"stray word", []string{"serve", public, "now"}, 2, "", `navid serve: "now" is one word too many: after navid serve there are flags only`},
		{"no public URL", []string{"serve"}, 2, "", "navid serve: -public-url is missing"},
		{"http", []string{"serve", "-public-url=http://login.example"}, 2, "", "http is for localhost only"},
		{"http without -dev", []string{"serve", "-public-url=http://localhost:8080"}, 2, "", "must be https"},
		{"verify-server help", []string{"verify-server", "-h"}, 0, "-fallback DOMAIN", ""},
		{"verify help", []string{"verify", "-h"}, 0, "-support DOMAIN=FILE", ""},
		{"decode help", []string{"decode", "-h"}, 0, "without checking its signatures", ""},
		{"keygen help", []string{"keygen", "--help"}, 0, "which every verifier knows", ""},
		{"support-document help", []string{"support-document", "-help"}, 0, "page where people sign in", ""},
		{"no fallback", []string{"serve", public, alone, "-fallback=https://login.example"}, 2, "", `invalid value "https://login.example" for flag -fallback`},
		{"no domain to trust", []string{"verify-server", "-trust=own.example:8080"}, 2, "", "for flag -trust"},
		{"stray word for verify-server", []string{"verify-server", "now"}, 2, "", `navid verify-server: "now" is one word too many`},
		{"no address to listen on", []string{"verify-server", "-listen=nowhere"}, 1, "", "navid verify-server: listen tcp"},
		{"no URL with -dev", []string{"serve", "-dev", "-public-url=localhost"}, 2, "", `invalid value "localhost" for flag -public-url: want an origin such as`},
		{"a path", []string{"serve", "-public-url=https://login.example/navid"}, 2, "", "for flag -public-url: want an origin such as"},
		{"two slashes", []string{"serve", "-public-url=https://login.example//"}, 2, "", "for flag -public-url: want an origin such as"},
		{"no duration", []string{"serve", "-drain", "10"}, 2, "", `invalid value "10" for flag -drain: want a duration such as 10s`},
		{"a negative duration", []string{"serve", "-drain=-10s"}, 2, "", "for flag -drain: want a duration"},
		{"neither on nor off", []string{"serve", "-acme=yes"}, 2, "", `invalid boolean value "yes" for -acme: want true or false`},
		{"no network", []string{"serve", public, alone, "-trusted-proxies=10.0.0.0/8,proxy"}, 2, "", "for flag -trusted-proxies: want networks or addresses"},
		{"no port", []string{"verify-server", "-dev-port=http"}, 2, "", "for flag -dev-port"},
		{"no place for the seen", []string{"serve", public, alone, "-seen=" + nowhere}, 1, "", "navid serve: open seen file"},
		{"no place for the seen of a verifier", []string{"verify-server", "-seen=" + nowhere}, 1, "", "navid verify-server: open seen file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			got := program(t.Context(), test.args, streams{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr})
			assert.Equal(t, test.want, got, "exit status")
			assert.Contains(t, stdout.String(), test.stdout)
			assert.Contains(t, stderr.String(), test.stderr)
			if test.want == exitOK {
				assert.Empty(t, stderr.String())
			} else {
				assert.Empty(t, stdout.String())
			}
		})
	}
}

// The whole program as it is linked: it serves and ends with its context, or,
// where the agent was not built into it, says how to build it.
func TestServe(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"serve", "-listen=127.0.0.1:0", "-public-url=https://login.example", "-no-fallback"},
		{"serve", "-listen=127.0.0.1:0", "-public-url=http://login.localhost:8080", "-dev", "-no-fallback"},
		{"verify-server", "-listen=127.0.0.1:0", "-fallback=login.example", "-fallback=login2.example"},
	} {
		var stdout, stderr bytes.Buffer
		status := program(ended, args, streams{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr})
		if status == exitUsage {
			assert.Contains(t, stderr.String(), "make build")
			continue
		}
		assert.Equal(t, exitOK, status, stderr.String())
		assert.Contains(t, stderr.String(), "serving")
	}
}
