package testbrowser

import (
	"fmt"
	"strings"
)

// Wait waits until a JavaScript expression is true. The page may navigate meanwhile.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	await(p.t, condition, func() (bool, string) {
		holds, err := tryEval[bool](p, "Boolean("+condition+")")
		if err != nil {
			return false, err.Error()
		}
		return holds, p.where()
	})
}

// textOf is the shown text of the first element that a selector finds, or null.
const textOf = `selector => { const e = document.querySelector(selector); return e && e.checkVisibility() ? e.innerText.trim() : null }`

// Text waits for an element to be visible and returns the text that it shows.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	var text string
	await(p.t, "element "+selector, func() (bool, string) {
		found, err := call[*string](p, textOf, selector)
		if err != nil || found == nil {
			return false, p.glimpse()
		}
		text = *found
		return true, ""
	})
	return text
}

// WaitText waits until an element is visible and its text contains what is wanted.
func (p *Page) WaitText(selector, want string) {
	p.t.Helper()
	await(p.t, fmt.Sprintf("text %q in %s", want, selector), func() (bool, string) {
		found, err := call[*string](p, textOf, selector)
		if err != nil || found == nil {
			return false, p.glimpse()
		}
		return strings.Contains(*found, want), fmt.Sprintf("%q", *found)
	})
}

// screens lists the values of data-screen of what is visible.
const screens = `() => [...document.querySelectorAll('[data-screen]')].filter(e => e.checkVisibility()).map(e => e.dataset.screen)`

// WaitScreen waits until the dialog shows a screen: an element with that data-screen attribute is visible.
func (p *Page) WaitScreen(name string) {
	p.t.Helper()
	await(p.t, fmt.Sprintf("screen %q", name), func() (bool, string) {
		shown, err := call[[]string](p, screens)
		if err != nil {
			return false, err.Error()
		}
		for _, screen := range shown {
			if screen == name {
				return true, ""
			}
		}
		return false, fmt.Sprintf("screens %q, %s", shown, p.glimpse())
	})
}

// WaitArmed waits until the dialog counts clicks and keys: a screen ignores them for half a second after it appears (G9). Click waits for it
// by itself; a test that answers by key, with Press, needs it.
func (p *Page) WaitArmed() {
	p.t.Helper()
	p.Wait(`document.querySelector('main[data-armed]')`)
}

// Has tells whether an element that a selector finds is visible now. In a page that has gone it is not.
func (p *Page) Has(selector string) bool {
	p.t.Helper()
	found, err := call[*string](p, textOf, selector)
	if err != nil && !p.Closed() {
		p.t.Fatalf("look for %s: %v", selector, err)
	}
	return found != nil
}

// glimpse is what a failed wait saw of the page.
func (p *Page) glimpse() string {
	text, err := tryEval[string](p, `location.href + ': ' + (document.body ? document.body.innerText.trim().slice(0, 300) : 'no body')`)
	if err != nil {
		return err.Error()
	}
	return text
}
