package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const loginExample = "-public-url=https://login.example"

// A flag goes before the environment, which goes before the default.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	environ := []string{
		"HOME=/root", "NAVID_PUBLIC_URL=https://login.example https://login.other.example", "NAVID_LISTEN=127.0.0.1:9",
		"NAVID_NO_FALLBACK=true", "NAVID_TRUSTED_PROXIES=10.0.0.0/8, 127.0.0.1", "NAVID_DATABASE=", "NAVID_VECTORS=x", "NAVID_TEST_POSTGRES=y",
		"NAVID_SMTP=", "NAVID_FALLBACK=a.test,b.test",
	}
	o, err := parseServe(nil, environ)
	require.NoError(t, err)
	assert.EqualValues(t, "https://login.example", o.publicURL)
	assert.Equal(t, []string{"https://login.other.example"}, texts(o.otherURLs))
	assert.Equal(t, "127.0.0.1:9", o.listen)
	assert.Equal(t, "navid.db", o.data.database, "an empty variable says nothing")
	assert.Len(t, o.proxies, 2)
	assert.Equal(t, []string{"a.test", "b.test"}, texts(o.verifier.Fallbacks))
	o, err = parseServe([]string{"-listen=127.0.0.1:10", "-public-url=https://login2.example"}, environ)
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:10", o.listen)
	assert.EqualValues(t, "https://login2.example", o.publicURL)
	assert.Empty(t, o.otherURLs, "a flag replaces all that the environment says")
}

func TestEnvironmentRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ variable, says string }{
		{"NAVID_DATABSE=x", "the environment has NAVID_DATABSE, and there is no such setting; did you mean NAVID_DATABASE?"},
		{"NAVID_PUBLICURL=x", "did you mean NAVID_PUBLIC_URL?"},
		{"NAVID_QQQQ=x", "the environment has NAVID_QQQQ, and there is no such setting\n"},
		{"NAVID_PUBLIC_URL=login.example", "NAVID_PUBLIC_URL: want an origin such as https://shop.example: scheme is neither https nor http; did you mean https://login.example?"},
		{"NAVID_ACME=yes", "NAVID_ACME: want true or false\n"},
		{"NAVID_DRAIN=10", "NAVID_DRAIN: want a duration such as 10s\n"},
		{"NAVID_MAIL_LIMIT=many", "NAVID_MAIL_LIMIT: want a number"},
	}
	for _, test := range tests {
		t.Run(test.variable, func(t *testing.T) {
			t.Parallel()
			var stderr strings.Builder
			status := program(t.Context(), []string{"serve"}, streams{stderr: &stderr, environ: []string{test.variable}})
			assert.Equal(t, exitUsage, status)
			assert.Contains(t, stderr.String(), test.says)
		})
	}
}

// What is wrong with the mail is known before anything is made.
func TestMailSettings(t *testing.T) {
	t.Parallel()
	for says, args := range map[string][]string{
		"-smtp: ":                              {"-smtp=mail.example:587"},
		`-mail-from "login" is not an address`: {"-smtp=smtp://mail.example", "-mail-from=login"},
	} {
		_, err := parseServe(append(args, loginExample), nil)
		require.ErrorContains(t, err, says)
		var usage *usageError
		require.ErrorAs(t, err, &usage)
	}
}

// One environment serves all commands.
func TestVariablesOfOtherCommands(t *testing.T) {
	t.Parallel()
	_, err := parseServe([]string{loginExample, "-no-fallback"}, []string{"NAVID_DEV_PORT=8080"})
	require.NoError(t, err)
}

// The help is the table: each setting with its variable.
func TestHelpOfServe(t *testing.T) {
	t.Parallel()
	stdout, _ := runFor(t, exitOK, "serve", "-help")
	for _, r := range new(serveOptions).settings().rows {
		assert.Regexp(t, `(?m)^  -`+r.name+` .*\b`+r.variable()+`\b`, stdout)
		assert.NotContains(t, r.does, "`")
	}
	for line := range strings.Lines(stdout) {
		assert.LessOrEqual(t, len([]rune(line)), 1+110, line)
	}
	assert.Contains(t, stdout, "\nMail\n\n  -smtp URL")
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"verify", "verify-server", "serve", "help", "keys"}
	for word, want := range map[string]string{
		"verfy": "verify", "sevre": "serve", "vreify": "verify", "verifyserver": "verify-server", "hlep": "help", "key": "keys",
		"frobnicate": "", "x": "", "": "",
	} {
		assert.Equal(t, want, nearest(word, names), word)
	}
}

// What a new user typed, and what they were told.
func TestCommandLineSaysPlainlyWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args []string
		says string
	}{
		{[]string{"verify", atRP, "abc"}, `"abc" is one word too many: the bundle is read from standard input, as in navid verify … < FILE`},
		{[]string{"verify", "-audience=https://rp.test/login?x"}, "want an origin such as https://shop.example: an origin ends with the host, or the port; did you mean https://rp.test?"},
		{[]string{"serve", "-public-url=login.example"}, "did you mean https://login.example?"},
		{[]string{"serve", "-public-url=http://login.example"}, "http is for localhost only; did you mean https://login.example?"},
		{[]string{"verify", atRP, "-now=yesterday"}, `invalid value "yesterday" for flag -now: want a time such as 2026-11-21T12:00:00Z`},
		{[]string{"help", "verfy"}, `there is no command "verfy"; did you mean verify?`},
		{[]string{"verfy"}, `navid: there is no command "verfy"; did you mean verify?`},
		{[]string{"verify", "-audiense=https://rp.test"}, "there is no flag -audiense; did you mean -audience?"},
		{[]string{"serve", loginExample, "-fallback=https://a.test"}, "want a domain such as login.example"},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			_, stderr := runFor(t, exitUsage, test.args...)
			assert.Contains(t, stderr, test.says)
			assert.NotContains(t, stderr, "browserid: ")
		})
	}
}

func TestSettingsThatDoNotGoTogether(t *testing.T) {
	t.Parallel()
	const smtp = "-smtp=smtps://mail.example"
	tests := []struct {
		args []string
		says string
	}{
		{[]string{loginExample}, "-smtp is missing"},
		{[]string{loginExample, smtp, "-no-fallback"}, "-no-fallback sends no mail"},
		{[]string{loginExample, smtp, "-outbox=x"}, "either -smtp or -outbox"},
		{[]string{loginExample, smtp, "-dev"}, "-dev is for localhost names only, and https://login.example is none"},
		{[]string{"-public-url=http://a.localhost", loginExample, "-dev"}, "https://login.example is none"},
		{[]string{"-public-url=http://a.localhost", "-dev", "-acme"}, "-dev serves http"},
		{[]string{"-public-url=http://a.localhost", smtp}, "must be https; http is for -dev"},
		{[]string{loginExample, smtp, "-tls-cert=x"}, "needed together"},
		{[]string{loginExample, smtp, "-tls-key=x"}, "needed together"},
		{[]string{loginExample, smtp, "-tls-cert=x", "-tls-key=x", "-acme"}, "either -acme or -tls-cert"},
		{[]string{loginExample, smtp, "-acme-email=x"}, "with -acme only"},
		{[]string{loginExample, smtp, "-listen-http=:80"}, "-listen-http is beside"},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			_, err := parseServe(test.args, nil)
			require.ErrorContains(t, err, test.says)
		})
	}
}

func TestSecretsFolder(t *testing.T) {
	t.Parallel()
	for database, want := range map[string]string{
		"navid.db": "navid-secrets", "/var/lib/navid/a.db": "/var/lib/navid/navid-secrets", "sqlite:/var/x.db": "/var/navid-secrets",
		"postgres://navid@db/navid": "navid-secrets",
	} {
		assert.Equal(t, want, (&dataOptions{database: database}).secretsFolder())
	}
	assert.Equal(t, "/run/secrets", (&dataOptions{database: "x.db", secrets: "/run/secrets"}).secretsFolder())
}
