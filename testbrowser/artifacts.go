package testbrowser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// finish judges the console, and leaves what helps to understand a failure. The pages are still there.
func (b *Browser) finish() {
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
