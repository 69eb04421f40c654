// Package testbrowser tests Navid in a real browser, on distinct https sites.
//
// A [World] is a set of https sites by name (rp.test, login.example, idp.test …), served in this process with a certificate authority made
// in it, and a record of every request made to them. A [Browser] is a clean Chromium profile wired to one world. A [Page] is one of its
// tabs, windows or cross-site frames.
//
//	func TestSomething(t *testing.T) {
//		testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
//			site := b.Open(w.URL("rp.test", "/"))
//			dialog := site.Popup(func() { site.Click("#sign-in") })
//			dialog.WaitScreen("enter")
//			dialog.Type("#email", "alice@idp.test")
//			dialog.Click("button[type=submit]")
//			site.WaitText("#address", "alice@idp.test")
//		})
//	}
//
// # What a test can rely on
//
//   - Clicks and keys are real input events: they carry a user gesture, and nothing else does. Popup blocking is on.
//   - Both cookie profiles exist: third-party cookies blocked (Debian's default) and allowed.
//   - Every wait is for a state, is bounded by [Patience], and says on failure what it saw instead. There are no sleeps.
//   - A console error, an uncaught exception, a crashed page, a request to a host that the world does not have or a panicking handler fails
//     the test, unless the test said that it expects it ([Browser.ExpectConsole], [World.ExpectUnknown]).
//   - When a test fails, a screenshot of each window, the console and the requests are written to its artifact directory
//     (go test -artifacts keeps it).
//
// # How worlds and browsers meet
//
// Each world is a proxy of its own, and each browser context is told to use the proxy of its world. So no port is in any URL, worlds do not
// disturb each other, the browser process can be shared by all tests, and http: pages can exist too. Names are never resolved.
//
// All methods fail the test of the world or browser they belong to; call them from the goroutine of that test.
//
// Not tested here: Firefox, Safari, touch, headful windows, and a permission prompt answered by a person.
package testbrowser
