package testbrowser_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/testbrowser"
)

// TestScreenshots brings up every page that people see and checks, at the width of a small phone and in the size of the popup, in light
// and dark, that axe-core finds nothing wrong with it and that nothing overflows. With -artifacts (make screenshots) it leaves a picture of
// each.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join("..", "shim", "node_modules", "axe-core", "axe.min.js"))
	require.NoError(t, err, "install axe-core: cd shim && npm ci")
	pictures := ""
	if flag.Lookup("test.artifacts").Value.String() == "true" {
		pictures = t.ArtifactDir() // one folder for all
	}
	for name, play := range scenes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testbrowser.NewWorld(t)
			b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
			play(&viewer{flow: newFlow(t, w, b, testbrowser.RP), axe: string(source), pictures: pictures})
		})
	}
}

// viewer looks at what a person sees during a flow.
type viewer struct {
	*flow
	axe      string // its source
	pictures string // the folder for them, "" if nobody keeps them
}

// size is one in which people see a page.
type size struct {
	name          string
	width, height int
}

// A small phone, and the popup that agent.js opens.
var sizes = []size{{"320", 320, 568}, {"700", 700, 375}}

// look checks a page in each size and colour scheme.
func (v *viewer) look(name string, page *testbrowser.Page) {
	v.t.Helper()
	page.Front()
	testbrowser.Eval[bool](page, v.axe+"\n;true")
	for _, size := range sizes {
		page.Viewport(size.width, size.height)
		for _, scheme := range []string{"light", "dark"} {
			page.Prefer("prefers-color-scheme", scheme)
			picture := name + "-" + size.name + "-" + scheme
			page.Wait(atRest)
			assert.Empty(v.t, testbrowser.Eval[[]string](page, runAxe+axeRules[scheme]), picture)
			v.keep(picture, page)
		}
		assert.Empty(v.t, testbrowser.Eval[[]string](page, findOverflow), "%s at %d px", name, size.width)
	}
}

// atRest: nothing moves but what never ceases to, and buttons look as they do when they work.
const atRest = `document.getAnimations().every(a => a.playState === 'finished' || a.effect.getComputedTiming().endTime === Infinity) &&
	!document.querySelector('main[data-screen]:not([data-armed]) button')`

// runAxe returns a line for each thing that axe finds, by the rules of a colour scheme.
const runAxe = `(rules => axe.run(document, { resultTypes: ['violations'], ...rules }).then(({ violations }) =>
	violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html.slice(0, 150) + ' ' + n.failureSummary))))`

// axeRules are those that axe goes by: all of them in light. In dark the page differs in its colours alone.
var axeRules = map[string]string{"light": `({})`, "dark": `({ runOnly: ['color-contrast'] })`}

// findOverflow returns a line for each element that sticks out of the page, and for each text that sticks out of its button, list or column.
// A dialog that asks something must not scroll at all.
const findOverflow = `(() => {
	const { scrollWidth, scrollHeight } = document.scrollingElement
	const found = []
	if (scrollWidth > innerWidth) found.push('scrolls sideways: ' + scrollWidth + ' px')
	if (document.querySelector('#promise:not(:empty)') && scrollHeight > innerHeight) found.push('the dialog scrolls: ' + scrollHeight + ' px')
	const isWithin = (box, { left, right }) => box.left > left - 0.5 && box.right < right + 0.5
	const seen = [...document.body.querySelectorAll(':not(.unseen, script, svg)')].filter(e => e.checkVisibility())
	for (const e of seen) {
		if (!isWithin(e.getBoundingClientRect(), { left: 0, right: innerWidth })) found.push('out: ' + e.outerHTML.slice(0, 150))
		for (const text of [...e.childNodes].filter(node => node.nodeType === Node.TEXT_NODE)) {
			const range = document.createRange()
			range.selectNodeContents(text)
			const around = e.closest('button, li, form, main, header, footer, body').getBoundingClientRect()
			if (![...range.getClientRects()].every(box => isWithin(box, around))) found.push('spilt: ' + e.outerHTML.slice(0, 150))
		}
	}
	return found
})()`

func (v *viewer) keep(name string, page *testbrowser.Page) {
	v.t.Helper()
	if v.pictures != "" {
		require.NoError(v.t, os.WriteFile(filepath.Join(v.pictures, name+".png"), page.Screenshot(), 0o644))
	}
}

// turn makes a page read from right to left, as some languages do.
func (v *viewer) turn(page *testbrowser.Page) {
	v.t.Helper()
	testbrowser.Eval[bool](page, `(document.documentElement.dir = 'rtl', true)`)
}

// freeze puts a copy of the screen in its place, which no script knows.
func (v *viewer) freeze(page *testbrowser.Page) {
	v.t.Helper()
	testbrowser.Eval[bool](page, `(() => {
		const main = document.querySelector('main')
		main.setAttribute('data-armed', '')
		main.replaceWith(main.cloneNode(true))
		return true
	})()`)
}

// modules loads modules of the dialog page, which are in a folder that is named after what is in it.
const modules = `(...names) => Promise.all(names.map(name => import(document.querySelector('link[rel=stylesheet]').href.replace('dialog.css', name))))`

// draw has the dialog page's own code draw a screen.
func (v *viewer) draw(page *testbrowser.Page, screen string) {
	v.t.Helper()
	testbrowser.Eval[bool](page, `(async () => {
		const [{ createScreens }, { loadTexts }] = await (`+modules+`)('screens.js', 'text.js')
		const onDrawn = () => document.querySelector('main').setAttribute('data-armed', '')
		const screens = createScreens({ document, texts: await loadTexts('en'), onDrawn, onAbandon() {} })
		await screens.complete()
		screens.ask(`+screen+`)
		return true
	})()`)
}

// blankWindow opens what stands in the provider's window until the provider's page comes. While that page is on its way, the browser lets
// nobody look into the window: so this one waits for none.
func (v *viewer) blankWindow(page *testbrowser.Page) *testbrowser.Page {
	v.t.Helper()
	testbrowser.Eval[bool](page, `(async () => {
		const [{ furnish }, { loadTexts }] = await (`+modules+`)('blankpage.js', 'text.js')
		const texts = await loadTexts('en')
		document.querySelector('h1').onclick = () => furnish(open('', 'blank', 'popup'), document, texts)
		return true
	})()`)
	blank := page.Popup(func() { page.Click("h1") })
	blank.WaitText("p", "on its way")
	return blank
}

// Each error has a screen that fits and says what axe can follow, also those that no flow above comes to.
func TestErrorScreens(t *testing.T) {
	t.Parallel()
	codes := append(agent.Codes(), "no_request", "return_not_allowed")
	w := testbrowser.NewWorld(t)
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	v := &viewer{flow: &flow{t: t, w: w, b: b}}
	page := b.Open(w.URL(testbrowser.Host, "/sign_in"))
	page.WaitScreen("standalone")
	page.Viewport(320, 568)
	for _, code := range codes {
		v.draw(page, `{ screen: 'error', code: '`+string(code)+`', email: '`+strings.Repeat("long", 6)+`@idp.test', authority: 'idp.test', canGoBack: true }`)
		assert.Equal(t, string(code), page.Text("#error-code"))
		assert.Empty(t, testbrowser.Eval[[]string](page, findOverflow), code)
	}
}
