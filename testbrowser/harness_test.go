package testbrowser_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

const head = `<!doctype html><html lang="en"><title>page</title><link rel="icon" href="data:,">`

// opener is a page with a button that opens a window of another site, and a list of what it hears from it.
const opener = head + `<button id="open">open</button><p id="heard">nothing</p>
<script>
let w
document.querySelector('#open').onclick = () => { w = open('https://b.test/popup', 'named', 'width=700,height=375') }
addEventListener('message', e => { document.querySelector('#heard').textContent = e.origin + ' says ' + e.data + ', source ' + (e.source === w) })
</script>`

const popup = head + `<p id="opener"></p>
<script>
document.querySelector('#opener').textContent = opener ? 'has opener' : 'no opener'
opener?.postMessage('hello', 'https://a.test')
</script>`

func popupWorld(t testing.TB) (*testbrowser.World, *testbrowser.Browser) {
	t.Helper()
	w := testbrowser.NewEmptyWorld(t)
	w.HandlePage("a.test", opener)
	w.HandlePage("b.test", popup)
	return w, testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
}

func TestPopupWithoutGestureIsBlocked(t *testing.T) {
	w, b := popupWorld(t)
	page := b.Open(w.URL("a.test", "/"))
	page.WaitText("#heard", "nothing") // no way of looking at a page may count as a gesture
	b.NoPopup(func() {
		assert.True(t, testbrowser.Eval[bool](page, `open('https://b.test/popup') === null`), "window.open without a gesture")
	})
}

func TestClickOpensPopupWithOpener(t *testing.T) {
	w, b := popupWorld(t)
	page := b.Open(w.URL("a.test", "/"))
	window := page.Popup(func() { page.Click("#open") })
	window.WaitText("#opener", "has opener")
	page.WaitText("#heard", "https://b.test says hello, source true")
	assert.Equal(t, w.URL("b.test", "/popup"), window.URL())
	assert.Equal(t, "named", testbrowser.Eval[string](window, "name"))
	assert.True(t, testbrowser.Eval[bool](window, "document.hasFocus()"), "a new window has the focus")
	window.Close()
	page.Wait("w.closed")
}

func TestKeysAreGestures(t *testing.T) {
	w, b := popupWorld(t)
	page := b.Open(w.URL("a.test", "/"))
	testbrowser.Eval[bool](page, `document.querySelector('#open').focus() === undefined`)
	page.Popup(func() { page.Press("Enter", 0) }).WaitText("#opener", "has opener")
}

func TestHeldKeyRepeats(t *testing.T) {
	w := testbrowser.NewEmptyWorld(t)
	w.HandlePage("a.test", head+`<input id="field" value="old"><script>
	pressed = []; onkeydown = e => pressed.push(e.key + (e.repeat ? '*' : ''))</script>`)
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	page := b.Open(w.URL("a.test", "/"))
	page.Type("#field", "Ab@c")
	assert.Equal(t, "Ab@c", testbrowser.Eval[string](page, "field.value"))
	testbrowser.Eval[int](page, "pressed.length = 0")
	page.Press("Enter", 2)
	page.Press("B", 0)
	assert.Equal(t, []string{"Enter", "Enter*", "Enter*", "B"}, testbrowser.Eval[[]string](page, "pressed"))
	assert.Equal(t, "Ab@cB", testbrowser.Eval[string](page, "field.value"))
}

func TestPagesAreSecureContexts(t *testing.T) {
	w, b := popupWorld(t)
	page := b.Open(w.URL("a.test", "/"))
	assert.True(t, testbrowser.Eval[bool](page, "isSecureContext && crypto.subtle !== undefined"))
	page.Go("http://a.test/")
	assert.False(t, testbrowser.Eval[bool](page, "isSecureContext"))
}

// webplatform.md 2: a cookie of the framed site reaches its frame only where third-party cookies are allowed.
func TestProfilesDifferInThirdPartyCookies(t *testing.T) {
	for _, profile := range testbrowser.Profiles() {
		t.Run(string(profile), func(t *testing.T) {
			t.Parallel()
			w := testbrowser.NewEmptyWorld(t)
			w.HandlePage("a.test", head+`<iframe src="https://b.test/frame"></iframe>`)
			w.HandleFunc("b.test", func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Content-Type", "text/html")
				if r.URL.Path == "/" {
					rw.Header().Set("Set-Cookie", "none=1; Secure; SameSite=None")
				}
				_, _ = rw.Write([]byte(head + `<p>frame</p>`))
			})
			b := testbrowser.NewBrowser(t, w, profile)
			page := b.Open(w.URL("b.test", "/"))
			page.Go(w.URL("a.test", "/"))
			frame := b.Frame("https://b.test/frame")
			frame.WaitText("p", "frame")

			want := ""
			if profile == testbrowser.ThirdPartyAllowed {
				want = "none=1"
			}
			requests := w.Requests().To("b.test").Path("/frame")
			require.Len(t, requests, 1)
			assert.Equal(t, want, requests[0].Header.Get("Cookie"))
			assert.Equal(t, want != "", testbrowser.Eval[bool](frame, "document.hasStorageAccess()"))
		})
	}
}

// Two browsers of one process share nothing, and a world is seen by its own browser only.
func TestBrowsersAreSeparate(t *testing.T) {
	w, b := popupWorld(t)
	page := b.Open(w.URL("a.test", "/"))
	testbrowser.Eval[bool](page, `(localStorage.x = '1') === '1'`)

	elsewhere, other := popupWorld(t)
	page = other.Open(elsewhere.URL("a.test", "/"))
	assert.Nil(t, testbrowser.Eval[*string](page, `localStorage.getItem('x')`))
	assert.Len(t, elsewhere.Requests(), 1)
	assert.Len(t, w.Requests(), 1)
}

func TestRecorderHasWholeRequests(t *testing.T) {
	w, b := popupWorld(t)
	page := b.Open(w.URL("a.test", "/"))
	testbrowser.Eval[int](page, `fetch('/path?q=a%40b', {method: 'POST', headers: {'X-Thing': 'Yes'}, body: 'the body'}).then(r => r.status)`)
	posts := w.Requests().To("a.test").Method("POST").Path("/path")
	require.Equal(t, []string{"POST https://a.test/path?q=a%40b"}, posts.Lines())
	assert.Equal(t, "the body", string(posts[0].Body))
	assert.Equal(t, http.StatusOK, posts[0].Status)
	for _, text := range []string{"a@b", "A%40B", "x-thing: yes", "the body", "host: a.test"} {
		assert.True(t, posts[0].Contains(text), text)
	}
	assert.False(t, posts[0].Contains("b.test"))
}

func TestFaultsFailTheTest(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"nothing":              {`console.log('fine'); console.warn('careful')`, ""},
		"console error":        {`console.error('Oh', {a: 1}, 'no')`, "console: error: Oh Object no"},
		"uncaught exception":   {`setTimeout(() => { throw new Error('thrown') })`, "thrown"},
		"unhandled rejection":  {`Promise.reject(new Error('rejected'))`, "rejected"},
		"missing resource":     {`document.body.append(Object.assign(new Image(), {src: '/missing'}))`, "404"},
		"unknown host":         {`fetch('https://elsewhere.test/').catch(() => 0)`, `request for unknown host "elsewhere.test"`},
		"panic in a handler":   {`fetch('/panic').catch(() => 0)`, "panic serving GET a.test/panic: on purpose"},
		"expected console":     {`console.error('expected 1')`, ""},
		"expected and another": {`console.error('expected 1'); console.error('not so')`, "not so"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failures := try(t, func(t testing.TB) {
				w := testbrowser.NewEmptyWorld(t)
				w.HandleFunc("a.test", faulty)
				b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
				b.AllowConsole("expected 1")
				page := b.Open(w.URL("a.test", "/"))
				testbrowser.Eval[bool](page, `new Promise(done => { `+c.script+`; setTimeout(() => done(true), 100) })`)
			})
			if c.want == "" {
				assert.Empty(t, failures)
			} else {
				assert.Contains(t, failures, c.want)
			}
		})
	}
}

func faulty(rw http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/missing":
		http.NotFound(rw, r)
	case "/panic":
		panic("on purpose")
	default:
		rw.Header().Set("Content-Type", "text/html")
		_, _ = rw.Write([]byte(head + "<body>"))
	}
}

func TestErrorsOfPopupsAndFramesCount(t *testing.T) {
	failures := try(t, func(t testing.TB) {
		w, b := popupWorld(t)
		w.HandlePage("b.test", head+`<iframe src="https://c.test/"></iframe><script>console.error('in the popup')</script>`)
		w.HandlePage("c.test", head+`<p>frame</p><script>console.error('in the frame')</script>`)
		page := b.Open(w.URL("a.test", "/"))
		page.Popup(func() { page.Click("#open") })
		b.Frame("https://c.test/").WaitText("p", "frame")
	})
	assert.Contains(t, failures, "in the popup")
	assert.Contains(t, failures, "in the frame")
}

func TestExpectedErrorMustOccur(t *testing.T) {
	failures := try(t, func(t testing.TB) {
		w, b := popupWorld(t)
		b.ExpectConsole("never written")
		b.Open(w.URL("a.test", "/"))
	})
	assert.Contains(t, failures, "never written")
}

func TestFailureLeavesEvidence(t *testing.T) {
	directory := t.ArtifactDir()
	try(t, func(t testing.TB) {
		w, b := popupWorld(t)
		page := b.Open(w.URL("a.test", "/"))
		page.Popup(func() { page.Click("#open") }).WaitText("#opener", "has opener")
		t.Error("fails")
	})
	for _, name := range []string{"window-1.png", "window-2.png", "console.log", "network.log"} {
		assert.FileExists(t, filepath.Join(directory, string(testbrowser.ThirdPartyBlocked), name))
	}
	log, err := os.ReadFile(filepath.Join(directory, string(testbrowser.ThirdPartyBlocked), "network.log"))
	require.NoError(t, err)
	assert.Contains(t, string(log), "GET https://b.test/popup -> 200")
}

// What IndexedDB has committed outlives a killed browser, a key that cannot be exported included (webplatform.md 8).
func TestKilledBrowserKeepsIndexedDB(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewEmptyWorld(t)
	w.HandlePage("a.test", head+`<script>
	const database = () => new Promise((resolve, reject) => {
		const opening = indexedDB.open('d')
		opening.onupgradeneeded = () => opening.result.createObjectStore('s')
		opening.onsuccess = () => resolve(opening.result)
		opening.onerror = reject
	})
	async function put() {
		const pair = await crypto.subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, false, ['sign'])
		const transaction = (await database()).transaction('s', 'readwrite', {durability: 'strict'})
		transaction.objectStore('s').put(pair.privateKey, 'k')
		return new Promise(resolve => { transaction.oncomplete = () => resolve(true) })
	}
	async function sign() {
		const request = (await database()).transaction('s').objectStore('s').get('k')
		const key = await new Promise(resolve => { request.onsuccess = () => resolve(request.result) })
		return (await crypto.subtle.sign({name: 'ECDSA', hash: 'SHA-256'}, key, new Uint8Array(1))).byteLength
	}
	</script>`)
	b := testbrowser.StartBrowser(t, w, testbrowser.ThirdPartyBlocked)
	page := b.Open(w.URL("a.test", "/"))
	require.True(t, testbrowser.Eval[bool](page, "put()"))
	b.Kill()
	b.Restart()
	page = b.Open(w.URL("a.test", "/"))
	assert.Equal(t, 64, testbrowser.Eval[int](page, "sign()"))
}

// The tests are many, so what each of them starts with has to cost next to nothing. The best of three is what it costs on a busy machine.
func TestCleanBrowserIsCheap(t *testing.T) {
	popupWorld(t) // the first may have to start the process
	best := time.Hour
	for range 3 {
		start := time.Now()
		w, b := popupWorld(t)
		b.Open(w.URL("a.test", "/"))
		best = min(best, time.Since(start))
	}
	assert.Less(t, best, time.Second)
}
