//go:build js && wasm && browser

package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsxtest"
)

// TestSignIn goes through all the adapters at once: a host that answers as
// ours does, a provider on another site, the real stores. The second sign-in
// must need no provider any more; after a removal nothing is left.
func TestSignIn(t *testing.T) {
	installed(t)
	jsxtest.Eval(t, `(async () => {
		const idp = "http://idp.localhost:" + location.port
		const {d, ...key} = await (await fetch("/testdata/key.json")).json()
		const realFetch = fetch
		globalThis.fetch = async (url, options) => url === "/api/address"
			? Response.json({...JSON.parse(options.body), type: "primary", authority: "idp.localhost", keys: [key],
				algorithms: ["ES256"], provisioning: idp + "/testdata/provision.html",
				authentication: idp + "/testdata/sign_in.html", now: Date.now()})
			: realFetch(url, options)
		navidAgent.prepare({algorithms: ["RS256", "ES256"]})
	})()`)

	first := signIn(t, `{enter: {action: "next", email: "Alice@IDP.localhost"}}`)
	// On a slow machine the frame runs out of time, and the window comes next.
	assert.Regexp(t, "^enter wait-discovery wait-provider( wait-window)?$", first.screens)
	second := signIn(t, `{pick: {action: "next", email: "Alice@idp.localhost"}}`)
	assert.Equal(t, "pick wait-discovery", second.screens)
	assert.Equal(t, first.certificate, second.certificate)

	assertSilently(t)

	jsxtest.Eval(t, `navidAgent.remove("Alice@idp.localhost")`)
	assert.JSONEq(t, `{"version":1,"identities":[],"sites":{}}`, jsxtest.Text(t, `localStorage.getItem("navid")`))
	_, err := newProgram().keys.Load(t.Context(), "Alice@idp.localhost")
	assert.Error(t, err)
}

func TestSignInElsewhereLeavesNothing(t *testing.T) {
	before := jsxtest.Text(t, `localStorage.getItem("navid")`)
	signIn(t, `{enter: {action: "next", email: "Alice@idp.localhost", notMyDevice: true}}`)
	assert.Equal(t, before, jsxtest.Text(t, `localStorage.getItem("navid")`))
	_, err := newProgram().keys.Load(t.Context(), "Alice@idp.localhost")
	assert.Error(t, err)
}

// assertSilently signs with what the bridge hands over, as the communication
// frame does after it has kept it in its own database.
func assertSilently(t *testing.T) {
	t.Helper()
	jsxtest.Eval(t, `(async () => {
		const {key, expires, ...given} = await navidAgent.bridge("Alice@idp.localhost")
		globalThis.given = {...given, expires, kinds: key.privateKey.extractable + " " + key.publicKey.type}
		globalThis.silent = await navidAgent.assert({
			...given, email: "Alice@idp.localhost", origin: "https://rp.test", params: {algorithms: ["ES256"], nonce: "n2"}, now: Date.now(),
		}, key)
	})()`)
	assert.Equal(t, "idp.localhost false public number", jsxtest.Text(t, `given.authority + " " + given.kinds + " " + typeof given.expires`))
	backed, err := browserid.ParseBacked(jsxtest.Text(t, `silent`))
	require.NoError(t, err)
	assert.Equal(t, jsxtest.Text(t, `given.certificate`), backed.Certificates[0])
	assertion, _, err := browserid.ParseAssertion(backed.Assertion)
	require.NoError(t, err)
	assert.Equal(t, "https://rp.test n2", assertion.Audience+" "+assertion.Nonce)
}

type outcome struct {
	screens     string // in their order
	certificate string
}

// signIn signs in at https://rp.test with the answers to the screens, and
// checks the assertion with Go's own cryptography.
func signIn(t *testing.T, answers string) outcome {
	t.Helper()
	jsxtest.Eval(t, `(async () => {
		const answers = `+answers+`
		globalThis.screens = []
		globalThis.result = await navidAgent.signIn(
			{origin: "https://rp.test", params: {algorithms: ["ES256"], nonce: "n"}, now: Date.now()},
			{
				openWindow() {
					sessionStorage.setItem("navid.attempt", crypto.randomUUID())
					return open()
				},
				async ask(screen) {
					screens.push(screen.waiting ? screen.screen + "-" + screen.waiting : screen.screen)
					if (screen.screen === "wait") await new Promise(() => {})
					return answers[screen.screen] ?? {action: "cancel"} // what is not expected ends the test
				},
			})
	})()`)
	assert.Equal(t, "Alice@idp.localhost idp.localhost", jsxtest.Text(t, `result.email + " " + result.authority`))
	backed, err := browserid.ParseBacked(jsxtest.Text(t, `result.assertion`))
	require.NoError(t, err)
	require.Len(t, backed.Certificates, 1)
	certificate, _, err := browserid.ParseCertificate(backed.Certificates[0])
	require.NoError(t, err)
	assertion, compact, err := browserid.ParseAssertion(backed.Assertion)
	require.NoError(t, err)
	assert.NoError(t, agenttest.Signatures{}.VerifySignature(t.Context(), certificate.PublicKey, compact.SigningInput, compact.Signature))
	assert.Equal(t, "https://rp.test", assertion.Audience)
	assert.Equal(t, "n", assertion.Nonce)
	assert.WithinDuration(t, time.Now().Add(2*time.Minute), assertion.Expires.Time(), 30*time.Second)
	return outcome{jsxtest.Text(t, `screens.join(" ")`), backed.Certificates[0]}
}
