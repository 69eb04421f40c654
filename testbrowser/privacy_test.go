package testbrowser_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

// A site without any referrer policy of its own is not named either: agent.js sees to it.
func TestNobodyLearnsWhichSiteWithoutPolicy(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newPlainFlow(t, w, b)
		f.signInAt(f.enter(testbrowser.Alice))
		f.dialog.WaitClosed()
		assert.Empty(t, w.Requests().To(testbrowser.Host).Containing(plainSite).Lines())
		assert.Empty(t, w.Requests().To(testbrowser.IdP).Containing(plainSite).Lines())
	})
}

// Nobody but the person and the site learns which site it is (design 2.4): no
// request to the provider or to the login host names it, nor does any log line.
func TestNobodyLearnsWhichSite(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newFlow(t, w, b, testbrowser.RP)
		loaded := time.Now()
		f.signIn(testbrowser.Alice)
		f.signOut()
		f.open("pick")
		f.press(".identity")
		f.waitSignedIn(testbrowser.Alice)

		for _, host := range []string{testbrowser.Host, testbrowser.IdP} {
			requests := w.Requests().To(host)
			require.NotEmpty(t, requests)
			assert.Empty(t, requests.Containing(testbrowser.RP).Lines(), "%s learns the site", host)
		}
		assert.NotEmpty(t, w.Requests().To(testbrowser.RP).Containing(testbrowser.RP), "the recorder sees what there is")
		assert.Empty(t, w.Requests().To(testbrowser.Host).Containing("alice").Lines(), "the host needs the domain only")
		assert.NotContains(t, w.HostLog(), testbrowser.RP)
		assert.NotContains(t, w.HostLog(), "alice")
		assert.Empty(t, w.Requests().To(testbrowser.Host).Since(loaded).Path("/agent.js").Containing("referer:"))
	})
}
