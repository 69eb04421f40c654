package testbrowser_test

import (
	"encoding/base64"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/shim"
	"github.com/navid-login/navid/testbrowser"
)

// gardenSite is a site with a name of its own, so that the name can be looked for, and without any referrer policy. At /own it has a copy of
// the script; at any other path it loads the host's.
const gardenSite = "secret-garden.test"

func serveGarden(t *testing.T) http.HandlerFunc {
	t.Helper()
	script, err := fs.ReadFile(shim.FS(), "agent.js")
	require.NoError(t, err)
	own := strings.Replace(watcherPage, `src="https://login.example/agent.js" referrerpolicy="no-referrer"`,
		`src="/lib/agent.js" data-host="https://login.example"`, 1)
	require.NotEqual(t, watcherPage, own)
	return func(rw http.ResponseWriter, r *http.Request) {
		kind, body := "text/html; charset=utf-8", watcherPage
		switch r.URL.Path {
		case "/lib/agent.js":
			kind, body = "text/javascript", string(script)
		case "/own":
			body = own
		case "/.well-known/navid":
			rw.Header().Set("Access-Control-Allow-Origin", "*")
			kind, body = "application/json", `{"returnTo": ["/own", "/hosts"]}`
		}
		rw.Header().Set("Content-Type", kind)
		_, _ = rw.Write([]byte(body))
	}
}

// mustNameNowhere checks that nothing that the host or a provider has received or logged names a site: not plain, not escaped, and not
// inside of anything in base64 either, as tokens are.
func mustNameNowhere(t *testing.T, w *testbrowser.World, site string) {
	t.Helper()
	for _, form := range formsOf(site) {
		for _, host := range []string{testbrowser.Host, testbrowser.IdP} {
			requests := w.Requests().To(host)
			require.NotEmpty(t, requests)
			assert.Empty(t, requests.Containing(form).Lines(), "%s is told of %q", host, form)
		}
		assert.NotContains(t, w.HostLog(), form)
	}
}

// formsOf is a name as it may be written: plainly, or in base64 at each of the three places in which it can lie.
func formsOf(name string) []string {
	forms := []string{name}
	for offset := range 3 {
		encoded := base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + name))
		first := (offset*8 + 5) / 6 // the characters that depend on what is in front
		forms = append(forms, encoded[first:len(encoded)-2])
	}
	return forms
}

// In no flow does anybody but the site and the person learn which site it is: by the window and without one, in observer mode and silently,
// with the host's script and with the site's own copy, when all goes well and when it does not (design 2.4).
func TestNobodyLearnsWhichSiteInAnyFlow(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.Handle(gardenSite, serveGarden(t))
		for _, path := range []string{"/own", "/hosts"} {
			f := openGarden(t, w, b, path+"?user=null")
			f.signInAnyhow(testbrowser.Alice)
			f.waitLogin()
			f.dialog.WaitClosed()
			openGarden(t, w, b, path+"?user=null").waitLogin() // silently
			f.site.Click("#sign-out")
			f.site.Wait(`told.some(([event]) => event === 'logout')`)

			redirected := openGarden(t, w, b, path+"?mode=stateless&window=redirect")
			redirected.site.Click("#sign-in")
			redirected.site.WaitScreen("pick")
			assert.NotContains(t, testbrowser.Eval[string](redirected.site, `document.referrer`), gardenSite)
			redirected.site.Click(".identity")
			redirected.waitLogin()
		}
		failWith(t, w, b)
		mustNameNowhere(t, w, gardenSite)
		assert.NotEmpty(t, w.Requests().To(gardenSite).Path("/.well-known/navid"), "the site itself was asked")
		assert.NotEmpty(t, w.Requests().To(testbrowser.IdP).Path("/certificate").Containing("alice"), "the recorder sees bodies")
	})
}

// openGarden opens a page of the garden.
func openGarden(t *testing.T, w *testbrowser.World, b *testbrowser.Browser, path string) *watcher {
	t.Helper()
	return &watcher{&flow{t: t, w: w, b: b, site: b.Open(w.URL(gardenSite, path))}}
}

// waitLogin waits until the page has been given an assertion. It may have to come back to it first.
func (f *watcher) waitLogin() {
	f.t.Helper()
	f.site.Wait(`typeof told !== 'undefined' && told.some(([event]) => event === 'login')`)
}

// failWith has a sign-in go wrong at the host and at the provider.
func failWith(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
	t.Helper()
	f := openGarden(t, w, b, "/hosts?mode=stateless")
	f.dialog = f.site.Popup(func() { f.site.Click("#sign-in") })
	f.dialog.WaitScreen("pick")
	f.press("#other")
	f.typeAddress("someone@" + testbrowser.RP2)
	f.press("#next")
	f.dialog.WaitScreen("error")
	f.press("#cancel")
	f.dialog.WaitClosed()
}

// A page that has a copy of the script asks the host for nothing at all before its person wants to sign in, if it does not observe (H1.16).
func TestOwnCopyAsksNobody(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewWorld(t)
	w.Handle(gardenSite, serveGarden(t))
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	assert.Equal(t, []string{"ready"}, openGarden(t, w, b, "/own?mode=stateless").events())
	assert.Empty(t, w.Requests().To(testbrowser.Host).Lines())

	assert.Equal(t, []string{"ready"}, openGarden(t, w, b, "/hosts?mode=stateless").events())
	assert.Equal(t, []string{"GET https://login.example/agent.js"}, w.Requests().To(testbrowser.Host).Lines())
}

// Where a person has allowed storage access, the browser itself names the site in what the page fetches from the host: the script, if it is not
// the site's own copy, and the frame's document (E6). Both are kept and not asked for again, and nothing that the frame loads has the name.
func TestStorageAccessNamesSite(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewWorld(t)
	w.Handle(gardenSite, serveGarden(t))
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	b.Grant("storage-access", w.URL(gardenSite, ""), w.URL(testbrowser.Host, ""))
	named := func(since time.Time) []string {
		requests := w.Requests().To(testbrowser.Host).Since(since)
		for _, form := range formsOf(gardenSite)[1:] {
			assert.Empty(t, requests.Containing(form).Lines())
		}
		return requests.Containing(gardenSite).Lines()
	}

	start := time.Now()
	f := openGarden(t, w, b, "/own?user=null")
	f.events()
	assert.Equal(t, []string{"GET https://login.example/communication_iframe"}, named(start))
	second := time.Now()
	f.signInAnyhow(testbrowser.Alice)
	f.dialog.WaitClosed()
	assert.Equal(t, []string{"login " + testbrowser.Alice, "ready"}, openGarden(t, w, b, "/own?user=null").events())
	assert.Empty(t, named(second))

	openGarden(t, w, b, "/hosts?user=null").events()
	assert.Equal(t, []string{"GET https://login.example/agent.js"}, named(second))
	fourth := time.Now()
	openGarden(t, w, b, "/hosts?user=null").events()
	assert.Empty(t, named(fourth))
}
