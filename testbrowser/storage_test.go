package testbrowser_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/testbrowser"
)

// What cannot be read is put aside, which is said once, and all begins anew.
func TestStorageCorrupt(t *testing.T) {
	unreadable := map[string]string{
		"torn off":         `{"version":1,"identities":[{"email":"al`,
		"of another shape": `{"version":1,"identities":"alice@idp.test","sites":[]}`,
		"of the future":    `{"version":2,"people":[]}`,
	}
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newFlow(t, w, b, testbrowser.RP)
		f.signIn(testbrowser.Alice)
		for name, text := range unreadable {
			f.signOut()
			atHost[bool](w, b, `(localStorage.setItem('navid', `+strconv.Quote(text)+`), true)`)
			f.open("enter")
			f.dialog.WaitText(".notice", "could not be read")
			f.typeAddress(testbrowser.Alice)
			f.press("#next")
			f.waitSignedIn(testbrowser.Alice)
			kept := storage(w, b)
			assert.Contains(t, kept.State, testbrowser.Alice, name)
			assert.Len(t, kept.Keys, 1, name)
			assert.Equal(t, []string{"navid.corrupt"}, kept.Other, name)
			assert.Equal(t, text, atHost[string](w, b, `localStorage.getItem('navid.corrupt')`), name)
		}
		f.signOut()
		f.open("pick")
		f.press(".identity")
		f.waitSignedIn(testbrowser.Alice)
	})
}

// Where there is no room left people are signed in all the same. They are
// remembered once there is room again.
func TestStorageFull(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		host := b.Open(w.URL(testbrowser.Host, "/")) // it stays open: what it has just stored may be lost with it
		testbrowser.Eval[bool](host, `(() => {
			for (let size = 4 << 20; size > 0; size >>= 1)
				try { for (let i = 0; ; i++) localStorage.setItem('filler' + size + '.' + i, 'x'.repeat(size)) } catch {}
			return true
		})()`)
		f := newFlow(t, w, b, testbrowser.RP)
		f.signInAt(f.enter(testbrowser.Alice))
		f.site.WaitText("#address", testbrowser.Alice)
		f.dialog.WaitScreen("done")
		f.dialog.WaitText(".notice", "no room left")
		f.press("#close")
		f.dialog.WaitClosed()
		assert.Nil(t, testbrowser.Eval[*string](host, `localStorage.getItem('navid')`))

		f.signOut()
		f.open("enter")
		testbrowser.Eval[bool](host, `(localStorage.clear(), true)`)
		f.typeAddress(testbrowser.Alice)
		f.press("#next")
		f.waitSignedIn(testbrowser.Alice)
		f.signOut()
		f.open("pick")
		f.press(".identity")
		f.waitSignedIn(testbrowser.Alice)
	})
}

// Whoever has forbidden the login host to keep anything is told what is wrong.
func TestStorageBlocked(t *testing.T) {
	t.Parallel()
	testHopeless(t, testbrowser.HostStorageBlocked, agent.CodeStorageBlocked)
}

// So is the owner of a browser that cannot run the agent.
func TestBrowserTooOld(t *testing.T) {
	t.Parallel()
	testHopeless(t, testbrowser.WithoutWebAssembly, agent.CodeBrowserTooOld, "browser_too_old")
}

// testHopeless checks that a browser in which nobody can sign in says why,
// asks nothing of anybody, and lets its person go.
func testHopeless(t *testing.T, profile testbrowser.Profile, want agent.Code, console ...string) {
	w := testbrowser.NewWorld(t)
	b := testbrowser.NewBrowser(t, w, profile)
	for _, pattern := range console {
		b.ExpectConsole(pattern)
	}
	f := newFlow(t, w, b, testbrowser.RP)
	f.open("error")
	f.waitError(want)
	assert.False(t, f.dialog.Has("#retry"), "it would be in vain")
	f.press("#close")
	f.dialog.WaitClosed()
	f.site.WaitText("#message", "You have not signed in.")
	assert.Empty(t, w.Requests().To(testbrowser.IdP).Lines())
}

// atHost runs a script in a page of the login host's.
func atHost[T any](w *testbrowser.World, b *testbrowser.Browser, script string) T {
	page := b.Open(w.URL(testbrowser.Host, "/"))
	defer page.Close()
	return testbrowser.Eval[T](page, script)
}
