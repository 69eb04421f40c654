package dialog

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// decode undoes a content coding.
func decode(t *testing.T, coding string, body []byte) string {
	t.Helper()
	var reader io.Reader = bytes.NewReader(body)
	switch coding {
	case "br":
		reader = brotli.NewReader(reader)
	case "gzip":
		unzip, err := gzip.NewReader(reader)
		require.NoError(t, err)
		reader = unzip
	default:
		require.Empty(t, coding)
	}
	plain, err := io.ReadAll(reader)
	require.NoError(t, err)
	return string(plain)
}

func TestCompressedResponses(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	module, agent, exec := urlsOf(t, handler)
	for _, target := range []string{"/agent.js", "/sign_in", module, agent, exec} {
		plain := do(handler, "GET", target, "")
		for accept, want := range map[string]string{"": "", "gzip, br": "br", "gzip": "gzip", "br;q=0": ""} {
			response := do(handler, "GET", target, "", "Accept-Encoding: "+accept)
			name := target + " Accept-Encoding: " + accept
			assert.Equal(t, want, response.Header().Get("Content-Encoding"), name)
			assert.Equal(t, "Accept-Encoding", response.Header().Get("Vary"), name)
			assert.Equal(t, strconv.Itoa(response.Body.Len()), response.Header().Get("Content-Length"), name)
			assert.Equal(t, plain.Header().Get("Content-Type"), response.Header().Get("Content-Type"), name)
			assert.Equal(t, plain.Body.String(), decode(t, want, response.Body.Bytes()), name)
		}
	}
}

func TestAcceptEncodingOnSeveralLines(t *testing.T) {
	t.Parallel()
	response := do(newTestHost(t, testConfig()), "GET", "/agent.js", "", "Accept-Encoding: gzip", "Accept-Encoding: br")
	assert.Equal(t, "br", response.Header().Get("Content-Encoding"))
}

func TestWhatGrowsIsSentAsItIs(t *testing.T) {
	t.Parallel()
	files := testFiles()
	files.scripts.(fstest.MapFS)["agent.js"] = &fstest.MapFile{Data: []byte("1")}
	handler, err := newHandler(testConfig(), files.load)
	require.NoError(t, err)
	response := do(handler, "GET", "/agent.js", "", "Accept-Encoding: br, gzip")
	assert.Empty(t, response.Header().Get("Content-Encoding"))
	assert.Equal(t, "1", response.Body.String())
}

func TestContentTypes(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	module, agent, exec := urlsOf(t, handler)
	for target, want := range map[string]string{
		"/agent.js": "text/javascript; charset=utf-8",
		"/sign_in":  "text/html; charset=utf-8",
		"/healthz":  "text/plain; charset=utf-8",
		module:      "text/javascript; charset=utf-8",
		agent:       "application/wasm",
		exec:        "text/javascript; charset=utf-8",
	} {
		assert.Equal(t, want, do(handler, "GET", target, "").Header().Get("Content-Type"), target)
	}
}

func TestCaching(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	module, agent, exec := urlsOf(t, handler)
	for target, want := range map[string]string{
		module:                       "public, max-age=31536000, immutable",
		agent:                        "public, max-age=31536000, immutable",
		exec:                         "public, max-age=31536000, immutable",
		"/agent.js":                  "public, max-age=3600",
		"/sign_in":                   "no-store",
		"/healthz":                   "no-store",
		"/nothing":                   "no-store",
		"/static/00/nothing/here.js": "no-store",
	} {
		assert.Equal(t, want, do(handler, "GET", target, "").Header().Get("Cache-Control"), target)
	}
}

func TestRevalidation(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	ask := func(header ...string) *httptest.ResponseRecorder {
		return do(handler, "GET", "/agent.js", "", header...)
	}
	plain, brotli := ask().Header().Get("ETag"), ask("Accept-Encoding: br").Header().Get("ETag")
	require.NotEqual(t, plain, brotli, "a strong tag names one coding")

	for _, match := range []string{brotli, "W/" + brotli, `"other", ` + brotli, "*"} {
		response := ask("Accept-Encoding: br", "If-None-Match: "+match)
		assert.Equal(t, 304, response.Code, match)
		assert.Empty(t, response.Body.String(), match)
		assert.Equal(t, brotli, response.Header().Get("ETag"), match)
		assert.Equal(t, "Accept-Encoding", response.Header().Get("Vary"), match)
	}
	for _, match := range []string{plain, `"other"`, ""} {
		assert.Equal(t, 200, ask("Accept-Encoding: br", "If-None-Match: "+match).Code, match)
	}
}

// G8: what is cached for ever must have another URL when it changes.
func TestURLsChangeWithContent(t *testing.T) {
	t.Parallel()
	urls := func(change func(files)) [3]string {
		files := testFiles()
		change(files)
		handler, err := newHandler(testConfig(), files.load)
		require.NoError(t, err)
		module, agent, exec := urlsOf(t, handler)
		for _, target := range []string{module, agent, exec} {
			require.Equal(t, 200, do(handler, "GET", target, "").Code, target)
		}
		return [3]string{module, agent, exec}
	}
	set := func(folder fs.FS, name, content string) {
		folder.(fstest.MapFS)[name] = &fstest.MapFile{Data: []byte(content)}
	}
	before := urls(func(files) {})
	assert.Equal(t, before, urls(func(files) {}), "and only then")

	imported := urls(func(f files) { set(f.static, "screens/pick.js", "changed") })
	assert.NotEqual(t, before[0], imported[0], "a module's URL changes with what it imports")
	assert.Equal(t, before[1:], imported[1:], "nobody loads the agent again for the page's sake")

	renamed := urls(func(f files) {
		set(f.static, "screens/chosen.js", string(f.static.(fstest.MapFS)["screens/pick.js"].Data))
		delete(f.static.(fstest.MapFS), "screens/pick.js")
	})
	assert.NotEqual(t, before[0], renamed[0])

	agent := urls(func(f files) {
		set(f.dist, "agent.wasm", "another agent, longer than its compressed copies are, by far")
	})
	assert.NotEqual(t, before[1], agent[1])
	assert.Equal(t, before[0], agent[0])

	exec := urls(func(f files) { set(f.dist, "wasm_exec.js", "another loader") })
	assert.NotEqual(t, before[2], exec[2])
}

// The files that are really linked in: either the agent is whole, or New says
// what to do.
func TestEmbeddedAgent(t *testing.T) {
	t.Parallel()
	_, err := New(testConfig())
	dist := embedded().dist
	wasm, missing := fs.ReadFile(dist, "agent.wasm")
	if errors.Is(missing, fs.ErrNotExist) {
		require.ErrorIs(t, err, errNotBuilt)
		assert.Contains(t, err.Error(), "make build")
		return
	}
	require.NoError(t, err)
	for coding, name := range map[string]string{"br": "agent.wasm.br", "gzip": "agent.wasm.gz"} {
		compressed, err := fs.ReadFile(dist, name)
		require.NoError(t, err)
		assert.True(t, decode(t, coding, compressed) == string(wasm), "%s is a copy of another agent.wasm", name)
	}
}
