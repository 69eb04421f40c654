//go:build js && wasm

package fetch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/fetch"
	"github.com/navid-login/navid/wasm/internal/jsxtest"
)

func TestDiscoverFallback(t *testing.T) {
	hostAnswers(t, 200, primary(t, map[string]any{"type": "fallback", "authority": "login.test", "authentication": nil, "provisioning": nil}))
	provider, err := fetch.Discoverer{}.Discover(t.Context(), domain)
	require.NoError(t, err)
	assert.True(t, provider.Fallback)
	assert.Equal(t, browserid.Domain("login.test"), provider.Authority)
	assert.Len(t, provider.Keys, 1)
	assert.Empty(t, provider.Provisioning)

	hostAnswers(t, 200, primary(t, map[string]any{"type": "fallback", "keys": nil}))
	_, err = fetch.Discoverer{}.Discover(t.Context(), domain)
	assertHostAtFault(t, err)
}

// Each question is one request with the host's cookies, and takes what it needs from the answer.
func TestFallbackQuestions(t *testing.T) {
	const mailed = `{"challenge":"c","words":"amber falcon","resendAt":1795000030000,"expires":1795000600000,"now":1795000000000}`
	want := agent.Challenge{ID: "c", Words: "amber falcon", ResendAt: 1_795_000_030_000, Expires: 1_795_000_600_000}
	for path, c := range map[string]struct {
		answer, body string
		ask          func(*fetch.Fallback) (any, error)
		want         any
	}{
		"certificate": {
			`{"certificate":"a.b.c","now":1795000000000}`, `{"duration":3600,"email":"a@mail.test","publicKey":"{}"}`,
			func(f *fetch.Fallback) (any, error) { return f.Certify(t.Context(), "a@mail.test", "{}", time.Hour) }, "a.b.c",
		},
		"challenge": {
			mailed, `{"elsewhere":true,"email":"a@mail.test"}`,
			func(f *fetch.Fallback) (any, error) { return f.Challenge(t.Context(), "a@mail.test", true) }, want,
		},
		"challenge/resend": {
			mailed, `{"challenge":"c"}`,
			func(f *fetch.Fallback) (any, error) { return f.Resend(t.Context(), "c") }, want,
		},
		"challenge/confirm": {
			`{"email":"a@mail.test","now":1795000000000}`, `{"challenge":"c","code":"123 456"}`,
			func(f *fetch.Fallback) (any, error) { return nil, f.Confirm(t.Context(), "c", "123 456") }, nil,
		},
		"sign_out": {
			`{"now":1795000000000}`, `{"everywhere":false}`,
			func(f *fetch.Fallback) (any, error) { return nil, f.SignOut(t.Context()) }, nil,
		},
	} {
		t.Run(path, func(t *testing.T) {
			hostAnswers(t, 200, c.answer)
			var now browserid.Millis
			got, err := c.ask(&fetch.Fallback{HostTime: func(m browserid.Millis) { now = m }})
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
			assert.Equal(t, browserid.Millis(1_795_000_000_000), now)
			assert.JSONEq(t, c.body, jsxtest.Text(t, `requests[0].body`))
			assert.Equal(t, "POST /api/"+path+" same-origin same-origin 1",
				jsxtest.Text(t, `[requests[0].method, requests[0].url, requests[0].mode, requests[0].credentials, requests.length].join(" ")`))
		})
	}
}

// What the host refuses has a code that the agent can act upon.
func TestFallbackRefusals(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   agent.Code
	}{
		{403, `{"code":"wrong_code","left":3}`, agent.CodeWrongCode},
		{410, `{"code":"code_expired"}`, agent.CodeCodeExpired},
		{410, `{"code":"code_spent"}`, agent.CodeCodeSpent},
		{404, `{"code":"challenge_unknown"}`, agent.CodeCodeExpired},
		{429, `{"code":"too_many","retryAfter":90}`, agent.CodeTooMany},
		{429, `{"code":"too_many_requests"}`, agent.CodeHostBusy},
		{429, `<html>`, agent.CodeHostBusy},
		{409, `{"code":"provider_exists"}`, agent.CodeProviderExists},
		{503, `{"code":"provider_offline"}`, agent.CodeProviderUnreachable},
		{403, `{"code":"blocked"}`, agent.CodeBlocked},
		{400, `{"code":"invalid_email"}`, agent.CodeInvalidEmail},
		{502, `{"code":"mail_failed"}`, agent.CodeMailFailed},
		{500, `{"code":"internal"}`, agent.CodeInternal},
		{400, `{"code":"invalid_request"}`, agent.CodeInternal},
		{400, `{"code":"cancelled"}`, agent.CodeInternal}, // is nobody's to say but the person's
	} {
		t.Run(c.body, func(t *testing.T) {
			hostAnswers(t, c.status, c.body)
			assert.Equal(t, c.want, agent.CodeOf(new(fetch.Fallback).Confirm(t.Context(), "c", "1")))
		})
	}
	hostAnswers(t, 429, `{"code":"too_many","retryAfter":90,"left":2,"message":"m"}`)
	err := new(fetch.Fallback).Confirm(t.Context(), "c", "1")
	assert.Equal(t, &agent.Refusal{Code: agent.CodeTooMany, RetryAfter: 90 * time.Second, Left: 2, Message: "m"}, err)
}

func TestFallbackNotProven(t *testing.T) {
	for _, code := range []string{"not_proven", "proof_too_old"} {
		hostAnswers(t, 200, `{"code":"`+code+`"}`)
		_, err := new(fetch.Fallback).Certify(t.Context(), "a@mail.test", "{}", time.Hour)
		assert.ErrorIs(t, err, agent.ErrNotProven)
	}
}

// A host that cannot be asked has refused nothing.
func TestFallbackUnreachable(t *testing.T) {
	for _, answer := range []string{
		`(() => { throw new TypeError("Failed to fetch") })()`,
		`new Response("<html>", {status: 502, headers: {"Content-Type": "text/html"}})`,
	} {
		host(t, answer)
		err := new(fetch.Fallback).Confirm(t.Context(), "c", "1")
		require.Error(t, err)
		var coded *agent.Error
		assert.NotErrorAs(t, err, &coded)
	}
}
