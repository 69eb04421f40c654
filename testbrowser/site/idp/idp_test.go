package idp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/verify"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

const (
	alice    = "alice@idp.test"
	password = "correct horse"
	host     = "https://login.example"
)

// visit is a browser at a provider.
type visit struct {
	t        *testing.T
	provider *idp.Provider
	url      string
	client   *http.Client
	token    string
	key      *issuer.Key // the user's
}

func newVisit(t *testing.T, session idp.Session) *visit {
	t.Helper()
	provider, err := idp.New(idp.Config{
		Domain: "idp.test", Origin: "https://idp.test", HostURL: host, Session: session,
		Accounts:   map[string]string{"alice": password, "bob": "battery"},
		Delegating: []browserid.Domain{"delegating.test"},
	})
	require.NoError(t, err)
	server := httptest.NewTLSServer(provider)
	t.Cleanup(server.Close)
	client := server.Client()
	client.Jar, err = cookiejar.New(nil)
	require.NoError(t, err)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	key, err := issuer.GenerateKey(browserid.ES256)
	require.NoError(t, err)
	return &visit{t: t, provider: provider, url: server.URL, client: client, key: key}
}

func (v *visit) ask(method, path string, body any) (*http.Response, string) {
	v.t.Helper()
	encoded, err := json.Marshal(body)
	require.NoError(v.t, err)
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, bytes.NewReader(encoded))
	require.NoError(v.t, err)
	request.Header.Set("Authorization", "Bearer "+v.token)
	response, err := v.client.Do(request)
	require.NoError(v.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(v.t, err)
	return response, string(text)
}

func (v *visit) signIn(email, password string) *http.Response {
	v.t.Helper()
	response, text := v.ask(http.MethodPost, "/session", map[string]string{"email": email, "password": password})
	var said struct{ Token string }
	require.NoError(v.t, json.Unmarshal([]byte(text), &said))
	v.token = said.Token
	return response
}

func (v *visit) email() string {
	v.t.Helper()
	_, text := v.ask(http.MethodGet, "/session", nil)
	var said struct{ Email string }
	require.NoError(v.t, json.Unmarshal([]byte(text), &said))
	return said.Email
}

func (v *visit) certify(email string) (*http.Response, string) {
	v.t.Helper()
	key, err := json.Marshal(v.key.PublicKey())
	require.NoError(v.t, err)
	return v.ask(http.MethodPost, "/certificate", map[string]any{"email": email, "publicKey": string(key), "duration": 3600})
}

func TestSessions(t *testing.T) {
	t.Parallel()
	for _, kind := range []idp.Session{idp.LaxCookie, idp.NoneCookie, idp.LocalStorage} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			v := newVisit(t, kind)
			assert.Empty(t, v.email())
			response := v.signIn(alice, password)
			require.Equal(t, http.StatusOK, response.StatusCode)
			assert.Equal(t, alice, v.email())
			switch cookies := response.Cookies(); kind {
			case idp.LocalStorage:
				assert.Empty(t, cookies)
				assert.NotEmpty(t, v.token)
			case idp.NoneCookie:
				assert.Equal(t, http.SameSiteNoneMode, cookies[0].SameSite)
				assert.True(t, cookies[0].Secure)
			case idp.LaxCookie:
				assert.Equal(t, http.SameSiteLaxMode, cookies[0].SameSite)
				assert.True(t, cookies[0].HttpOnly)
			}
			_, _ = v.ask(http.MethodPost, idp.LogoutPath, nil)
			assert.Empty(t, v.email())
		})
	}
}

func TestWrongPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	v := newVisit(t, idp.LaxCookie)
	for _, c := range [][2]string{{alice, "battery"}, {alice, ""}, {"nobody@idp.test", ""}, {"alice@elsewhere.test", password}, {"alice", password}} {
		assert.Equal(t, http.StatusForbidden, v.signIn(c[0], c[1]).StatusCode, c)
	}
	assert.Empty(t, v.email())
}

func TestCertificateIsForWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	v := newVisit(t, idp.LaxCookie)
	response, _ := v.certify(alice)
	assert.Equal(t, http.StatusForbidden, response.StatusCode, "signed in as nobody")

	v.signIn(alice, password)
	for _, other := range []string{"bob@idp.test", "alice@delegating.test", "alice@elsewhere.test", ""} {
		response, _ = v.certify(other)
		assert.Equal(t, http.StatusForbidden, response.StatusCode, other)
	}
	response, certificate := v.certify(alice)
	require.Equal(t, http.StatusOK, response.StatusCode, certificate)
	assert.NoError(t, v.verify(certificate))

	v.provider.SignOutAll()
	response, _ = v.certify(alice)
	assert.Equal(t, http.StatusForbidden, response.StatusCode, "signed out")
}

func TestDelegatedAddress(t *testing.T) {
	t.Parallel()
	v := newVisit(t, idp.LaxCookie)
	v.signIn("alice@delegating.test", password)
	response, certificate := v.certify("alice@delegating.test")
	assert.Equal(t, http.StatusOK, response.StatusCode, certificate)
}

// Discover makes a visit what a verifier asks.
func (v *visit) Discover(context.Context, browserid.Domain) (*discovery.Provider, error) {
	return &discovery.Provider{Domain: "idp.test", Authority: "idp.test", Keys: []browserid.PublicKey{v.provider.PublicKey()}}, nil
}

// verify asks the verifier about an assertion of the user's key that a certificate backs.
func (v *visit) verify(certificate string) error {
	v.t.Helper()
	const origin = "https://rp.test"
	assertion, err := browserid.SignAssertion(v.t.Context(), v.key, browserid.Assertion{Audience: origin, Expires: browserid.MillisOf(time.Now().Add(time.Minute))})
	require.NoError(v.t, err)
	verifier, err := verify.New(verify.Config{Audience: origin, Discovery: v})
	require.NoError(v.t, err)
	_, err = verifier.Verify(v.t.Context(), certificate+"~"+assertion)
	return err
}

// Each wrong certificate is wrong in one way, which the verifier names; but for someone else's, which is right in itself.
func TestCertificateMisbehaviours(t *testing.T) {
	t.Parallel()
	want := map[idp.Misbehaviour]error{
		idp.SomeoneElse:  nil,
		idp.AnotherKey:   verify.CodeAssertionSignature,
		idp.WrongIssuer:  verify.CodeUntrustedIssuer,
		idp.TooLong:      verify.CodeCertificateLifetime,
		idp.Expired:      verify.CodeCertificateExpired,
		idp.Garbage:      verify.CodeToken,
		idp.BadSignature: verify.CodeCertificateSignature,
	}
	require.Len(t, idp.CertificateMisbehaviours(), len(want))
	for _, way := range idp.CertificateMisbehaviours() {
		t.Run(string(way), func(t *testing.T) {
			t.Parallel()
			v := newVisit(t, idp.LaxCookie)
			v.signIn(alice, password)
			v.provider.Misbehave(way)
			response, certificate := v.certify(alice)
			require.Equal(t, http.StatusOK, response.StatusCode, certificate)
			require.ErrorIs(t, v.verify(certificate), want[way])
			if way == idp.SomeoneElse {
				parsed, _, err := browserid.ParseCertificate(certificate)
				require.NoError(t, err)
				assert.Equal(t, browserid.Email("someone.else@idp.test"), parsed.Principal.Email)
			}
			v.provider.Misbehave()
			_, certificate = v.certify(alice)
			assert.NoError(t, v.verify(certificate), "honest again")
		})
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	v := newVisit(t, idp.LaxCookie)
	for way, c := range map[idp.Misbehaviour]struct {
		status   int
		contains string
	}{
		"":                     {http.StatusOK, `"provisioning":"/provision"`},
		idp.DocumentMissing:    {http.StatusNotFound, "not found"},
		idp.DocumentFailing:    {http.StatusServiceUnavailable, ""},
		idp.DocumentRedirected: {http.StatusFound, ""},
		idp.DocumentDisabled:   {http.StatusOK, `"disabled":true`},
		idp.DocumentBroken:     {http.StatusOK, `{"public-key":{"kty":"EC",`},
	} {
		v.provider.Misbehave(way)
		response, text := v.ask(http.MethodGet, issuer.Path, nil)
		assert.Equal(t, c.status, response.StatusCode, way)
		assert.Contains(t, text, c.contains, way)
	}
}

// C1.8: only the provisioning page may be framed, and only by the login host.
func TestFraming(t *testing.T) {
	t.Parallel()
	v := newVisit(t, idp.LaxCookie)
	response, page := v.ask(http.MethodGet, idp.AuthenticationPath+"?email="+alice, nil)
	assert.Equal(t, "DENY", response.Header.Get("X-Frame-Options"))
	assert.Contains(t, page, `<script src="https://login.example/authentication_api.js"`)

	response, page = v.ask(http.MethodGet, idp.ProvisioningPath, nil)
	assert.Empty(t, response.Header.Get("X-Frame-Options"))
	assert.True(t, strings.HasSuffix(response.Header.Get("Content-Security-Policy"), "frame-ancestors https://login.example"))
	assert.Contains(t, page, `<script src="https://login.example/provisioning_api.js"`)
}

// F1: a page that took its script's host from the Referer was a hole in other providers.
func TestScriptHostIsNotTheReferer(t *testing.T) {
	t.Parallel()
	v := newVisit(t, idp.LaxCookie)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v.url+idp.ProvisioningPath, nil)
	require.NoError(t, err)
	request.Header.Set("Referer", "https://evil.test/")
	response, err := v.client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.NotContains(t, string(page), "evil.test")
}

func TestPageMisbehaviours(t *testing.T) {
	t.Parallel()
	v := newVisit(t, idp.LaxCookie)
	v.signIn(alice, password)
	for way, check := range map[idp.Misbehaviour]func(){
		idp.Silent: func() {
			_, page := v.ask(http.MethodGet, idp.ProvisioningPath, nil)
			assert.NotContains(t, page, "provisioning")
		},
		idp.NeverSignedIn: func() {
			assert.Empty(t, v.email())
			response, _ := v.certify(alice)
			assert.Equal(t, http.StatusForbidden, response.StatusCode)
		},
		idp.FramesRefused: func() {
			response, _ := v.ask(http.MethodGet, idp.ProvisioningPath, nil)
			assert.Equal(t, "DENY", response.Header.Get("X-Frame-Options"))
		},
		idp.AuthenticationCOOP: func() {
			response, _ := v.ask(http.MethodGet, idp.AuthenticationPath, nil)
			assert.Equal(t, "same-origin", response.Header.Get("Cross-Origin-Opener-Policy"))
		},
		idp.ProvisioningCOOP: func() {
			response, _ := v.ask(http.MethodGet, idp.ProvisioningPath, nil)
			assert.Equal(t, "same-origin", response.Header.Get("Cross-Origin-Opener-Policy"))
		},
		idp.Hostile: func() {
			_, page := v.ask(http.MethodGet, idp.ProvisioningPath, nil)
			assert.Contains(t, page, "hostile.js")
			_, _ = v.ask(http.MethodPost, "/report", idp.Report{ID: "1"})
			_, _ = v.ask(http.MethodPost, "/report", idp.Report{ID: "1", Heard: []string{"x"}})
			assert.Equal(t, []idp.Report{{ID: "1", Heard: []string{"x"}}}, v.provider.Reports())
		},
	} {
		v.provider.Misbehave(way)
		check()
	}
}

func TestSlow(t *testing.T) {
	t.Parallel()
	v := newVisit(t, idp.LaxCookie)
	v.provider.Misbehave(idp.Slow)
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		v.provider.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, idp.ProvisioningPath, nil))
		assert.Equal(t, idp.SlowBy, time.Since(start))
	})
}
