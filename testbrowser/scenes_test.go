package testbrowser_test

import (
	"net/http"
	"strings"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/evil"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// scenes bring every page that people see about, by real flows wherever there is one, and show each to the viewer: the dialog's screens,
// the login host's other pages, and the sample sites.
var scenes = map[string]func(*viewer){
	"new person": func(v *viewer) {
		v.look("sample-site", v.site)
		v.open("enter")
		v.look("enter", v.dialog)
		v.typeAddress("alice")
		v.press("#next")
		v.dialog.WaitText("#email-problem", "does not look like")
		v.look("enter-mistake", v.dialog)
		v.typeAddress(testbrowser.Alice)
		provider := v.dialog.Popup(func() { v.press("#next") })
		provider.Wait(`document.querySelector('#email')?.value`)
		v.dialog.WaitText("h1", "other window")
		v.look("wait-window", v.dialog)
		v.look("sample-provider", provider)
		v.signInAt(provider)
		v.waitSignedIn(testbrowser.Alice)
		v.look("sample-site-signed-in", v.site)
	},
	"returning person": func(v *viewer) {
		v.remember(testbrowser.Alice)
		v.open("pick")
		v.look("pick-one", v.dialog)
		v.press("#other")
		v.dialog.WaitScreen("enter")
		v.look("enter-again", v.dialog)
	},
	"many addresses": func(v *viewer) {
		v.remember(testbrowser.Alice, "a.very.long.local.part.of.an.address@department.of.a.university.example", testbrowser.Carol,
			"bob@mail.example", "x@y.example", "someone.else@another-provider.example")
		v.open("pick")
		v.look("pick-many", v.dialog)
		v.turn(v.dialog)
		v.look("pick-many-rtl", v.dialog)
	},
	"three addresses": func(v *viewer) {
		v.remember(testbrowser.Alice, testbrowser.Carol, "bob@mail.example")
		v.open("pick")
		v.look("pick-several", v.dialog)
	},
	"right to left": func(v *viewer) {
		v.open("enter")
		v.turn(v.dialog)
		v.look("enter-rtl", v.dialog)
	},
	"hint of the site": func(v *viewer) {
		v.flow = newPlainFlow(v.t, v.w, v.b)
		testbrowser.Eval[bool](v.site, `(window.options = { email: 'bob@idp.test', siteName: 'The Seed Swap of Little Wenlock' }, true)`)
		v.open("enter")
		v.look("enter-hint", v.dialog)
	},
	"storage that cannot be read": func(v *viewer) {
		v.store(`'this is not JSON'`)
		v.open("enter")
		v.dialog.WaitText(".notice", "could not be read")
		v.look("enter-notice", v.dialog)
	},
	"slow pages": func(v *viewer) {
		static := v.hold(testbrowser.Host, func(path string) bool { return strings.HasSuffix(path, "/en.js") })
		wasm := v.hold(testbrowser.Host, func(path string) bool { return strings.HasSuffix(path, ".wasm") })
		document := v.hold(testbrowser.IdP, func(path string) bool { return path == "/.well-known/browserid" })
		page := v.hold(testbrowser.IdP, func(path string) bool { return path == idp.ProvisioningPath })
		v.open("loading")
		v.dialog.Wait(`document.querySelector('.skeleton')`)
		v.look("loading", v.dialog)
		static()
		v.typeAddress(testbrowser.Alice)
		v.press("#next")
		v.dialog.WaitText("h1", "One moment")
		v.look("wait-moment", v.dialog)
		wasm()
		v.dialog.WaitText("h1", "Looking up")
		v.look("wait-discovery", v.dialog)
		document()
		v.dialog.WaitText("h1", "Asking")
		v.freeze(v.dialog) // it stands for as long as the hidden frame may take
		v.look("wait-provider", v.dialog)
		page()
	},
	"window that needs a click": func(v *viewer) {
		v.w.IdP.Misbehave(idp.Silent)
		v.open("enter")
		v.typeAddress(testbrowser.Alice)
		testbrowser.Eval[bool](v.dialog, `Object.defineProperty(navigator.userActivation, 'isActive', { value: false }) && true`)
		v.press("#next")
		v.dialog.WaitScreen("continue")
		v.look("continue", v.dialog)

		testbrowser.Eval[bool](v.dialog, `(window.realOpen = open, window.open = () => null, true)`)
		v.press("#continue")
		v.waitError(agent.CodePopupBlocked)
		v.look("error-popup-blocked", v.dialog)

		testbrowser.Eval[bool](v.dialog, `(window.open = realOpen, true)`)
		provider := v.dialog.Popup(func() { v.press("#retry") })
		v.dialog.WaitScreen("wait")
		provider.Close()
		v.dialog.WaitText("main", "was closed before")
		v.look("continue-closed", v.dialog)
	},
	"check":                checkPage,
	"site with a brand":    siteWithBrand,
	"site that pretends":   siteThatPretends,
	"site with a mistake":  siteWithMistake,
	"hosts and ports":      hostsAndPorts,
	"international domain": internationalDomain,
	"codes of an app":      codesOfAnApp,
	"personal provider":    personalProvider,
	"domain without provider": func(v *viewer) {
		v.open("enter")
		v.typeAddress("someone@" + testbrowser.RP2)
		v.press("#next")
		v.waitError(agent.CodeNoProvider)
		v.look("error-no-provider", v.dialog)
	},
	"provider that does not answer": func(v *viewer) {
		v.w.IdP.Misbehave(idp.DocumentFailing)
		v.open("enter")
		v.typeAddress(testbrowser.Alice)
		v.press("#next")
		v.waitError(agent.CodeProviderUnreachable)
		v.look("error-provider-unreachable", v.dialog)
	},
	"certificate for somebody else": func(v *viewer) {
		v.w.IdP.Misbehave(idp.SomeoneElse)
		v.signInAt(v.enter(testbrowser.Alice))
		v.waitError(agent.CodeCertificateWrongAddress)
		v.look("error-certificate", v.dialog)
	},
	"site that may not ask": func(v *viewer) {
		_, v.dialog = attack(v.w, v.b, "http://evil.test"+evil.LyingPath)
		v.waitError(agent.CodeInvalidOrigin)
		v.look("error-invalid-origin", v.dialog)
	},
	"browser without WebAssembly": func(v *viewer) {
		script := v.hold(testbrowser.Host, func(path string) bool { return strings.HasSuffix(path, "/signin.js") })
		v.open("enter")
		testbrowser.Eval[bool](v.dialog, `delete WebAssembly.instantiateStreaming`)
		v.b.ExpectConsole(string(agent.CodeBrowserTooOld))
		script()
		v.waitError(agent.CodeBrowserTooOld)
		v.look("error-browser-too-old", v.dialog)
	},
	"browser that keeps nothing": func(v *viewer) {
		texts := v.hold(testbrowser.Host, func(path string) bool { return strings.HasSuffix(path, "/en.js") })
		v.open("loading")
		testbrowser.Eval[bool](v.dialog, `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } }) && true`)
		texts()
		v.waitError(agent.CodeStorageBlocked)
		v.look("error-storage-blocked", v.dialog)
	},
	"somebody else's device": func(v *viewer) {
		v.open("enter")
		v.typeAddress(testbrowser.Alice)
		v.press("#not-my-device")
		v.signInAt(v.dialog.Popup(func() { v.press("#next") }))
		v.dialog.WaitScreen("done")
		v.look("done", v.dialog)
	},
	"pages without a sign-in": func(v *viewer) {
		v.b.ExpectConsole("404")
		v.look("index", v.b.Open(v.w.URL(testbrowser.Host, "/")))
		v.look("not-found", v.b.Open(v.w.URL(testbrowser.Host, "/no/such/page")))
		standalone := v.b.Open(v.w.URL(testbrowser.Host, "/sign_in"))
		standalone.WaitScreen("standalone")
		v.look("standalone", standalone)
		v.draw(standalone, `{ screen: 'closed' }`)
		v.look("closed", standalone)
		v.look("blank", v.blankWindow(standalone))
		v.look("sample-provider-home", v.b.Open(v.w.URL(testbrowser.IdP, "/")))
	},
	"back from the provider": func(v *viewer) {
		// Its opener is alive, so it stays.
		v.w.HandlePage("opener.test", head+`<button id="done">done</button><button id="cancelled">cancelled</button><script>
			document.querySelector('#done').onclick = () => open('https://login.example/sign_in?AUTH_RETURN')
			document.querySelector('#cancelled').onclick = () => open('https://login.example/sign_in?AUTH_RETURN_CANCEL')
		</script>`)
		opener := v.b.Open(v.w.URL("opener.test", "/"))
		done := opener.Popup(func() { opener.Click("#done") })
		done.WaitText("h1", "Done here")
		v.look("return", done)
		cancelled := opener.Popup(func() { opener.Click("#cancelled") })
		cancelled.WaitText("h1", "Not signed in")
		v.look("return-cancelled", cancelled)
	},
}

// remember makes the browser know addresses, as if they had signed in.
func (v *viewer) remember(emails ...string) {
	v.t.Helper()
	var identities []string
	for _, email := range emails {
		identities = append(identities, `{ email: '`+email+`', certificate: 'x', thumbprint: 'x', authority: 'idp.test', used: 1 }`)
	}
	v.store(`JSON.stringify({ version: 1, sites: {}, identities: [` + strings.Join(identities, ", ") + `] })`)
}

// store puts the value of a JavaScript expression where the agent keeps what it knows.
func (v *viewer) store(value string) {
	v.t.Helper()
	page := v.b.Open(v.w.URL(testbrowser.Host, "/"))
	testbrowser.Eval[bool](page, `(localStorage.setItem('navid', `+value+`), true)`)
	page.Close()
}

// hold keeps the answers to requests for some paths of a host back until release is called.
func (v *viewer) hold(host string, isHeld func(path string) bool) (release func()) {
	released := make(chan struct{})
	site := v.w.Site(host)
	v.w.HandleFunc(host, func(rw http.ResponseWriter, r *http.Request) {
		if isHeld(r.URL.Path) {
			select {
			case <-released:
			case <-r.Context().Done():
				return
			}
		}
		site.ServeHTTP(rw, r)
	})
	return func() { close(released) }
}
