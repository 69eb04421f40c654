package testbrowser_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// Wrong options end a sign-in before anything of them is shown or fetched, and the site is told why, once (A4.15).
func TestInvalidOptions(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandleFunc("cdn.test", http.NotFound)
		f := newPlainFlow(t, w, b)
		f.options(`{ siteName: 'Your Bank', siteLogo: 'https://cdn.test/logo.png', backgroundColor: 'url(https://cdn.test/x)' }`)
		f.dialog = f.site.Popup(func() { f.site.Click("#sign-in") })
		f.dialog.WaitText("#error-code", string(agent.CodeInvalidOptions))
		assert.Contains(t, f.dialog.Text("h1"), "https://"+plainSite)
		assert.Equal(t, "backgroundColor must be #rgb or #rrggbb: (url(https://cdn.test/x))", f.dialog.Text("#error-detail"))
		assert.NotContains(t, f.dialog.Text("body"), "Your Bank")
		assert.ElementsMatch(t, [][]string{{"ready"}, {"rejected", "invalid_options"}, {"cancel", "invalid_options"}}, f.told(3))
		f.press("#close")
		f.dialog.WaitClosed()
		assert.Len(t, f.told(3), 3)
		assert.Empty(t, w.Requests().To("cdn.test"))
		assert.Equal(t, kept{Keys: []string{}, Other: []string{}}, storage(w, b))

		f.options(`{}`) // and the next click works
		f.open("enter")
	})
}

// A logo is fetched without a word about the dialog or the site, and one that cannot be had leaves no hole. The site's pages open in
// windows that know nothing of the dialog.
func TestBrand(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandleFunc("cdn.test", http.NotFound)
		w.HandlePage("legal.test", head+`<h1>terms</h1>`)
		f := newPlainFlow(t, w, b)
		f.options(`{ siteLogo: 'https://cdn.test/logo.png', termsOfService: 'https://legal.test/', privacyPolicy: '/privacy' }`)
		f.open("enter")
		f.dialog.Wait(`document.querySelector('#claim') && !document.querySelector('#site-logo')`)
		logo := w.Requests().To("cdn.test")
		assert.Len(t, logo, 1)
		for _, word := range []string{"login.example", plainSite} {
			assert.Empty(t, logo.Containing(word), word)
		}
		terms := f.dialog.Popup(func() { f.dialog.Click("#site-terms a") })
		terms.WaitText("h1", "terms")
		assert.Equal(t, "null ", testbrowser.Eval[string](terms, `opener + ' ' + document.referrer`))
	})
}

// A site may want its visitors to sign in anew, whatever this browser remembers: then the provider's own sign-in page comes before its
// provisioning page, which stays for a session there to decide (A4).
func TestForceAuthentication(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		newFlow(t, w, b, testbrowser.RP).signIn(testbrowser.Alice)
		f := newPlainFlow(t, w, b)
		f.options(`{ experimental_forceAuthentication: true }`)
		f.open("pick")
		began := time.Now()
		f.press(".identity")
		f.told(3)
		f.dialog.WaitClosed()
		var pages []string
		for _, r := range w.Requests().To(testbrowser.IdP).Since(began) {
			if path := r.URL.Path; path == idp.AuthenticationPath || path == idp.ProvisioningPath {
				pages = append(pages, path)
			}
		}
		assert.Equal(t, []string{idp.AuthenticationPath, idp.ProvisioningPath}, pages)
	})
}

// options are what the site asks with at the next click.
func (f *flow) options(options string) {
	f.t.Helper()
	testbrowser.Eval[bool](f.site, `(window.options = `+options+`, true)`)
}
