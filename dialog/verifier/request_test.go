package verifier

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// What is not verified, and the status of it (D6).
func TestRefusals(t *testing.T) {
	t.Parallel()
	const audience = "https://rp.test"
	twice := `{"assertion":"a","audience":"https://rp.test","audience":"https://evil.test"}`
	tests := []struct {
		name, target, contentType, body string
		status                          int
		code                            string
	}{
		{"no assertion", "/verify", typeForm, form("audience", audience), 400, CodeMissing},
		{"no audience", "/verify", typeForm, form("assertion", "a"), 400, CodeMissing},
		{"no assertion", "/v2", typeJSON, object("audience", audience), 400, CodeMissing},
		{"no audience", "/v2", typeJSON, object("assertion", "a"), 400, CodeMissing},
		{"empty assertion", "/verify", typeForm, form("assertion", "", "audience", audience), 400, CodeMissing},
		{"empty audience", "/v2", typeJSON, object("assertion", "a", "audience", ""), 400, CodeMissing},
		{"empty body", "/verify", typeForm, "", 400, CodeMissing},
		{"query string", "/verify?" + form("assertion", bundle(), "audience", audience), typeForm, "", 400, CodeMissing},
		{"names in capitals", "/v2", typeJSON, object("Assertion", "a", "AUDIENCE", audience), 400, CodeMissing},
		{"audience is a number", "/v2", typeJSON, object("assertion", "a", "audience", 7), 400, CodeInvalid},
		{"audience is null", "/v2", typeJSON, object("assertion", "a", "audience", nil), 400, CodeInvalid},
		{"assertion is an array", "/v2", typeJSON, object("assertion", []string{"a"}, "audience", audience), 200, "malformed_backed_assertion"},
		{"assertion is null", "/verify", typeJSON, object("assertion", nil, "audience", audience), 200, "malformed_backed_assertion"},
		{"no JSON", "/v2", typeJSON, "assertion=a", 400, CodeMalformed},
		{"empty JSON", "/v2", typeJSON, "", 400, CodeMalformed},
		{"an array", "/verify", typeJSON, "[]", 400, CodeMalformed},
		{"twice in JSON", "/verify", typeJSON, twice, 400, CodeMalformed},
		{"more than one object", "/verify", typeJSON, "{}{}", 400, CodeMalformed},
		{"not UTF-8", "/verify", typeJSON, "{\"assertion\":\"\xff\"}", 400, CodeMalformed},
		{"too deep", "/verify", typeJSON, `{"x":` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + "}", 400, CodeMalformed},
		{"twice in a form", "/verify", typeForm, "assertion=a&audience=https://rp.test&audience=https://evil.test", 400, CodeMalformed},
		{"no form", "/verify", typeForm, "assertion=%zz", 400, CodeMalformed},
		{"semicolons", "/verify", typeForm, "assertion=a;audience=b", 400, CodeMalformed},
		{"no type", "/verify", "", form("assertion", "a"), 415, CodeContentType},
		{"text", "/verify", "text/plain", object("assertion", "a"), 415, CodeContentType},
		{"files", "/verify", "multipart/form-data; boundary=x", "--x--", 415, CodeContentType},
		{"no type at all", "/verify", ";;", "", 415, CodeContentType},
		{"form for v2", "/v2", typeForm, form("assertion", "a"), 415, CodeContentType},
		{"no type for v2", "/v2", "", "{}", 415, CodeContentType},
		{"too large", "/verify", typeForm, form("assertion", strings.Repeat("a", MaxBodyBytes)), 413, CodeTooLarge},
		{"too large", "/v2", typeJSON, object("assertion", strings.Repeat("a", MaxBodyBytes)), 413, CodeTooLarge},
		{"trusted is a string", "/v2", typeJSON, object("assertion", "a", "audience", audience, "trustedIssuers", "a.test"), 400, CodeInvalid},
		{"trusted has a number", "/v2", typeJSON, object("assertion", "a", "audience", audience, "trustedIssuers", []any{"own.example", 7}), 400, CodeInvalid},
		{"trusted is no domain", "/v2", typeJSON, object("assertion", "a", "audience", audience, "trustedIssuers", []any{"https://own.example"}), 400, CodeInvalid},
		{"trusts many", "/v2", typeJSON, object("assertion", "a", "audience", audience, "trustedIssuers", make([]string, maxTrusted+1)), 400, CodeInvalid},
		{"forced is no domain", "/verify", typeForm, form("assertion", "a", "audience", audience, "experimental_forceIssuer", "a b"), 400, CodeInvalid},
		{"forced is a number", "/verify", typeJSON, object("assertion", "a", "audience", audience, "experimental_forceIssuer", 7), 400, CodeInvalid},
		{"perhaps unverified", "/verify", typeForm, form("assertion", "a", "audience", audience, "experimental_allowUnverified", "1"), 400, CodeInvalid},
		{"unverified array", "/verify", typeJSON, object("assertion", "a", "audience", audience, "experimental_allowUnverified", []int{}), 400, CodeInvalid},
	}
	handler := newTestVerifier(t, testConfig())
	for _, test := range tests {
		t.Run(test.target+" "+test.name, func(t *testing.T) {
			t.Parallel()
			response := post(handler, test.target, test.contentType, test.body)
			assert.Equal(t, test.status, response.Code)
			reply := replyOf(t, response)
			assert.Equal(t, StatusFailure, reply.Status)
			assert.Equal(t, test.code, reply.Code)
			assert.NotEmpty(t, reply.Reason)
			assert.NotContains(t, response.Body.String(), "evil.test")
		})
	}
}

func TestMissingIsNamed(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	assert.Contains(t, replyOf(t, post(handler, "/v2", typeJSON, "{}")).Reason, "no assertion parameter")
	assert.Contains(t, replyOf(t, post(handler, "/v2", typeJSON, `{"assertion":"a"}`)).Reason, "no audience parameter")
	reply := replyOf(t, post(handler, "/v2", typeForm, ""))
	assert.Equal(t, "the Content-Type must be application/json", reply.Reason)
	reply = replyOf(t, post(handler, "/verify", "", ""))
	assert.Equal(t, "the Content-Type must be application/x-www-form-urlencoded or application/json", reply.Reason)
}

func TestCompressedBodiesAreRefused(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	body := form("assertion", bundle(), "audience", "https://rp.test")
	for coding, want := range map[string]int{"gzip": 415, "br": 415, "identity": 200, "Identity": 200} {
		request := httptest.NewRequest("POST", "/verify", strings.NewReader(body))
		request.Header.Set("Content-Type", typeForm)
		request.Header.Set("Content-Encoding", coding)
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		assert.Equal(t, want, response.Code, coding)
	}
}

// A body whose length nobody says is bounded like any other.
func TestLimitWithoutContentLength(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	send := func(body string) int {
		request := httptest.NewRequest("POST", "/verify", io.MultiReader(strings.NewReader(body)))
		require.Equal(t, int64(-1), request.ContentLength)
		request.Header.Set("Content-Type", typeForm)
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		return response.Code
	}
	full := form("assertion", bundle(), "audience", "https://rp.test") + "&x="
	full += strings.Repeat("x", MaxBodyBytes-len(full))
	assert.Equal(t, http.StatusOK, send(full))
	assert.Equal(t, http.StatusRequestEntityTooLarge, send(full+"x"))
}

// large is a signer with an RSA key of 4096 bits, the largest that browserid
// reads. What it signs is as long as it would be.
type large struct{}

func (large) PublicKey() browserid.PublicKey {
	return must(browserid.NewRSA(bytes.Repeat([]byte{0xff}, 512), 65537))
}

func (large) Sign(context.Context, []byte) ([]byte, error) { return make([]byte, 512), nil }

// The package comment says how large bundles are.
func TestBundlesFit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name         string
		issuer, user browserid.Signer
		size         int
	}{
		{"RSA 4096", large{}, large{}, 3350},
		{"RSA 2048", rs256(), rs256(), 1850},
		{"Ed25519", eddsa(), eddsa(), 570},
	} {
		body := form("assertion", bundleOf(test.issuer, test.user), "audience", "https://rp.test")
		assert.InDelta(t, test.size, len(body), 50, test.name)
		assert.Less(t, 2*len(body), MaxBodyBytes, "%s: half is left for claims", test.name)
	}
}

// A slow body is given up, and holds nothing meanwhile but its connection.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := testConfig()
		config.MaxVerifications = 1
		handler := newTestVerifier(t, config)
		client, server := net.Pipe()
		go func() { _ = http.Serve(&oneConnection{server}, handler) }()
		_, err := io.WriteString(client, "POST /verify HTTP/1.1\r\nHost: x\r\nContent-Type: "+typeForm+"\r\nContent-Length: 99\r\n\r\nassertion=")
		require.NoError(t, err)
		synctest.Wait() // for the body, which does not come
		response := post(handler, "/verify", typeForm, form("assertion", bundle(), "audience", "https://rp.test"))
		assert.Equal(t, http.StatusOK, response.Code, "others are served")

		answer, err := io.ReadAll(client)
		require.NoError(t, err)
		assert.Contains(t, string(answer), "408 Request Timeout")
		assert.Contains(t, string(answer), `"code":"too_slow"`)
		assert.Contains(t, string(answer), "Connection: close")
	})
}

// oneConnection is a listener with one connection.
type oneConnection struct{ next net.Conn }

func (l *oneConnection) Accept() (net.Conn, error) {
	if l.next == nil {
		return nil, net.ErrClosed
	}
	accepted := l.next
	l.next = nil
	return accepted, nil
}

func (l *oneConnection) Close() error   { return nil }
func (l *oneConnection) Addr() net.Addr { return &net.UnixAddr{} }

// brokenBody breaks off.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestBrokenBody(t *testing.T) {
	t.Parallel()
	request := httptest.NewRequest("POST", "/verify", brokenBody{})
	request.Header.Set("Content-Type", typeForm)
	response := httptest.NewRecorder()
	newTestVerifier(t, testConfig()).ServeHTTP(response, request)
	assert.Equal(t, http.StatusBadRequest, response.Code)
	assert.Equal(t, CodeMalformed, replyOf(t, response).Code)
}

func FuzzRequest(f *testing.F) {
	f.Add(true, []byte(form("assertion", "a~b", "audience", "https://rp.test", "experimental_forceIssuer", "own.example")))
	f.Add(false, []byte(object("assertion", "a~b", "audience", "https://rp.test", "experimental_allowUnverified", true)))
	f.Add(false, []byte(object("assertion", "a~b", "audience", "https://rp.test", "trustedIssuers", []string{"own.example"})))
	f.Add(false, []byte(`{"assertion":null,"audience":{"x":[1e999]}}`))
	f.Add(true, []byte("assertion=%00&audience=%ff;"))
	f.Fuzz(func(t *testing.T, isForm bool, body []byte) {
		contentType := typeJSON
		if isForm {
			contentType = typeForm
		}
		for _, version := range []version{version1, version2} {
			asked, err := version.parse(contentType, body)
			if err != nil {
				status, reply := failure(err)
				require.Contains(t, []int{200, 400}, status)
				require.NotEmpty(t, reply.Code)
				require.Equal(t, question{}, asked)
				continue
			}
			require.NotEmpty(t, asked.assertion)
			require.NotEmpty(t, asked.audience)
			require.LessOrEqual(t, len(asked.trusted), maxTrusted)
			for _, issuer := range append(asked.trusted, asked.forced) {
				if parsed, err := browserid.ParseDomain(string(issuer)); issuer != "" {
					require.NoError(t, err)
					require.Equal(t, parsed, issuer)
				}
			}
		}
	})
}
