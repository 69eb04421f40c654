package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

// flooding is what a window can be sent, a thousand times over: nothing, far too much, what looks like a message of the protocol, and what
// looks like one from somebody else.
const flooding = `<script>
const flood = (other, target = '*') => {
	const long = 'x'.repeat(1 << 20)
	const messages = [
		undefined, null, 0, '', '{', '[]', 'null', '"a"', long, JSON.stringify({ a: long }), { a: 'request' }, new ArrayBuffer(8), '['.repeat(1e5),
		...['ready', 'response', 'error', 'request', '__proto__'].flatMap(a => [undefined, null, 1, 'x', [], {}, { assertion: 'forged' }, { method: 'get', params: [] }, { method: 'set' }]
			.map(d => JSON.stringify({ a, d }))),
		...['__ready', 'login', 'logout', 'match', 'loaded', 'loggedInUser', 'dialog_running', 'dialog_complete', 'options', '__proto__', 'constructor']
			.flatMap(name => [undefined, 'ping', 'pong', null, 42, { __proto__: null }, 'forged'].flatMap(params => [
				JSON.stringify({ method: 'mozid_ni::' + name, params }), JSON.stringify({ id: 1, method: 'mozid_ni::' + name, params }),
				JSON.stringify({ id: 1, result: params }), JSON.stringify({ id: 'x', error: params }),
			])),
	]
	for (const message of messages) other.postMessage(message, target)
	for (let i = 0; i < 2000; i++) other.postMessage(messages[i % messages.length === 8 ? 0 : i % messages.length], target)
	return messages.length
}
</script>`

// What a site sends to the dialog beside its one request is not heard: not before it and not after it, and not once more (A4.16, A9.3). The
// dialog works as ever, and the site gets one answer.
func TestFloodedDialog(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandlePage(testbrowser.Evil, head+flooding+`<button id="sign-in">Sign in</button><script>
			const heard = [], HOST = 'https://login.example'
			const request = name => JSON.stringify({ a: 'request', d: { method: 'get', params: { rp_api: 'stateless', siteName: name } } })
			addEventListener('message', ({ origin, source, data }) => {
				heard.push(origin + ' ' + data)
				if (heard.length > 1) return
				source.postMessage(request('First'), HOST)
				flood(source)
				source.postMessage(request('Second'), HOST)
			})
			let dialog
			document.querySelector('#sign-in').onclick = () => { dialog = open(HOST + '/sign_in', 'dialog', 'width=700,height=375') }
		</script>`)
		f := newFlow(t, w, b, testbrowser.Evil)
		provider := f.enter(testbrowser.Alice)
		testbrowser.Eval[int](f.site, `flood(dialog)`)
		f.dialog.WaitText("body", "“First”")
		f.signInAt(provider)
		f.dialog.WaitClosed()
		answers := answers(f.site)
		require.Len(t, answers, 1)
		assert.Contains(t, answers[0], `https://login.example {"a":"response"`)

		second := f.site.Popup(func() { f.site.Click("#sign-in") })
		testbrowser.Eval[bool](f.site, `(dialog.postMessage('die', HOST), true)`) // it asked for nothing yet, and may go
		second.WaitClosed()
	})
}

// A window that has a site's window can send it what it likes: without the login host's origin nothing of it is heard, not even the very
// words of a real answer (A9.5). And a frame that its site has flooded is as good as before.
func TestFloodedSite(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandlePage(watchSite, watcherPage+flooding+`<script>
			const seen = []
			addEventListener('message', ({ origin, data }) => origin === 'https://login.example' && seen.push(data))
		</script>`)
		makeKnown(t, w, b, testbrowser.Alice)
		f := newWatcher(t, w, b, watchSite, "null")
		f.signInAnyhow(testbrowser.Alice)
		f.waitLogin()
		f.dialog.WaitClosed()
		replay := testbrowser.Eval[string](f.site, `JSON.stringify(seen)`)

		w.HandlePage(testbrowser.Evil, head+flooding+`<button id="go">go</button><script>
			const replay = `+replay+`
			let victim
			document.querySelector('#go').onclick = () => { victim = open('https://watch.test/?user=alice@idp.test') }
			const attack = () => { flood(victim); replay.forEach(data => victim.postMessage(data, '*')); return true }
		</script>`)
		evil := b.Open(w.URL(testbrowser.Evil, "/"))
		victim := &watcher{&flow{t: t, w: w, b: b, site: evil.Popup(func() { evil.Click("#go") })}}
		assert.Equal(t, []string{"match", "ready"}, victim.events())
		testbrowser.Eval[bool](evil, `attack()`)
		assert.Equal(t, []string{"match", "ready"}, victim.heard())

		sent := testbrowser.Eval[int](f.site, `flood(document.querySelector('iframe').contentWindow)`)
		assert.Greater(t, sent, 300)
		assert.Equal(t, []string{"match", "ready"}, newWatcher(t, w, b, watchSite, "null").events(), "it has logged itself out")
	})
}
