package testbrowser

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// finish judges the console, and leaves what helps to understand a failure. The pages are still there.
func (b *Browser) finish() {
	b.letGo()
	for _, page := range b.all() {
		if page.attach() == nil {
			_, _ = tryEval[int](page, "0") // a round trip: what the page wrote before has arrived then. A closed page has nothing to add
		}
	}
	for _, complaint := range b.console.complaints() {
		b.t.Errorf("console: %s", complaint)
	}
	if b.t.Failed() {
		b.keepEvidence()
	}
}

// letGo detaches from the frames that have gone. Attaching to one that went meanwhile would not end by itself.
func (b *Browser) letGo() {
	there, err := chromedp.Targets(b.chromium.ctx)
	if err != nil {
		return // a browser that was killed has let go of everything
	}
	var ids []target.ID
	for _, info := range there {
		ids = append(ids, info.TargetID)
	}
	for _, page := range b.all() {
		if page.info.Type == "iframe" && !slices.Contains(ids, page.info.TargetID) {
			page.detach()
		}
	}
}

// keepEvidence writes a screenshot of each window, the console and the requests to the artifact directory of the test.
func (b *Browser) keepEvidence() {
	directory := filepath.Join(b.t.ArtifactDir(), string(b.profile))
	if err := os.MkdirAll(directory, 0o755); err != nil {
		b.t.Logf("keep evidence: %v", err)
		return
	}
	for i, page := range b.windows() {
		if page.attach() != nil {
			continue // closed before anybody could look
		}
		if picture, err := page.screenshot(); err == nil {
			b.keep(directory, fmt.Sprintf("window-%d.png", i+1), picture)
		}
	}
	var lines strings.Builder
	for _, message := range b.Console() {
		fmt.Fprintf(&lines, "%s [%s] %s\n", message.Time.Format("15:04:05.000"), message.Page, message)
	}
	b.keep(directory, "console.log", []byte(lines.String()))
	b.keep(directory, "network.log", []byte(b.world.networkLog()))
	b.t.Logf("screenshots, console and requests are in %s", directory)
}

func (b *Browser) keep(directory, name string, data []byte) {
	if err := os.WriteFile(filepath.Join(directory, name), data, 0o644); err != nil {
		b.t.Logf("keep evidence: %v", err)
	}
}

// networkLog is all requests with their headers and bodies.
func (w *World) networkLog() string {
	var lines strings.Builder
	for _, r := range w.Requests() {
		fmt.Fprintf(&lines, "%s %s -> %d\n", r.Time.Format("15:04:05.000"), r, r.Status)
		_ = r.Header.Write(&lines) // a strings.Builder does not fail
		if len(r.Body) > 0 {
			fmt.Fprintf(&lines, "\n%s\n", r.Body)
		}
		fmt.Fprintln(&lines)
	}
	return lines.String()
}
