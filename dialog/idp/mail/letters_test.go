package mail

import (
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

var update = flag.Bool("update", false, "write the letters in testdata anew")

// everyLetter is one of each kind.
func everyLetter() map[string]idp.Letter {
	letters := map[string]idp.Letter{}
	for kind := range letterheads {
		letter := aLetter("ada.lovelace@example.org", newClock().Now())
		letter.Kind, letter.Passkey = kind, "Ada's laptop"
		if kind != idp.LetterCode {
			letter.Code, letter.Words = "", ""
		}
		letters[string(kind)] = letter
	}
	return letters
}

// The letters as they go out, to be read and looked at in a browser.
func TestLettersAreAsReviewed(t *testing.T) {
	t.Parallel()
	for name, letter := range everyLetter() {
		message, err := ourLetters.Write("ABCDEF", letter)
		require.NoError(t, err)
		for extension, got := range map[string]string{".txt": "Subject: " + message.Subject + "\n\n" + message.Text, ".html": message.HTML} {
			file := filepath.Join("testdata", name+extension)
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), got, "%s is not as reviewed: look at it, then -update", name)
		}
	}
}

// A mail program that opens a letter tells nobody.
func TestLettersLoadNothing(t *testing.T) {
	t.Parallel()
	address := regexp.MustCompile(`(?i)(https?:)?//[^"'\s<]*`)
	for name, letter := range everyLetter() {
		message, err := ourLetters.Write("ABCDEF", letter)
		require.NoError(t, err)
		for _, forbidden := range []string{"<img", "<link", "<script", "<iframe", "<object", "<svg", "<form", "src=", "srcset", "background=", "url(", "@import", "@font-face", "http-equiv"} {
			assert.NotContains(t, strings.ToLower(message.HTML), forbidden, name)
		}
		for _, found := range address.FindAllString(message.HTML, -1) {
			assert.Contains(t, []string{letter.Link, "https://login.example/account"}, found, name)
		}
		assert.NotContains(t, message.HTML, "ZgotmplZ", "html/template trusts all that stands there")
	}
}

var (
	styleElement = regexp.MustCompile(`(?s)<(style|title)>.*?</(style|title)>`)
	anyElement   = regexp.MustCompile(`<[^>]*>`)
)

// Lock screens and lists show the subject and the first words: not the code.
func TestPreviewsDoNotShowTheCode(t *testing.T) {
	t.Parallel()
	const shown = 200
	message, err := ourLetters.Write("ABCDEF", aLetter("a@b.test", newClock().Now()))
	require.NoError(t, err)
	assert.NotContains(t, message.Subject, "482093")
	visible := html.UnescapeString(anyElement.ReplaceAllString(styleElement.ReplaceAllString(message.HTML, ""), ""))
	for kind, body := range map[string]string{"text": message.Text, "HTML": visible} {
		before, _, found := strings.Cut(body, "482093")
		assert.True(t, found, kind)
		assert.GreaterOrEqual(t, len([]rune(strings.Join(strings.Fields(before), " "))), shown, kind)
	}
}

// A letter says what it takes to judge it.
func TestLettersSayWhatMatters(t *testing.T) {
	t.Parallel()
	for kind, wanted := range map[idp.LetterKind][]string{
		idp.LetterCode:             {"amber river", "482093", "14:22 UTC", "14:32 UTC", "Firefox on Linux", "login.example", "WAS THAT NOT YOU?"},
		idp.LetterPasskeyAdded:     {"Ada's laptop", "14:22 UTC", "Firefox on Linux", "WAS THAT NOT YOU?", "https://login.example/confirm#c2VjcmV0LXRva2Vu"},
		idp.LetterMoved:            {"14:22 UTC", "Firefox on Linux", "WAS THAT NOT YOU?", "https://login.example/account"},
		idp.LetterProviderAppeared: {"14:22 UTC", "example.org", "https://login.example/account"},
	} {
		message, err := ourLetters.Write("ABCDEF", everyLetter()[string(kind)])
		require.NoError(t, err)
		for _, part := range wanted {
			assert.Contains(t, message.Text, part, kind)
		}
	}
}

// A browser that says nothing of itself leaves no gap.
func TestLetterWithoutABrowser(t *testing.T) {
	t.Parallel()
	for name, letter := range everyLetter() {
		letter.Browser, letter.Passkey = "", ""
		message, err := ourLetters.Write("ABCDEF", letter)
		require.NoError(t, err)
		assert.NotContains(t, message.Text+message.HTML, "with .", name)
		assert.NotContains(t, message.Text+message.HTML, ", with", name)
		assert.NotContains(t, message.HTML, ">with", name)
	}
}

func TestUnknownLetter(t *testing.T) {
	t.Parallel()
	_, err := ourLetters.Write("ABCDEF", idp.Letter{Kind: "advertisement"})
	assert.Error(t, err)
}

// What a stranger had a say in can neither become a link nor a sentence.
func TestPlain(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"Firefox on Linux":                "Firefox on Linux",
		"Ada's laptop":                    "Ada's laptop",
		"Évas Läppi":                      "Évas Läppi",
		"عمل":                             "عمل",
		"see https://evil.test/x?y=1 now": "see httpseviltestxy1 now",
		"mail eve@evil.test":              "mail eveeviltest",
		"a\r\nBcc: b":                     "aBcc b",
		"<b>bold</b> & {{.Code}}":         "bboldb Code",
		"\u202egnp.exe\u200b\x00":         "gnpexe",
		strings.Repeat("é", 50):           strings.Repeat("é", 40),
		"  spaced \t out  ":               "spaced out",
		"":                                "",
	} {
		assert.Equal(t, want, plain(given), "%q", given)
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	link := "https://login.example/" + strings.Repeat("x", 100)
	assert.Equal(t, link+"\n", wrap(link+"\n"))
	assert.Equal(t, "    "+link+" a\n", wrap("    "+link+" a\n"))
	assert.Equal(t, strings.Repeat("word ", 13)+"word\n"+"word\n", wrap(strings.Repeat("word ", 14)+"word\n"))
}

// Long addresses and hosts break no layout: no line of text is long but those of links.
func TestLongAddresses(t *testing.T) {
	t.Parallel()
	long := browserid.Email(strings.Repeat("a", 64) + "@" + strings.Repeat("b", 60) + "." + strings.Repeat("c", 60) + ".example")
	for name, letter := range everyLetter() {
		letter.To, letter.At = long, time.Date(2026, 9, 30, 23, 59, 0, 0, time.UTC)
		message, err := ourLetters.Write("ABCDEF", letter)
		require.NoError(t, err)
		for line := range strings.Lines(message.Text) {
			if !strings.Contains(line, "aaaa") && !strings.Contains(line, "bbbb") {
				assert.LessOrEqual(t, len(strings.TrimSpace(line)), columns, name)
			}
		}
	}
}
