package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// A new user, from the first click to the session at the site, by way of the IdP window (design.md 5).
func TestFirstSignIn(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		site := b.Open(w.URL(testbrowser.RP, "/"))
		dialog := site.Popup(func() { site.Click("#sign-in") })
		dialog.WaitScreen("enter")
		dialog.Type("#email", testbrowser.Alice)
		provider := dialog.Popup(func() { dialog.Click("#next") })
		provider.WaitText("#sign-in", "Your password at idp.test")
		provider.Type("#password", testbrowser.Password)
		provider.Click("#sign-in button")

		site.WaitText("#address", testbrowser.Alice)
		provider.WaitClosed()
		dialog.WaitClosed()
		assert.Len(t, w.Requests().To(testbrowser.RP).Method("POST").Path("/login"), 1)
		assert.Len(t, w.Requests().To(testbrowser.IdP).Path("/certificate"), 1)
		assert.NotEmpty(t, w.Requests().To(testbrowser.IdP).Path(idp.AuthenticationPath))
		for _, host := range []string{testbrowser.Host, testbrowser.IdP} {
			assert.Empty(t, w.Requests().To(host).Containing(testbrowser.RP).Lines(), "principle 4: %s does not learn the site", host)
		}

		site.Click("#sign-out")
		site.Wait(`document.querySelector('#sign-in')`)
	})
}
