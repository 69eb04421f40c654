package rp_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/verify"
	"github.com/navid-login/navid/testbrowser/site/rp"
)

const (
	origin = browserid.Origin("https://rp.test")
	alice  = browserid.Email("alice@idp.test")
)

// person holds a key that idp.test has certified for alice, and is what the site's verifier discovers.
type person struct {
	key         *issuer.Key
	certificate string
	provider    discovery.Provider
}

func newPerson(t *testing.T) *person {
	t.Helper()
	idpKey, err := issuer.GenerateKey(browserid.ES256)
	require.NoError(t, err)
	key, err := issuer.GenerateKey(browserid.ES256)
	require.NoError(t, err)
	idp := &issuer.Issuer{Domain: "idp.test", Keys: []browserid.Signer{idpKey}, Authentication: "/a", Provisioning: "/p"}
	certificate, err := idp.Certificate(t.Context(), issuer.Request{SignedIn: []browserid.Email{alice}, Email: alice, PublicKey: key.PublicKey(), Duration: time.Hour})
	require.NoError(t, err)
	return &person{key: key, certificate: certificate, provider: discovery.Provider{
		Domain: "idp.test", Authority: "idp.test", Keys: []browserid.PublicKey{idpKey.PublicKey()}, Algorithms: []browserid.Algorithm{browserid.ES256},
	}}
}

func (p *person) Discover(context.Context, browserid.Domain) (*discovery.Provider, error) {
	return &p.provider, nil
}

func (p *person) assertion(t *testing.T, audience browserid.Origin) string {
	t.Helper()
	expires := browserid.MillisOf(time.Now().Add(2 * time.Minute))
	token, err := browserid.SignAssertion(t.Context(), p.key, browserid.Assertion{Audience: string(audience), Expires: expires})
	require.NoError(t, err)
	return browserid.Backed{Certificates: []string{p.certificate}, Assertion: token}.String()
}

// visit is a browser at the site.
type visit struct {
	t      *testing.T
	site   *httptest.Server
	client *http.Client
}

func newVisit(t *testing.T, p *person, now func() time.Time) *visit {
	t.Helper()
	verifier, err := verify.New(verify.Config{Audience: origin, Discovery: p})
	require.NoError(t, err)
	handler, err := rp.New(rp.Config{Origin: origin, HostURL: "https://login.example", Verifier: verifier, Now: now})
	require.NoError(t, err)
	site := httptest.NewTLSServer(handler)
	t.Cleanup(site.Close)
	client := site.Client()
	client.Jar, err = cookiejar.New(nil)
	require.NoError(t, err)
	return &visit{t: t, site: site, client: client}
}

func (v *visit) login(assertion string, header ...string) (*http.Response, map[string]string) {
	v.t.Helper()
	body, err := json.Marshal(map[string]string{"assertion": assertion})
	require.NoError(v.t, err)
	request, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.site.URL+"/login", strings.NewReader(string(body)))
	require.NoError(v.t, err)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := v.client.Do(request)
	require.NoError(v.t, err)
	defer response.Body.Close()
	var said map[string]string
	_ = json.NewDecoder(response.Body).Decode(&said) // a refusal of net/http's own is no JSON
	return response, said
}

func (v *visit) page() string {
	v.t.Helper()
	response, err := v.client.Get(v.site.URL)
	require.NoError(v.t, err)
	defer response.Body.Close()
	require.Equal(v.t, http.StatusOK, response.StatusCode)
	page, err := io.ReadAll(response.Body)
	require.NoError(v.t, err)
	return string(page)
}

func TestLoginStartsASession(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	v := newVisit(t, p, nil)
	assert.NotContains(t, v.page(), alice)

	response, said := v.login(p.assertion(t, origin))
	require.Equal(t, http.StatusOK, response.StatusCode, said)
	assert.Equal(t, string(alice), said["email"])
	cookie := response.Cookies()[0]
	assert.Equal(t, "__Host-session", cookie.Name)
	assert.True(t, cookie.HttpOnly && cookie.Secure)
	assert.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	assert.Contains(t, v.page(), alice)

	again, _ := v.login(p.assertion(t, origin))
	assert.NotEqual(t, cookie.Value, again.Cookies()[0].Value, "each login has a token of its own")
}

func TestLogoutEndsTheSession(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	v := newVisit(t, p, nil)
	login, _ := v.login(p.assertion(t, origin))
	response, err := v.client.Post(v.site.URL+"/logout", "", nil)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.NotContains(t, v.page(), alice, "the cookie is gone")

	address, err := url.Parse(v.site.URL)
	require.NoError(t, err)
	v.client.Jar.SetCookies(address, login.Cookies())
	assert.NotContains(t, v.page(), alice, "and would be worth nothing")
}

func TestSessionExpires(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	now := time.Now()
	v := newVisit(t, p, func() time.Time { return now })
	_, _ = v.login(p.assertion(t, origin))
	now = now.Add(13 * time.Hour)
	assert.NotContains(t, v.page(), alice)
}

func TestLoginRefuses(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	good := p.assertion(t, origin)
	for name, c := range map[string]struct {
		assertion string
		header    []string
		status    int
		reason    string
	}{
		"nothing":                {"", nil, http.StatusUnauthorized, "malformed_backed_assertion"},
		"of another site":        {p.assertion(t, "https://evil.test"), nil, http.StatusUnauthorized, "audience"},
		"too much":               {strings.Repeat("x", 70000), nil, http.StatusBadRequest, ""},
		"sent by another site":   {good, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden, ""}, // abuse test 40
		"sent by another origin": {good, []string{"Origin", "https://evil.test"}, http.StatusForbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVisit(t, p, nil)
			response, said := v.login(c.assertion, c.header...)
			assert.Equal(t, c.status, response.StatusCode)
			assert.Equal(t, c.reason, said["reason"])
			assert.Empty(t, response.Cookies())
		})
	}
}

func TestPageIncludesTheAgentWithoutReferrer(t *testing.T) {
	t.Parallel()
	page := newVisit(t, newPerson(t), nil).page()
	assert.Contains(t, page, `<script src="https://login.example/agent.js" referrerpolicy="no-referrer" defer></script>`)
}

func TestSignInMayComeBackToThePage(t *testing.T) {
	t.Parallel()
	v := newVisit(t, newPerson(t), nil)
	response, err := v.client.Get(v.site.URL + "/.well-known/navid")
	require.NoError(t, err)
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.JSONEq(t, `{"returnTo": ["/"], "siteName": "Seedswap"}`, string(said))
	assert.Equal(t, "*", response.Header.Get("Access-Control-Allow-Origin"))
}

func TestOverHTTPCookiesAreNotSecure(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	const local = browserid.Origin("http://rp.localhost:8080")
	verifier, err := verify.New(verify.Config{Audience: local, Discovery: p})
	require.NoError(t, err)
	handler, err := rp.New(rp.Config{Origin: local, HostURL: "http://login.localhost:8080", Verifier: verifier})
	require.NoError(t, err)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(`{"assertion":"`+p.assertion(t, local)+`"}`)))
	require.Equal(t, http.StatusOK, recorder.Code, recorder.Body)
	assert.False(t, recorder.Result().Cookies()[0].Secure)
}
