package testbrowser_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/evil"
)

// attack opens an attacker's page and the dialog from it.
func attack(w *testbrowser.World, b *testbrowser.Browser, url string) (page, dialog *testbrowser.Page) {
	page = b.Open(url)
	return page, page.Popup(func() { page.Click("#attack") })
}

// A dialog opened by evil.test signs for evil.test, whatever its message says.
func TestLyingSiteGetsItsOwnAssertion(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		makeKnown(t, w, b, testbrowser.Alice)
		page, dialog := attack(w, b, w.URL(testbrowser.Evil, evil.LyingPath))
		dialog.WaitScreen("pick")
		assert.Contains(t, dialog.Text("#site"), testbrowser.Evil, "the person sees who asks")
		assert.NotContains(t, dialog.Text("#site"), testbrowser.RP)
		dialog.Click(".identity")
		dialog.WaitClosed()

		page.Wait(`heard.some(line => line.includes('"a":"response"'))`)
		answer := testbrowser.Eval[string](page, `heard.map(line => line.slice(line.indexOf(' ') + 1)).map(JSON.parse).find(m => m.a === 'response').d.assertion`)
		backed, err := browserid.ParseBacked(answer)
		require.NoError(t, err)
		assertion, _, err := browserid.ParseAssertion(backed.Assertion)
		require.NoError(t, err)
		assert.Equal(t, "https://evil.test", assertion.Audience)
	})
}

// Pages of opaque origins and without TLS are told so, and get nothing (G16;
// abuse test 39).
func TestPagesThatMayNotAsk(t *testing.T) {
	pages := map[string]string{
		"without TLS": "http://evil.test" + evil.LyingPath,
		"sandboxed":   "https://evil.test" + evil.SandboxedPath,
		"data":        "https://evil.test" + evil.DataPath,
	}
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		makeKnown(t, w, b, testbrowser.Alice)
		for name, url := range pages {
			page, dialog := attack(w, b, url)
			dialog.WaitScreen("error")
			dialog.WaitText("#error-code", string(agent.CodeInvalidOrigin))
			dialog.Click("#close")
			dialog.WaitClosed()
			assert.Empty(t, answers(page), name)
		}
	})
}

// answers lists what a page heard from the dialog beside "ready".
func answers(page *testbrowser.Page) []string {
	return testbrowser.Eval[[]string](page, `heard.filter(line => !line.endsWith(' {"a":"ready"}'))`)
}

// A page that is not the opener is not heard: the dialog waits for its opener in vain.
func TestBystanderIsNotHeard(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		makeKnown(t, w, b, testbrowser.Alice)
		page, dialog := attack(w, b, w.URL(testbrowser.Evil, evil.BystanderPath))
		dialog.WaitScreen("error")
		dialog.WaitText("#error-code", "no_request")
		assert.Empty(t, answers(page))
	})
}

// An opener that has moved to another origin gets nothing, nor does the site
// that it moved to (E4).
func TestMovedOpenerGetsNothing(t *testing.T) {
	const moved = "moved.test"
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandlePage(moved, head+`<script>const heard = []; addEventListener('message', e => heard.push(e.origin + ' ' + e.data))</script>`)
		makeKnown(t, w, b, testbrowser.Alice)
		page, dialog := attack(w, b, w.URL(testbrowser.Evil, evil.MovingPath)+"?to="+w.URL(moved, "/"))
		dialog.WaitScreen("pick")
		page.Wait(`location.host === 'moved.test' && heard.length > 0`)
		b.AllowConsole(`target origin provided \('https://evil.test'\) does not match`) // the browser says that it kept the answer back
		dialog.Click(".identity")
		dialog.WaitClosed()
		for _, heard := range answers(page) {
			assert.Fail(t, "the site that the opener moved to was told", "%s", heard)
		}
	})
}

// A dialog that nobody opened has nothing to do, and nothing to sign.
func TestDialogWithoutOpener(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		makeKnown(t, w, b, testbrowser.Alice)
		page := b.Open(w.URL(testbrowser.Host, "/sign_in"))
		page.WaitScreen("standalone")
		assert.False(t, strings.Contains(page.Text("body"), testbrowser.Alice))
	})
}
