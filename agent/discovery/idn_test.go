package discovery_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// B6.3: what a person may type, and what is sent.
func TestParseDomain(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]browserid.Domain{
		"IDP.test":                "idp.test",
		"παράδειγμα.δοκιμή":       "xn--hxajbheg2az3al.xn--jxalpdlp",
		"ΠΑΡΆΔΕΙΓΜΑ.δοκιμή":       "xn--hxajbheg2az3al.xn--jxalpdlp",
		"παράδειγμα.xn--jxalpdlp": "xn--hxajbheg2az3al.xn--jxalpdlp",
		"www.idyrøy.no":           "www.xn--idyry-yua.no",
		"Bücher.example":          "xn--bcher-kva.example",
		"bu\u0308cher.example":    "xn--bcher-kva.example", // decomposed
		"straße.example":          "xn--strae-oqa.example", // not strasse: another name today
		"例え。テスト":                  "xn--r8jz45g.xn--zckzah",
		"ｉｄｐ.test":                "idp.test", // fullwidth
		"\u212aate.test":          "kate.test",
		"xn--bcher-kva.example":   "xn--bcher-kva.example",
	} {
		got, err := discovery.ParseDomain(name)
		require.NoError(t, err, "%q", name)
		assert.Equal(t, want, got, "%q", name)
	}
}

func TestParseDomainRefuses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "ö..test", ".ö.test", "ö.test.", "ö_x.test", "ö x.test", "ö/x.test", "ö@x.test", "ö.test:443", "ö.test\x00", "ö\n.test",
		"１２７.０.０.１", "ö.127.0.0.1", "xn--a.ö", "-ö.test", "ö-.test", "ab--ö.test", "\u0308.test", "a\u200db\u00f6.test",
		"\xff.test", "\ufffd.test", "א1a.test", strings.Repeat("ö", 60) + ".test", strings.Repeat("ö.", 200) + "test", strings.Repeat("ö", 10_000),
		"ö\u2024test.example", "ö℀.test", // signs that become a dot or a slash
	} {
		got, err := discovery.ParseDomain(name)
		require.ErrorIs(t, err, browserid.CodeDomain, "%q is %q", name, got)
		require.Empty(t, got)
	}
}

// What is shown: the name in its own script where nobody takes it for another one.
func TestDisplay(t *testing.T) {
	t.Parallel()
	for name, shown := range map[string]bool{
		"bücher.example":       true,
		"łódź.example":         true,
		"việtnam.example":      true,
		"παράδειγμα.δοκιμή":    true,
		"пример.test":          true,
		"почта-1.example":      true,
		"україна.example":      true,
		"例え.テスト":               true,
		"スーパー.example":         true,
		"한국.example":           true,
		"例子.example":           true,
		"उदाहरण.परीक्षा":       true,
		"ตัวอย่าง.example":     true,
		"דוגמה.טעסט":           true,
		"مثال.إختبار":          true,
		"пример.παράδειγμα":    true,  // each label by itself
		"аррӏе.com":            false, // all Cyrillic, all twins
		"асе1.example":         false,
		"pаypal.com":           false, // one Cyrillic letter among Latin ones
		"gооgle.example":       false,
		"ορ.example":           false,
		"ɡoogle.example":       false, // phonetic g
		"ıdp.example":          false, // dotless i
		"ĸate.example":         false,
		"þaypal.example":       false,
		"ԁе.example":           false,
		"параδ.example":        false, // two scripts that nobody mixes
		"日本go.example":         false,
		"x一y.example":          false,
		"login.example.ノ.test": false, // like a slash
		"ᎪᏢᏢᏞᎬ.example":        false, // Cherokee
		"դուպ.example":         false, // Armenian
		"p\u0323e\u0331.test":  false, // marks that have no letter of their own
		"דוגמה.example":        false, // is seen in another order
		"bücher.דוגמה":         false,
	} {
		domain, err := discovery.ParseDomain(name)
		require.NoError(t, err, "%q", name)
		want := string(domain)
		if shown {
			want = name
		}
		assert.Equal(t, want, discovery.Display(domain), "%q", name)
	}
}

// What is no A-label of anything stays as it is.
func TestDisplayOfOthers(t *testing.T) {
	t.Parallel()
	for _, name := range []browserid.Domain{
		"", "idp.test", "xn--", "xn--a.test", "xn--zzzzzzzzzzzzzz.test", "xn--abc-.test", "a.xn--80ak6aa92e.test",
		"xn--bcher-kva.xn--a", "xn--xn---epa.test",
	} {
		assert.Equal(t, string(name), discovery.Display(name))
	}
}

// The addresses of the shared vectors that are not ASCII (B6.3).
func TestVectorsOfEmail(t *testing.T) {
	t.Parallel()
	directory := os.Getenv("NAVID_VECTORS")
	if directory == "" {
		t.Log("NAVID_VECTORS is not set: no cases")
		return
	}
	var vectors struct {
		Cases []struct {
			Address string
			ALabel  string `json:"a_label"`
		}
	}
	data, err := os.ReadFile(filepath.Join(directory, "email_cases.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &vectors))
	converted := 0
	for _, vector := range vectors.Cases {
		local, name, found := strings.Cut(vector.Address, "@")
		if !found || vector.ALabel == "" {
			continue
		}
		domain, err := discovery.ParseDomain(name)
		require.NoError(t, err)
		address, err := browserid.ParseEmail(local + "@" + string(domain))
		require.NoError(t, err)
		assert.Equal(t, browserid.Email(vector.ALabel), address)
		assert.Equal(t, name, discovery.Display(address.Domain()))
		converted++
	}
	assert.NotZero(t, converted)
}
