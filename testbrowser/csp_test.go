package testbrowser_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// strictSite is as strict with itself as a page can be: it runs scripts of its own and of the login host, and nothing else.
const strictSite = "strict.test"

const (
	strictPolicy = "default-src 'none'; script-src 'self' https://login.example; frame-src https://login.example; " +
		"base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	framelessPolicy = "default-src 'none'; script-src 'self' https://login.example; frame-src 'none'"
)

const strictPage = `<!doctype html><html lang="en"><title>page</title>
<script src="https://login.example/agent.js" referrerpolicy="no-referrer"></script>
<button id="sign-in">Sign in</button><button id="sign-out">Sign out</button><p id="told"></p>
<script src="/site.js"></script>`

// serveStrict serves the page of package watcher with a policy.
func serveStrict(policy string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			rw.Header().Set("Content-Security-Policy", policy)
			rw.Header().Set("Content-Type", "text/html")
			_, _ = rw.Write([]byte(strictPage))
		case "/site.js":
			rw.Header().Set("Content-Type", "text/javascript")
			_, _ = rw.Write([]byte(watcherScript))
		default:
			http.NotFound(rw, r) // there is no icon, and none is asked for
		}
	}
}

// A site's own policy has to name the login host in script-src and, for observer mode, in frame-src: nothing else (A10). Trusted types do
// not stand in the way.
func TestStrictPolicy(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.Handle(strictSite, serveStrict(strictPolicy))
		for _, mode := range []string{"stateless", "observer"} {
			f := &watcher{newFlow(t, w, b, strictSite)}
			f.site.Go(w.URL(strictSite, "/?mode="+mode))
			f.signInAnyhow(testbrowser.Alice)
			f.site.Wait(`told.some(([event]) => event === 'login')`)
			f.dialog.WaitClosed()
		}
		again := newWatcher(t, w, b, strictSite, testbrowser.Alice)
		assert.Equal(t, []string{"match", "ready"}, again.events(), "the frame works, and so does what it signs with")
	})
}

// Where frames are forbidden, what needs no frame works, and observer mode comes down to onready.
func TestFramesForbidden(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		b.AllowConsole(`frame-src|Framing 'https://login.example/' violates`) // the browser says that it refused
		w.Handle(strictSite, serveStrict(framelessPolicy))
		makeKnown(t, w, b, testbrowser.Alice)
		for _, mode := range []string{"stateless", "observer"} {
			f := &watcher{newFlow(t, w, b, strictSite)}
			f.site.Go(w.URL(strictSite, "/?mode="+mode))
			assert.Equal(t, []string{"ready"}, f.events(), mode)
			f.signInAnyhow(testbrowser.Alice)
			f.site.Wait(`told.some(([event]) => event === 'login')`)
			f.dialog.WaitClosed()
		}
		again := newWatcher(t, w, b, strictSite, testbrowser.Alice)
		assert.Equal(t, []string{"ready"}, again.events())
		again.site.Click("#sign-out")
		again.site.Wait(`told.some(([event]) => event === 'logout')`) // A5.1: the site can end its session
	})
}
