package testbrowser_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
)

// observing is a page that observes who is logged in, and speaks jschannel and
// WinChan by itself: what works here, works for scripts other than ours
// (A9.1, A9.2, A9.3). Its query says who is logged in, as loggedInUser does.
const observing = head + `<button id="sign-in">Sign in</button><button id="sign-out">Sign out</button>
<script>
const HOST = 'https://login.example', told = [], heard = []
const user = new URLSearchParams(location.search).get('user')
const frame = document.body.appendChild(document.createElement('iframe'))
frame.hidden = true
frame.referrerPolicy = 'no-referrer'
frame.src = HOST + '/communication_iframe'
const tell = event => {
	told.push(event)
	if (parent !== self) parent.postMessage(told, '*')
}
const say = message => frame.contentWindow.postMessage(JSON.stringify(message), HOST)
const notify = (name, params) => say({ method: 'mozid_ni::' + name, params })
let dialog
addEventListener('message', ({ source, origin, data }) => {
	if (origin !== HOST) return
	const message = JSON.parse(data)
	if (source === dialog) return answer(message)
	if (source !== frame.contentWindow) return
	heard.push(message)
	if (message.method === 'mozid_ni::__ready' && message.params === 'ping') {
		notify('__ready', 'pong')
		notify('options', { algorithms: ['ES256'] })
		if (user !== null) notify('loggedInUser', user === 'null' ? null : user)
		say({ id: 4711, method: 'mozid_ni::loaded' })
	} else if (message.id === 4711) tell(['ready'])
	else if (message.method) tell([message.method.slice('mozid_ni::'.length), message.params])
})
const answer = ({ a, d }) => {
	const params = { rp_api: 'watch_with_onready', algorithms: ['ES256'], ...window.more }
	if (a === 'ready') return dialog.postMessage(JSON.stringify({ a: 'request', d: { method: 'get', params } }), HOST)
	tell([a, d.assertion])
	if (a === 'response') notify('loggedInUser', d.email)
	notify('dialog_complete', a !== 'response')
}
document.querySelector('#sign-in').onclick = () => {
	notify('dialog_running')
	dialog = open(HOST + '/sign_in', 'dialog', 'width=700,height=375')
}
document.querySelector('#sign-out').onclick = () => notify('logout')
</script>`

// newObserver opens an observing page at rp.test.
func newObserver(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) *flow {
	t.Helper()
	w.HandlePage(testbrowser.RP, observing)
	return newFlow(t, w, b, testbrowser.RP)
}

// observe loads the page anew, with a loggedInUser, and expects these events.
// In the order that A3.1 wants they come on any machine that signs within two
// seconds; which is for another test.
func (f *flow) observe(user string, want ...string) {
	f.t.Helper()
	query := ""
	if user != "undefined" {
		query = "?user=" + url.QueryEscape(user)
	}
	f.site.Go(f.w.URL(testbrowser.RP, "/") + query)
	assert.ElementsMatch(f.t, want, f.events(want...), "loggedInUser %s", user)
}

// events waits for events and returns the names of all so far.
func (f *flow) events(awaited ...string) []string {
	f.t.Helper()
	for _, event := range awaited {
		f.site.Wait(`told.some(([event]) => event === '` + event + `')`)
	}
	return testbrowser.Eval[[]string](f.site, `told.map(([event]) => event)`)
}

// assertion is what came with an event.
func (f *flow) assertion(event string) string {
	f.t.Helper()
	return testbrowser.Eval[string](f.site, `told.find(([event]) => event === '`+event+`')[1]`)
}

// verify checks an assertion as rp.test's server does, and returns the address.
func (f *flow) verify(assertion string) string {
	f.t.Helper()
	result, err := f.w.Verifier(testbrowser.RP, time.Now).Verify(f.t.Context(), assertion)
	require.NoError(f.t, err)
	return string(result.Email)
}

// signInObserving signs a new person in at the observing page.
func (f *flow) signInObserving(email string) {
	f.t.Helper()
	f.signInAt(f.enter(email))
	f.events("response")
	f.dialog.WaitClosed()
}

// returnObserving signs somebody in at the observing page whom the browser knows already.
func (f *flow) returnObserving(email string) {
	f.t.Helper()
	makeKnownBy(f.t, f.w, f.b, browserid.ES256, email)
	f.site.Front()
	f.open("pick")
	f.press(".identity")
	f.events("response")
	f.dialog.WaitClosed()
}

// Silent sign-in after a reload and after a restart, third-party cookies
// blocked or not, and no permission asked for; the rows of A3 on the way.
func TestSilentSignIn(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newObserver(t, w, b)
		f.signInObserving(testbrowser.Alice)
		assert.Equal(t, testbrowser.Alice, f.verify(f.assertion("response")))

		signedIn := time.Now()
		for _, user := range []string{"undefined", "null", testbrowser.Bob, "Alice@" + testbrowser.IdP} {
			f.observe(user, "login", "ready")
			assert.Equal(t, testbrowser.Alice, f.verify(f.assertion("login")), user)
		}
		f.observe(testbrowser.Alice, "match", "ready")
		for _, request := range w.Requests().To(testbrowser.IdP).Since(signedIn) {
			assert.Equal(t, "/.well-known/browserid", request.URL.Path, "only verifiers ask the provider")
		}
		for _, request := range w.Requests().To(testbrowser.Host) {
			isDialog := request.URL.Path == "/sign_in" // which this page opens with a referrer
			assert.False(t, !isDialog && request.Contains(testbrowser.RP), "the host hears of the site: %s", request.URL)
		}
	})
}

func TestSilentSignInAfterRestart(t *testing.T) {
	t.Parallel()
	for _, profile := range testbrowser.Profiles() {
		t.Run(string(profile), func(t *testing.T) {
			t.Parallel()
			w := testbrowser.NewWorld(t)
			b := testbrowser.StartBrowser(t, w, profile)
			f := newObserver(t, w, b)
			f.signInObserving(testbrowser.Alice)
			b.Restart()
			f.site = b.Open(w.URL(testbrowser.RP, "/"))
			f.observe("null", "login", "ready")
			assert.Equal(t, testbrowser.Alice, f.verify(f.assertion("login")))
		})
	}
}

// Nobody has ever logged in: the dialog's storage says so where it can be
// read, and else nothing is known (A3.5).
func TestNobodyIsLoggedIn(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newObserver(t, w, b)
		want := map[string][]string{"undefined": {"ready"}, "null": {"ready"}, testbrowser.Alice: {"ready"}}
		if strings.HasSuffix(t.Name(), string(testbrowser.ThirdPartyAllowed)) {
			want = map[string][]string{"undefined": {"logout", "ready"}, "null": {"match", "ready"}, testbrowser.Alice: {"logout", "ready"}}
		}
		for user, events := range want {
			f.observe(user, events...)
		}
	})
}

// A5: logout() is told once, in every tab, and lasts.
func TestLogout(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newObserver(t, w, b)
		f.returnObserving(testbrowser.Alice)
		other := &flow{t: t, w: w, b: b, site: b.Open(w.URL(testbrowser.RP, "/"))}
		other.observe(testbrowser.Alice, "match", "ready")

		f.site.Front()
		f.observe(testbrowser.Alice, "match", "ready")
		f.site.Click("#sign-out")
		f.events("logout")
		f.site.Click("#sign-out")
		assert.Equal(t, []string{"match", "ready", "logout"}, other.events("logout"))
		testbrowser.Eval[bool](f.site, `(notify('logout'), say({ id: 4712, method: 'mozid_ni::nothing' }), true)`)
		f.site.Wait(`heard.some(({ id, error }) => id === 4712 && error === 'unsupported')`)
		assert.Equal(t, []string{"match", "ready", "logout"}, f.events("logout"), "once")
		f.observe(testbrowser.Alice, "logout", "ready")
		f.observe("null", "match", "ready")
		assert.Contains(t, storage(w, b).State, testbrowser.Alice, "the address stays (A5.3)")
	})
}

// A3.9: a log-in is told to the site's other tabs.
func TestLoginInAnotherTab(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newObserver(t, w, b)
		other := &flow{t: t, w: w, b: b, site: b.Open(w.URL(testbrowser.RP, "/"))}
		other.site.Go(w.URL(testbrowser.RP, "/?user=null"))
		other.events("ready")
		f.site.Front()
		f.returnObserving(testbrowser.Alice)
		other.events("login")
		assert.Equal(t, testbrowser.Alice, f.verify(other.assertion("login")))
		assert.NotContains(t, f.events("response"), "login", "the dialog has told this one")
	})
}

// G6: on a device that is not the person's own nothing is handed over, and
// whoever was logged in at the site before is so no more.
func TestNotMyDeviceIsNotObserved(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newObserver(t, w, b)
		f.returnObserving(testbrowser.Alice)
		f.observe(testbrowser.Alice, "match", "ready")
		f.open("pick")
		f.press("#other")
		f.typeAddress(testbrowser.Bob)
		f.press("#not-my-device")
		f.signInAt(f.dialog.Popup(func() { f.press("#next") }))
		f.events("response")
		assert.Equal(t, testbrowser.Bob, f.verify(f.assertion("response")))
		for user, forbidden := range map[string]string{testbrowser.Bob: "login", "null": "login", testbrowser.Alice: "match"} {
			f.site.Go(w.URL(testbrowser.RP, "/?user="+url.QueryEscape(user)))
			assert.NotContains(t, f.events("ready"), forbidden, "loggedInUser %s", user)
		}
	})
}

// E5: sibling subdomains, and frames of another site in the site's own page,
// share the frame's partition. They are answered for nobody.
func TestSiblingsAndNestedFramesAreNobody(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		const sibling = "evil." + testbrowser.RP
		f := newObserver(t, w, b)
		f.returnObserving(testbrowser.Alice)
		w.HandleFunc(sibling, func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			page := observing
			if r.URL.Path == "/framing" {
				page = head + `<iframe src="https://rp.test/?user=null"></iframe>
				<script>let told = []; addEventListener('message', event => { told = event.data })</script>`
			}
			_, _ = rw.Write([]byte(page))
		})
		w.HandlePage(testbrowser.Evil, observing)
		w.HandleFunc(testbrowser.RP, func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			page := observing
			if r.URL.Path == "/framing" {
				page = head + `<iframe src="https://evil.test/?user=null"></iframe>`
			}
			_, _ = rw.Write([]byte(page))
		})
		f.site.Go(w.URL(sibling, "/?user=null"))
		assert.NotContains(t, f.events("ready"), "login", "a sibling")
		f.site.Go(w.URL(sibling, "/framing"))
		assert.Equal(t, []string{"ready"}, f.events("ready"), "the site itself, framed by a sibling")
		f.site.Go(w.URL(testbrowser.RP, "/framing"))
		nested := &flow{t: t, w: w, b: b, site: b.Frame(w.URL(testbrowser.Evil, "/"))}
		assert.Equal(t, []string{"ready"}, nested.events("ready"), "a nested frame")
		f.observe("null", "login", "ready")
	})
}

// moving asks for a sign-in, and goes to another site before there is one.
const moving = head + `<button id="sign-in">Win</button><script>
let dialog
document.querySelector('#sign-in').onclick = () => { dialog = open('https://login.example/sign_in') }
addEventListener('message', ({ source }) => {
	const params = { rp_api: 'watch_with_onready', algorithms: ['ES256'] }
	source.postMessage(JSON.stringify({ a: 'request', d: { method: 'get', params } }), 'https://login.example')
	location.href = 'https://rp.test/?user=null'
})
</script>`

// E4: the frames of the opener are those of the page that it shows now. A page
// that asked and then moved brings nothing to the site that it moved to.
func TestMovedOpenerBringsNothing(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		makeKnownBy(t, w, b, browserid.ES256, testbrowser.Alice)
		w.HandlePage(testbrowser.RP, observing)
		w.HandlePage(testbrowser.Evil, moving)
		f := newFlow(t, w, b, testbrowser.Evil)
		f.open("pick")
		f.site.Wait(`location.host === 'rp.test' && told.some(([event]) => event === 'ready')`)
		b.AllowConsole(`target origin provided \('https://evil.test'\) does not match`) // the browser keeps the answer back
		f.press(".identity")
		f.dialog.WaitClosed()
		f.site.Go(w.URL(testbrowser.RP, "/?user=null"))
		assert.NotContains(t, f.events("ready"), "login")
	})
}
