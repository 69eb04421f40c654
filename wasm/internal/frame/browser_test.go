//go:build js && wasm && browser

package frame_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/frame"
	"github.com/navid-login/navid/wasm/internal/jsx"
	"github.com/navid-login/navid/wasm/internal/jsxtest"
)

// The provider is idp.localhost, another site than the dialog's localhost.
// These tests are not parallel: they share a document and a sessionStorage.

func origin(t *testing.T, name string) string {
	t.Helper()
	return "http://" + name + ":" + jsxtest.Text(t, `location.port`)
}

// page returns a conversation with the provisioning page that behaves as query says.
func page(t *testing.T, query string) agent.Provisioning {
	t.Helper()
	provider := origin(t, "idp.localhost")
	return agent.Provisioning{
		URL:      provider + "/testdata/provision.html?" + query,
		Origin:   browserid.Origin(provider),
		Email:    "alice@idp.localhost",
		Duration: time.Hour,
		NewKey:   func(context.Context) (string, error) { return "the key", nil },
	}
}

func TestFrame(t *testing.T) {
	p := page(t, "certify")
	p.NewKey = func(context.Context) (string, error) {
		assert.Regexp(t, `<iframe sandbox="allow-scripts allow-same-origin allow-forms" referrerpolicy="no-referrer" `+
			`aria-hidden="true" tabindex="-1" hidden="" src="http://idp.localhost:\d+/testdata/provision.html\?certify">`,
			jsxtest.Text(t, `document.querySelector("iframe").outerHTML`))
		return "the key", nil
	}
	certificate, err := frame.NewPages(dialog(t)).Frame(t.Context(), p)
	require.NoError(t, err)
	assert.Equal(t, "certificate of the key", certificate)
	assertNoFrame(t)
}

// Principle 4: the provider's page learns the address and nothing of who asks.
func TestFrameFailure(t *testing.T) {
	_, err := frame.NewPages(dialog(t)).Frame(t.Context(), page(t, "refuse"))
	failure, ok := errors.AsType[*agent.ProvisioningFailure](err)
	require.True(t, ok, err)
	assert.Equal(t, "referrer= email=alice@idp.localhost 3600s", failure.Reason)
	assertNoFrame(t)
}

func TestFrameEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := frame.NewPages(dialog(t)).Frame(ctx, page(t, "silent"))
		ended <- err
	}()
	jsxtest.Eval(t, `(async () => { while (!document.querySelector("iframe[src]")) await new Promise(requestAnimationFrame) })()`)
	cancel()
	assert.ErrorIs(t, <-ended, context.Canceled)
	assertNoFrame(t)
}

// A9.5: what comes from another window is not heard, even if a page of the
// provider's origin is in it; nor what is no message at all.
func TestMessagesOfOtherWindowsAreIgnored(t *testing.T) {
	p := page(t, "noise")
	p.NewKey = func(context.Context) (string, error) {
		jsxtest.Eval(t, `new Promise(heard => {
			const other = document.createElement("iframe")
			addEventListener("message", ({data, source, origin}) => {
				if (source !== other.contentWindow || !String(data).includes("usurped") || !origin.includes("idp")) return
				other.remove()
				heard()
			})
			other.src = "`+page(t, "usurp").URL+`"
			document.body.append(other)
		})`)
		return "the key", nil
	}
	certificate, err := frame.NewPages(dialog(t)).Frame(t.Context(), p)
	require.NoError(t, err)
	assert.Equal(t, "certificate of the key", certificate)
}

// A9.5: nor is what comes from the right window, when another origin is in it.
func TestMessagesOfOtherOriginsAreIgnored(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := frame.NewPages(dialog(t)).Frame(ctx, page(t, "escape"))
		ended <- err
	}()
	jsxtest.Eval(t, `new Promise(heard => addEventListener("message", ({data, origin}) => {
		if (String(data).includes("usurped") && origin.includes("evil")) setTimeout(heard)
	}))`)
	cancel()
	assert.ErrorIs(t, <-ended, context.Canceled)
}

// The whole visit: not signed in, the provider's sign-in page, the return
// page, the provisioning page again.
func TestWindow(t *testing.T) {
	window := open(t)
	_, err := window.Provision(t.Context(), page(t, "refuse"))
	_, failed := errors.AsType[*agent.ProvisioningFailure](err)
	require.True(t, failed, err)
	require.NoError(t, window.Authenticate(t.Context(), signInPage(t, "email=alice")))
	certificate, err := window.Provision(t.Context(), page(t, "certify"))
	require.NoError(t, err)
	assert.Equal(t, "certificate of the key", certificate)
	window.Close()
	assertClosed(t)
}

func TestAuthenticate(t *testing.T) {
	for _, c := range []struct {
		name, query string
		want        error
	}{
		{"sent back", "", nil},
		{"cancelled", "cancel", agent.ErrBack},
		{"cut off, but sent back", "coop", nil},
		{"cut off, but cancelled", "coop&cancel", agent.ErrBack},
	} {
		t.Run(c.name, func(t *testing.T) {
			window := open(t)
			defer window.Close()
			assert.ErrorIs(t, window.Authenticate(t.Context(), signInPage(t, c.query)), c.want)
		})
	}
}

// Redirect provisioning (design 5.4c): a page that cuts its window off is asked
// in its fragment, and answers by the return page. It learns from the browser
// that this host asks, and no more.
func TestProvisionInSeveredWindow(t *testing.T) {
	window := open(t)
	for range 2 { // from the dialog, then from the return page
		_, err := window.Provision(t.Context(), page(t, "refuse&coop"))
		failure, failed := errors.AsType[*agent.ProvisioningFailure](err)
		require.True(t, failed, err)
		assert.Equal(t, "referrer="+origin(t, "localhost")+"/ email=alice@idp.localhost 3600s", failure.Reason)
	}
	certificate, err := window.Provision(t.Context(), page(t, "certify&coop"))
	require.NoError(t, err)
	assert.Equal(t, "certificate of the key", certificate)
	window.Close()
	assertClosed(t)
}

// One window for everything, whichever of the provider's pages cuts it off.
func TestSeveredWindowGoesOn(t *testing.T) {
	for _, c := range []struct{ provision, authenticate string }{
		{"", "&coop"}, {"&coop", ""}, {"&coop", "&coop"},
	} {
		t.Run(c.provision+c.authenticate, func(t *testing.T) {
			window := open(t)
			_, err := window.Provision(t.Context(), page(t, "refuse"+c.provision))
			_, failed := errors.AsType[*agent.ProvisioningFailure](err)
			require.True(t, failed, err)
			require.NoError(t, window.Authenticate(t.Context(), signInPage(t, "email=alice"+c.authenticate)))
			certificate, err := window.Provision(t.Context(), page(t, "certify"+c.provision))
			require.NoError(t, err)
			assert.Equal(t, "certificate of the key", certificate)
			window.Close()
			jsxtest.Eval(t, `hasClosed("`+jsxtest.Text(t, `sessionStorage.getItem("navid.attempt")`)+`")`)
		})
	}
}

// A lost window: the person has closed it, or a page has cut it off.
func TestLost(t *testing.T) {
	for _, query := range []string{"close", "coop&stay"} {
		pages := frame.NewPages(dialog(t))
		pages.ClosedGrace = 0
		window, err := pages.Window(t.Context())
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- window.Authenticate(ctx, signInPage(t, query)) }()
		<-window.Lost()
		cancel()
		assert.ErrorIs(t, <-ended, context.Canceled, "it is awaited until then")
		window.Close()
	}
}

// Whoever cannot make a key has no window go anywhere.
func TestProvisionWithoutKey(t *testing.T) {
	window := open(t)
	defer window.Close()
	p := page(t, "certify")
	broken := errors.New("no key")
	p.NewKey = func(context.Context) (string, error) { return "", broken }
	_, err := window.Provision(t.Context(), p)
	assert.ErrorIs(t, err, broken)
	assert.Equal(t, "about:blank", jsxtest.Text(t, `opened.location.href`))
}

func TestAuthenticateEndsWithContext(t *testing.T) {
	window := open(t)
	defer window.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- window.Authenticate(ctx, signInPage(t, "stay")) }()
	cancel()
	assert.ErrorIs(t, <-ended, context.Canceled)
}

// A tab on a journey (design 5): what visits came to is played back, and
// nothing is opened.
func TestJourneyPlaysBack(t *testing.T) {
	journey := onJourney(t, `{certificate: "c"}, {failure: "not signed in"}, {cancelled: false}, {cancelled: true}`)
	window, err := journey.Window(t.Context())
	require.NoError(t, err)
	asked := false
	p := page(t, "certify")
	p.NewKey = func(context.Context) (string, error) { asked = true; return "the key", nil }
	certificate, err := window.Provision(t.Context(), p)
	require.NoError(t, err)
	assert.Equal(t, "c", certificate)
	assert.True(t, asked, "the agent checks the certificate with the key that has waited")
	_, err = window.Provision(t.Context(), page(t, "certify"))
	failure, failed := errors.AsType[*agent.ProvisioningFailure](err)
	require.True(t, failed, err)
	assert.Equal(t, "not signed in", failure.Reason)
	require.NoError(t, window.Authenticate(t.Context(), "https://idp.test/"))
	require.ErrorIs(t, window.Authenticate(t.Context(), "https://idp.test/"), agent.ErrBack)
	assert.Nil(t, window.Lost())
	window.Close()
	assert.Equal(t, "take provision,take provision,take authenticate,take authenticate", jsxtest.Text(t, `travelled.join()`))
}

// Beyond that the tab leaves, with the question in the fragment.
func TestJourneyLeaves(t *testing.T) {
	restore := jsxtest.Replace(t, "HTMLAnchorElement.prototype", "click",
		`() => function() { travelled.push([this.href, this.target, this.referrerPolicy].join(" ")) }`)
	defer restore()
	window, err := onJourney(t, ``).Window(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = window.Provision(ctx, page(t, ""))
	require.ErrorIs(t, err, context.DeadlineExceeded, "the page has not come")
	require.ErrorIs(t, window.Authenticate(ctx, "https://idp.test/sign_in"), context.DeadlineExceeded)
	question := `{"attempt":"of a journey","email":"alice@idp.localhost","cert_duration_s":3600,"publicKey":"the key"}`
	assert.Equal(t, "take provision,depart provision,"+page(t, "").URL+"#navid="+
		jsxtest.Text(t, "encodeURIComponent('"+question+"')")+"  origin,"+
		"take authenticate,depart authenticate,https://idp.test/sign_in  origin", jsxtest.Text(t, `travelled.join()`))
}

// The hidden frame is only for finding out whether the tab must leave.
func TestJourneyFrame(t *testing.T) {
	_, err := onJourney(t, `{certificate: "c"}`).Frame(t.Context(), page(t, "certify"))
	require.Error(t, err)
	certificate, err := onJourney(t, ``).Frame(t.Context(), page(t, "certify"))
	require.NoError(t, err)
	assert.Equal(t, "certificate of the key", certificate)
}

// onJourney returns the Pages of a tab that has brought outcomes back.
func onJourney(t *testing.T, outcomes string) *frame.Journey {
	t.Helper()
	return frame.NewJourney(dialog(t), jsxtest.Eval(t, `(
		globalThis.travelled = [],
		globalThis.outcomes = [`+outcomes+`],
		{
			attempt: "of a journey",
			get isReplaying() { return outcomes.length > 0 },
			take(visit) { travelled.push("take " + visit); return outcomes.shift() ?? null },
			depart(visit) { travelled.push("depart " + visit) },
		}
	)`))
}

func TestWindowBlocked(t *testing.T) {
	for _, script := range []string{
		`({openWindow: () => null})`, `({openWindow() {}})`, `({openWindow() { throw new Error("no") }})`, `({})`,
		`({openWindow: () => ({name: ""})})`, `({openWindow: () => ({get name() { throw new DOMException("no", "SecurityError") }})})`,
	} {
		_, err := frame.NewPages(jsxtest.Eval(t, script)).Window(t.Context())
		assert.ErrorIs(t, err, agent.ErrWindowBlocked, script)
	}
}

func TestWithoutBroadcastChannel(t *testing.T) {
	defer jsxtest.Replace(t, "globalThis", "BroadcastChannel", `() => undefined`)()
	_, err := frame.NewPages(dialog(t)).Window(t.Context())
	assert.Equal(t, agent.CodeBrowserTooOld, agent.CodeOf(err))
}

// dialog is the part of the dialog's page that opens windows. hasClosed(attempt)
// waits until a window that was cut off, and shows a return page, has closed.
func dialog(t *testing.T) jsx.Value {
	t.Helper()
	return jsxtest.Eval(t, `(
		globalThis.gone = new Set(),
		globalThis.goings ??= Object.assign(new BroadcastChannel("gone"), { onmessage: ({ data }) => gone.add(data) }),
		globalThis.hasClosed = async attempt => { while (!gone.has(attempt)) await new Promise(requestAnimationFrame) },
		{openWindow() {
			sessionStorage.setItem("navid.attempt", crypto.randomUUID())
			return globalThis.opened = open("", "navid_idp_" + crypto.randomUUID())
		}}
	)`)
}

func open(t *testing.T) agent.Window {
	t.Helper()
	window, err := frame.NewPages(dialog(t)).Window(t.Context())
	require.NoError(t, err)
	return window
}

func signInPage(t *testing.T, query string) string {
	t.Helper()
	return origin(t, "idp.localhost") + "/testdata/sign_in.html?" + query
}

func assertNoFrame(t *testing.T) {
	t.Helper()
	assert.True(t, jsxtest.Eval(t, `document.querySelector("iframe")`).IsNull(), "the frame is there still")
}

func assertClosed(t *testing.T) {
	t.Helper()
	jsxtest.Eval(t, `(async () => { while (!opened.closed) await new Promise(requestAnimationFrame) })()`)
}
