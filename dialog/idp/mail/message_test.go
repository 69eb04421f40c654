package mail

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// parsed is a mail as a mail program reads it.
type parsed struct {
	header netmail.Header
	parts  map[string]string // by media type
}

func parse(t *testing.T, content []byte) parsed {
	t.Helper()
	message, err := netmail.ReadMessage(bytes.NewReader(content))
	require.NoError(t, err)
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", kind)
	mail := parsed{message.Header, map[string]string{}}
	for reader := multipart.NewReader(message.Body, parameters["boundary"]); ; {
		part, err := reader.NextPart()
		if err == io.EOF {
			return mail
		}
		require.NoError(t, err)
		kind, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		require.NoError(t, err)
		assert.Equal(t, "utf-8", strings.ToLower(parameters["charset"]))
		body, err := io.ReadAll(part) // which undoes quoted-printable
		require.NoError(t, err)
		mail.parts[kind] = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
}

var codeLine = regexp.MustCompile(`(?m)^\s*(\d{6})\s*$`)

// codeIn reads the code of a mail as a person does.
func codeIn(t *testing.T, content []byte) string {
	t.Helper()
	found := codeLine.FindStringSubmatch(parse(t, content).parts["text/plain"])
	require.NotNil(t, found)
	return found[1]
}

func idsOf(t *testing.T, mails []received) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, mail := range mails {
		id, _, _ := strings.Cut(strings.Trim(parse(t, mail.content).header.Get("Message-Id"), "<>"), "@")
		ids[id] = true
	}
	return ids
}

// write is a letter as its bytes go out.
func write(t *testing.T, letter idp.Letter) []byte {
	t.Helper()
	message, err := ourLetters.Write("ABCDEF", letter)
	require.NoError(t, err)
	var content bytes.Buffer
	_, err = message.WriteTo(&content)
	require.NoError(t, err)
	return content.Bytes()
}

func TestMessage(t *testing.T) {
	t.Parallel()
	now := newClock().Now()
	content := write(t, aLetter("ada@example.org", now))
	mail := parse(t, content)
	assert.Equal(t, netmail.Header{
		"Message-Id":               {"<abcdef@login.example>"},
		"Date":                     {"Sun, 22 Nov 2026 14:22:00 +0000"},
		"From":                     {`"login.example" <login@login.example>`},
		"To":                       {"<ada@example.org>"},
		"Subject":                  {"Your code for login.example"},
		"Auto-Submitted":           {"auto-generated"},
		"X-Auto-Response-Suppress": {"All"},
		"Mime-Version":             {"1.0"},
		"Content-Type":             {mail.header.Get("Content-Type")},
	}, mail.header)
	assert.Equal(t, "482093", codeIn(t, content))
	for kind, body := range mail.parts {
		assert.Contains(t, body, "482093", kind)
		assert.Contains(t, body, "https://login.example/confirm#c2VjcmV0LXRva2Vu", kind)
	}
	for line := range bytes.Lines(content) {
		assert.LessOrEqual(t, len(line), 78, "%s", line)
		assert.Regexp(t, `^[\t\x20-\x7e]*\r\n$`, string(line))
	}
}

// Whatever stands in a letter, the header of its mail has the same fields.
func TestNothingInjectsAHeader(t *testing.T) {
	t.Parallel()
	const attack = "x\r\nBcc: eve@evil.test\r\n\r\n<b>482093</b>"
	now := newClock().Now()
	want := parse(t, write(t, aLetter("ada@example.org", now))).header
	for kind := range letterheads {
		letter := aLetter("ada@example.org", now)
		letter.Kind, letter.Words, letter.Browser, letter.Passkey = kind, attack, attack, attack
		mail := parse(t, write(t, letter))
		assert.Len(t, mail.header, len(want), kind)
		for kind, body := range mail.parts {
			assert.NotContains(t, body, "eve@", kind)
			assert.NotContains(t, body, "<b>", kind)
			assert.NotContains(t, body, "Bcc:", kind)
		}
	}
}

// The mail goes to exactly the address, or nowhere (abuse test 36).
func TestAddressTricks(t *testing.T) {
	t.Parallel()
	server := startServer(t, serverOptions{smtputf8: true})
	for _, address := range []browserid.Email{
		"ada@example.org", "Ada.Lovelace+navid@example.org", "a..b@docomo.test", ".a@example.org", "a.@example.org",
		"user%evil.test@example.org", "evil.test!user@example.org", "o'hara@example.org", "a&b|c`{}~^?/$#!@example.org",
		"ada@xn--bcher-kva.example", "ADA@example.org",
	} {
		require.NoError(t, server.client().Send(t.Context(), aMessage(address)), address)
		mail := <-server.news
		assert.Equal(t, string(address), mail.to)
		addresses, err := parse(t, mail.content).header.AddressList("To")
		require.NoError(t, err, address)
		require.Len(t, addresses, 1, address)
		assert.Equal(t, string(address), addresses[0].Address)
	}
	before := server.reached("hello")
	for _, address := range []browserid.Email{
		"", "@example.org", "ada@", "ada", "ada@localhost", `"ada lovelace"@example.org`, `"ada@evil.test"@example.org`, "ada@evil.test@example.org",
		"ada@example.org\r\nRCPT TO:<eve@evil.test>", "ada@example.org>\r\nDATA", "ada\x00@example.org", "ada@example.org ", " ada@example.org",
		"<ada@example.org>", "ada@example.org, eve@evil.test", "Ada <ada@example.org>", "ada(comment)@example.org", "@evil.test:ada@example.org",
		"=?utf-8?q?ada=40evil.test=3e?=@example.org", "=?x?q?ada?=@example.org", "ada@[127.0.0.1]", "ada@127.0.0.1", "ada@example.org.", "ada@Example.org",
		"ad\u0131@example.org", "ada@g\u0131thub.test", "\uff41da@example.org", "ada@\uff45xample.org", "ada\uff20example.org", "ad\u00e1@example.org", "ada@b\u00fccher.example",
	} {
		failure := failureOf(t, server.client().Send(t.Context(), aMessage(address)))
		assert.True(t, failure.Permanent, "%q", address)
		assert.Equal(t, reasonRecipient, failure.Reason, "%q", address)
	}
	assert.Equal(t, before, server.reached("hello"), "the server hears of none of them")
}

func TestPath(t *testing.T) {
	t.Parallel()
	for address, want := range map[browserid.Email]string{
		"ada@example.org":         "<ada@example.org>",
		"a.b@example.org":         "<a.b@example.org>",
		"a..b@example.org":        `<"a..b"@example.org>`,
		".a@example.org":          `<".a"@example.org>`,
		"a.@example.org":          `<"a."@example.org>`,
		"u%evil.test@example.org": "<u%evil.test@example.org>",
	} {
		got, err := path(address)
		require.NoError(t, err, address)
		assert.Equal(t, want, got)
	}
}

func TestParseFrom(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]netmail.Address{
		"login@example.org":                   {Name: "login.example", Address: "login@example.org"},
		"Example sign-in <login@example.org>": {Name: "Example sign-in", Address: "login@example.org"},
		`"Sign-in, Inc." <login@example.org>`: {Name: "Sign-in, Inc.", Address: "login@example.org"},
		"Größe <login@example.org>":           {Name: "Größe", Address: "login@example.org"},
	} {
		got, err := ParseFrom(given, "https://login.example")
		require.NoError(t, err, given)
		assert.Equal(t, want, got)
	}
	for _, given := range []string{"", "login", "login@localhost", "a@b.test, c@d.test", "=?utf-8?q?x=0D=0ABcc:_y?= <login@example.org>", strings.Repeat("x", 65) + " <login@example.org>", "login@Example.org"} {
		_, err := ParseFrom(given, "https://login.example")
		assert.Error(t, err, given)
	}
}
