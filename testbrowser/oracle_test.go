package testbrowser_test

import (
	"math"
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
		makeKnown(t, w, b, testbrowser.Alice)
		f.site.Front()
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

// Nor does the page see it by the time that the dialog takes until it speaks.
// What a busy machine adds to that differs from round to round, and the
// quickest round has the least of it; so rounds are added until the quickest
// ones agree, which a delay that is there each time never lets them. It has
// the machine to itself as far as it can: it is not parallel.
func TestDialogIsAsQuickForAnybody(t *testing.T) {
	w := testbrowser.NewWorld(t)
	unknown, known, expired := newStopwatch(t, w), newStopwatch(t, w), newStopwatch(t, w)
	for _, s := range []*stopwatch{known, expired} {
		makeKnown(t, w, s.b, testbrowser.Alice)
	}
	spoilCertificate(w, expired.b)

	apart := math.Inf(1)
	for round := 1; round <= 40 && (round <= 4 || apart > tellingDelay); round++ {
		for _, s := range []*stopwatch{unknown, known, expired} {
			s.takeTime()
		}
		apart = max(math.Abs(known.quickest-unknown.quickest), math.Abs(expired.quickest-unknown.quickest))
	}
	t.Logf("from the window to its first message: unknown %.0f ms, known %.0f ms, expired %.0f ms",
		unknown.quickest, known.quickest, expired.quickest)
	assert.LessOrEqual(t, apart, float64(tellingDelay))
}

// tellingDelay, in milliseconds, is less than the dialog would lose if it
// looked for a key, started the agent or asked its host before it spoke.
const tellingDelay = 50

// stopwatch is a person whose dialog is timed by the page that opens it.
type stopwatch struct {
	*flow
	quickest float64 // milliseconds
}

func newStopwatch(t *testing.T, w *testbrowser.World) *stopwatch {
	f := newPlainFlow(t, w, testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked))
	testbrowser.Eval[bool](f.site, `(() => {
		const realOpen = open
		window.open = (...args) => {
			const opened = performance.now()
			window.took = 0
			addEventListener('message', () => (window.took = performance.now() - opened), { once: true })
			return realOpen.apply(window, args)
		}
		return true
	})()`)
	return &stopwatch{f, math.Inf(1)}
}

// takeTime opens the dialog once, and closes it when it has spoken.
func (s *stopwatch) takeTime() {
	s.t.Helper()
	s.dialog = s.site.Popup(func() { s.site.Click("#sign-in") })
	s.site.Wait(`window.took`)
	s.quickest = min(s.quickest, testbrowser.Eval[float64](s.site, `(told.length = 0, took)`))
	s.dialog.Close()
	s.site.Wait(`told.some(([event]) => event === 'cancel')`)
}
