package testbrowser_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/dialog/idp"
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

// The code is wrong five times: each is announced and left standing, and then the mail's own code is worth nothing. Another mail is.
func TestFallbackWrongCode(t *testing.T) {
	aging(t, func(t *testing.T, f *flow, pass func(time.Duration)) {
		f.b.AllowConsole("the server responded with a status of 4")
		f.askForMail(testbrowser.Dora)
		code := f.w.Mail.Wait(testbrowser.Dora, 1).Code()
		wrong := wrong(code)
		pass(time.Minute) // so that another mail may be sent at the end
		f.dialog.WaitArmed()
		f.dialog.Type("#code", "two words")
		f.press("#next")
		f.dialog.WaitText("#code-problem", "six digits")
		assert.Empty(t, f.w.Requests().To(testbrowser.Host).Path("/api/challenge/confirm"), "what is no code is not sent")
		f.dialog.Type("#code", "")
		for range 5 {
			f.tryCode(wrong)
			assert.Equal(t, wrong, testbrowser.Eval[string](f.dialog, "code.value"), "never cleared")
		}
		f.tryCode(code)
		f.dialog.Wait(`!document.querySelector('#resend').disabled`)
		f.press("#resend")
		f.dialog.WaitScreen("code")
		f.dialog.Type("#code", f.w.Mail.Wait(testbrowser.Dora, 2).Code())
		f.waitSignedIn(testbrowser.Dora)
	})
}

// tryCode types a code that the host refuses, and waits for the No. The first goes off by itself, the others by the button.
func (f *flow) tryCode(code string) {
	f.t.Helper()
	isFirst := testbrowser.Eval[bool](f.dialog, `document.querySelector('#code').value === ''`)
	testbrowser.Eval[bool](f.dialog, `(document.querySelector('#code').dataset.old = 'true', true)`)
	f.dialog.Type("#code", code)
	if !isFirst {
		f.press("#next")
	}
	f.dialog.Wait(`document.querySelector('#code:not([data-old])') && document.querySelector('#code-problem').textContent`)
}

// A code that has run out is said to be so, and another mail brings a new one, with the site's request still standing.
func TestFallbackExpiredCode(t *testing.T) {
	aging(t, func(t *testing.T, f *flow, pass func(time.Duration)) {
		f.b.AllowConsole("the server responded with a status of 4")
		f.askForMail(testbrowser.Dora)
		mail := f.w.Mail.Wait(testbrowser.Dora, 1)
		pass(11 * time.Minute)
		f.tryCode(mail.Code())
		f.press("#resend")
		f.dialog.WaitScreen("code")
		f.dialog.Type("#code", f.w.Mail.Wait(testbrowser.Dora, 2).Code())
		f.waitSignedIn(testbrowser.Dora)
	})
}

// A second address in the same browser; one that was mistyped is changed without losing the site's request.
func TestFallbackSecondAddress(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		second := "second@" + testbrowser.Mailbox
		f := newFlow(t, w, b, testbrowser.RP)
		f.signInByCode(testbrowser.Dora, 1)
		f.signOut()
		f.open("pick")
		f.press("#other")
		f.typeAddress("mistyped@" + testbrowser.Mailbox)
		f.press("#next")
		f.dialog.WaitScreen("code")
		f.press("#back")
		f.typeAddress(second)
		f.press("#next")
		f.dialog.WaitScreen("code")
		f.dialog.Type("#code", "Your code: "+w.Mail.Wait(second, 1).Code())
		f.waitSignedIn(second)
	}, testbrowser.WithFallback(nil))
}

// While the mail server is out of order the mail waits, the dialog says so, and it goes out when the server is back. A mailbox that is not
// there is told of in the dialog as well, and so is the limit of mails to it.
func TestFallbackMailThatDoesNotCome(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		b.AllowConsole("the server responded with a status of 4")
		w.Mail.Break(true)
		f := newFlow(t, w, b, testbrowser.RP)
		f.askForMail(testbrowser.Dora)
		f.dialog.WaitText("#code-problem", "tried again by itself: The mail server asks to try again later.")
		w.Mail.Break(false)
		mail := w.Mail.Wait(testbrowser.Dora, 1)
		f.dialog.Wait(`document.querySelector('#code-problem').textContent === ''`)
		f.dialog.Type("#code", mail.Code())
		f.waitSignedIn(testbrowser.Dora)
		f.signOut()

		nobody := "nobody@" + testbrowser.Mailbox
		w.Mail.Forget(nobody)
		goOn := func(screen string) {
			f.open("pick")
			f.press("#other")
			f.typeAddress(nobody)
			f.press("#next")
			f.dialog.WaitScreen(screen)
		}
		goOn("code")
		f.dialog.WaitText("#code-problem", "could not be delivered: There is no such mailbox")
		f.press("#cancel")
		f.dialog.WaitClosed()
		goOn("error")
		f.dialog.WaitText("h1", "Too many mails for now")
		f.dialog.WaitText("main", "Try again in")
		f.press("#back")
		f.dialog.WaitScreen("enter") // another address is still possible
	}, testbrowser.WithFallback(func(c *idp.Config) { c.Limits.CodesPerAddress = 1 }))
}

// The host vouches for nobody whose domain has a provider, also when its own pages ask for it (D1.12, E13).
func TestFallbackLeavesPrimariesAlone(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		b.AllowConsole("the server responded with a status of 4")
		page := b.Open(w.URL(testbrowser.Host, "/"))
		code := testbrowser.Eval[string](page, `fetch('/api/challenge', {
			method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'alice@idp.test', elsewhere: false }),
		}).then(answer => answer.json()).then(({ code }) => code)`)
		assert.Equal(t, "provider_exists", code)
		account := b.Open(w.URL(testbrowser.Host, "/account"))
		account.WaitScreen("enter")
		account.Type("#email", testbrowser.Alice)
		account.Click("#next")
		account.WaitScreen("error")
		account.WaitText("h1", "confirms its addresses itself")
		assert.False(t, testbrowser.Eval[bool](account, `document.querySelector('#error-code') !== null`), "nothing is wrong")
		assert.Empty(t, w.Mail.All())
	}, testbrowser.WithFallback(nil))
}
