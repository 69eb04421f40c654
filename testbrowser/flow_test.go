package testbrowser_test

import (
	"testing"

	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// flow is a person signing in at a site: the steps that the tests are made of.
type flow struct {
	t    *testing.T
	w    *testbrowser.World
	b    *testbrowser.Browser
	site *testbrowser.Page
	// dialog is the sign-in window that is open, or was last.
	dialog *testbrowser.Page
}

// newFlow opens a site.
func newFlow(t *testing.T, w *testbrowser.World, b *testbrowser.Browser, site string) *flow {
	return &flow{t: t, w: w, b: b, site: b.Open(w.URL(site, "/"))}
}

// open clicks on the site's sign-in button and waits for a screen of the dialog.
func (f *flow) open(screen string) {
	f.t.Helper()
	f.dialog = f.site.Popup(func() { f.site.Click("#sign-in") })
	f.dialog.WaitScreen(screen)
}

// press clicks on a button of the dialog. Like [testbrowser.Page.Click] it waits
// until the dialog has been in sight for long enough (G9).
func (f *flow) press(selector string) {
	f.t.Helper()
	f.dialog.Click(selector)
}

// typeAddress types an address on the entry screen.
func (f *flow) typeAddress(email string) {
	f.t.Helper()
	f.dialog.WaitScreen("enter")
	f.dialog.Type("#email", email)
}

// enter opens the dialog, types an address and goes on, with the provider's window as the result.
func (f *flow) enter(email string) (provider *testbrowser.Page) {
	f.t.Helper()
	f.open("enter")
	f.typeAddress(email)
	return f.dialog.Popup(func() { f.press("#next") })
}

// signInAt types the password at the provider.
func (f *flow) signInAt(provider *testbrowser.Page) {
	f.t.Helper()
	provider.Type("#password", testbrowser.Password)
	provider.Click("#sign-in button")
}

// waitSignedIn waits until the site's server has verified the assertion, and the dialog is gone.
func (f *flow) waitSignedIn(email string) {
	f.t.Helper()
	f.site.WaitText("#address", email)
	f.dialog.WaitClosed()
}

// signIn signs a new person in, from the click to the site's greeting.
func (f *flow) signIn(email string) {
	f.t.Helper()
	f.signInAt(f.enter(email))
	f.waitSignedIn(email)
}

// signInByRedirect signs a new person in where the site's own tab goes to the dialog, to the provider, and comes back.
func (f *flow) signInByRedirect(email string) {
	f.t.Helper()
	f.site.Click("#sign-in")
	f.site.WaitScreen("enter")
	f.site.Type("#email", email)
	f.site.Click("#next")
	f.signInAt(f.site)
	f.site.WaitText("#address", email)
}

// signOut signs out at the site, and there only.
func (f *flow) signOut() {
	f.t.Helper()
	f.site.Click("#sign-out")
	f.site.Wait(`document.querySelector('#sign-in')`)
}

// visitProvider signs in at the provider, as people do to read their mail.
func visitProvider(w *testbrowser.World, b *testbrowser.Browser, email string) {
	page := b.Open(w.URL(testbrowser.IdP, idp.AuthenticationPath+"?email="+email))
	page.Type("#password", testbrowser.Password)
	page.Click("#sign-in button")
	page.Wait(`location.host === 'login.example'`)
	page.Close()
}

// kept is what the login host's storage holds in this browser.
type kept struct {
	State string   // localStorage "navid"
	Keys  []string // JWK thumbprint members of each key in IndexedDB, by address: "address x-or-n"
	Other []string // names of anything else in localStorage and sessionStorage
}

// storage looks into the login host's storage from a page of its own.
func storage(w *testbrowser.World, b *testbrowser.Browser) kept {
	page := b.Open(w.URL(testbrowser.Host, "/"))
	defer page.Close()
	return testbrowser.Eval[kept](page, readStorage)
}

const readStorage = `(async () => {
	const databases = await indexedDB.databases()
	const keys = []
	if (databases.some(d => d.name === 'navid')) {
		const opened = await new Promise((resolve, reject) => {
			const request = indexedDB.open('navid')
			request.onsuccess = () => resolve(request.result)
			request.onerror = () => reject(request.error)
		})
		const all = method => new Promise((resolve, reject) => {
			const request = opened.transaction('keys').objectStore('keys')[method]()
			request.onsuccess = () => resolve(request.result)
			request.onerror = () => reject(request.error)
		})
		const [names, values] = [await all('getAllKeys'), await all('getAll')]
		for (let i = 0; i < names.length; i++) {
			const jwk = await crypto.subtle.exportKey('jwk', values[i].publicKey)
			keys.push(names[i] + ' ' + (jwk.x || jwk.n))
		}
		opened.close()
	}
	const names = storage => Object.keys(storage).filter(name => name !== 'navid')
	return {
		State: localStorage.getItem('navid') || '',
		Keys: keys,
		Other: [...names(localStorage), ...names(sessionStorage)],
	}
})()`
