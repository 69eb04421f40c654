package testbrowser

import (
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// Grant gives a site, and what it embeds, a permission for good, as its person would who is asked. Storage access is for the frames of
// one origin in the pages of another (webplatform.md 3).
func (b *Browser) Grant(permission, embedder, embedded string) {
	b.t.Helper()
	_, err := chromedp.CallBrowser(b.chromium.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission:       &browser.PermissionDescriptor{Name: permission},
		Setting:          browser.PermissionSettingGranted,
		Origin:           embedder,
		EmbeddedOrigin:   embedded,
		BrowserContextID: b.context,
	})
	if err != nil {
		b.t.Fatalf("grant %s: %v", permission, err)
	}
}
