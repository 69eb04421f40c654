package testbrowser_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

// grasping is what a site's own page, or somebody's script in it, can try to get at the key that its frame signs with: it listens to all that
// comes, has frames of its own that look like the host's, and looks into the host's. It works beside the page of watcher.
const grasping = `<script>
const caught = [], gifts = []
addEventListener('message', ({ origin, data }) => caught.push([origin, data]))
const catcher = { accept: gift => { gifts.push(String(gift)); return Promise.resolve(true) } }
window.navidBridge = catcher
for (const name of ['__persona_comm', 'navid', 'communication_iframe', '']) {
	const fake = document.createElement('iframe')
	fake.name = name
	if (name === 'navid') fake.srcdoc = '<p>fake</p>'
	document.documentElement.prepend(fake)
	const pose = () => { fake.contentWindow.navidBridge = catcher }
	fake.onload = pose
	pose()
}
const real = () => [...document.querySelectorAll('iframe')].find(frame => frame.src.includes('login.example'))
// What can be read of a window, or why it cannot.
const read = (other, path) => {
	try {
		return String(path.split('.').reduce((value, name) => value[name], other))
	} catch (error) {
		return error.name
	}
}
</script>`

// graspingPage poses before the host's frame is there.
var graspingPage = strings.Replace(watcherPage, `<script src=`, `<body>`+grasping+`<script src=`, 1)

// The page that observes gets assertions and nothing else: not what the frame keeps, nor what the dialog gives to it (G3, E9).
func TestSiteCannotReachKey(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandlePage(watchSite, graspingPage)
		makeKnown(t, w, b, testbrowser.Alice)
		f := newWatcher(t, w, b, watchSite, "null")
		f.events()
		f.signInAnyhow(testbrowser.Alice)
		f.waitLogin()
		f.dialog.WaitClosed()
		for _, path := range []string{"navidBridge", "navidBridge.accept", "localStorage", "indexedDB", "document", "frames.document", "navidAgent"} {
			assert.Equal(t, "SecurityError", testbrowser.Eval[string](f.site, `read(real().contentWindow, '`+path+`')`), path)
		}
		assert.Equal(t, "null", testbrowser.Eval[string](f.site, `String(real().contentDocument)`))
		assert.Empty(t, testbrowser.Eval[[]string](f.site, `gifts`), "what was given went to the host's own frame")

		again := newWatcher(t, w, b, watchSite, "null")
		again.waitLogin()
		for _, page := range []*testbrowser.Page{f.site, again.site} {
			assert.Empty(t, testbrowser.Eval[[]string](page, `gifts`))
			assert.NotZero(t, testbrowser.Eval[int](page, `caught.length`))
			assert.Zero(t, testbrowser.Eval[int](page, `caught.filter(([, data]) => typeof data !== 'string').length`), "no object is posted")
			assert.Zero(t, testbrowser.Eval[int](page, `caught.filter(([, data]) => /thumbprint|privateKey|"d"\s*:\s*"/.test(data)).length`))
		}
		unasked := testbrowser.Eval[[]string](again.site, `new Promise(resolve => {
			const names = ['accept', 'believe', 'sign', 'assert', 'navidBridge', '__proto__', 'constructor', 'toString', 'hasOwnProperty']
			const answers = []
			addEventListener('message', ({ data }) => {
				const { id, error } = JSON.parse(data)
				if (id >= 500) answers.push(error)
				if (answers.length === names.length) resolve(answers)
			})
			names.forEach((name, i) => real().contentWindow.postMessage(JSON.stringify({ id: 500 + i, method: 'mozid_ni::' + name, params: {} }), 'https://login.example'))
		})`)
		for _, answer := range unasked {
			assert.Equal(t, "unsupported", answer)
		}
	})
}

// asking is a page that loads the host's frame, or opens its document, and asks it who is logged in.
const asking = head + `<button id="open">open</button><script>
const told = [], HOST = 'https://login.example'
const ask = other => {
	const say = message => other.postMessage(JSON.stringify(message), '*')
	say({ method: 'mozid_ni::__ready', params: 'pong' })
	say({ method: 'mozid_ni::__ready', params: 'ping' })
	say({ method: 'mozid_ni::options', params: { algorithms: ['RS256', 'ES256', 'EdDSA'] } })
	say({ method: 'mozid_ni::loggedInUser', params: null })
	say({ id: 1, method: 'mozid_ni::loaded' })
}
addEventListener('message', ({ origin, source, data }) => {
	if (origin !== HOST) return
	const { id, method } = JSON.parse(data)
	told.push(id ? 'loaded' : method.split('::')[1])
	if (method === 'mozid_ni::__ready' && told.length === 1) ask(source)
})
const embed = () => {
	const frame = document.documentElement.appendChild(document.createElement('iframe'))
	frame.src = HOST + '/communication_iframe'
}
document.querySelector('#open').onclick = () => {
	const other = open(HOST + '/communication_iframe')
	setInterval(ask, 100, other)
}
</script>`

// The frame signs for the page around it alone. Opened in a window, where it has all of the host's storage, it is silent; in a page of the
// site that is itself framed, and in any other site's page, it knows of nobody who has logged in at the site (E5).
func TestFrameElsewhere(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		b.AllowConsole(`favicon`) // of the document in a window
		w.HandlePage(testbrowser.RP2, asking)
		w.HandleFunc(watchSite, func(rw http.ResponseWriter, r *http.Request) {
			pages := map[string]string{"/asking": asking, "/nesting": head + `<iframe src="/asking"></iframe>`}
			page, ok := pages[r.URL.Path]
			if !ok {
				page = watcherPage
			}
			rw.Header().Set("Content-Type", "text/html")
			_, _ = rw.Write([]byte(page))
		})
		makeKnown(t, w, b, testbrowser.Alice)
		f := newWatcher(t, w, b, watchSite, "null")
		f.signInAnyhow(testbrowser.Alice)
		f.dialog.WaitClosed()

		same := b.Open(w.URL(watchSite, "/asking"))
		assert.Contains(t, askFrame(same, "window", "login"), "login", "the page can ask")
		nesting := b.Open(w.URL(watchSite, "/nesting"))
		assert.Equal(t, []string{"__ready", "__ready", "loaded"}, askFrame(nesting, "document.querySelector('iframe').contentWindow", "loaded"))
		other := b.Open(w.URL(testbrowser.RP2, "/"))
		assert.NotContains(t, askFrame(other, "window", "loaded"), "login")

		for _, page := range []*testbrowser.Page{same, other} {
			page.Reload()
			window := page.Popup(func() { page.Click("#open") })
			window.Wait(`document.readyState === 'complete'`)
			heard := testbrowser.Eval[[]string](page, `new Promise(resolve => setTimeout(() => resolve(told), 1500))`)
			assert.Empty(t, heard, "a window of the frame's document")
			assert.Equal(t, "/communication_iframe", testbrowser.Eval[string](window, `location.pathname`))
			window.Close()
		}
	})
}

// askFrame embeds the frame in a page, or in a frame of its own site, and returns what is told until a moment after something was.
func askFrame(page *testbrowser.Page, window, until string) []string {
	page.Wait(window + `.eval('typeof embed') === 'function'`)
	return testbrowser.Eval[[]string](page, window+`.eval("embed(), new Promise(resolve => setInterval(() => told.includes('`+until+`') && setTimeout(resolve, 300, told), 20))")`)
}

// Nobody can frame what the host shows to people, or what windows return to (C1.8, G10).
func TestDialogIsNotFramed(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		b.ExpectConsole(`frame-ancestors`)
		b.AllowConsole(`404`)
		paths := []string{"/", "/sign_in", "/sign_in?AUTH_RETURN", "/sign_in?REDIRECT", "/sign_in?PROVISION_RETURN", "/nothing"}
		var frames strings.Builder
		for _, path := range paths {
			frames.WriteString(`<iframe src="https://login.example` + path + `"></iframe>`)
		}
		w.HandlePage(testbrowser.Evil, head+`<script>const heard = []; addEventListener('message', event => heard.push(event.data))</script>`+frames.String())
		page := b.Open(w.URL(testbrowser.Evil, "/"))
		require.Equal(t, len(paths), testbrowser.Eval[int](page, `frames.length`))
		assert.Empty(t, testbrowser.Eval[[]string](page, `new Promise(resolve => setTimeout(() => resolve(heard), 500))`))
		requests := w.Requests().To(testbrowser.Host)
		assert.Len(t, requests, len(paths), "nothing of the documents is loaded or runs: %v", requests.Lines())
	})
}
