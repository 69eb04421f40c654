package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// heardAfterLoad is what a page that says who is logged in hears of a browser that believes something else, or the same (A3).
type heardAfterLoad struct {
	user string // what the page says
	want []string
}

var (
	aliceBelieved = []heardAfterLoad{
		{"undefined", []string{"login " + testbrowser.Alice, "ready"}},
		{"null", []string{"login " + testbrowser.Alice, "ready"}},
		{"false", []string{"login " + testbrowser.Alice, "ready"}},
		{testbrowser.Alice, []string{"match", "ready"}},
		{testbrowser.Bob, []string{"login " + testbrowser.Alice, "ready"}},
		{"Alice@idp.test", []string{"login " + testbrowser.Alice, "ready"}}, // A3.2
	}
	nobodyBelieved = []heardAfterLoad{
		{"undefined", []string{"logout", "ready"}},
		{"null", []string{"match", "ready"}},
		{"false", []string{"match", "ready"}},
		{testbrowser.Alice, []string{"logout", "ready"}},
	}
)

// The whole table of A3: what a page hears when it has loaded. Before anybody has ever signed in there, a browser that keeps the frame from
// the login host's storage knows nothing, and says so by saying nothing (A3.5).
func TestEventsAfterLoad(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandlePage(watchSite, watcherPage)
		for _, o := range nobodyBelieved {
			want := []string{"ready"}
			if b.Profile() == testbrowser.ThirdPartyAllowed {
				want = o.want
			}
			assert.Equal(t, want, newWatcher(t, w, b, watchSite, o.user).events(), "nothing known, page says %s", o.user)
		}

		f := newWatcher(t, w, b, watchSite, "null")
		f.signInAnyhow(testbrowser.Alice)
		f.dialog.WaitClosed()
		assert.Contains(t, f.heard(), "login "+testbrowser.Alice)
		for _, o := range aliceBelieved {
			assert.Equal(t, o.want, newWatcher(t, w, b, watchSite, o.user).events(), "alice known, page says %s", o.user)
		}

		f.site.Click("#sign-out")
		f.site.Wait(`told.some(([event]) => event === 'logout')`)
		for _, o := range nobodyBelieved {
			assert.Equal(t, o.want, newWatcher(t, w, b, watchSite, o.user).events(), "logged out, page says %s", o.user)
		}
	})
}
