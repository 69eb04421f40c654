package testbrowser_test

import (
	"net/http"
	"strings"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/testbrowser"
)

// Pictures that sites call their logos: a mark, and one that would rather be an address.
const (
	mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" fill="#2e7d32"/>` +
		`<path d="M20 32V16m0 6c-8 0-9-6-9-9 8 0 9 5 9 9zm0-2c0-6 3-9 9-9 0 6-3 9-9 9z" fill="none" stroke="#fff" stroke-width="2.5"/></svg>`
	pretence = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 60"><rect width="300" height="60" fill="#fff"/>` +
		`<text x="8" y="42" font-size="36" font-family="sans-serif" font-weight="bold">your-bank.test</text></svg>`
)

// siteWithBrand: a site that says all it may of itself, in a bright colour and in a dark one.
func siteWithBrand(v *viewer) {
	const host = "little-wenlock-seedswap.test"
	v.w.HandlePage(host, plain)
	v.serveLogo(host, mark)
	for name, color := range map[string]string{"brand-bright": "#ffd54f", "brand-dark": "#4a148c"} {
		v.flow = newFlow(v.t, v.w, v.b, host)
		v.options(`{ siteName: 'The Seed Swap of Little Wenlock', siteLogo: '/logo.svg', backgroundColor: '` + color + `',
			termsOfService: '/terms', privacyPolicy: '/privacy' }`)
		v.open("enter")
		v.dialog.Wait(`document.querySelector('#site-logo')?.naturalWidth`)
		v.look(name, v.dialog)
		v.press("#cancel")
		v.dialog.WaitClosed()
	}
}

// siteThatPretends: whatever a site writes, its origin is the largest thing on the panel, and whole.
func siteThatPretends(v *viewer) {
	const host = "login.your-bank.test.accounts.security.xn--bnk-yla.evil.test"
	v.w.HandlePage(host, plain)
	v.serveLogo(host, pretence)
	v.flow = newFlow(v.t, v.w, v.b, host)
	v.options(`{ siteName: '\u202e\u2068” – 🔒 Your Bank, the only official and safe sign-in for all of its customers', backgroundColor: 'fff',
		siteLogo: '/logo.svg', termsOfService: '/' + 'x'.repeat(2000), privacyPolicy: '/privacy', email: 'a.customer.with.a.long.name@your-bank.test' }`)
	v.open("enter")
	v.dialog.Wait(`document.querySelector('#site-logo')?.naturalWidth`)
	v.look("pretence", v.dialog)
}

// siteWithMistake: options that are none, which the site's developers read about, and the person too.
func siteWithMistake(v *viewer) {
	v.flow = newPlainFlow(v.t, v.w, v.b)
	v.options(`{ siteLogo: 'javascript:alert(document.domain)//an-address-that-goes-on-and-on-and-on', siteName: 'Your Bank' }`)
	v.dialog = v.site.Popup(func() { v.site.Click("#sign-in") })
	v.waitError(agent.CodeInvalidOptions)
	v.look("error-invalid-options", v.dialog)
}

// hostsAndPorts: no origin breaks where it should not.
func hostsAndPorts(v *viewer) {
	page := v.b.Open(v.w.URL(testbrowser.Host, "/sign_in"))
	page.WaitScreen("standalone")
	for name, origin := range map[string]string{
		"origin-port":  "https://seedswap.example:8443",
		"origin-local": "http://rp.localhost:8080",
		"origin-label": "https://" + strings.Repeat("a", 63) + ".test:65535",
		"origin-long":  "https://" + strings.Repeat("accounts.", 26) + "evil.test:10443",
	} {
		testbrowser.Eval[bool](page, `(async () => {
			const [{ showSite }, { loadTexts }] = await (`+modules+`)('site.js', 'text.js')
			await showSite(document, await loadTexts('en'), { origin: '`+origin+`', params: { siteName: 'Seedswap' } })
			return true
		})()`)
		v.draw(page, `{ screen: 'pick', identities: ['alice@idp.test'] }`)
		if name != "origin-long" { // nothing has room for 250 characters
			v.look(name, page)
		}
		testbrowser.Eval[string](page, `document.querySelector('#site').textContent`)
	}
}

// internationalDomain: people read the name of their provider in their own script where that is safe.
func internationalDomain(v *viewer) {
	page := v.b.Open(v.w.URL(testbrowser.Host, "/sign_in"))
	page.WaitScreen("standalone")
	v.draw(page, `{ screen: 'pick', identities: ['анна@xn--e1afmkfd.test', 'bob@xn--pple-43d.test'], display: { 'xn--e1afmkfd.test': 'пример.test' } }`)
	v.look("pick-international", page)
}

// serveLogo puts a picture at /logo.svg of a host.
func (v *viewer) serveLogo(host, picture string) {
	pages := v.w.Site(host)
	v.w.HandleFunc(host, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/logo.svg" {
			pages.ServeHTTP(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "image/svg+xml")
		_, _ = rw.Write([]byte(picture))
	})
}
