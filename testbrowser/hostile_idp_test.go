package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// Each wrong certificate has its own error, and nothing of it is stored
// (design 5.5; security.md abuse test 9).
func TestWrongCertificates(t *testing.T) {
	want := map[idp.Misbehaviour]agent.Code{
		idp.SomeoneElse:  agent.CodeCertificateWrongAddress,
		idp.AnotherKey:   agent.CodeCertificateWrongKey,
		idp.WrongIssuer:  agent.CodeCertificateWrongIssuer,
		idp.TooLong:      agent.CodeCertificateTooLong,
		idp.Expired:      agent.CodeCertificateWrongTime,
		idp.Garbage:      agent.CodeCertificateMalformed,
		idp.BadSignature: agent.CodeCertificateBadSignature,
	}
	require.Len(t, idp.CertificateMisbehaviours(), len(want))
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newPlainFlow(t, w, b)
		f.open("enter")
		visitProvider(w, b, testbrowser.Alice)
		for _, way := range idp.CertificateMisbehaviours() {
			w.IdP.Misbehave(way)
			f.typeAddress(testbrowser.Alice)
			f.press("#next")
			f.waitError(want[way])
			assert.Equal(t, kept{Keys: []string{}, Other: []string{}}, storage(w, b), way)
			f.press("#back")
		}
		f.press("#cancel")
		f.dialog.WaitClosed()
		assert.ElementsMatch(t, toldCancelled, f.told(3))
	})
}

func (f *flow) waitError(code agent.Code) {
	f.t.Helper()
	f.dialog.WaitScreen("error")
	f.dialog.WaitText("#error-code", string(code))
}

// Whoever does not do their part is named, and there is a way on.
func TestProviderDoesNotDoItsPart(t *testing.T) {
	for way, want := range map[idp.Misbehaviour]agent.Code{
		idp.DocumentMissing:    agent.CodeNoProvider,
		idp.DocumentBroken:     agent.CodeProviderInvalid,
		idp.DocumentRedirected: agent.CodeNoProvider, // C3.1: on first contact as good as none
		idp.DocumentDisabled:   agent.CodeNoProvider,
		idp.DocumentFailing:    agent.CodeProviderUnreachable,
	} {
		t.Run(string(way), func(t *testing.T) {
			testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
				w.IdP.Misbehave(way)
				f := newFlow(t, w, b, testbrowser.RP)
				f.open("enter")
				f.typeAddress(testbrowser.Alice)
				b.NoPopup(func() {
					f.press("#next")
					f.waitError(want)
				})
				f.press("#back")
				f.dialog.WaitScreen("enter")
			})
		})
	}
}

// Where one provider fails, an address of another one works in the same dialog.
func TestAnotherProviderInstead(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.IdP.Misbehave(idp.DocumentFailing)
		f := newFlow(t, w, b, testbrowser.RP)
		f.open("enter")
		f.typeAddress(testbrowser.Alice)
		f.press("#next")
		f.waitError(agent.CodeProviderUnreachable)
		f.press("#back")
		f.typeAddress(testbrowser.Carol)
		f.signInAt(f.dialog.Popup(func() { f.press("#next") }))
		f.waitSignedIn(testbrowser.Carol)
	})
}

func TestUnknownDomain(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newFlow(t, w, b, testbrowser.RP)
		f.open("enter")
		f.typeAddress("someone@" + testbrowser.RP2) // a site that is no provider
		f.press("#next")
		f.waitError(agent.CodeNoProvider)
		f.press("#cancel")
		f.site.WaitText("#message", "You have not signed in.")
	})
}

func TestProviderNeverSignsIn(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.IdP.Misbehave(idp.NeverSignedIn)
		f := newFlow(t, w, b, testbrowser.RP)
		f.signInAt(f.enter(testbrowser.Alice))
		f.waitError(agent.CodeProviderRefused)
		w.IdP.Misbehave()
		f.press("#retry")
		f.waitSignedIn(testbrowser.Alice)
	})
}

// A provider that never says a word: the person can leave at any time. (That
// the wait ends by itself is tested in package agent.)
func TestProviderSilent(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.IdP.Misbehave(idp.Silent)
		f := newPlainFlow(t, w, b)
		provider := f.enter(testbrowser.Alice)
		f.dialog.WaitScreen("wait")
		f.press("#cancel")
		f.dialog.WaitClosed()
		provider.WaitClosed()
		assert.ElementsMatch(t, toldCancelled, f.told(3))
	})
}

// Slow pages, and pages that refuse to be framed, only cost the hidden frame.
func TestFrameInVain(t *testing.T) {
	for _, way := range []idp.Misbehaviour{idp.Slow, idp.FramesRefused} {
		t.Run(string(way), func(t *testing.T) {
			testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
				b.AllowConsole("X-Frame-Options|frame-ancestors") // the browser says that it refused
				w.IdP.Misbehave(way)
				newFlow(t, w, b, testbrowser.RP).signIn(testbrowser.Alice)
			})
		})
	}
}

// dialogFrom has the ways that lead to the dialog itself, from a frame and from
// a window: "parent.opener" of a window is its opener, since it is its own parent.
var dialogFrom = map[bool][]string{
	true:  {"parent", "top"},
	false: {"opener", "opener.parent", "parent.opener", "top.opener"},
}

// A provider cannot reach the site through the dialog (security.md E1, G2;
// abuse test 2): from its window and its hidden frame nothing of the site is
// in reach, and nothing that it says arrives there.
func TestProviderCannotReachSite(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.IdP.Misbehave(idp.Hostile)
		f := newPlainFlow(t, w, b)
		testbrowser.Eval[bool](f.site, `(window.strangers = [], addEventListener('message', event => {
			if (event.origin !== 'https://login.example') strangers.push(event.origin)
		}), true)`)
		f.signInAt(f.enter(testbrowser.Alice))
		f.dialog.WaitClosed()
		told := f.told(3)
		assert.Equal(t, "login", told[1][0], "it did its part")
		assert.Empty(t, testbrowser.Eval[[]string](f.site, `strangers`))

		framed, windowed := false, false
		for _, report := range w.IdP.Reports() {
			framed, windowed = framed || report.Framed, windowed || !report.Framed
			for _, reached := range report.Reached {
				assert.Contains(t, dialogFrom[report.Framed], reached.Path, "nothing but the dialog, framed %v", report.Framed)
				assert.False(t, reached.Communication)
			}
		}
		assert.True(t, framed, "the frame reported")
		assert.True(t, windowed, "the window reported")
	})
}
