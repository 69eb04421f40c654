package dialog

import (
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/proxies"
)

// asker asks the same host again and again, by a clock that the test moves.
type asker struct {
	now time.Time
	ask func(header ...string) *httptest.ResponseRecorder
}

func newAsker(t *testing.T, trusted ...netip.Prefix) *asker {
	t.Helper()
	a := &asker{now: testNow}
	config := testConfig()
	config.TrustedProxies = trusted
	config.Now = func() time.Time { return a.now }
	handler := newTestHost(t, config)
	a.ask = func(header ...string) *httptest.ResponseRecorder {
		return do(handler, "POST", "/api/address", `{"domain":"idp.test"}`, append(header, "Sec-Fetch-Site: same-origin")...)
	}
	return a
}

// exhaust asks until the client's burst is used up.
func (a *asker) exhaust(t *testing.T, header ...string) {
	t.Helper()
	for range clientBurst {
		require.Equal(t, 200, a.ask(header...).Code)
	}
	require.Equal(t, 429, a.ask(header...).Code)
}

func TestClientsThatAskTooOften(t *testing.T) {
	t.Parallel()
	a := newAsker(t)
	a.exhaust(t)
	a.now = a.now.Add(200 * time.Millisecond)
	refused := a.ask()
	assert.Equal(t, 429, refused.Code)
	assert.Equal(t, "1", refused.Header().Get("Retry-After"))
	assert.Equal(t, "application/json", refused.Header().Get("Content-Type"))
	assert.JSONEq(t, `{
		"code": "too_many_requests", "message": "There have been too many questions from here. Please wait a little.",
		"now": 1795262400200
	}`, refused.Body.String())

	a.now = a.now.Add(800 * time.Millisecond)
	assert.Equal(t, 200, a.ask().Code, "when it has waited as told")
	assert.Equal(t, 429, a.ask().Code)
	a.now = a.now.Add(limitIdle)
	a.exhaust(t)
}

// Pages of other sites cannot use up what a visitor of theirs may ask.
func TestRefusedQuestionsAreNotCounted(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	for range 2 * clientBurst {
		require.Equal(t, 403, do(handler, "POST", "/api/address", `{}`, "Sec-Fetch-Site: cross-site").Code)
	}
	assert.Equal(t, 200, do(handler, "POST", "/api/address", `{"domain":"idp.test"}`, "Sec-Fetch-Site: same-origin").Code)
}

func TestLimitsAreApart(t *testing.T) {
	t.Parallel()
	a := newAsker(t, netip.MustParsePrefix("127.0.0.0/8"))
	from := func(client string) []string { return []string{"Peer: 127.0.0.1:1", "X-Forwarded-For: " + client} }
	a.exhaust(t, from("203.0.113.1")...)
	a.exhaust(t, from("203.0.113.2")...)
	a.exhaust(t, from("2001:db8:0:1::1")...)
	assert.Equal(t, 429, a.ask(from("2001:db8:0:1:ffff::2")...).Code, "one /64 is one client")
	assert.Equal(t, 200, a.ask(from("2001:db8:0:2::1")...).Code)
}

// A proxy whose word is not taken does not speak for one client.
func TestUnnamedProxyIsNotLimited(t *testing.T) {
	t.Parallel()
	a := newAsker(t)
	for range 2 * clientBurst {
		require.Equal(t, 200, a.ask("Peer: 127.0.0.1:1", "X-Forwarded-For: 203.0.113.1").Code)
	}
}

func TestLimiterIsBounded(t *testing.T) {
	t.Parallel()
	var l limiter
	for i := range 3 * maxClients {
		address := netip.AddrFrom4([4]byte{1, byte(i >> 16), byte(i >> 8), byte(i)})
		require.Zero(t, l.wait(proxies.NetworkOf(address), testNow))
		require.LessOrEqual(t, len(l.young)+len(l.old), maxClients)
	}
}

// A client is forgotten only when it would have its whole burst again.
func TestLimiterForgetsNobodyEarly(t *testing.T) {
	t.Parallel()
	var l limiter
	client := netip.MustParsePrefix("203.0.113.1/32")
	now := testNow
	for range clientBurst {
		require.Zero(t, l.wait(client, now))
	}
	for second := range int(limitIdle/time.Second) * 5 {
		now = now.Add(time.Second)
		require.Zero(t, l.wait(client, now), second)
		require.Positive(t, l.wait(client, now), second)
	}
	now = now.Add(limitIdle)
	for range 2 {
		_ = l.wait(netip.Prefix{}, now)
		now = now.Add(limitIdle)
	}
	assert.NotContains(t, l.young, client)
	assert.NotContains(t, l.old, client)
}
