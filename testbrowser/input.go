package testbrowser

import (
	"cmp"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// spot is where a person would click on an element, or why they could not.
type spot struct {
	X, Y float64
	Why  string
}

// findSpot looks for an element, scrolls to it and checks that a click in its middle would reach it. The page's own scripts must have run,
// since before it nothing answers, and the dialog's buttons must count clicks already, which they do half a second after they appear (G9),
// unless the test wants it at once.
const findSpot = `(selector, atOnce) => {
	if (performance.getEntriesByType('navigation')[0]?.domContentLoadedEventEnd === 0) return { why: 'its scripts have not run' }
	const element = document.querySelector(selector)
	if (!element) return { why: 'not found' }
	if (element.disabled || element.ariaDisabled === 'true') return { why: 'disabled' }
	const screen = element.matches('button') && element.closest('main[data-screen]')
	if (screen && !atOnce && !screen.hasAttribute('data-armed')) return { why: 'not counting clicks yet' }
	element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' })
	const box = element.getBoundingClientRect()
	if (!box.width || !box.height) return { why: 'not visible' }
	const x = box.x + box.width / 2
	const y = box.y + box.height / 2
	const hit = document.elementFromPoint(x, y)
	if (!hit) return { why: 'outside of the window or inert' }
	if (hit !== element && !element.contains(hit) && hit.closest('label')?.control !== element) return { why: 'covered by ' + hit.outerHTML.slice(0, 100) }
	return { x, y, why: '' }
}`

// Click brings the page to the front and clicks on the middle of an element with a real mouse event. It first waits until the element is
// there, enabled, uncovered and at rest, and until the dialog counts clicks.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.click(selector, false)
}

// ClickAtOnce is [Page.Click] without regard for whether the dialog counts clicks already: what a person does who is made to click there.
func (p *Page) ClickAtOnce(selector string) {
	p.t.Helper()
	p.click(selector, true)
}

func (p *Page) click(selector string, atOnce bool) {
	p.t.Helper()
	p.Front()
	for range 3 {
		if p.clickAt(p.waitSpot(selector, atOnce), selector) || atOnce {
			return
		}
	}
}

// clickAt clicks, and reports whether the page has seen it. A busy browser loses the input to a window that has only just come to the front.
func (p *Page) clickAt(at spot, selector string) (seen bool) {
	p.t.Helper()
	document, err := call[float64](p, countClicks)
	if err == nil {
		err = chromedp.Do(p.ctx,
			chromedp.MouseEvent(chromedp.MouseMoved, at.X, at.Y),
			chromedp.MouseClickXY(at.X, at.Y))
	}
	if err != nil && !gone(err) { // a click may close the window
		p.t.Fatalf("click %s: %v", selector, err)
	}
	seen, err = call[bool](p, haveClicked, document, selector)
	return err != nil || seen // or the document has gone
}

// countClicks has a document count the clicks on it, and returns its name: the time at which it came.
const countClicks = `() => {
	globalThis.navidClicks ??= (addEventListener('click', () => navidClicks++, { capture: true }), 0)
	globalThis.navidClicksBefore = navidClicks
	return performance.timeOrigin
}`

// haveClicked waits for a moment until a click has come.
const haveClicked = `async (document, selector) => {
	const isFramed = globalThis.document.querySelector(selector)?.matches('iframe') // whose own document it came to
	const isSeen = () => performance.timeOrigin !== document || navidClicks > navidClicksBefore || isFramed
	for (let i = 0; i < 20 && !isSeen(); i++) await new Promise(resolve => setTimeout(resolve, 50))
	return isSeen()
}`

func (p *Page) waitSpot(selector string, atOnce bool) spot {
	p.t.Helper()
	var at, last spot
	await(p.t, "element "+selector+" to be clickable", func() (bool, string) {
		var err error
		last = at
		if at, err = call[spot](p, findSpot, selector, atOnce); err != nil {
			return false, err.Error()
		}
		if at.Why != "" {
			return false, at.Why + " at " + p.glimpse()
		}
		return at == last, "moving"
	})
	return at
}

// Type clicks on a field and types a text in place of what it holds, key by key.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.Click(selector)
	if _, err := call[bool](p, `selector => { document.querySelector(selector).select(); return true }`, selector); err != nil {
		p.t.Fatalf("select text of %s: %v", selector, err)
	}
	if text == "" {
		p.Press("Delete", 0)
		return
	}
	if err := chromedp.Do(p.ctx, chromedp.KeyEvent(text)); err != nil && !gone(err) {
		p.t.Fatalf("type into %s: %v", selector, err)
	}
}

// namedKeys are the keys that have a name rather than a character, in the spelling of KeyboardEvent.key.
var namedKeys = map[string]string{
	"Enter": kb.Enter, "Escape": kb.Escape, "Tab": kb.Tab, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "Home": kb.Home, "End": kb.End,
}

// Press presses a key where the focus is, and holds it for a number of automatic repeats before letting go. The key is a character, or
// Enter, Escape, Tab, Space, Backspace, Delete, ArrowUp, ArrowDown, Home or End.
func (p *Page) Press(key string, repeats int) {
	p.t.Helper()
	p.Front()
	character := cmp.Or(namedKeys[key], key)
	known, ok := kb.Keys[[]rune(character)[0]]
	if !ok {
		p.t.Fatalf("there is no key %q", key)
	}
	event := input.DispatchKeyEventParams{
		Key: known.Key, Code: known.Code, WindowsVirtualKeyCode: known.Windows, NativeVirtualKeyCode: known.Native,
	}
	if known.Shift {
		event.Modifiers = int64(chromedp.ModifierShift)
	}
	down, up := event, event
	down.Type, down.Text, down.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, known.Text, known.Unmodified
	up.Type = input.DispatchKeyEventTypeKeyUp
	for i := range repeats + 1 {
		down.AutoRepeat = new(i > 0)
		p.key(down)
	}
	p.key(up)
}

func (p *Page) key(event input.DispatchKeyEventParams) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, event); err != nil && !gone(err) { // a key may close the window
		p.t.Fatalf("key %s: %v", event.Key, err)
	}
}
