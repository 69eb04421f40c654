package dialog

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

const testURL = "https://login.example"

// testNow is 2026-11-21 12:00:00 UTC.
var testNow = time.UnixMilli(1_795_262_400_000)

// discoverFunc is a Discoverer made of a function.
type discoverFunc func(browserid.Domain) (*discovery.Provider, error)

func (f discoverFunc) Discover(_ context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	return f(domain)
}

// nobody is a world without identity providers.
func nobody(domain browserid.Domain) (*discovery.Provider, error) {
	return nil, &discovery.Error{State: discovery.Absent, Reason: "There is none.", Domain: domain}
}

func testConfig() Config {
	return Config{PublicURL: testURL, Discovery: discoverFunc(nobody), Now: func() time.Time { return testNow }}
}

// testFiles are small stand-ins for the real files; large enough to be worth
// compressing.
func testFiles() files {
	text := strings.Repeat("// the same words again and again\n", 40)
	page := `<!doctype html><meta name="navid-now" content="{{.Now}}"><script type="module" src="{{.Static}}/dialog.js"></script>` +
		`<link rel="preload" href="{{.Agent}}"><script src="{{.WasmExec}}"></script>`
	return files{
		static: fstest.MapFS{
			"dialog.js":       {Data: []byte(text)},
			"dialog.css":      {Data: []byte(strings.Repeat("p { margin: 0 }\n", 40))},
			"screens/pick.js": {Data: []byte(text + "export {}\n")},
		},
		templates: fstest.MapFS{
			"sign_in.html":              {Data: []byte(page)},
			"auth_return.html":          {Data: []byte(`<p data-cancelled="{{.Cancelled}}">` + page)},
			"communication_iframe.html": {Data: []byte(`<script type="module" src="{{.Static}}/frame.js"></script>`)},
			"index.html":                {Data: []byte(`{{.Host}}`)},
			"check.html":                {Data: []byte(`<script type="module" src="{{.Static}}/check.js"></script>`)},
			"not_found.html":            {Data: []byte(`nothing here`)},
		},
		dist: fstest.MapFS{
			"agent.wasm":    {Data: []byte(strings.Repeat("\x00asm", 100))},
			"agent.wasm.br": {Data: compressBest(codingBrotli, []byte(strings.Repeat("\x00asm", 100)))},
			"agent.wasm.gz": {Data: compressBest(codingGzip, []byte(strings.Repeat("\x00asm", 100)))},
			"wasm_exec.js":  {Data: []byte(text)},
		},
		scripts: fstest.MapFS{
			"agent.js":              {Data: []byte(text + "agent\n")},
			"provisioning_api.js":   {Data: []byte(text + "provisioning\n")},
			"authentication_api.js": {Data: []byte(text + "authentication\n")},
		},
	}
}

func newTestHost(t *testing.T, config Config) http.Handler {
	t.Helper()
	handler, err := newHandler(config, testFiles().load)
	require.NoError(t, err)
	return handler
}

// do sends a request; header lines are "Name: value". Host is not a header for
// Go; Peer is the address that the request comes from.
func do(handler http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, testURL+target, strings.NewReader(body))
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "Host":
			request.Host = value
		case "Peer":
			request.RemoteAddr = value
		default:
			request.Header.Add(name, value)
		}
	}
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	return response
}

// urlsOf returns the URLs of the page's module, of the agent and of wasm_exec.js.
func urlsOf(t *testing.T, handler http.Handler) (module, agent, exec string) {
	t.Helper()
	page := do(handler, "GET", "/sign_in", "").Body.String()
	between := func(before string) string {
		_, rest, found := strings.Cut(page, before)
		require.True(t, found, "page lacks %s", before)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	return between(`type="module" src="`), between(`href="`), between(`<script src="`)
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no public URL", func(c *Config) { c.PublicURL = "" }, `public URL ""`},
		{"a path", func(c *Config) { c.PublicURL = "https://login.example/navid" }, "public URL"},
		{"http", func(c *Config) { c.PublicURL = "http://login.example" }, "http is for localhost only"},
		{"http on localhost without -dev", func(c *Config) { c.PublicURL = "http://localhost:8080" }, "must be https"},
		{"http elsewhere with -dev", func(c *Config) { c.PublicURL = "http://login.example"; c.Dev = true }, "localhost"},
		{"no discovery", func(c *Config) { c.Discovery = nil }, "Discovery is missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := testConfig()
			test.change(&config)
			_, err := newHandler(config, testFiles().load)
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		spot func(files) fstest.MapFS
		file string
		want string
	}{
		{"agent", func(f files) fstest.MapFS { return f.dist.(fstest.MapFS) }, "agent.wasm", "make build"},
		{"brotli copy", func(f files) fstest.MapFS { return f.dist.(fstest.MapFS) }, "agent.wasm.br", "make build"},
		{"gzip copy", func(f files) fstest.MapFS { return f.dist.(fstest.MapFS) }, "agent.wasm.gz", "make build"},
		{"Go's loader", func(f files) fstest.MapFS { return f.dist.(fstest.MapFS) }, "wasm_exec.js", "make build"},
		{"template", func(f files) fstest.MapFS { return f.templates.(fstest.MapFS) }, "sign_in.html", "sign_in.html is missing"},
		{"script", func(f files) fstest.MapFS { return f.scripts.(fstest.MapFS) }, "agent.js", "agent.js"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := testFiles()
			delete(test.spot(files), test.file)
			_, err := newHandler(testConfig(), files.load)
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

func TestNewRefusesAFileOfUnknownKind(t *testing.T) {
	t.Parallel()
	files := testFiles()
	files.static.(fstest.MapFS)["notes.docx"] = &fstest.MapFile{}
	_, err := newHandler(testConfig(), files.load)
	assert.ErrorContains(t, err, `"notes.docx"`)
}

func TestTestsOfThePageAreNotServed(t *testing.T) {
	t.Parallel()
	files := testFiles()
	before, _, _ := urlsOf(t, newTestHost(t, testConfig()))
	files.static.(fstest.MapFS)["test/dialog.test.js"] = &fstest.MapFile{Data: []byte("test")}
	handler, err := newHandler(testConfig(), files.load)
	require.NoError(t, err)
	module, _, _ := urlsOf(t, handler)
	assert.Equal(t, before, module, "nor do they change the URLs")
	assert.Equal(t, 404, do(handler, "GET", strings.Replace(module, "dialog.js", "test/dialog.test.js", 1), "").Code)
}
