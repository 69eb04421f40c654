package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// plain is a site without manners: it keeps a list of all that navigator.id
// tells it, and asks for a sign-in at each click, or when a test calls ask().
const plainSite = "plain.test"

const plain = head + `<script src="https://login.example/agent.js" referrerpolicy="no-referrer"></script>
<button id="sign-in">Sign in</button><p id="told"></p>
<script>
const told = []
const tell = (...event) => { told.push(event); document.querySelector('#told').textContent = JSON.stringify(told) }
navigator.id.watch({ onlogin: assertion => tell('login', assertion), onready: () => tell('ready') })
const ask = (options = {}) => navigator.id.request({ oncancel: reason => tell('cancel', reason), ...options })
	.then(assertion => tell('resolved', assertion), error => tell('rejected', error.code))
document.querySelector('#sign-in').onclick = () => ask(window.options)
</script>`

func newPlainFlow(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) *flow {
	w.HandlePage(plainSite, plain)
	return newFlow(t, w, b, plainSite)
}

// told waits for a number of events and returns them all, a moment later:
// when the page has had the chance to be told too much.
func (f *flow) told(atLeast int) [][]string {
	f.t.Helper()
	f.site.Wait(`told.length >= ` + string(rune('0'+atLeast)))
	return testbrowser.Eval[[][]string](f.site, `new Promise(resolve => setTimeout(() => resolve(told), 1200))`)
}

var toldCancelled = [][]string{{"ready"}, {"rejected", "cancelled"}, {"cancel", "cancelled"}}

// Whichever way a person gives up, the site is told once, and nothing is stored.
func TestCancel(t *testing.T) {
	for name, giveUp := range map[string]func(*flow){
		"by closing the dialog": func(f *flow) {
			f.open("enter")
			f.dialog.Close()
		},
		"by the dialog's cancel": func(f *flow) {
			f.open("enter")
			f.press("#cancel")
			f.dialog.WaitClosed()
		},
		"by Escape": func(f *flow) {
			f.open("enter")
			f.dialog.WaitArmed()
			f.dialog.Press("Escape", 0)
			f.dialog.WaitClosed()
		},
		"while waiting for the provider": func(f *flow) {
			provider := f.enter(testbrowser.Alice)
			provider.Wait(`document.querySelector('#password')`)
			f.press("#cancel")
			f.dialog.WaitClosed()
			provider.WaitClosed()
		},
		"at the provider": func(f *flow) {
			provider := f.enter(testbrowser.Alice)
			provider.Click("#cancel")
			provider.WaitClosed()
			f.dialog.WaitScreen("enter") // B7: the person may want to use another address
			f.press("#cancel")
			f.dialog.WaitClosed()
		},
	} {
		t.Run(name, func(t *testing.T) {
			testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
				f := newPlainFlow(t, w, b)
				giveUp(f)
				assert.ElementsMatch(t, toldCancelled, f.told(3))
				assert.Equal(t, kept{Keys: []string{}, Other: []string{}}, storage(w, b))

				f.open("enter") // and the next click works
				f.press("#cancel")
				f.dialog.WaitClosed()
			})
		})
	}
}

// A second request while the dialog is open opens no other, and ends as the
// first does (A4.9). That it brings the dialog to the front is for the tests of
// the shim: to headless Chromium every window has the focus always.
func TestSecondRequest(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newPlainFlow(t, w, b)
		f.open("enter")
		b.NoPopup(func() { f.site.Click("#sign-in") })
		f.press("#cancel")
		f.dialog.WaitClosed()
		assert.ElementsMatch(t, append(toldCancelled, []string{"rejected", "cancelled"}), f.told(4))
	})
}

// A request without a click is told that the window was blocked; with the next click it works.
func TestPopupBlocked(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newPlainFlow(t, w, b)
		b.NoPopup(func() { testbrowser.Eval[bool](f.site, `(ask(), true)`) })
		assert.ElementsMatch(t, [][]string{{"ready"}, {"rejected", "popup_blocked"}, {"cancel", "popup_blocked"}}, f.told(3))
		f.open("enter")
		f.press("#cancel")
		f.dialog.WaitClosed()
	})
}

// A site that reloads while the dialog is open still gets its assertion (design 5.1).
func TestSiteReloadsMeanwhile(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newPlainFlow(t, w, b)
		provider := f.enter(testbrowser.Alice)
		f.site.Reload()
		f.signInAt(provider)
		f.dialog.WaitClosed()
		f.site.Wait(`told.some(([event]) => event === 'login')`)
	})
}
