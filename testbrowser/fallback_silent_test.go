package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// Who signs out everywhere, or deletes the account, is signed in silently no more when the hour ends that a site's frame was handed a
// certificate for (design 6.2, 8; abuse test 17). Till then nobody asks the host, which has no say.
func TestAccountEndsSilentSignIn(t *testing.T) {
	for _, way := range []string{"sign-out-everywhere", "delete"} {
		t.Run(way, func(t *testing.T) {
			testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
				f := newObserver(t, w, b)
				f.askForMail(testbrowser.Dora)
				f.dialog.Type("#code", w.Mail.Wait(testbrowser.Dora, 1).Code())
				f.events("response")
				f.dialog.WaitClosed()
				f.leave(way)
				assert.Empty(t, addressesOf(w, b))

				f.observe("null", "login", "ready")
				assert.Equal(t, testbrowser.Dora, f.verify(f.assertion("login")))
				frame := b.Frame(w.URL(testbrowser.Host, "/communication_iframe"))
				testbrowser.Eval[bool](frame, anHourLater)
				f.ask()
				assert.Equal(t, []string{"ready"}, f.events("ready"))
			}, testbrowser.WithFallback(nil))
		})
	}
}

// leave presses a button of the account page, and says that it is meant.
func (f *flow) leave(way string) {
	f.t.Helper()
	account := f.b.Open(f.w.URL(testbrowser.Host, "/account"))
	account.WaitScreen("account")
	account.Click("#" + way)
	account.WaitScreen("sure")
	account.Click("#sure")
	account.WaitScreen("enter")
}

// ask makes the page ask its frame once more who is logged in, as it did when it was loaded.
func (f *flow) ask() {
	f.t.Helper()
	testbrowser.Eval[bool](f.site, `told.length = 0, notify('loggedInUser', null), !say({ id: 4711, method: 'mozid_ni::loaded' })`)
}

// anHourLater moves the clock of a frame.
const anHourLater = `(() => {
	const now = Date.now
	Date.now = () => now() + 60 * 60 * 1000
	return true
})()`
