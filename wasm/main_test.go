//go:build js && wasm

package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsxtest"
)

func installed(t *testing.T) {
	t.Helper()
	require.NoError(t, install(newProgram()))
}

func TestReady(t *testing.T) {
	jsxtest.Eval(t, `globalThis.ready = "no"; globalThis.navidAgentReady = () => { ready = Object.keys(navidAgent).sort().join() }`)
	defer jsxtest.Eval(t, `delete globalThis.navidAgentReady`)
	installed(t)
	assert.Equal(t, "assert,bridge,prepare,remove,signIn", jsxtest.Text(t, `ready`))
}

// What the page may branch on is the code of an Error, whatever it has done wrong.
func TestCodes(t *testing.T) {
	installed(t)
	for _, c := range []struct {
		name, call string
		want       agent.Code
	}{
		{"no request", `signIn()`, agent.CodeInvalidOptions},
		{"null", `signIn(null, {})`, agent.CodeInvalidOptions},
		{"no params", `signIn({origin: "https://rp.test", now: 1}, {})`, agent.CodeInvalidOptions},
		{"params of a wrong type", `signIn({origin: "https://rp.test", params: {nonce: 1}}, {})`, agent.CodeInvalidOptions},
		{"cyclic params", `signIn({origin: "https://rp.test", params: (p => p.p = p)({})}, {})`, agent.CodeInvalidOptions},
		{"large params", `signIn({origin: "https://rp.test", params: {x: "x".repeat(300000)}}, {})`, agent.CodeInvalidOptions},
		{"an opaque origin", `signIn({origin: "null", params: {}}, {})`, agent.CodeInvalidOrigin},
		{"an origin that is no text", `signIn({origin: {}, params: {}}, {})`, agent.CodeInvalidOrigin},
		{"an http origin", `signIn({origin: "http://rp.test", params: {}}, {})`, agent.CodeInvalidOrigin},
		{"remove nothing", `remove()`, agent.CodeInvalidEmail},
		{"bridge nobody", `bridge()`, agent.CodeInvalidEmail},
		{"assert nothing", `assert()`, agent.CodeInvalidOptions},
		{"assert without a key", `assert({origin: "https://rp.test", params: {}})`, agent.CodeCertificateWrongKey},
		{"assert to an opaque origin", `assert({origin: "null", params: {}})`, agent.CodeInvalidOrigin},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, string(c.want), jsxtest.Text(t, `navidAgent.`+c.call+
				`.then(() => "resolved", e => e instanceof Error && typeof e.message === "string" ? e.code : "no Error")`))
		})
	}
}

func TestPrepareTakesAnything(t *testing.T) {
	installed(t)
	for _, argument := range []string{``, `null`, `{}`, `{algorithms: "RS256"}`, `{algorithms: ["ES256", "none"]}`} {
		assert.True(t, jsxtest.Eval(t, `navidAgent.prepare(`+argument+`) ?? null`).IsNull(), argument)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	const host = browserid.Millis(2_000_000_000_000)
	for _, c := range []struct {
		name  string
		clock *clock
		want  time.Time
	}{
		{"of the host", newClock(host), host.Time()},
		{"of the browser", newClock(0), time.Now()},
		{"of the host, later", func() *clock { c := newClock(1); c.set(host); return c }(), host.Time()},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.WithinDuration(t, c.want, c.clock.now(), 10*time.Second)
			assert.False(t, c.clock.now().Before(c.want.Add(-time.Millisecond)))
		})
	}
}

func TestTimeOf(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]browserid.Millis{
		`({now: 2000000000000.5})`: 2_000_000_000_000, `({now: "2"})`: 0, `({})`: 0, `null`: 0, `({now: NaN})`: 0, `({now: -1})`: 0, `({now: Infinity})`: 0,
	} {
		assert.Equal(t, want, timeOf(jsxtest.Eval(t, script)), script)
	}
}
