package check

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func at(t *testing.T, text string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(text)
	require.NoError(t, err)
	return parsed
}

// As browsers match a source with a URL (CSP 3, section 6.7.2.8).
func TestSources(t *testing.T) {
	t.Parallel()
	page := at(t, "https://idp.test/provision")
	const script = "https://login.example/provisioning_api.js"
	tests := []struct {
		sources, target string
		want            bool
	}{
		{"'self'", script, false},
		{"'self'", "https://idp.test/x.js", true},
		{"https://login.example", script, true},
		{"HTTPS://Login.Example", script, true},
		{"http://login.example", script, true}, // is upgraded
		{"login.example", script, true},
		{"login.example:443", script, true},
		{"login.example:*", script, true},
		{"login.example:8443", script, false},
		{"https://login.example", "https://login.example:8443/x.js", false},
		{"*.example", script, true},
		{"*.login.example", script, false},
		{"*", script, true},
		{"https:", script, true},
		{"http:", script, true},
		{"data:", script, false},
		{"'none'", script, false},
		{"'unsafe-inline'", script, false},
		{"https://login.example/provisioning_api.js", script, true},
		{"https://login.example/Provisioning_api.js", script, false},
		{"https://login.example/lib/", script, false},
		{"https://login.example/", script, true},
		{"https://evil-login.example", script, false},
		{"https://login.example", "http://login.example/x.js", false},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, matchesAny([]string{test.sources}, page, at(t, test.target)), "%s and %s", test.sources, test.target)
	}
}

func TestAllowsScript(t *testing.T) {
	t.Parallel()
	page := at(t, "https://idp.test/")
	ours := script{url: at(t, "https://login.example/provisioning_api.js"), nonce: "n1", integrity: "sha256-abc="}
	for text, want := range map[string]bool{
		"":                   true,
		"img-src 'none'":     true,
		"default-src 'none'": false,
		"default-src 'none'; script-src https://login.example":         true,
		"script-src https://login.example; script-src-elem 'self'":     false,
		"script-src 'self'; script-src https://login.example":          false, // the first one counts
		"script-src 'nonce-n1'":                                        true,
		"script-src 'nonce-n2'":                                        false,
		"script-src 'sha256-abc='":                                     true,
		"script-src 'strict-dynamic' 'nonce-n2' https://login.example": false,
		"SCRIPT-SRC https://login.example":                             true,
	} {
		assert.Equal(t, want, parsePolicy(text).allowsScript(page, ours), text)
	}
}

func TestFraming(t *testing.T) {
	t.Parallel()
	page, host := at(t, "https://idp.test/"), at(t, "https://login.example")
	for _, test := range []struct {
		csp, options string
		want         bool
	}{
		{"", "", true},
		{"", "DENY", false},
		{"", "sameorigin", false},
		{"", "ALLOW-FROM https://login.example", true},          // no browser knows it any more
		{"frame-ancestors https://login.example", "DENY", true}, // the older header does not count
		{"frame-ancestors 'self'", "", false},
		{"frame-ancestors 'none'", "", false},
		{"frame-ancestors *, frame-ancestors 'none'", "", false}, // all policies count
		{"default-src 'none'", "", true},
	} {
		header := http.Header{}
		header.Set("Content-Security-Policy", test.csp)
		header.Set("X-Frame-Options", test.options)
		f := framing{policiesOf(header, []string{"frame-ancestors 'none'"}), header}
		assert.Equal(t, test.want, f.mayFrame(page, host), "%q %q", test.csp, test.options)
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	data := []byte("{\n  \"ä\": 1,\n  \"ä\": 2}")
	assert.Equal(t, "It is “ä”, for the second time at line 3, column 5.", duplicate(data).Says)
	assert.Equal(t, "It is “a”, for the second time at line 1, column 17.", duplicate([]byte(`{"x":[{"a":1, "a":[]}]}`)).Says)
	assert.Equal(t, "It goes wrong at line 2, column 2.", brokenJSON([]byte("{\"a\": 1,\n }")).Says)
	assert.Equal(t, "json_encoding", brokenJSON([]byte("\uFEFF{}")).Code)
}

func TestQuote(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `“a\n\x1b[31m\u202e"b\xff”`[:20], quote("a\n\x1b[31m\u202e\"b")[:20])
	assert.Less(t, len(quote(string(make([]byte, 10_000)))), 1000)
}

// HTML as strangers write it: relative to a base, cut off, and without end.
func TestMarkup(t *testing.T) {
	t.Parallel()
	page := at(t, "https://idp.test/a/b")
	m := readMarkup(page, []byte(`<BASE href="/c/"><Script SRC=d.js data-host=https://login.example NONCE=n></SCRIPT>
		<script>navigator</script><!-- <script src=no.js></script> --><meta name=Referrer content=no-referrer>
		<script src="https://login.example/agent.js?x`))
	require.Len(t, m.scripts, 2)
	assert.Equal(t, "https://idp.test/c/d.js", m.scripts[0].url.String())
	assert.Equal(t, "https://login.example", originOf(m.scripts[0].loginHost()))
	assert.Equal(t, "navigator", m.scripts[1].text)
	assert.Equal(t, "no-referrer", m.referrer)
	assert.Len(t, readMarkup(page, []byte(repeat("<script src=x></script>", 1000))).scripts, maxScripts)
}

func repeat(text string, n int) string {
	all := ""
	for range n {
		all += text
	}
	return all
}
