package testbrowser_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// The host's page for who runs a mail domain: by its form or by its fragment, of a provider that works and of one that does not.
func TestCheckPage(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		page := b.Open(w.URL(testbrowser.Host, "/check"))
		page.Wait(`document.activeElement.id === 'domain'`)
		page.Type("#domain", testbrowser.Alice)
		page.Click("#go")
		page.WaitText("#verdict", "nothing is seen that would keep it from working")
		assert.Equal(t, "#idp.test", testbrowser.Eval[string](page, `location.hash`))
		asked := w.Requests().To(testbrowser.Host).Path("/api/check")
		assert.Len(t, asked, 1)
		assert.Empty(t, w.Requests().Containing("alice").Lines(), "the domain alone leaves the browser")

		w.IdP2.Misbehave(idp.ScriptForbidden, idp.AuthenticationFramed)
		page.Go(w.URL(testbrowser.Host, "/check#"+testbrowser.IdP2))
		page.Wait(`document.querySelector('#verdict')?.textContent.startsWith('People cannot sign in with addresses at idp2.test')`)
		assert.Equal(t, []string{"csp_script", "csp_script", "frame_open"},
			testbrowser.Eval[[]string](page, `[...document.querySelectorAll('.findings li')].map(row => row.dataset.code).slice(0, 3)`))

		page.Type("#domain", w.URL(testbrowser.IdP, "/somewhere")) // as copied from the address bar
		page.Click("#go")
		page.WaitText("#verdict", "nothing is seen that would keep it from working")

		page.Type("#domain", "not a domain")
		page.Click("#go")
		page.WaitText("#domain-problem", "not the name of a mail domain")
		b.AllowConsole("400")
	})
}

// What a provider publishes is text in the report, whatever it is.
func TestCheckPageShowsTextAlone(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		const markup = `<img src=x onerror=document.title='attacked'>`
		sends(200, `text/html; `+markup, markup)(&brokenWorld{World: w}, "evil-mail.test")
		page := b.Open(w.URL(testbrowser.Host, "/check#evil-mail.test"))
		page.WaitText(".findings", markup)
		assert.Zero(t, testbrowser.Eval[int](page, `document.querySelectorAll('#result img').length`))
		assert.NotContains(t, testbrowser.Eval[string](page, `document.title`), "attacked")
	})
}

// A person whose sign-in fails at the provider gets from the error to the check, in a window of its own, and the site stays unsaid.
func TestCheckFromTheDialog(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.IdP.Misbehave(idp.BadSignature)
		f := newFlow(t, w, b, testbrowser.RP)
		f.signInAt(f.enter(testbrowser.Alice))
		f.waitError(agent.CodeCertificateBadSignature)
		assert.Contains(t, f.dialog.Text("main"), "Its signature does not fit the keys that idp.test publishes", "the dialog names what a check cannot see")
		page := b.Popup(func() { f.press("#check") })
		page.WaitText("#seen", "certificate_bad_signature")
		page.WaitText("#verdict", "idp.test")
		assert.True(t, testbrowser.Eval[bool](page, `opener === null && document.referrer === ''`))
		assert.Empty(t, w.Requests().To(testbrowser.Host).Containing(testbrowser.RP).Lines(), "principle 4")
		f.dialog.Front()
		f.dialog.WaitScreen("error")
	})
}

// checkPage is the scene of the check, for its pictures.
func checkPage(v *viewer) {
	page := v.b.Open(v.w.URL(testbrowser.Host, "/check"))
	page.Wait(`document.querySelector('#domain')`)
	v.look("check", page)
	v.w.IdP.Misbehave(idp.ScriptOfAnotherHost, idp.FramesRefused)
	v.w.Handle(strings.TrimPrefix(idp.AnotherHost, "https://"), v.w.Site(testbrowser.RP2))
	page.Go(v.w.URL(testbrowser.Host, "/check#"+testbrowser.IdP+"/"+string(agent.CodeProviderSilent)))
	page.Wait(`document.querySelector('#verdict')`)
	v.look("check-broken", page)
	testbrowser.Eval[bool](page, `(document.querySelectorAll('details').forEach(fold => { fold.open = true }), true)`)
	v.look("check-broken-all", page)
	page.Go(v.w.URL(testbrowser.Host, "/check#"+testbrowser.IdP2))
	page.WaitText("#verdict", "nothing is seen")
	v.look("check-fine", page)
}
