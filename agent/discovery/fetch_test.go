package discovery_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent/discovery"
)

const jsonType = "application/json"

func TestStatusOnFirstContact(t *testing.T) {
	t.Parallel()
	tests := map[discovery.State][]int{
		discovery.Absent:  {204, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 410, 451},
		discovery.Offline: {408, 425, 429, 500, 502, 503, 504},
	}
	for want, statuses := range tests {
		for _, status := range statuses {
			t.Run(http.StatusText(status), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				body := document
				if status == 204 || status == 304 {
					body = ""
				}
				w.site("idp.test", answer(status, body, "Content-Type", jsonType))
				failure := requireState(t, discovery.New(w.config()), "idp.test", want)
				assert.Equal(t, want == discovery.Absent, failure.State.FallbackMaySpeak())
			})
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site("idp.test", http.RedirectHandler("https://www.idp.test/.well-known/browserid", http.StatusFound))
	w.publish("www.idp.test", document)
	failure := requireState(t, discovery.New(w.config()), "idp.test", discovery.Absent)
	assert.Equal(t, "idp.test redirects /.well-known/browserid elsewhere (302). "+
		"A support document must be served from the domain itself.", failure.Reason)
	assert.Equal(t, []string{"idp.test?domain=idp.test"}, w.asked(), "C3.1")
}

func TestContentType(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"application/json":                true,
		"application/json; charset=utf-8": true,
		"application/json;charset=utf-8":  true,
		"Application/JSON":                true,
		"":                                false,
		"text/html":                       false,
		"text/html; a=application/json":   false,
		"application/jsonp":               false,
		"application/json-patch+json":     false,
		"text/html, application/json":     false,
		"x-application/json":              false,
	}
	for contentType, ok := range tests {
		t.Run(contentType, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.site("idp.test", answer(200, document, "Content-Type", contentType))
			client := discovery.New(w.config())
			if ok {
				requireProvider(t, client, "idp.test")
			} else {
				requireState(t, client, "idp.test", discovery.Absent)
			}
		})
	}
}

func TestDocumentSize(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("full.test", document+strings.Repeat(" ", discovery.MaxDocumentBytes-len(document)))
	w.publish("over.test", document+strings.Repeat(" ", discovery.MaxDocumentBytes-len(document)+1))
	client := discovery.New(w.config())
	requireProvider(t, client, "full.test")
	failure := requireState(t, client, "over.test", discovery.Invalid)
	assert.Equal(t, "The support document of over.test is larger than 65536 bytes.", failure.Reason)
}

// A gzip of a few hundred bytes can unpack to megabytes: it is not asked for and not unpacked (G15, test 33).
func TestCompressedDocument(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	packer := gzip.NewWriter(&bomb)
	_, _ = packer.Write([]byte(document))
	_, _ = packer.Write(bytes.Repeat([]byte{' '}, 10<<20))
	assert.NoError(t, packer.Close())

	w := newWorld(t)
	w.site("bomb.test", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Empty(t, r.Header.Get("Accept-Encoding"))
		answer(200, bomb.String(), "Content-Type", jsonType, "Content-Encoding", "gzip").ServeHTTP(w, r)
	}))
	w.publish("identity.test", document, "Content-Encoding", "identity")
	client := discovery.New(w.config())
	failure := requireState(t, client, "bomb.test", discovery.Invalid)
	assert.Contains(t, failure.Reason, "compressed")
	requireProvider(t, client, "identity.test")
}

func TestHugeHeader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document, "X-Huge", strings.Repeat("x", 64<<10))
	requireState(t, discovery.New(w.config()), "idp.test", discovery.Offline)
}

func TestInvalidDocument(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("9", 60_000)
	tests := []struct{ name, document, reason string }{
		{"not JSON", `<html>`, "cannot be used: "},
		{"no key", `{"authentication":"/a","provisioning":"/p"}`, "no key"},
		{"a page elsewhere", `{"public-key":` + aKey + `,"authentication":"/a","provisioning":"//evil.test/p"}`, "provisioning does not start with one slash"},
		{"a huge modulus (test 30)", `{"public-key":{"algorithm":"RS","n":"` + huge + `","e":"65537"},"authentication":"/a","provisioning":"/p"}`, "public-key"},
		{"members twice", `{"disabled":false,"disabled":true}`, "cannot be used: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.publish("idp.test", test.document)
			failure := requireState(t, discovery.New(w.config()), "idp.test", discovery.Invalid)
			assert.Contains(t, failure.Reason, "The support document of idp.test cannot be used: ")
			assert.Contains(t, failure.Reason, test.reason)
			assert.NotContains(t, failure.Reason, "evil", "a reason quotes nothing")
			assert.NotContains(t, failure.Reason, "browserid:", "a reason is a sentence")
		})
	}
}

func TestConnectionLost(t *testing.T) {
	t.Parallel()
	abort := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	torn := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(document))
	})
	for name, site := range map[string]http.Handler{"before the answer": abort, "in the answer": torn} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.site("idp.test", site)
			requireState(t, discovery.New(w.config()), "idp.test", discovery.Offline)
		})
	}
}

// Not parallel, since it changes the environment: HTTPS_PROXY would walk round the address guard (G15, test 33).
func TestProxyOfTheEnvironmentIsNotUsed(t *testing.T) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:9")
	}
	w := newWorld(t)
	w.publish("idp.test", document)
	requireProvider(t, discovery.New(w.config()), "idp.test")
}
