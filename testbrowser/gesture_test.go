package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// Nothing is confirmed by a gesture that began before the dialog could be seen
// for half a second (security.md G9; abuse test 15).
func TestStolenGestures(t *testing.T) {
	for name, steal := range map[string]func(dialog *testbrowser.Page){
		"the second click of a double-click": func(dialog *testbrowser.Page) { dialog.Click(".identity") },
		"a held Enter": func(dialog *testbrowser.Page) {
			focusIdentity(dialog)
			dialog.Press("Enter", 40)
		},
		"Space": func(dialog *testbrowser.Page) {
			focusIdentity(dialog)
			dialog.Press("Space", 0)
		},
		"a script's click": func(dialog *testbrowser.Page) {
			dialog.Wait(`document.querySelector('main[data-armed]')`)
			testbrowser.Eval[bool](dialog, `(document.querySelector('.identity').click(), true)`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
				f := newFlow(t, w, b, testbrowser.RP)
				f.signIn(testbrowser.Alice)
				f.signOut()
				f.open("pick")
				steal(f.dialog)
				f.mustStillAsk()
				f.press(".identity") // and a person's own click works
				f.waitSignedIn(testbrowser.Alice)
			})
		})
	}
}

func focusIdentity(dialog *testbrowser.Page) {
	testbrowser.Eval[bool](dialog, `(document.querySelector('.identity').focus(), true)`)
}

// mustStillAsk checks that the dialog goes on asking, for long enough to have answered.
func (f *flow) mustStillAsk() {
	f.t.Helper()
	testbrowser.Eval[bool](f.dialog, `new Promise(resolve => setTimeout(resolve, 700, true))`)
	assert.Equal(f.t, "pick", testbrowser.Eval[string](f.dialog, `document.querySelector('[data-screen]').dataset.screen`))
	assert.True(f.t, f.site.Has("#sign-in"), "nobody is signed in")
}

// The opener may move the dialog to a fragment. That puts the focus nowhere.
func TestFragmentFocusesNothing(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newPlainFlow(t, w, b)
		f.site.Wait(`told.length`)
		testbrowser.Eval[bool](f.site, `(window.realOpen = open, window.open = (...a) => window.dialog = realOpen.apply(window, a), true)`)
		f.open("enter")
		testbrowser.Eval[bool](f.site, `(dialog.location = 'https://login.example/sign_in#next', true)`)
		f.dialog.Press("Enter", 20)
		testbrowser.Eval[bool](f.dialog, `new Promise(resolve => setTimeout(resolve, 300, true))`)
		assert.Equal(t, "email", testbrowser.Eval[string](f.dialog, `document.activeElement.id`))
		f.dialog.WaitScreen("enter")
	})
}
