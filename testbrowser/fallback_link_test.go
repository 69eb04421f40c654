package testbrowser_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

// The mail's link, opened in the same browser: looking at it does nothing, its button does, and the waiting dialog goes on by itself.
func TestFallbackByLink(t *testing.T) {
	forEachFallback(t, func(t *testing.T, f *flow) {
		f.askForMail(testbrowser.Dora)
		mail := f.w.Mail.Wait(testbrowser.Dora, 1)
		f.scan(mail.Link())
		link := f.b.Open(mail.Link())
		link.WaitText("h1", "Is it you")
		assert.NotContains(t, testbrowser.Eval[string](link, "location.href"), "#", "the token is out of sight")
		f.dialog.WaitScreen("code") // still
		link.Click("#go")
		f.waitSignedIn(testbrowser.Dora)
		assert.Len(t, f.w.Mail.All(), 1)
	})
}

// scan fetches a link as scanners of mail do (abuse test 14).
func (f *flow) scan(link string) {
	f.t.Helper()
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		request, err := http.NewRequestWithContext(f.t.Context(), method, link, nil)
		require.NoError(f.t, err)
		answer, err := f.w.Client().Do(request)
		require.NoError(f.t, err)
		require.NoError(f.t, answer.Body.Close())
		assert.Equal(f.t, http.StatusOK, answer.StatusCode)
	}
}

// The link, opened in another browser: that one is not signed in, but shows the code to type where the person is waiting.
func TestFallbackByLinkElsewhere(t *testing.T) {
	forEachFallback(t, func(t *testing.T, f *flow) {
		f.askForMail(testbrowser.Dora)
		mail := f.w.Mail.Wait(testbrowser.Dora, 1)
		phone := testbrowser.NewBrowser(t, f.w, f.b.Profile())
		link := phone.Open(mail.Link())
		link.WaitText("h1", "Is it you")
		assert.NotContains(t, testbrowser.Eval[string](link, "document.body.textContent"), mail.Code(), "not before the click")
		link.Click("#go")
		link.Wait(`document.body.textContent.replace(/\s/g, '').includes('` + mail.Code() + `')`)
		assert.Empty(t, addressesOf(f.w, phone), "nobody is signed in there")
		f.dialog.Type("#code", mail.Code())
		f.waitSignedIn(testbrowser.Dora)
		assert.Empty(t, addressesOf(f.w, phone))
	})
}

// addressesOf lists the addresses that a browser's session at the login host has proven.
func addressesOf(w *testbrowser.World, b *testbrowser.Browser) []string {
	page := b.Open(w.URL(testbrowser.Host, "/"))
	defer page.Close()
	return testbrowser.Eval[[]string](page, `fetch('/api/session', {
		method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}',
	}).then(answer => answer.json()).then(({ addresses }) => addresses.map(({ email }) => email))`)
}

// Sign out everywhere, at one browser, ends the session of the other: the next certificate needs another proof (abuse test 17).
func TestSignOutEverywhere(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newFlow(t, w, b, testbrowser.RP)
		f.askForMail(testbrowser.Dora)
		authenticator := f.dialog.AddAuthenticator()
		f.dialog.Type("#code", w.Mail.Wait(testbrowser.Dora, 1).Code())
		f.dialog.WaitScreen("passkey")
		f.press("#passkey-go")
		passkey := authenticator.WaitPasskey()
		f.waitSignedIn(testbrowser.Dora)

		other := testbrowser.NewBrowser(t, w, b.Profile())
		account := other.Open(w.URL(testbrowser.Host, "/"))
		account.AddAuthenticator(passkey)
		account.Go(w.URL(testbrowser.Host, "/account"))
		account.WaitScreen("account")
		assert.Equal(t, []string{testbrowser.Dora}, addressesOf(w, b), "a passkey ends nobody's session")
		account.Click("#sign-out-everywhere")
		account.WaitScreen("sure")
		account.Click("#sure")
		account.WaitScreen("enter")
		assert.Empty(t, addressesOf(w, b)) // the other one's authenticator has signed in again by itself
	}, testbrowser.WithFallback(nil))
}
