package testbrowser_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// seen is what a page sees of the dialog that it opened, before its person does anything there.
type seen struct {
	Frames   []int    // each number of frames that it ever had
	Messages []string // each kind of message that came
	Requests []string // what the dialog asked of its host (which the page does not see, but the network does)
}

// For a known, an unknown and an expired address the page that opens the
// dialog sees the same, until the person's own click (E7, G10; abuse test 18).
func TestDialogIsNoOracle(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newPlainFlow(t, w, b)
		unknown := f.watchDialog("enter")
		f.signInAt(f.enter(testbrowser.Alice))
		f.dialog.WaitClosed()
		known := f.watchDialog("pick")
		spoilCertificate(w, b)
		expired := f.watchDialog("pick")

		assert.Equal(t, []int{0}, known.Frames)
		assert.Equal(t, []string{`{"a":"ready"}`}, known.Messages)
		assert.Equal(t, unknown.Frames, known.Frames)
		assert.Equal(t, unknown.Messages, known.Messages)
		assert.Equal(t, expired, known)
		// Static files may come from the cache the second time; beside them nothing is asked.
		assert.Subset(t, unknown.Requests, known.Requests)
	})
}

// watchDialog opens the dialog, watches it from the site for two seconds, and cancels.
func (f *flow) watchDialog(screen string) seen {
	f.t.Helper()
	opened := time.Now()
	testbrowser.Eval[bool](f.site, `(() => {
		window.frameCounts = new Set(), window.messages = new Set()
		const realOpen = window.realOpen ??= open
		window.open = (...args) => {
			const dialog = realOpen.apply(window, args)
			const timer = setInterval(() => frameCounts.add(dialog.length), 5)
			setTimeout(clearInterval, 2000, timer)
			return dialog
		}
		addEventListener('message', event => messages.add(event.data))
		return true
	})()`)
	f.open(screen)
	testbrowser.Eval[bool](f.site, `new Promise(resolve => setTimeout(resolve, 2000, true))`)
	s := testbrowser.Eval[seen](f.site, `({ Frames: [...frameCounts], Messages: [...messages] })`)
	s.Requests = distinct(f.w.Requests().To(testbrowser.Host).Since(opened))
	f.press("#cancel")
	f.dialog.WaitClosed()
	f.site.Wait(`told.some(([event]) => event === 'cancel')`)
	return s
}

func distinct(requests testbrowser.Requests) []string {
	lines := requests.Lines()
	slices.Sort(lines)
	return slices.Compact(lines)
}
