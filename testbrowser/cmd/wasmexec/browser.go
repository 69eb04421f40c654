package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// exitMark is what the page says before the exit status.
const exitMark = "wasmexec: exit"

// run runs a program in a browser of its own and returns its exit status.
func run(ctx context.Context, p program, output io.Writer) (status int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	handler, err := p.handler(ctx)
	if err != nil {
		return 0, err
	}
	url, err := serve(ctx, handler)
	if err != nil {
		return 0, err
	}
	browser, stop := startBrowser(ctx)
	defer stop()
	lines := chromedp.Events(browser, runtime.ConsoleAPICalled)
	if err := chromedp.Do(browser, chromedp.Navigate(url)); err != nil {
		return 0, fmt.Errorf("open %s: %w", url, err)
	}
	for line, err := range lines {
		if err != nil {
			return 0, fmt.Errorf("read the console: %w", err)
		}
		if len(line.Args) == 2 && textOf(line.Args[0]) == exitMark {
			return status, json.Unmarshal(line.Args[1].Value, &status)
		}
		for _, argument := range line.Args {
			fmt.Fprintln(output, textOf(argument))
		}
	}
	return 0, errors.New("the browser ended")
}

// startBrowser makes a context of chromedp. Popups are not blocked, since
// nobody is there to click.
func startBrowser(ctx context.Context) (context.Context, context.CancelFunc) {
	allocator, stopAllocator := chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(cmp.Or(os.Getenv("NAVID_CHROMIUM"), "chromium")),
		chromedp.Flag("headless", true),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("no-first-run", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-popup-blocking", true),
	)
	browser, stopBrowser := chromedp.NewContext(allocator)
	return browser, func() { stopBrowser(); stopAllocator() }
}

// textOf returns a string as it is, and describes anything else.
func textOf(value *runtime.RemoteObject) string {
	var text string
	if json.Unmarshal(value.Value, &text) == nil {
		return text
	}
	return cmp.Or(value.Description, string(value.Value), string(value.Type))
}
