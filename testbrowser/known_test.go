package testbrowser_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
)

// makeKnown has a browser know an address of idp.test, as after a sign-in of another day: with a key of the address's own and the provider's
// certificate for it, where the agent keeps them, but no session at the provider, no site that remembers anything, and no request to
// either on record. It is for tests that begin with somebody who returns, and takes a sixth of the processor time that signing in takes. The
// key is of the kind that every site takes, but for those that ask for [browserid.ES256] alone.
func makeKnown(t *testing.T, w *testbrowser.World, b *testbrowser.Browser, email string) {
	t.Helper()
	makeKnownBy(t, w, b, browserid.RS256, email)
}

// makeKnownBy is makeKnown with a key of another kind.
func makeKnownBy(t *testing.T, w *testbrowser.World, b *testbrowser.Browser, algorithm browserid.Algorithm, email string) {
	t.Helper()
	page := b.Open(w.URL(testbrowser.Host, "/"))
	defer page.Close()
	jwk := testbrowser.Eval[string](page, keepNewKey+`(`+jsString(t, string(algorithm))+`, `+jsString(t, email)+`)`)
	public, err := browserid.ParsePublicKey([]byte(jwk))
	require.NoError(t, err)
	thumbprint := sha256.Sum256(public.JWK())
	state, err := json.Marshal(map[string]any{"version": 1, "sites": map[string]any{}, "identities": []any{map[string]any{
		"email": email, "certificate": certify(t, w, email, jwk), "authority": testbrowser.IdP, "used": 1,
		"thumbprint": base64.RawURLEncoding.EncodeToString(thumbprint[:]),
	}}})
	require.NoError(t, err)
	testbrowser.Eval[bool](page, `(localStorage.setItem('navid', `+jsString(t, string(state))+`), true)`)
}

// keepNewKey puts a key where the agent looks for that of an address, and returns its public half.
const keepNewKey = `(async (algorithm, email) => {
	const kinds = {
		RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
		ES256: { name: 'ECDSA', namedCurve: 'P-256' },
	}
	const { privateKey, publicKey } = await crypto.subtle.generateKey(kinds[algorithm], false, ['sign', 'verify'])
	const database = await new Promise((resolve, reject) => {
		const opened = indexedDB.open('navid', 1)
		opened.onupgradeneeded = () => opened.result.createObjectStore('keys')
		opened.onsuccess = () => resolve(opened.result)
		opened.onerror = () => reject(opened.error)
	})
	await new Promise((resolve, reject) => {
		const transaction = database.transaction('keys', 'readwrite')
		transaction.objectStore('keys').put({ privateKey, publicKey, algorithm }, email)
		transaction.oncomplete = resolve
		transaction.onabort = () => reject(transaction.error)
	})
	database.close()
	const { kty, n, e, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
	return JSON.stringify({ kty, n, e, crv, x, y })
})`

// certify has the provider certify a key, to somebody who has typed the password and leaves no trace.
func certify(t *testing.T, w *testbrowser.World, email, jwk string) string {
	t.Helper()
	session := post(t, w, "/session", map[string]any{"email": email, "password": testbrowser.Password}, nil)
	answer := post(t, w, "/certificate", map[string]any{"email": email, "publicKey": jwk, "duration": 3600}, session.Result().Cookies())
	return answer.Body.String()
}

// post asks the provider itself, not by way of the world, which would take notice.
func post(t *testing.T, w *testbrowser.World, path string, body any, cookies []*http.Cookie) *httptest.ResponseRecorder {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, w.URL(testbrowser.IdP, path), strings.NewReader(string(text)))
	for _, cookie := range cookies {
		request.AddCookie(cookie)
	}
	answer := httptest.NewRecorder()
	w.IdP.ServeHTTP(answer, request)
	require.Equal(t, http.StatusOK, answer.Code, answer.Body.String())
	return answer
}

// jsString is a text as JavaScript writes it.
func jsString(t *testing.T, text string) string {
	t.Helper()
	literal, err := json.Marshal(text)
	require.NoError(t, err)
	return string(literal)
}
