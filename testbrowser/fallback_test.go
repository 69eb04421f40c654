package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// forEachFallback runs a test in both profiles, where the login host speaks for domains without a provider.
func forEachFallback(t *testing.T, run func(t *testing.T, f *flow)) {
	t.Helper()
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		run(t, newFlow(t, w, b, testbrowser.RP))
	}, testbrowser.WithFallback(nil))
}

// askForMail opens the dialog and types an address without a provider, until the host waits for the code.
func (f *flow) askForMail(email string) {
	f.t.Helper()
	f.open("enter")
	f.typeAddress(email)
	f.press("#next")
	f.dialog.WaitScreen("code")
}

// signInByCode signs in a person whom the host sends their nth mail.
func (f *flow) signInByCode(email string, n int) {
	f.t.Helper()
	f.askForMail(email)
	f.dialog.Type("#code", f.w.Mail.Wait(email, n).Code())
	f.waitSignedIn(email)
}

// A first sign-in with an address whose domain has never heard of this, and the next one, for which neither mail nor code is needed.
func TestFallbackByCode(t *testing.T) {
	forEachFallback(t, func(t *testing.T, f *flow) {
		f.signInByCode(testbrowser.Dora, 1)
		assert.Len(t, f.w.Requests().To(testbrowser.RP).Method("POST").Path("/login"), 1)
		f.signOut()

		f.open("pick")
		f.press(".identity")
		f.waitSignedIn(testbrowser.Dora)
		assert.Len(t, f.w.Mail.All(), 1)
		for _, mail := range f.w.Mail.All() {
			assert.NotContains(t, mail.Raw, testbrowser.RP, "principle 4")
		}
		assert.Empty(t, f.w.Requests().To(testbrowser.Host).Containing(testbrowser.RP).Lines(), "principle 4")
		assert.NotContains(t, f.w.HostLog(), "dora", "no address in a log")
	})
}
