package totp

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

const (
	alice = browserid.Email("alice@totp.test")
	bob   = browserid.Email("bob@totp.test")
)

var (
	start  = time.Date(2026, 11, 22, 12, 0, 10, 0, time.UTC)
	secret = []byte("a secret of the provider's tests")
)

// oneKey is a keyring that never changes.
type oneKey struct{ key browserid.Signer }

func (k oneKey) Signer(time.Time) (browserid.Signer, error) { return k.key, nil }
func (k oneKey) Published(time.Time) []browserid.Signer     { return []browserid.Signer{k.key} }

var signingKey = sync.OnceValue(func() oneKey {
	key, err := issuer.GenerateKey(browserid.EdDSA)
	if err != nil {
		panic(err)
	}
	return oneKey{key}
})

// desk is a provider, its files, a clock, a client, and everybody's app.
type desk struct {
	*testing.T
	folder   string
	users    *Users
	provider *Provider
	now      time.Time
	network  string // of the client
	cookie   string // of the browser's session
	browser  string // what the browser is known by
	apps     map[browserid.Email]string
}

// newDesk is a provider with two people.
func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Parallel()
	d := &desk{T: t, folder: t.TempDir(), now: start, network: "192.0.2.1", apps: map[browserid.Email]string{}}
	d.restart()
	d.add(alice)
	d.add(bob)
	return d
}

// restart makes the provider anew, from its files.
func (d *desk) restart() {
	d.Helper()
	var err error
	d.users, err = OpenUsers(d.usersFile(), secret)
	require.NoError(d, err)
	d.provider, err = New(Config{
		Domain: "totp.test", Domains: []browserid.Domain{"hosted.test"}, LoginHost: "https://login.example",
		Keyring: signingKey(), Users: d.users, StateFile: d.stateFile(), Now: func() time.Time { return d.now },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	require.NoError(d, err)
}

func (d *desk) usersFile() string { return filepath.Join(d.folder, "users.json") }
func (d *desk) stateFile() string { return filepath.Join(d.folder, "state.json") }

func (d *desk) add(email browserid.Email) {
	d.Helper()
	uri, err := d.users.Add(email, d.now)
	require.NoError(d, err)
	key, err := otp.NewKeyFromURL(uri)
	require.NoError(d, err)
	d.apps[email] = key.Secret()
}

// code is what somebody's app shows, so many steps from now.
func (d *desk) code(email browserid.Email, steps int) string {
	d.Helper()
	code, err := totp.GenerateCode(d.apps[email], d.now.Add(time.Duration(steps)*period))
	require.NoError(d, err)
	return code
}

// wrong is a code that is not right for anybody now.
func (d *desk) wrong() string {
	d.Helper()
	for _, code := range []string{"000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777"} {
		right := false
		for email := range d.apps {
			_, matches := match(d.apps[email], code, d.now)
			right = right || matches
		}
		if !right {
			return code
		}
	}
	d.Fatal("every code is right")
	return ""
}

// ask is a request of the browser, from the client's network.
func (d *desk) ask(method, target, contentType, body string) *httptest.ResponseRecorder {
	d.Helper()
	request := httptest.NewRequestWithContext(d.Context(), method, "https://totp.test"+target, strings.NewReader(body))
	request.RemoteAddr = netip.AddrPortFrom(netip.MustParseAddr(d.network), 4321).String()
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Content-Type", contentType)
	if d.cookie != "" {
		request.AddCookie(&http.Cookie{Name: cookieName, Value: d.cookie})
	}
	if d.browser != "" {
		request.AddCookie(&http.Cookie{Name: browserCookie, Value: d.browser})
	}
	recorder := httptest.NewRecorder()
	d.provider.ServeHTTP(recorder, request)
	for _, set := range recorder.Result().Cookies() {
		switch set.Name {
		case cookieName:
			d.cookie = set.Value
		case browserCookie:
			d.browser = set.Value
		}
	}
	return recorder
}

// post types a code on the authentication page.
func (d *desk) post(email browserid.Email, code string) *httptest.ResponseRecorder {
	d.Helper()
	return d.ask(http.MethodPost, page(email), "application/x-www-form-urlencoded", url.Values{"code": {code}}.Encode())
}

func page(email browserid.Email) string {
	return AuthenticationPath + "?email=" + url.QueryEscape(string(email))
}

func (d *desk) signIn(email browserid.Email) {
	d.Helper()
	require.Equal(d, http.StatusSeeOther, d.post(email, d.code(email, 0)).Code)
}

// certify asks for a certificate, and returns the code of the error or empty.
func (d *desk) certify(email browserid.Email) string {
	d.Helper()
	key, err := issuer.GenerateKey(browserid.EdDSA)
	require.NoError(d, err)
	body, err := json.Marshal(map[string]any{"email": email, "publicKey": string(key.PublicKey().JWK()), "duration": 3600})
	require.NoError(d, err)
	var reply struct{ Certificate, Error string }
	require.NoError(d, json.Unmarshal(d.ask(http.MethodPost, ProvisioningPath, "application/json", string(body)).Body.Bytes(), &reply))
	if reply.Error == "" {
		certificate, _, err := browserid.ParseCertificate(reply.Certificate)
		require.NoError(d, err)
		assert.Equal(d, email, certificate.Principal.Email)
		assert.Equal(d, "totp.test", certificate.Issuer)
	}
	return reply.Error
}

func TestSignIn(t *testing.T) {
	d := newDesk(t)
	form := d.ask(http.MethodGet, page(alice), "", "")
	assert.Contains(t, form.Body.String(), `name="code"`)
	d.signIn(alice)
	assert.Contains(t, d.ask(http.MethodGet, page(alice), "", "").Body.String(), "data-done")
	assert.Empty(t, d.certify(alice))

	d.signIn(bob)
	assert.Empty(t, d.certify(bob))
	assert.Empty(t, d.certify(alice), "a browser may be several people's")
	home := d.ask(http.MethodGet, "/", "", "").Body.String()
	assert.Contains(t, home, string(alice))
	assert.Contains(t, home, string(bob))
}

func TestCookiesAreTheSitesOwn(t *testing.T) {
	d := newDesk(t)
	cookies := d.post(alice, d.code(alice, 0)).Result().Cookies()
	require.Len(t, cookies, 2, "of the session, and of the browser")
	for _, set := range cookies {
		assert.True(t, set.Secure && set.HttpOnly && set.Path == "/" && set.Domain == "")
		assert.Equal(t, http.SameSiteLaxMode, set.SameSite, "not even a page that is opened by another site is signed out for it")
		assert.True(t, strings.HasPrefix(set.Name, "__Host-"))
		mustNotHold(t, d.stateFile(), set.Value)
	}
}

// A session ends with its time, with signing out, with the removal of its user, and for another user of the same address.
func TestSessionEnds(t *testing.T) {
	for name, end := range map[string]func(*desk){
		"by time":     func(d *desk) { d.now = d.now.Add(SessionLifetime) },
		"by sign-out": func(d *desk) { d.ask(http.MethodPost, LogoutPath, "", "") },
		"by removal":  func(d *desk) { require.NoError(d, d.users.Remove(alice)) },
		"by another user of the address": func(d *desk) {
			require.NoError(d, d.users.Remove(alice))
			d.add(alice)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.signIn(alice)
			before := d.cookie
			require.Empty(t, d.certify(alice))
			end(d)
			d.cookie = before // whatever the browser was told
			assert.Equal(t, "not_signed_in", d.certify(alice))
		})
	}
}

func TestSessionSurvivesARestart(t *testing.T) {
	d := newDesk(t)
	d.signIn(alice)
	d.now = d.now.Add(SessionLifetime - time.Second)
	d.restart()
	assert.Empty(t, d.certify(alice))
}

// Nobody can plant a session: each sign-in has a token of its own, and that of before is none any more.
func TestSessionIsNewForEachSignIn(t *testing.T) {
	d := newDesk(t)
	d.signIn(alice)
	planted := d.cookie
	d.signIn(bob)
	assert.NotEqual(t, planted, d.cookie)
	d.cookie = planted
	assert.Equal(t, "not_signed_in", d.certify(alice))
	assert.Equal(t, "not_signed_in", d.certify(bob))
}

// What another site posts signs nobody out.
func TestSignOutByAnotherSite(t *testing.T) {
	d := newDesk(t)
	d.signIn(alice)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://totp.test"+LogoutPath, nil)
	request.AddCookie(&http.Cookie{Name: cookieName, Value: d.cookie})
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	recorder := httptest.NewRecorder()
	d.provider.ServeHTTP(recorder, request)
	assert.Equal(t, http.StatusForbidden, recorder.Code)
	assert.Empty(t, d.certify(alice))
}
