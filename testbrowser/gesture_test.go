package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// Nothing is confirmed by a gesture that began before the dialog could be seen
// for half a second (security.md G9; abuse test 15).
func TestStolenGestures(t *testing.T) {
	gestures := map[string]func(dialog *testbrowser.Page){
		"the second click of a double-click": func(dialog *testbrowser.Page) { dialog.ClickAtOnce(".identity") },
		"a held Enter": func(dialog *testbrowser.Page) {
			focusIdentity(dialog)
			dialog.Press("Enter", 40)
		},
		"Space": func(dialog *testbrowser.Page) {
			focusIdentity(dialog)
			dialog.Press("Space", 0)
		},
		"a script's click": func(dialog *testbrowser.Page) {
			restartClock(dialog)
			dialog.WaitArmed()
			testbrowser.Eval[bool](dialog, `(document.querySelector('.identity').click(), true)`)
		},
	}
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		makeKnown(t, w, b, testbrowser.Alice)
		f := newFlow(t, w, b, testbrowser.RP)
		for name, steal := range gestures {
			t.Log(name)
			f.open("pick")
			stopClock(f.dialog)
			steal(f.dialog)
			f.mustStillAsk("pick")
			restartClock(f.dialog)
			f.press(".identity") // and a person's own click works
			f.waitSignedIn(testbrowser.Alice)
			f.signOut()
		}
	})
}

// stopClock keeps the dialog in its first half second in sight, however slow
// the machine is on which the gesture is made.
func stopClock(dialog *testbrowser.Page) {
	testbrowser.Eval[bool](dialog, `(() => {
		const now = performance.now()
		performance.now = () => now
		return dispatchEvent(new Event('focus'))
	})()`)
}

func restartClock(dialog *testbrowser.Page) {
	testbrowser.Eval[bool](dialog, `(delete performance.now, dispatchEvent(new Event('focus')))`)
}

func focusIdentity(dialog *testbrowser.Page) {
	testbrowser.Eval[bool](dialog, `(document.querySelector('.identity').focus(), true)`)
}

// mustStillAsk checks that the dialog goes on asking, for long enough to have answered.
func (f *flow) mustStillAsk(screen string) {
	f.t.Helper()
	testbrowser.Eval[bool](f.dialog, `new Promise(resolve => setTimeout(resolve, 700, true))`)
	assert.Equal(f.t, screen, testbrowser.Eval[string](f.dialog, `document.querySelector('[data-screen]').dataset.screen`))
}

// An opener may open the dialog at a fragment. That moves the focus to no other button, and the one that has it waits like all.
func TestFragmentFocusesNothing(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		makeKnown(t, w, b, testbrowser.Alice)
		w.HandlePage("fragment.test", head+`<button id="sign-in">Sign in</button><script>
			document.querySelector('#sign-in').onclick = () => open('https://login.example/sign_in#other', '_blank', 'popup')
			addEventListener('message', event => event.source.postMessage('{"a":"request","d":{"method":"get","params":{}}}', event.origin))
		</script>`)
		f := newFlow(t, w, b, "fragment.test")
		f.open("pick")
		assert.Equal(t, testbrowser.Alice, testbrowser.Eval[string](f.dialog, `document.activeElement.dataset.email`))
		stopClock(f.dialog)
		f.dialog.Press("Enter", 20)
		f.mustStillAsk("pick")
	})
}
