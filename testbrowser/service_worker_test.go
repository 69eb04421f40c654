package testbrowser_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

// No script of the login host can become a service worker of it, which would see every later request (G8; abuse test 38): not by the policy of
// its documents, and not where there was a document without one, for the host does not give a script out for that.
func TestNoServiceWorkers(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewWorld(t)
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	w.HandlePage(watchSite, watcherPage)
	f := newWatcher(t, w, b, watchSite, "null")
	f.signInAnyhow(testbrowser.Alice)
	f.dialog.WaitClosed()
	newWatcher(t, w, b, watchSite, "null").waitLogin()

	b.ExpectConsole(`TrustedScriptURL`)
	documents := b.Open(w.URL(testbrowser.Host, "/"))
	assert.Equal(t, "TypeError", registration(documents, "/agent.js"))

	host := w.Site(testbrowser.Host)
	w.HandleFunc(testbrowser.Host, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/bare" {
			host.ServeHTTP(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "text/html")
		_, _ = rw.Write([]byte(head))
	})
	b.ExpectConsole(`403`)
	bare := b.Open(w.URL(testbrowser.Host, "/bare"))
	for path := range scriptsOf(t, w) {
		assert.Equal(t, "TypeError", registration(bare, path), path)
		asked := w.Requests().To(testbrowser.Host).Path(path).Containing("Service-Worker: script")
		require.Len(t, asked, 1, path)
		assert.Equal(t, http.StatusForbidden, asked[0].Status, path)
	}
	assert.Zero(t, testbrowser.Eval[int](bare, `navigator.serviceWorker.getRegistrations().then(all => all.length)`))
}

// registration is what becomes of the wish to have a service worker.
func registration(page *testbrowser.Page, path string) string {
	return testbrowser.Eval[string](page,
		`navigator.serviceWorker.register('`+path+`', { scope: '`+path+`' }).then(() => 'done', error => error.name)`)
}

// scriptsOf are the paths of the host's scripts: those for other sites, and what has been loaded of its own.
func scriptsOf(t *testing.T, w *testbrowser.World) map[string]bool {
	t.Helper()
	scripts := map[string]bool{"/include.js": true, "/agent.js": true, "/provisioning_api.js": true, "/authentication_api.js": true}
	for _, request := range w.Requests().To(testbrowser.Host) {
		if strings.HasSuffix(request.URL.Path, ".js") {
			scripts[request.URL.Path] = true
		}
	}
	require.Greater(t, len(scripts), 10)
	return scripts
}
