package testbrowser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// chromium is a running Chromium process with a home and a user data directory of its own.
type chromium struct {
	directory string
	profile   Profile
	shared    bool // with other tests
	pid       int
	ctx       context.Context // of chromedp: its browser is the process
	stop      context.CancelFunc
}

// findChromium returns the program to run: $NAVID_CHROMIUM, or the first known name in $PATH.
func findChromium() (string, error) {
	if path := os.Getenv("NAVID_CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium found: install it (apt-get install chromium) or set NAVID_CHROMIUM to its path")
}

// startChromium starts a browser on the profile that directory holds; an empty directory becomes a new profile. Without a proxy, every
// browser context must be given one.
func startChromium(directory string, profile Profile, proxy string) (*chromium, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	userData := filepath.Join(directory, "data")
	if err := profile.prepare(userData); err != nil {
		return nil, err
	}
	c := &chromium{directory: directory, profile: profile}
	options := append(chromiumOptions(path, directory, userData, proxy), chromedp.Flag("js-flags", scriptFlags(profile)))
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	// chromedp logs its troubles in following the frames of each document, which nothing here relies on.
	ctx, stopBrowser := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	c.ctx, c.stop = ctx, func() { stopBrowser(); stopAllocator() }
	if err := chromedp.Do(ctx); err != nil {
		c.stop()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	c.pid = chromedp.FromContext(ctx).Browser.Process().Pid
	return c, nil
}

// chromiumOptions is the whole command line. It is our own list: chromedp's default one switches off popup blocking, background throttling
// and more, and then a test sees a browser that nobody uses (webplatform.md 0).
func chromiumOptions(path, home, userData, proxy string) []chromedp.ExecAllocatorOption {
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.Env("HOME="+home, "LANG=en_US.UTF-8"),
		chromedp.UserDataDir(userData),
		chromedp.Flag("headless", true),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("no-first-run", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-features", unseenWork),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("ignore-certificate-errors-spki-list", testAuthority().spki()),
	}
	if proxy != "" {
		options = append(options, chromedp.ProxyServer(proxy), chromedp.Flag("proxy-bypass-list", proxyEverything))
	}
	return options
}

// unseenWork are features that start processes of which no page sees anything: the address bar's drop-down, and one to have in hand for the
// next site. They took a third of the machine's time.
const unseenWork = "WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess"

// proxyEverything is a proxy bypass list that bypasses nothing, not even for localhost.
const proxyEverything = "<-loopback>"

// kill ends the process and all its children at once, as a crash or a power cut of the browser would.
func (c *chromium) kill() error {
	err := killTree(c.pid)
	c.stop()
	return err
}

// close ends the browser in an orderly way and waits for it.
func (c *chromium) close() error {
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	err := chromedp.Cancel(ctx)
	c.stop()
	if err != nil {
		return fmt.Errorf("close browser: %w", err)
	}
	return nil
}

// defaultContext is the id of the browser context that exists without being made: the profile itself.
func (c *chromium) defaultContext() (*target.Info, error) {
	id := chromedp.FromContext(c.ctx).Target.TargetID
	targets, err := chromedp.Targets(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("list targets: %w", err)
	}
	for _, info := range targets {
		if info.TargetID == id {
			return info, nil
		}
	}
	return nil, errors.New("the browser's first tab is gone")
}

// sharedChromiums are the browsers that tests share, one per profile, each started by the first test that needs it.
var sharedChromiums = struct {
	sync.Mutex
	running map[Profile]*chromium
}{running: map[Profile]*chromium{}}

func sharedChromium(profile Profile) (*chromium, error) {
	sharedChromiums.Lock()
	defer sharedChromiums.Unlock()
	if c := sharedChromiums.running[profile]; c != nil && c.ctx.Err() == nil {
		return c, nil
	}
	directory, err := os.MkdirTemp("", "navid-chromium-")
	if err != nil {
		return nil, fmt.Errorf("make profile directory: %w", err)
	}
	c, err := startChromium(directory, profile, "")
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(directory))
	}
	c.shared = true
	sharedChromiums.running[profile] = c
	return c, nil
}

// CloseShared ends the browsers that tests shared, and removes their profiles and the program that was built. TestMain calls it after the last test.
func CloseShared() error {
	sharedChromiums.Lock()
	defer sharedChromiums.Unlock()
	var errs []error
	for profile, c := range sharedChromiums.running {
		errs = append(errs, c.close(), os.RemoveAll(c.directory))
		delete(sharedChromiums.running, profile)
	}
	if builtNavid != "" {
		errs = append(errs, os.RemoveAll(builtNavid))
	}
	return errors.Join(errs...)
}
