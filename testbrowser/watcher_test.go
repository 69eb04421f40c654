package testbrowser_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
)

// watchSite is a site in observer mode without a server of its own: it says what the query tells it about who is logged in, and keeps a list
// of what it hears.
const watchSite = "watch.test"

// watcherScript is that of such pages. The query has user (undefined, null, false, or an address) and mode (stateless, or observer).
const watcherScript = `
const told = []
const began = performance.now()
const tell = (...event) => {
	told.push(event)
	document.querySelector('#told').textContent = JSON.stringify(told)
	try { localStorage.log = (localStorage.log || '') + event[0] + ' ' } catch {} // for a page that comes after this one
}
const query = new URLSearchParams(location.search)
const words = { undefined: undefined, null: null, false: false }
const given = query.get('user') || 'undefined'
const observer = { loggedInUser: given in words ? words[given] : given, onlogout: () => tell('logout'), onmatch: () => tell('match') }
navigator.id.watch({
	onlogin: assertion => tell('login', assertion),
	onready: () => tell('ready', performance.now() - began > 1900 ? 'late' : ''),
	...(query.get('mode') === 'stateless' ? {} : observer),
})
document.querySelector('#sign-in').onclick = () => {
	navigator.id.request({ mode: query.get('window') || undefined, oncancel: code => tell('cancel', code) })
}
document.querySelector('#sign-out').onclick = () => navigator.id.logout()
`

const watcherPage = head + `<script src="https://login.example/agent.js" referrerpolicy="no-referrer"></script>
<button id="sign-in">Sign in</button><button id="sign-out">Sign out</button><p id="told"></p>
<script>` + watcherScript + `</script>`

// watcher is a tab of such a site.
type watcher struct{ *flow }

// newWatcher opens a site of watchers in a new tab, with what it says about who is logged in.
func newWatcher(t *testing.T, w *testbrowser.World, b *testbrowser.Browser, host, user string) *watcher {
	t.Helper()
	page := b.Open(w.URL(host, "/?user="+url.QueryEscape(user)))
	return &watcher{&flow{t: t, w: w, b: b, site: page}}
}

// events waits for onready and returns all events of the page until a moment later; a login has the address behind it. onready waits for the
// others for two seconds only: what a busy machine was too slow for is waited for here, and put before it.
func (f *watcher) events() []string {
	f.t.Helper()
	f.site.Wait(`told.some(([event]) => event === 'ready')`)
	if !testbrowser.Eval[bool](f.site, `told[0][1] === 'late'`) {
		return f.heard()
	}
	testbrowser.Eval[bool](f.site, `new Promise(resolve => {
		setTimeout(resolve, 8000, true)
		setInterval(() => told.length > 1 && resolve(true), 50)
	})`)
	events := f.heard()
	return append(events[1:], events[0])
}

// heard returns all events until a moment from now.
func (f *watcher) heard() []string {
	f.t.Helper()
	told := testbrowser.Eval[[][]string](f.site, `new Promise(resolve => setTimeout(() => resolve(told), 700))`)
	events := make([]string, len(told))
	for i, event := range told {
		events[i] = event[0]
		if event[0] == "login" {
			events[i] += " " + emailOf(f.t, event[1])
		}
	}
	return events
}

// signInAnyhow opens the dialog and signs in: by picking the address if it is known, else by typing it.
func (f *watcher) signInAnyhow(email string) {
	f.t.Helper()
	f.dialog = f.site.Popup(func() { f.site.Click("#sign-in") })
	f.dialog.Wait(`document.querySelector('[data-screen=enter], [data-screen=pick]')`)
	if f.dialog.Has(`.identity[data-email="` + email + `"]`) {
		f.press(`.identity[data-email="` + email + `"]`)
		return
	}
	f.typeAddress(email)
	f.signInAt(f.dialog.Popup(func() { f.press("#next") }))
}

// emailOf is the address in the certificate of an assertion.
func emailOf(t *testing.T, assertion string) string {
	t.Helper()
	backed, err := browserid.ParseBacked(assertion)
	require.NoError(t, err)
	certificate, _, err := browserid.ParseCertificate(backed.Certificates[0])
	require.NoError(t, err)
	return string(certificate.Principal.Email)
}
