package testbrowser_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// clobbered are names that markup can take from document, or would like to take from window.
var clobbered = []string{
	"currentScript", "createElement", "documentElement", "referrer", "location", "defaultView", "readyState",
	"navigator", "id", "opener", "parent", "top", "frames", "self", "open", "crypto", "sessionStorage", "history", "host", "navidBridge",
}

// clobbers is markup that takes them all, as somebody could write it into a page that lets others write markup.
func clobbers() string {
	var markup strings.Builder
	for _, name := range clobbered {
		markup.WriteString(`<img name="` + name + `" alt=""><form id="` + name + `"></form><form name="` + name + `"></form>` +
			`<a id="` + name + `" href="https://evil.test/" data-host="https://evil.test"></a>`)
	}
	return `<div hidden>` + markup.String() + `</div>`
}

// withMarkup puts markup into a site's pages, in front of what else they show.
func withMarkup(site http.Handler, markup string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		page := httptest.NewRecorder()
		site.ServeHTTP(page, r)
		for name, values := range page.Header() {
			if name != "Content-Length" {
				rw.Header()[name] = values
			}
		}
		rw.WriteHeader(page.Code)
		_, _ = rw.Write(bytes.Replace(page.Body.Bytes(), []byte("<main>"), []byte(markup+"<main>"), 1))
	}
}

// Markup in the pages of a site and of its provider changes neither the host that the scripts talk to nor what they do (security.md E8; abuse
// test 19).
func TestClobberedPages(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandlePage(watchSite, head+clobbers()+strings.TrimPrefix(watcherPage, head))
		w.Handle(testbrowser.IdP, withMarkup(w.IdP, clobbers()))
		f := newWatcher(t, w, b, watchSite, "null")
		assert.Equal(t, "IMG", testbrowser.Eval[string](f.site, `document.currentScript[0].tagName`), "the markup does what it can")
		f.signInAnyhow(testbrowser.Alice)
		f.waitLogin()
		f.dialog.WaitClosed()
		assert.Equal(t, []string{"match", "ready"}, newWatcher(t, w, b, watchSite, testbrowser.Alice).events())
		assert.Empty(t, w.Requests().To(testbrowser.Evil).Lines())
	})
}
