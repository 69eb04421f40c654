package testbrowser

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Viewport gives the page another size, in CSS pixels.
func (p *Page) Viewport(width, height int) {
	p.t.Helper()
	p.DenseViewport(width, height, 1)
}

// DenseViewport is [Page.Viewport] on a screen that has several pixels for a CSS pixel: pictures get so much larger.
func (p *Page) DenseViewport(width, height int, density float64) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(int64(width), int64(height), chromedp.EmulateScale(density))); err != nil {
		p.t.Fatalf("resize: %v", err)
	}
}

// Prefer makes the page see a preference of its person, such as ("prefers-color-scheme", "dark").
func (p *Page) Prefer(feature, value string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: feature, Value: value}},
	})
	if err != nil {
		p.t.Fatalf("prefer %s %s: %v", feature, value, err)
	}
}
