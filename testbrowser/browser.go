package testbrowser

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Patience bounds every wait. It is long, because it is only ever waited out by a test that fails.
const Patience = 20 * time.Second

// Browser is a Chromium as one person has it: cookies, storage and windows of its own, all sites those of one world.
type Browser struct {
	t        testing.TB
	world    *World
	profile  Profile
	chromium *chromium
	context  cdp.BrowserContextID
	console  console
	listen   context.CancelFunc

	mu    sync.Mutex
	pages map[target.ID]*Page
	order []*Page // as they appeared
}

// NewBrowser gives a test a clean browser: a new browser context in a process that the tests of the same profile share. It costs some
// tens of milliseconds and ends with the test.
func NewBrowser(t testing.TB, w *World, profile Profile) *Browser {
	t.Helper()
	shared, err := sharedChromium(profile)
	if err != nil {
		t.Fatal(err)
	}
	made, err := chromedp.CallBrowser(shared.ctx, target.CreateBrowserContext, target.CreateBrowserContextParams{
		ProxyServer:     w.entrance.Addr().String(),
		ProxyBypassList: proxyEverything,
	})
	if err != nil {
		t.Fatalf("make browser context: %v", err)
	}
	id := made.BrowserContextID
	b := &Browser{t: t, world: w, profile: profile}
	b.enter(shared, id)
	t.Cleanup(func() {
		b.finish()
		b.leave()
		_, err := chromedp.CallBrowser(shared.ctx, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: id})
		if err != nil {
			t.Errorf("dispose of browser context: %v", err)
		}
	})
	return b
}

// StartBrowser gives a test a browser process and a profile directory of its own, for tests that [Browser.Kill] and [Browser.Restart] it.
// It costs about a second.
func StartBrowser(t testing.TB, w *World, profile Profile) *Browser {
	t.Helper()
	b := &Browser{t: t, world: w, profile: profile}
	b.start(t.TempDir())
	t.Cleanup(func() {
		b.finish()
		b.leave()
		if err := b.chromium.close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *Browser) start(directory string) {
	b.t.Helper()
	own, err := startChromium(directory, b.profile, b.world.entrance.Addr().String())
	if err != nil {
		b.t.Fatal(err)
	}
	first, err := own.defaultContext()
	if err != nil {
		b.t.Fatal(err)
	}
	b.enter(own, first.BrowserContextID)
}

// enter starts to watch the windows and frames that appear in a browser context.
func (b *Browser) enter(c *chromium, id cdp.BrowserContextID) {
	b.t.Helper()
	b.chromium, b.context, b.pages = c, id, map[target.ID]*Page{}
	ctx, cancel := context.WithCancel(c.ctx)
	b.listen = cancel
	err := chromedp.ListenBrowser(ctx, func(event any) {
		if created, ok := event.(*target.EventTargetCreated); ok {
			b.meet(created.TargetInfo)
		}
	})
	if err != nil {
		b.t.Fatalf("watch browser: %v", err)
	}
}

// leave stops watching and lets go of all pages.
func (b *Browser) leave() {
	b.listen()
	for _, page := range b.all() {
		page.detach()
	}
}

// Profile is the profile that this browser has.
func (b *Browser) Profile() Profile {
	return b.profile
}

// Kill ends the browser at once, as a crash would: SIGKILL to the process and its children. Only for a browser of [StartBrowser].
func (b *Browser) Kill() {
	b.t.Helper()
	if b.chromium.shared {
		b.t.Fatal("this browser's process is shared with other tests: make it with StartBrowser")
	}
	b.leave()
	if err := b.chromium.kill(); err != nil {
		b.t.Fatal(err)
	}
}

// Restart starts the browser again on the same profile directory, after [Browser.Kill] or, in an orderly way, while it runs. Its pages are
// gone.
func (b *Browser) Restart() {
	b.t.Helper()
	if b.chromium.ctx.Err() == nil {
		b.leave()
		if err := b.chromium.close(); err != nil {
			b.t.Fatal(err)
		}
	}
	b.start(b.chromium.directory)
}

// Open opens a URL in a new tab and waits until it has loaded.
func (b *Browser) Open(url string) *Page {
	b.t.Helper()
	made, err := chromedp.CallBrowser(b.chromium.ctx, target.CreateTarget, target.CreateTargetParams{URL: "about:blank", BrowserContextID: b.context})
	if err != nil {
		b.t.Fatalf("open tab: %v", err)
	}
	page := b.page(&target.Info{TargetID: made.TargetID, Type: "page"})
	b.need(page)
	page.Go(url)
	return page
}

// Popup returns the window or tab that an action opens. It fails the test when none appears.
func (b *Browser) Popup(action func()) *Page {
	b.t.Helper()
	before := len(b.windows())
	action()
	var popup *Page
	await(b.t, "a new window", func() (bool, string) {
		windows := b.windows()
		if len(windows) == before {
			return false, fmt.Sprintf("%d windows as before: %v", before, b.describe())
		}
		popup = windows[before]
		return true, ""
	})
	b.need(popup)
	return popup
}

// NoPopup asserts that an action opens no window.
func (b *Browser) NoPopup(action func()) {
	b.t.Helper()
	before := len(b.windows())
	action()
	b.Targets() // a round trip: windows that were opened have been announced when it returns
	if windows := b.windows(); len(windows) > before {
		b.t.Errorf("a window was opened: %s", windows[before].info.URL)
	}
}

// Target is a window, tab or cross-site frame as the browser lists it.
type Target struct {
	Type      string // "page" or "iframe", also "service_worker" and others
	URL       string
	HasOpener bool // whether a page opened it; the page itself may see no opener
}

// Targets lists what exists in this browser now.
func (b *Browser) Targets() []Target {
	b.t.Helper()
	var found []Target
	for _, info := range b.infos() {
		found = append(found, Target{Type: info.Type, URL: info.URL, HasOpener: info.OpenerID != ""})
	}
	return found
}

func (b *Browser) infos() []*target.Info {
	b.t.Helper()
	infos, err := chromedp.Targets(b.chromium.ctx)
	if err != nil {
		b.t.Fatalf("list targets: %v", err)
	}
	return slices.DeleteFunc(infos, func(info *target.Info) bool { return info.BrowserContextID != b.context })
}

func (b *Browser) describe() []string {
	var lines []string
	for _, t := range b.Targets() {
		lines = append(lines, t.Type+" "+t.URL)
	}
	return lines
}

// Frame returns the cross-site frame whose URL begins with a prefix, waiting until there is one. A frame of the page's own site is not
// a target of its own: reach it from its page by script.
func (b *Browser) Frame(prefix string) *Page {
	b.t.Helper()
	return b.find("iframe", prefix)
}

// Window returns the window or tab whose URL begins with a prefix, waiting until there is one.
func (b *Browser) Window(prefix string) *Page {
	b.t.Helper()
	return b.find("page", prefix)
}

func (b *Browser) find(kind, prefix string) *Page {
	b.t.Helper()
	var found *Page
	await(b.t, "a target of type "+kind+" at "+prefix, func() (bool, string) {
		for _, info := range b.infos() {
			if info.Type == kind && strings.HasPrefix(info.URL, prefix) {
				found = b.page(info)
				return true, ""
			}
		}
		return false, fmt.Sprintf("%v", b.describe())
	})
	b.need(found)
	return found
}

// meet takes notice of a target that the browser announces.
func (b *Browser) meet(info *target.Info) {
	if info.BrowserContextID == b.context && (info.Type == "page" || info.Type == "iframe") {
		page := b.page(info)
		go func() { _ = page.attach() }() // one that has closed meanwhile cannot be attached to
	}
}

// page returns the one Page of a target.
func (b *Browser) page(info *target.Info) *Page {
	b.mu.Lock()
	defer b.mu.Unlock()
	if known, ok := b.pages[info.TargetID]; ok {
		return known
	}
	page := newPage(b, info)
	b.pages[info.TargetID] = page
	b.order = append(b.order, page)
	return page
}

// need attaches to a page that the test cannot do without. One that has closed meanwhile is for the test to be surprised about.
func (b *Browser) need(page *Page) {
	b.t.Helper()
	if err := page.attach(); err != nil && !(gone(err) && page.Closed()) {
		b.t.Fatalf("attach to %s %s: %v", page.info.Type, page.info.URL, err)
	}
}

// all returns every page and frame that there has been, in the order of their appearance.
func (b *Browser) all() []*Page {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.order)
}

func (b *Browser) windows() []*Page {
	return slices.DeleteFunc(b.all(), func(p *Page) bool { return p.info.Type != "page" })
}
