package issuer_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

func serve(t *testing.T, handler http.Handler, method, target string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	request.Header = header
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

func TestHandlerServesTheDocument(t *testing.T) {
	t.Parallel()
	from := newIssuer(browserid.RS256)
	from.Logout = "/sign_out"
	handler, err := from.Handler()
	require.NoError(t, err)

	got := serve(t, handler, http.MethodGet, issuer.Path+"?domain=idp.test", nil)
	require.Equal(t, http.StatusOK, got.Code)
	assert.Equal(t, "application/json", got.Header().Get("Content-Type"), "C3.1")
	assert.Equal(t, "public, max-age=3600", got.Header().Get("Cache-Control"), "C3.9")
	assert.Equal(t, "*", got.Header().Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "nosniff", got.Header().Get("X-Content-Type-Options"))
	document, err := browserid.ParseSupportDocument(got.Body.Bytes())
	require.NoError(t, err)
	assert.Equal(t, "/sign_in", document.Authentication)
	assert.Equal(t, "/provision", document.Provisioning)
	assert.Equal(t, "/sign_out", document.Logout)
	assert.Equal(t, algorithms, document.Algorithms)
	assert.Equal(t, []browserid.PublicKey{keys()[browserid.RS256].PublicKey()}, document.PublicKeys)
}

func TestHandlerAnswersOtherMethods(t *testing.T) {
	t.Parallel()
	handler, err := newIssuer(browserid.RS256).Handler()
	require.NoError(t, err)

	head := serve(t, handler, http.MethodHead, issuer.Path, nil)
	assert.Equal(t, http.StatusOK, head.Code)
	assert.Empty(t, head.Body.String())
	tag := head.Header().Get("ETag")
	require.NotEmpty(t, tag)
	assert.Equal(t, http.StatusNotModified, serve(t, handler, http.MethodGet, issuer.Path, http.Header{"If-None-Match": {tag}}).Code)
	assert.Equal(t, http.StatusMethodNotAllowed, serve(t, handler, http.MethodPost, issuer.Path, nil).Code)
	assert.Equal(t, http.StatusNotFound, serve(t, handler, http.MethodGet, "/", nil).Code)
}

// ring has keys that a test changes.
type ring []browserid.Signer

func (r *ring) Signer(time.Time) (browserid.Signer, error) {
	if len(*r) == 0 {
		return nil, errSigner
	}
	return (*r)[0], nil
}

func (r *ring) Published(time.Time) []browserid.Signer { return *r }

func TestHandlerFollowsTheKeyring(t *testing.T) {
	t.Parallel()
	older, newer := keys()[browserid.RS256], keys()[browserid.EdDSA]
	keyring := &ring{older}
	from := newIssuer(browserid.ES256)
	from.Keyring = keyring
	handler, err := from.Handler()
	require.NoError(t, err)
	published := func() []browserid.PublicKey {
		got := serve(t, handler, http.MethodGet, issuer.Path, nil)
		document, err := browserid.ParseSupportDocument(got.Body.Bytes())
		require.NoError(t, err)
		return document.PublicKeys
	}
	tag := serve(t, handler, http.MethodHead, issuer.Path, nil).Header().Get("ETag")
	assert.Equal(t, []browserid.PublicKey{older.PublicKey()}, published(), "Keys do not count")
	*keyring = ring{newer, older}
	assert.Equal(t, []browserid.PublicKey{newer.PublicKey(), older.PublicKey()}, published())
	assert.Equal(t, http.StatusOK, serve(t, handler, http.MethodGet, issuer.Path, http.Header{"If-None-Match": {tag}}).Code, "it is another document")
	token, err := from.Certificate(t.Context(), newRequest())
	require.NoError(t, err)
	verifyToken(t, token, newer.PublicKey())

	*keyring = nil
	got := serve(t, handler, http.MethodGet, issuer.Path, nil)
	assert.Equal(t, http.StatusServiceUnavailable, got.Code)
	assert.Empty(t, got.Header().Get("Cache-Control"))
	_, err = from.Certificate(t.Context(), newRequest())
	require.ErrorIs(t, err, errSigner)
}

// Any domain (F1): there is no document for those that nobody has named.
func TestDocumentsByDomain(t *testing.T) {
	t.Parallel()
	first, second := newIssuer(browserid.RS256), newIssuer(browserid.EdDSA)
	second.Domains, second.Authentication = []browserid.Domain{"second.test"}, "/second/sign_in"
	handler, err := issuer.Documents(first, second)
	require.NoError(t, err)
	for query, want := range map[string]string{
		"":                         "/sign_in",
		"?domain=idp.test":         "/sign_in",
		"?domain=delegating.test":  "/sign_in",
		"?domain=second.test":      "/second/sign_in",
		"?domain=SECOND.test":      "/second/sign_in",
		"?domain=evil.test":        "",
		"?domain=evilsecond.test":  "",
		"?domain=sub.second.test":  "",
		"?domain=second.test.evil": "",
	} {
		got := serve(t, handler, http.MethodGet, issuer.Path+query, nil)
		if want == "" {
			assert.Equal(t, http.StatusNotFound, got.Code, query)
			continue
		}
		document, err := browserid.ParseSupportDocument(got.Body.Bytes())
		require.NoError(t, err, query)
		assert.Equal(t, want, document.Authentication, query)
	}
	_, err = issuer.Documents()
	require.Error(t, err)
}

func TestDelegate(t *testing.T) {
	t.Parallel()
	got := serve(t, issuer.Delegate("idp.test"), http.MethodGet, issuer.Path+"?domain=delegating.test", nil)
	assert.Equal(t, "application/json", got.Header().Get("Content-Type"), "C3.1")
	assert.Equal(t, "*", got.Header().Get("Access-Control-Allow-Origin"))
	assert.JSONEq(t, `{"authority":"idp.test"}`, got.Body.String())
}

// The steps of the package comment: at no time is a certificate in use whose key the document of that time, or the one before it,
// lacks.
func TestKeyRotation(t *testing.T) {
	t.Parallel()
	from := newIssuer(browserid.RS256)
	older, newer := keys()[browserid.RS256], keys()[browserid.EdDSA]
	steps := []struct {
		name    string
		keys    []browserid.Signer
		signing browserid.PublicKey
	}{
		{"before", []browserid.Signer{older}, older.PublicKey()},
		{"published, not in use", []browserid.Signer{older, newer}, older.PublicKey()},
		{"in use, old certificates live on", []browserid.Signer{newer, older}, newer.PublicKey()},
		{"after", []browserid.Signer{newer}, newer.PublicKey()},
	}
	published := []browserid.PublicKey{older.PublicKey()}
	for _, step := range steps {
		from.Keys = step.keys
		assert.Contains(t, published, step.signing, step.name+": the document before it has the key")
		data, err := from.SupportDocument()
		require.NoError(t, err, step.name)
		document, err := browserid.ParseSupportDocument(data)
		require.NoError(t, err, step.name)
		published = document.PublicKeys
		assert.Equal(t, step.signing, published[0], step.name+": public-key is the one that signs")
		assert.Len(t, published, len(step.keys), step.name)

		token, err := from.Certificate(t.Context(), newRequest())
		require.NoError(t, err, step.name)
		verifyToken(t, token, step.signing)
	}
}

func TestSupportDocumentRefusesWhatOthersWouldNotRead(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*issuer.Issuer){
		"no key":                        func(i *issuer.Issuer) { i.Keys = nil },
		"no provisioning page":          func(i *issuer.Issuer) { i.Provisioning = "" },
		"a page elsewhere":              func(i *issuer.Issuer) { i.Authentication = "https://elsewhere.test/sign_in" },
		"a page elsewhere, in disguise": func(i *issuer.Issuer) { i.Authentication = "//elsewhere.test/sign_in" },
		"a page with a query":           func(i *issuer.Issuer) { i.Provisioning = "/provision?x" },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := newIssuer(browserid.EdDSA)
			change(from)
			_, err := from.SupportDocument()
			require.ErrorIs(t, err, browserid.CodeSupportDocument)
			_, err = from.Handler()
			require.ErrorIs(t, err, browserid.CodeSupportDocument)
		})
	}
}
