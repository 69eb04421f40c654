package personal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer/personal"
)

const (
	passphrase = "lusab-babad-gutih-tugad-mabiv"
	next       = "tugad-mabiv-lusab-babad-gutih"
)

// config is a provider with a key that is made quickly, and opened as quickly as is allowed.
func config() personal.Config {
	return personal.Config{
		Domain:     "example.com",
		Host:       "https://login.example",
		Rights:     personal.Rights{Domain: "example.com", Addresses: []browserid.Email{"ann@example.com"}, Patterns: []personal.Pattern{"shop+*@example.com"}},
		Algorithm:  browserid.ES256,
		Passphrase: passphrase,
		Rounds:     personal.MinRounds,
		Scripts:    os.DirFS(filepath.Join("..", "..", "..", "shim")),
	}
}

// written writes a provider and returns its folder and its support document.
func written(t *testing.T, config personal.Config) (folder string, document []byte) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "provider")
	require.NoError(t, personal.Write(folder, config))
	document, err := os.ReadFile(filepath.Join(folder, ".well-known", "browserid"))
	require.NoError(t, err)
	return folder, document
}

func TestWrite(t *testing.T) {
	t.Parallel()
	_, document := written(t, config())
	support, err := browserid.ParseSupportDocument(document)
	require.NoError(t, err)
	assert.Equal(t, personal.AuthenticationPath, support.Authentication)
	assert.Equal(t, personal.ProvisioningPath, support.Provisioning)
	assert.Equal(t, personal.LogoutPath, support.Logout)
	assert.NotContains(t, string(document), "ann", "the addresses are encrypted")

	opened, err := personal.Open(document, "  "+passphrase+"\n")
	require.NoError(t, err)
	assert.Equal(t, config().Rights, opened.Rights)
	assert.True(t, opened.PublicKey.Equal(support.PublicKeys[0]))
	_, err = personal.Open(document, next)
	assert.ErrorIs(t, err, personal.ErrPassphrase)
}

// Two providers have nothing secret in common, with the same passphrase.
func TestWriteIsRandom(t *testing.T) {
	t.Parallel()
	_, first := written(t, config())
	_, second := written(t, config())
	one, err := personal.ParseEncrypted(first)
	require.NoError(t, err)
	other, err := personal.ParseEncrypted(second)
	require.NoError(t, err)
	assert.NotEqual(t, one.Slots[0].Salt, other.Slots[0].Salt)
	assert.NotEqual(t, one.Slots[0].Key.IV, other.Slots[0].Key.IV)
	assert.NotEqual(t, one.Key.IV, one.Rights.IV)
}

// A web root may have other files; none of them is replaced, and where one is in the way nothing is written.
func TestWriteReplacesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "_headers"), []byte("mine"), 0o644))
	assert.ErrorIs(t, personal.Write(folder, config()), fs.ErrExist)
	assert.ErrorIs(t, personal.CheckFree(folder, config()), fs.ErrExist)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 1)

	require.NoError(t, os.Rename(filepath.Join(folder, "_headers"), filepath.Join(folder, "index.html")))
	require.NoError(t, personal.CheckFree(folder, config()))
	require.NoError(t, personal.Write(folder, config()))
	assert.ErrorIs(t, personal.Write(folder, config()), fs.ErrExist)
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*personal.Config)
		says   string
	}{
		{"short passphrase", func(c *personal.Config) { c.Passphrase = "correct horse" }, "13 characters"},
		{"passphrase that repeats itself", func(c *personal.Config) { c.Passphrase = strings.Repeat("ab", 20) }, "repeats"},
		{"no address", func(c *personal.Config) { c.Rights = personal.Rights{} }, "no address"},
		{"address of another domain", func(c *personal.Config) { c.Rights.Addresses = []browserid.Email{"ann@evil.test"} }, "not an address of example.com"},
		{"pattern of another domain", func(c *personal.Config) { c.Rights.Patterns = []personal.Pattern{"*@evil.test"} }, "not a pattern"},
		{"pattern for domains", func(c *personal.Config) { c.Rights.Patterns = []personal.Pattern{"ann@*.com"} }, "not a pattern"},
		{"too many addresses", func(c *personal.Config) { c.Rights.Addresses = make([]browserid.Email, 101) }, "more than 100"},
		{"algorithm", func(c *personal.Config) { c.Algorithm = "HS256" }, `"HS256"`},
		{"few rounds", func(c *personal.Config) { c.Rounds = 1000 }, "1000 rounds"},
		{"many rounds", func(c *personal.Config) { c.Rounds = personal.MaxRounds + 1 }, "rounds"},
		{"policy as a login host", func(c *personal.Config) { c.Host = "https://login.example; script-src *" }, "login host"},
		{"login host with a line of its own", func(c *personal.Config) { c.Host = "https://login.example\n}" }, "login host"},
		{"no login host", func(c *personal.Config) { c.Host = "" }, "login host"},
		{"no scripts", func(c *personal.Config) { c.Scripts = os.DirFS(t.TempDir()) }, "provisioning_api.js"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			changed := config()
			test.change(&changed)
			folder := filepath.Join(t.TempDir(), "provider")
			assert.ErrorContains(t, personal.Write(folder, changed), test.says)
			assert.NoDirExists(t, folder)
		})
	}
}

// Every file that a page includes has its hash there, and every module that a module imports, too.
func TestPagesNameTheHashes(t *testing.T) {
	t.Parallel()
	folder, _ := written(t, config())
	included := regexp.MustCompile(`<(?:script|link)[^>]*(?:src|href)="([^"]+)"([^>]*)>`)
	imported := regexp.MustCompile(`from '\./([^']+)'`)
	for _, name := range []string{"sign_in.html", "provision.html", "key_change.html", "sign_out.html"} {
		page, err := os.ReadFile(filepath.Join(folder, "browserid", name))
		require.NoError(t, err)
		hashed := map[string]bool{}
		for _, match := range included.FindAllStringSubmatch(string(page), -1) {
			hashed[match[1]] = strings.Contains(match[2], `integrity="sha384-`)
			if match[1] != "key.svg" {
				assert.True(t, hashed[match[1]], "%s: %s", name, match[1])
			}
			source, err := os.ReadFile(filepath.Join(folder, "browserid", match[1]))
			require.NoError(t, err)
			for _, more := range imported.FindAllSubmatch(source, -1) {
				assert.Contains(t, string(page), `href="`+string(more[1])+`" integrity=`, "%s, for %s", name, match[1])
			}
		}
		assert.Greater(t, len(hashed), 4, name)
		assert.NotRegexp(t, `https?://`, strings.ReplaceAll(string(page), `data-host="https://login.example"`, ""), "nothing of a third party")
		assert.Contains(t, string(page), `content="default-src &#39;none&#39;; script-src &#39;self&#39;;`)
	}
}

// The cases of documents, addresses and passphrases, which the pages' own tests read as well.
type cases struct {
	Encrypted          json.RawMessage
	Refused            []refusedCase
	Rights             personal.Rights
	Covered, Uncovered []string
	Same               [][2]string
	Weak, Strong       []string
}

type refusedCase struct {
	Name  string
	At    []any
	Value any
	Code  string
}

func readCases(t *testing.T) cases {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "cases.json"))
	require.NoError(t, err)
	var all cases
	require.NoError(t, json.Unmarshal(data, &all))
	return all
}

func TestParseEncryptedRefuses(t *testing.T) {
	t.Parallel()
	all := readCases(t)
	_, err := personal.ParseEncrypted(document(all.Encrypted))
	require.NoError(t, err)
	for _, test := range all.Refused {
		t.Run(test.Name, func(t *testing.T) {
			t.Parallel()
			var changed any
			require.NoError(t, json.Unmarshal(all.Encrypted, &changed))
			put(changed, test.At, test.Value)
			data, err := json.Marshal(changed)
			require.NoError(t, err)
			_, err = personal.ParseEncrypted(document(data))
			require.Error(t, err)
			assert.Equal(t, test.Code == "unknown", errors.Is(err, personal.ErrUnknown), err)
		})
	}
	for _, text := range []string{``, `{}`, `[]`, `{"encrypted-private-key":[]}`, `{"encrypted-private-key":{},"encrypted-private-key":{}}`} {
		_, err := personal.ParseEncrypted([]byte(text))
		assert.Error(t, err, text)
	}
}

func document(encrypted []byte) []byte {
	return bytes.Join([][]byte{[]byte(`{"encrypted-private-key":`), encrypted, []byte(`}`)}, nil)
}

// put changes the value at a path of member names and indices.
func put(value any, at []any, changed any) {
	switch name := at[0].(type) {
	case string:
		members := value.(map[string]any)
		if len(at) == 1 {
			members[name] = changed
			return
		}
		put(members[name], at[1:], changed)
	case float64:
		elements := value.([]any)
		if len(at) == 1 {
			elements[int(name)] = changed
			return
		}
		put(elements[int(name)], at[1:], changed)
	}
}

func TestCheckPassphrase(t *testing.T) {
	t.Parallel()
	all := readCases(t)
	for _, weak := range all.Weak {
		assert.ErrorIs(t, personal.CheckPassphrase(weak), personal.ErrWeakPassphrase, weak)
	}
	for _, strong := range all.Strong {
		assert.NoError(t, personal.CheckPassphrase(strong), strong)
	}
}

// A suggestion is five words, each of one of 16·4·16·4·16 = 2¹⁶: 80 bits.
func TestSuggestPassphrase(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^([bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz](-|$)){5}$`)
	seen := map[rune]bool{}
	for range 500 {
		suggested := personal.SuggestPassphrase()
		assert.Regexp(t, form, suggested)
		assert.NoError(t, personal.CheckPassphrase(suggested))
		for _, character := range suggested {
			seen[character] = true
		}
	}
	assert.Len(t, seen, 16+4+1)
	assert.Equal(t, 80, personal.SuggestedBits)
}

func TestParsePattern(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"*@example.com", "shop+*@EXAMPLE.com"} {
		pattern, err := personal.ParsePattern(good)
		require.NoError(t, err)
		assert.Contains(t, string(pattern), "@example.com")
	}
	for _, bad := range []string{"", "*", "ann@example.com", "**@example.com", "*@*.com", "*@localhost"} {
		_, err := personal.ParsePattern(bad)
		assert.Error(t, err, bad)
	}
}
