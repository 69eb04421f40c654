package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// A passkey is offered after the first proof, and from then on takes the mail's place: here when the session at the host has ended, and in
// another browser that the person's passkeys have come to. Whoever reads the mail takes it back.
func TestPasskeyInsteadOfMail(t *testing.T) {
	forEachFallback(t, func(t *testing.T, f *flow) {
		f.askForMail(testbrowser.Dora)
		authenticator := f.dialog.AddAuthenticator()
		f.dialog.Type("#code", f.w.Mail.Wait(testbrowser.Dora, 1).Code())
		f.dialog.WaitScreen("passkey")
		f.press("#passkey-go")
		passkey := authenticator.WaitPasskey()
		f.waitSignedIn(testbrowser.Dora)
		notice := f.w.Mail.Wait(testbrowser.Dora, 2)
		assert.Contains(t, notice.Text, "/undo#", "a new passkey is told of")

		f.signOut()
		f.endHostSession()
		f.open("pick")
		f.press(".identity")
		f.dialog.WaitScreen("unlock")
		f.dialog.AddAuthenticator(passkey)
		f.press("#unlock-go")
		f.waitSignedIn(testbrowser.Dora)

		other := testbrowser.NewBrowser(t, f.w, f.b.Profile())
		account := other.Open(f.w.URL(testbrowser.Host, "/"))
		account.AddAuthenticator(passkey)
		account.Go(f.w.URL(testbrowser.Host, "/account"))
		account.WaitScreen("account") // by the field's autofill
		assert.Len(t, f.w.Mail.All(), 2)

		other.AllowConsole("passkey/loggedin") // the open page tries the removed one
		undo := other.Open(notice.Link())
		undo.Click("#go")
		undo.WaitText("h1", "The passkey is removed")
		for _, browser := range []*testbrowser.Browser{f.b, other} {
			assert.Empty(t, addressesOf(f.w, browser), "nor has anybody what came of the passkey")
		}
	})
}

// endHostSession ends the session at the login host and forgets the certificate, as time would.
func (f *flow) endHostSession() {
	f.t.Helper()
	page := f.b.Open(f.w.URL(testbrowser.Host, "/"))
	testbrowser.Eval[bool](page, `fetch('/api/sign_out', {
		method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"everywhere":false}',
	}).then(answer => {
		const kept = JSON.parse(localStorage.navid)
		kept.identities.forEach(identity => (identity.certificate = 'x'))
		localStorage.navid = JSON.stringify(kept)
		return answer.ok
	})`)
	page.Close()
}
