package testbrowser_test

import (
	"encoding/json"
	"html"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

// forge is a page of evil.test that has its visitor's browser send somebody's assertion to rp.test, as a form whose only field makes JSON.
func forge(t *testing.T, assertion string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"assertion": assertion})
	require.NoError(t, err)
	field := string(body[:len(body)-1]) + `,"x":"` // the = that forms write comes inside of "x"
	return head + `<form method="post" enctype="text/plain" action="https://rp.test/login">
<input name="` + html.EscapeString(field) + `" value="&quot;}"></form>
<script>document.querySelector('form').submit()</script>`
}

// Nobody can sign somebody else in, as themselves, at a site that does as the sample does: the browser says that the request is another
// site's (A10; abuse test 40).
func TestLoginOfAnother(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		b.AllowConsole(`403|favicon`)
		attacker := newFlow(t, w, testbrowser.NewBrowser(t, w, b.Profile()), testbrowser.RP)
		testbrowser.Eval[bool](attacker.site, `(window.fetch = (url, { body }) => { window.kept = JSON.parse(body).assertion; return new Promise(() => {}) }, true)`)
		attacker.signInAt(attacker.enter(testbrowser.Bob))
		attacker.site.Wait(`window.kept`)
		w.HandlePage(testbrowser.Evil, forge(t, testbrowser.Eval[string](attacker.site, `kept`)))

		f := newFlow(t, w, b, testbrowser.RP)
		attack := func() {
			before := len(w.Requests().To(testbrowser.RP).Method("POST").Path("/login"))
			b.Open(w.URL(testbrowser.Evil, "/"))
			f.site.Front()
			for len(w.Requests().To(testbrowser.RP).Method("POST").Path("/login")) < before+1 {
				f.site.Wait("true")
			}
			f.site.Reload()
		}
		attack()
		assert.True(t, f.site.Has("#sign-in"), "nobody was signed in")
		f.signIn(testbrowser.Alice)
		attack()
		assert.Equal(t, testbrowser.Alice, f.site.Text("#address"))

		own := testbrowser.Eval[int](f.site, `fetch('/login', { method: 'POST', body: JSON.stringify({ assertion: '`+
			testbrowser.Eval[string](attacker.site, `kept`)+`' }) }).then(r => r.status)`)
		assert.Equal(t, 200, own, "the assertion was good, and is until it is used")
	})
}
