package main

import (
	"github.com/navid-login/navid/testbrowser"
)

// openerHost is a site that opens windows to measure, and asks the dialog for a sign-in.
const openerHost = "opener.test"

const openerPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>opener</title><link rel="icon" href="data:,">
<button id="open">open</button><script>
let opened
document.querySelector('#open').onclick = () => { opened = open('about:blank', 'measured', 'popup,width=700,height=375') }
addEventListener('message', ({ data, origin, source }) => {
	if (source !== opened || JSON.parse(data).a !== 'ready') return
	opened.postMessage(JSON.stringify({ a: 'request', d: { method: 'get', params: {} } }), origin)
})
</script>`

// takeMarks notes when the dialog's field can be typed into, and when the agent says that it is ready, in milliseconds since the navigation
// began.
const takeMarks = `
window.marks = {}
new MutationObserver(() => {
	if (!marks.usable && document.activeElement?.id === 'email') marks.usable = performance.now()
}).observe(document, { subtree: true, childList: true, attributes: true })
let agentReady
Object.defineProperty(window, 'navidAgentReady', {
	set(f) { agentReady = f },
	get: () => agentReady && (() => { marks.ready = performance.now(); agentReady() }),
})
`

// marks are what takeMarks takes; usable is 0 where there is no field.
type marks struct {
	Usable float64 `json:"usable"`
	Ready  float64 `json:"ready"`
}

// startupRows load the dialog and the peer in turn, each time in a browser that has seen nothing.
func startupRows(t *stage, w *testbrowser.World, rounds int) []row {
	var usable, ready, peer series
	for round := range rounds + 1 {
		dialog := loadFresh(t, w, w.URL(testbrowser.Host, "/sign_in"))
		other := loadFresh(t, w, w.URL(helloHost, "/"))
		if round == 0 {
			continue // the first of all starts the browser's processes
		}
		usable, ready, peer = append(usable, dialog.Usable), append(ready, dialog.Ready), append(peer, other.Ready)
	}
	beside := peer.String() + " ms (Go hello world page ready)"
	return []row{
		{"first screen interactive, cold", usable.String() + " ms", beside, "90 ms (Persona's page, measured apart)", usable.median() / peer.median()},
		{"agent ready, cold", ready.String() + " ms", beside, "1.6 × peer", ready.median() / peer.median()},
	}
}

// loadFresh loads a page in a clean browser and returns its marks.
func loadFresh(t *stage, w *testbrowser.World, url string) (m marks) {
	t.inBrowser(w, func(b *testbrowser.Browser) {
		m = testbrowser.Eval[marks](openMeasured(w, b, url), "marks")
	})
	return m
}

// inBrowser runs a func with a clean browser that ends with it.
func (t *stage) inBrowser(w *testbrowser.World, run func(*testbrowser.Browser)) {
	inner := &stage{}
	finished := inner.play(func() { run(testbrowser.NewBrowser(inner, w, testbrowser.ThirdPartyBlocked)) })
	if !finished {
		t.Fatal("this measurement failed")
	}
}

// openMeasured opens a page in a window, as a site does, and waits until it is ready.
func openMeasured(w *testbrowser.World, b *testbrowser.Browser, url string) *testbrowser.Page {
	opener := b.Open(w.URL(openerHost, "/"))
	page := opener.Popup(func() { opener.Click("#open") })
	page.BeforeLoad(takeMarks)
	testbrowser.Eval[bool](opener, `(opened.location = '`+url+`', true)`)
	page.Wait(`window.marks?.ready`)
	return page
}
