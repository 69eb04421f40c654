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
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandleFunc("cdn.test", http.NotFound)
		f := newPlainFlow(t, w, b)
		f.options(`{ siteName: 'Your Bank', siteLogo: 'https://cdn.test/logo.png', backgroundColor: 'url(https://cdn.test/x)' }`)
		f.dialog = f.site.Popup(func() { f.site.Click("#sign-in") })
		f.dialog.WaitText("#error-code", string(agent.CodeInvalidOptions))
		assert.Contains(t, f.dialog.Text("#site"), plainSite)
		assert.NotContains(t, f.dialog.Text("h1"), "https:")
		assert.Equal(t, "backgroundColor must be #rgb or #rrggbb, not (url(https://cdn.test/x))", f.dialog.Text("#error-detail"))
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

// A logo is fetched from the site itself, without a word about the dialog, and one that cannot be had leaves no hole. The site's pages open
// in windows that know nothing of the dialog.
func TestBrand(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandlePage("legal.test", head+`<h1>terms</h1>`)
		f := newPlainFlow(t, w, b) // whose logo is a page, and thus no picture
		f.options(`{ siteLogo: '/logo.png', termsOfService: 'https://legal.test/', privacyPolicy: '/privacy' }`)
		f.open("enter")
		f.dialog.Wait(`document.querySelector('#claim') && !document.querySelector('#site-logo')`)
		logo := w.Requests().To(plainSite).Path("/logo.png")
		assert.Len(t, logo, 1)
		assert.Empty(t, logo.Containing("login.example"))
		terms := f.dialog.Popup(func() { f.dialog.Click("#site-terms a") })
		terms.WaitText("h1", "terms")
		assert.Equal(t, "null ", testbrowser.Eval[string](terms, `opener + ' ' + document.referrer`))
	})
}

// A third party with a logo at many sites would know a person at all of them by one cookie, even a partitioned one, since all of it happens
// on the login host's page. So nothing is fetched from elsewhere, also where the site's own address for its logo leads there.
func TestLogoOfThirdParty(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		b.AllowConsole("Content Security Policy") // of the redirect
		w.HandleFunc("cdn.test", http.NotFound)
		f := newPlainFlow(t, w, b)
		pages := w.Site(plainSite)
		w.HandleFunc(plainSite, func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/logo.png" {
				http.Redirect(rw, r, "https://cdn.test/logo.png", http.StatusFound)
				return
			}
			pages.ServeHTTP(rw, r)
		})
		for _, c := range []struct {
			logo string
			own  int
		}{{"https://cdn.test/logo.png", 0}, {"/logo.png", 1}} {
			f.options(`{ siteLogo: '` + c.logo + `', backgroundColor: '#102030' }`)
			f.open("enter")
			f.dialog.Wait(`document.querySelector('.branded') && !document.querySelector('#site-logo')`)
			assert.Len(t, w.Requests().To(plainSite).Path("/logo.png"), c.own, c.logo)
			assert.Empty(t, w.Requests().To("cdn.test"), c.logo)
			f.press("#cancel")
			f.dialog.WaitClosed()
		}
	})
}

// A site may want its visitors to sign in anew, whatever this browser remembers: then the provider's own sign-in page comes before its
// provisioning page, which stays for a session there to decide (A4).
func TestForceAuthentication(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
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
