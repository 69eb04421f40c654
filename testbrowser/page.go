package testbrowser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Page is a window, a tab, or a cross-site frame.
type Page struct {
	t       testing.TB
	browser *Browser
	info    *target.Info // when it appeared
	ctx     context.Context
	cancel  context.CancelFunc
	attach  func() error // once
}

func newPage(b *Browser, info *target.Info) *Page {
	p := &Page{t: b.t, browser: b, info: info}
	p.renew()
	p.attach = sync.OnceValue(p.attachAnyhow)
	return p
}

// renew makes the context that the page will be attached with.
func (p *Page) renew() {
	p.ctx, p.cancel = chromedp.NewContext(p.browser.chromium.ctx,
		chromedp.WithTargetID(p.info.TargetID),
		chromedp.WithDetachOnCancel(),
		chromedp.WithListener(p.browser.console.listener(p.info)))
}

// attachAnyhow attaches, also to a page that goes elsewhere at that very moment: Chromium's answer is then the same as for one that has closed.
func (p *Page) attachAnyhow() error {
	const attempts = 5
	err := chromedp.Do(p.ctx)
	for range attempts {
		if err == nil || !strings.Contains(err.Error(), "Inspected target navigated or closed") {
			break
		}
		p.cancel()
		p.renew()
		err = chromedp.Do(p.ctx)
	}
	return err
}

// detach lets go of the page without closing it.
func (p *Page) detach() {
	p.cancel()
}

// Go navigates to a URL and waits until it has loaded.
func (p *Page) Go(url string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, Patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		p.t.Fatalf("go to %s: %v", url, err)
	}
}

// Reload loads the page again and waits until it has loaded.
func (p *Page) Reload() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, Patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Reload()); err != nil {
		p.t.Fatalf("reload: %v", err)
	}
}

// BeforeLoad runs JavaScript in each document that the page loads from now on, before the document's own.
func (p *Page) BeforeLoad(script string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	if err != nil {
		p.t.Fatalf("add script: %v", err)
	}
}

// Eval runs JavaScript in the page and returns its value; a promise is awaited. It gives the page no user gesture. It is for looking at
// things, and for calling what the page's own scripts would; use Click and Press to do what a person does.
func Eval[T any](p *Page, script string) T {
	p.t.Helper()
	value, err := tryEval[T](p, script)
	if err != nil {
		p.t.Fatalf("evaluate %s: %v", script, err)
	}
	return value
}

// tryEval is Eval for a page that may be loading or closing.
//
// chromedp.Poll and its Wait actions are not used in this package: they run their script with a user gesture, which would let the page open
// windows.
func tryEval[T any](p *Page, script string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, Patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// call runs a JavaScript function with arguments.
func call[T any](p *Page, function string, args ...any) (T, error) {
	encoded := make([]string, len(args))
	for i, arg := range args {
		text, err := json.Marshal(arg)
		if err != nil {
			var zero T
			return zero, fmt.Errorf("encode argument: %w", err)
		}
		encoded[i] = string(text)
	}
	return tryEval[T](p, "("+function+")("+strings.Join(encoded, ",")+")")
}

// URL is the address that the page shows.
func (p *Page) URL() string {
	p.t.Helper()
	return Eval[string](p, "location.href")
}

// History is the addresses that the Back and Forward buttons lead to, and the present one.
func (p *Page) History() []string {
	p.t.Helper()
	history, err := chromedp.Call(p.ctx, page.GetNavigationHistory, cdp.Empty{})
	if err != nil {
		p.t.Fatalf("read history: %v", err)
	}
	var addresses []string
	for _, entry := range history.Entries {
		addresses = append(addresses, entry.URL)
	}
	return addresses
}

// Popup returns the window that an action opens, see [Browser.Popup].
func (p *Page) Popup(action func()) *Page {
	p.t.Helper()
	return p.browser.Popup(action)
}

// Front makes the page the active one, as clicking on its tab would.
func (p *Page) Front() {
	p.t.Helper()
	if err := p.front(); err != nil {
		p.t.Fatalf("bring to front: %v", err)
	}
}

func (p *Page) front() error {
	_, err := chromedp.Call(p.ctx, page.BringToFront, cdp.Empty{})
	return err
}

// Close closes the window, as its person would.
func (p *Page) Close() {
	p.t.Helper()
	_, err := chromedp.CallBrowser(p.browser.chromium.ctx, target.CloseTarget, target.CloseTargetParams{TargetID: p.info.TargetID})
	if err != nil {
		p.t.Fatalf("close window: %v", err)
	}
	p.WaitClosed()
}

// Closed tells whether the page has gone.
func (p *Page) Closed() bool {
	p.t.Helper()
	for _, info := range p.browser.infos() {
		if info.TargetID == p.info.TargetID {
			return false
		}
	}
	return true
}

// WaitClosed waits until the page has gone.
func (p *Page) WaitClosed() {
	p.t.Helper()
	await(p.t, "the window to close", func() (bool, string) {
		return p.Closed(), "still at " + p.where()
	})
}

// where is the URL for messages: it never fails.
func (p *Page) where() string {
	url, err := tryEval[string](p, "location.href")
	if err != nil {
		return err.Error()
	}
	return url
}

// Screenshot is a PNG of what the page shows.
func (p *Page) Screenshot() []byte {
	p.t.Helper()
	picture, err := p.screenshot()
	if err != nil {
		p.t.Fatalf("take screenshot: %v", err)
	}
	return picture
}

func (p *Page) screenshot() ([]byte, error) {
	ctx, cancel := context.WithTimeout(p.ctx, Patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// gone tells whether an error says that the page closed while it was used.
func gone(err error) bool {
	return errors.Is(err, chromedp.ErrTargetDetached)
}
