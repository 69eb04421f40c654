package api_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/api"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

const alice = "alice@mail.test"

// host is the API of a world.
type host struct {
	*idptest.World
	handler http.Handler
	log     *strings.Builder
}

func newHost(t *testing.T, change ...func(*idp.Config)) *host {
	t.Helper()
	h := &host{log: &strings.Builder{}}
	log := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.World = idptest.New(t, nil, append(change, func(c *idp.Config) { c.Log = log })...)
	var err error
	h.handler, err = api.New(api.Config{
		Provider: h.Provider, Origin: idptest.Origin, Now: h.Clock.Now, Log: log,
		Client: func(r *http.Request) netip.Addr { return netip.MustParseAddrPort(r.RemoteAddr).Addr() },
	})
	require.NoError(t, err)
	return h
}

// tab is a browser's tab: it keeps cookies as a browser does.
type tab struct {
	h       *host
	t       *testing.T
	cookies map[string]*http.Cookie
}

func (h *host) tab(t *testing.T) *tab { return &tab{h, t, map[string]*http.Cookie{}} }

const linuxFirefox = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"

// request makes a question as the host's own page asks it.
func (b *tab) request(path, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "https://login.test/api/"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", "https://login.test")
	r.Header.Set("User-Agent", linuxFirefox)
	for _, cookie := range b.cookies {
		r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	}
	return r
}

// send sends a request and keeps the cookies of its answer.
func (b *tab) send(r *http.Request) *http.Response {
	b.t.Helper()
	w := httptest.NewRecorder()
	b.h.handler.ServeHTTP(w, r)
	response := w.Result()
	for _, cookie := range response.Cookies() {
		assert.Equal(b.t, "/", cookie.Path)
		assert.Empty(b.t, cookie.Domain)
		assert.True(b.t, cookie.Secure && cookie.HttpOnly && cookie.SameSite == http.SameSiteStrictMode, "%v", cookie)
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		} else {
			b.cookies[cookie.Name] = cookie
		}
	}
	return response
}

// ask asks and returns status and answer.
func (b *tab) ask(path, body string) (int, map[string]any) {
	b.t.Helper()
	response := b.send(b.request(path, body))
	assert.Equal(b.t, "application/json", response.Header.Get("Content-Type"))
	assert.Equal(b.t, "no-store", response.Header.Get("Cache-Control"))
	var answer map[string]any
	require.NoError(b.t, json.NewDecoder(response.Body).Decode(&answer))
	assert.EqualValues(b.t, b.h.Clock.Now().UnixMilli(), answer["now"])
	return response.StatusCode, answer
}

// must asks what is not refused.
func (b *tab) must(path, body string) map[string]any {
	b.t.Helper()
	status, answer := b.ask(path, body)
	require.Equal(b.t, http.StatusOK, status, "%s: %v", path, answer)
	return answer
}

// prove proves an address by its code.
func (b *tab) prove(email string) {
	b.t.Helper()
	b.h.Letters() // what waits from before
	challenge := b.must("challenge", text(map[string]any{"email": email, "elsewhere": false}))
	code := b.h.CodeLetter().Code
	b.must("challenge/confirm", text(map[string]any{"challenge": challenge["challenge"], "code": code}))
}

func text(question map[string]any) string {
	encoded, _ := json.Marshal(question)
	return string(encoded)
}

func certificateFor(email string) string {
	key, _ := json.Marshal(idptest.NewUserKey())
	return text(map[string]any{"email": email, "publicKey": string(key), "duration": 3600})
}

func TestSignInByCode(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b := h.tab(t)
	assert.Equal(t, []any{}, b.must("session", "{}")["addresses"])
	assert.Equal(t, "not_proven", b.must("certificate", certificateFor(alice))["code"])

	challenge := b.must("challenge", `{"email":"alice@mail.test","elsewhere":false}`)
	assert.Zero(t, b.cookies["__Host-navid-browser"].MaxAge, "ends with the browser")
	letter := h.CodeLetter()
	assert.Equal(t, letter.Words, challenge["words"])
	assert.Equal(t, "Firefox on Linux", letter.Browser)
	id := challenge["challenge"].(string)
	assert.Equal(t, "waiting", b.must("challenge/await", text(map[string]any{"challenge": id}))["state"])

	wrong := "000000"
	if letter.Code == wrong {
		wrong = "000001"
	}
	status, refusal := b.ask("challenge/confirm", text(map[string]any{"challenge": id, "code": wrong}))
	assert.Equal(t, http.StatusForbidden, status)
	assert.Equal(t, "wrong_code", refusal["code"])
	assert.EqualValues(t, 4, refusal["left"])

	answer := b.must("challenge/confirm", text(map[string]any{"challenge": id, "code": letter.Code}))
	assert.Equal(t, alice, answer["email"])
	assert.Equal(t, int(idp.SessionLife/time.Second), b.cookies["__Host-navid"].MaxAge)
	assert.NotZero(t, b.cookies["__Host-navid-browser"].MaxAge)
	assert.NotEmpty(t, b.must("certificate", certificateFor(alice))["certificate"])
	session := b.must("session", "{}")["addresses"].([]any)
	require.Len(t, session, 1)
	assert.Equal(t, map[string]any{"email": alice, "method": "code", "proven": float64(h.Clock.Now().UnixMilli())}, session[0])
}

func TestSignInByLink(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b, phone := h.tab(t), h.tab(t)
	challenge := b.must("challenge", `{"email":"alice@mail.test","elsewhere":false}`)
	letter := h.CodeLetter()
	link := text(map[string]any{"token": idptest.LinkToken(letter)})

	shown := phone.must("link", link)
	delete(shown, "now")
	assert.Equal(t, map[string]any{"state": "code", "code": letter.Code, "email": alice}, shown)
	assert.Empty(t, phone.cookies)

	assert.Equal(t, "confirmed", b.must("link", link)["state"])
	first := b.cookies["__Host-navid"].Value
	delete(b.cookies, "__Host-navid")
	assert.Equal(t, "confirmed", b.must("challenge/await", text(map[string]any{"challenge": challenge["challenge"]}))["state"])
	assert.Equal(t, first, b.cookies["__Host-navid"].Value, "the dialog comes by the session as well")
	assert.NotEmpty(t, b.must("certificate", certificateFor(alice))["certificate"])
}

// G6: on a device that is not the person's own, nothing outlasts the browser.
func TestElsewhereLeavesNoLastingCookie(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b := h.tab(t)
	challenge := b.must("challenge", `{"email":"alice@mail.test","elsewhere":true}`)
	b.must("challenge/confirm", text(map[string]any{"challenge": challenge["challenge"], "code": h.CodeLetter().Code}))
	require.Len(t, b.cookies, 2)
	for _, cookie := range b.cookies {
		assert.Zero(t, cookie.MaxAge, cookie.Name)
		assert.True(t, cookie.Expires.IsZero())
	}
	assert.Equal(t, true, b.must("session", "{}")["elsewhere"])
	h.Clock.Advance(time.Hour)
	assert.Equal(t, []any{}, b.must("session", "{}")["addresses"])
}

func TestSignOutTakesTheCookie(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b := h.tab(t)
	b.prove(alice)
	stolen := b.cookies["__Host-navid"]
	b.must("sign_out", `{"everywhere":false}`)
	assert.NotContains(t, b.cookies, "__Host-navid")
	b.cookies["__Host-navid"] = stolen
	assert.Equal(t, "not_proven", b.must("certificate", certificateFor(alice))["code"])
}

// Who closes the window while the host thinks is nobody's failure.
func TestAnAskerWhoHasGoneIsNoError(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	b := h.tab(t)
	assert.Equal(t, 499, b.send(b.request("challenge/await", `{"challenge":"unknown"}`).WithContext(gone)).StatusCode)
	assert.NotContains(t, h.log.String(), "ERROR")
}

// Session fixation: what was planted is worth nothing afterwards.
func TestASessionIsNewAtEachProof(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	victim := h.tab(t)
	for _, planted := range []string{idp.NewToken(), "x", ""} {
		victim.cookies["__Host-navid"] = &http.Cookie{Name: "__Host-navid", Value: planted}
		victim.prove(alice)
		assert.NotEqual(t, planted, victim.cookies["__Host-navid"].Value)
	}
	// A real one of the attacker's, too: it ends when the victim proves.
	attacker := h.tab(t)
	attacker.prove("eve@evil.test")
	planted := attacker.cookies["__Host-navid"]
	victim = h.tab(t)
	victim.cookies["__Host-navid"] = planted
	victim.prove(alice)
	assert.Equal(t, []any{}, attacker.must("session", "{}")["addresses"])
	assert.Equal(t, "not_proven", attacker.must("certificate", certificateFor(alice))["code"])
}

func TestTooManyAreToldHowLong(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	var response *http.Response
	for range idp.DefaultLimits.CodesPerAddress + 1 {
		b := h.tab(t)
		response = b.send(b.request("challenge", `{"email":"alice@mail.test","elsewhere":false}`))
	}
	assert.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	assert.Equal(t, "50400", response.Header.Get("Retry-After"), "until midnight")
	var refusal map[string]any
	require.NoError(t, json.NewDecoder(response.Body).Decode(&refusal))
	assert.EqualValues(t, 50400, refusal["retryAfter"])
}

func TestAccountOverHTTP(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b := h.tab(t)
	status, _ := b.ask("account", "{}")
	assert.Equal(t, http.StatusForbidden, status)
	b.prove(alice)
	b.prove("other@post.test")
	b.must("certificate", certificateFor(alice))

	account := b.must("account", "{}")
	assert.Len(t, account["addresses"], 2)
	assert.Equal(t, []any{}, account["passkeys"])
	assert.Len(t, account["certificates"], 1)
	require.Len(t, account["sessions"], 1)
	assert.Equal(t, true, account["sessions"].([]any)[0].(map[string]any)["current"])
	file := b.send(b.request("account/export", "{}"))
	assert.Equal(t, `attachment; filename="account.json"`, file.Header.Get("Content-Disposition"))

	b.must("account/remove", `{"email":"other@post.test","confirm":false}`)
	status, refusal := b.ask("account/remove", `{"email":"alice@mail.test","confirm":false}`)
	assert.Equal(t, http.StatusConflict, status)
	assert.Equal(t, "last_address", refusal["code"])
	status, _ = b.ask("account/delete", `{"confirm":false}`)
	assert.Equal(t, http.StatusBadRequest, status)
	b.must("account/delete", `{"confirm":true}`)
	assert.NotContains(t, b.cookies, "__Host-navid")
}
