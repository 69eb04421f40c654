package testbrowser_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// A new person: click at the site, type the address, sign in at the provider,
// and the site's own server has verified who it is. However the provider
// remembers its people, and with third-party cookies blocked or allowed.
func TestNewPerson(t *testing.T) {
	for _, session := range []idp.Session{idp.LaxCookie, idp.NoneCookie, idp.LocalStorage} {
		t.Run(string(session), func(t *testing.T) {
			testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
				f := newFlow(t, w, b, testbrowser.RP)
				f.signIn(testbrowser.Alice)

				kept := storage(w, b)
				assert.Contains(t, kept.State, testbrowser.Alice)
				assert.Len(t, kept.Keys, 1)
				f.site.Reload()
				f.site.WaitText("#address", testbrowser.Alice)
			}, withSession(session))
		})
	}
}

func withSession(session idp.Session) testbrowser.Option {
	return testbrowser.WithIdP(func(c *idp.Config) { c.Session = session })
}

// Who is signed in at the provider already types no password: one window
// flashes, or none where the hidden frame sees the session.
func TestSignedInAtProvider(t *testing.T) {
	for _, session := range []idp.Session{idp.LaxCookie, idp.NoneCookie, idp.LocalStorage} {
		t.Run(string(session), func(t *testing.T) {
			testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
				visitProvider(w, b, testbrowser.Alice)
				asked := time.Now()
				f := newFlow(t, w, b, testbrowser.RP)
				f.open("enter")
				f.typeAddress(testbrowser.Alice)
				f.press("#next")
				f.waitSignedIn(testbrowser.Alice)

				visits := w.Requests().To(testbrowser.IdP).Since(asked)
				assert.Empty(t, visits.Path(idp.AuthenticationPath), "no password asked")
				frameSuffices := session == idp.NoneCookie && b.Profile() == testbrowser.ThirdPartyAllowed
				want := 2 // in vain in the frame, then in the window
				if frameSuffices {
					want = 1
				}
				assert.Len(t, visits.Path(idp.ProvisioningPath), want)
			}, withSession(session))
		})
	}
}

// A returning person: click, pick the address, in. No window, and nobody asks
// the provider anything.
func TestReturningPerson(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newFlow(t, w, b, testbrowser.RP)
		f.signIn(testbrowser.Alice)
		f.signOut()

		returned := time.Now()
		f.open("pick")
		assert.Equal(t, "Continue as "+testbrowser.Alice, f.dialog.Text(".identity"))
		b.NoPopup(func() {
			f.press(".identity")
			f.waitSignedIn(testbrowser.Alice)
		})
		assert.Empty(t, w.Requests().To(testbrowser.IdP).Since(returned).Lines())

		other := newFlow(t, w, b, testbrowser.RP2)
		other.open("pick")
		other.press(".identity")
		other.waitSignedIn(testbrowser.Alice)
	})
}

func TestSeveralAddresses(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		makeKnown(t, w, b, testbrowser.Alice)
		f := newFlow(t, w, b, testbrowser.RP)
		f.open("pick")
		f.press("#other")
		f.typeAddress(testbrowser.Carol)
		f.signInAt(f.dialog.Popup(func() { f.press("#next") }))
		f.waitSignedIn(testbrowser.Carol)

		kept := storage(w, b)
		require.Len(t, kept.Keys, 2)
		_, alices, _ := strings.Cut(kept.Keys[0], " ")
		_, carols, _ := strings.Cut(kept.Keys[1], " ")
		assert.NotEqual(t, alices, carols, "two addresses have two keys")

		other := newFlow(t, w, b, testbrowser.RP2)
		other.open("pick")
		assert.Equal(t, []string{testbrowser.Carol, testbrowser.Alice}, offered(other.dialog), "the last used first")
		other.press(`.identity[data-email="` + testbrowser.Alice + `"]`)
		other.waitSignedIn(testbrowser.Alice)

		f.signOut()
		f.open("pick")
		assert.Equal(t, []string{testbrowser.Carol, testbrowser.Alice}, offered(f.dialog), "the last used at this site first")
		f.press("#cancel")
		f.dialog.WaitClosed()
	})
}

// offered lists the addresses that the picker shows.
func offered(dialog *testbrowser.Page) []string {
	return testbrowser.Eval[[]string](dialog, `[...document.querySelectorAll('.identity')].map(e => e.dataset.email)`)
}

func TestUseAnotherAddressAndBack(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		makeKnown(t, w, b, testbrowser.Alice)
		f := newFlow(t, w, b, testbrowser.RP)
		f.open("pick")
		f.press("#other")
		f.dialog.WaitScreen("enter")
		f.press("#back")
		f.dialog.WaitScreen("pick")
		f.press(".identity")
		f.waitSignedIn(testbrowser.Alice)
	})
}

// Removing an address deletes its key, its certificate and what sites remember of it (B3.6).
func TestRemoveFromThisBrowser(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newFlow(t, w, b, testbrowser.RP)
		f.signIn(testbrowser.Alice)
		f.signOut()
		f.open("pick")
		f.press(".remove")
		f.dialog.WaitScreen("enter")
		kept := storage(w, b)
		assert.Empty(t, kept.Keys)
		assert.NotContains(t, kept.State, testbrowser.Alice)
		assert.NotContains(t, kept.State, testbrowser.RP)
		f.press("#cancel")
		f.dialog.WaitClosed()
	})
}

// The provider's window needs a click of its own where the first click's
// permission has run out.
func TestContinueToProvider(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.IdP.Misbehave(idp.Silent) // the frame takes all of its time
		f := newFlow(t, w, b, testbrowser.RP)
		f.open("enter")
		f.typeAddress(testbrowser.Alice)
		// What a slow network does to the click: its permission is spent by the time it is needed.
		testbrowser.Eval[bool](f.dialog, `Object.defineProperty(navigator.userActivation, 'isActive', { value: false }) && true`)
		f.press("#next")
		f.dialog.WaitScreen("continue")
		w.IdP.Misbehave()
		f.signInAt(f.dialog.Popup(func() { f.press("#continue") }))
		f.waitSignedIn(testbrowser.Alice)
	})
}

// The window of the provider may be closed, by whomever: the dialog offers to open it again.
func TestProviderWindowClosed(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newFlow(t, w, b, testbrowser.RP)
		provider := f.enter(testbrowser.Alice)
		provider.Wait(`document.querySelector('#password')`)
		provider.Close()
		f.dialog.WaitScreen("continue")
		f.signInAt(f.dialog.Popup(func() { f.press("#continue") }))
		f.waitSignedIn(testbrowser.Alice)
	})
}

// An authentication page with COOP cuts its window off. To the dialog it looks closed, so another one is offered; but whoever goes on in the
// first one needs no other (design 5).
func TestProviderWindowSevered(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.IdP.Misbehave(idp.AuthenticationCOOP)
		f := newFlow(t, w, b, testbrowser.RP)
		provider := f.enter(testbrowser.Alice)
		f.dialog.WaitScreen("continue")
		f.signInAt(provider)
		f.waitSignedIn(testbrowser.Alice)
		provider.WaitClosed()
	})
}

// Who takes the other one signs in there; the first is of no use any more.
func TestAnotherWindowForSevered(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.IdP.Misbehave(idp.AuthenticationCOOP)
		f := newFlow(t, w, b, testbrowser.RP)
		first := f.enter(testbrowser.Alice)
		first.Wait(`document.querySelector('#password')`)
		f.dialog.WaitScreen("continue")
		second := f.dialog.Popup(func() { f.press("#continue") })
		f.signInAt(second)
		f.waitSignedIn(testbrowser.Alice)
		f.signInAt(first)
		first.WaitClosed()
		assert.Len(t, w.Requests().To(testbrowser.IdP).Path("/certificate"), 1)
	})
}
