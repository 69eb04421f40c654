package main

import (
	"github.com/navid-login/navid/testbrowser"
)

// clickHost is a site that notes when an assertion has come, by the clock that all pages share.
const clickHost = "click.test"

const clickPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>site</title><link rel="icon" href="data:,">
<script src="https://login.example/agent.js" referrerpolicy="no-referrer"></script><button id="sign-in">sign in</button><script>
let came = 0
navigator.id.watch({ onlogin: () => { came = performance.timeOrigin + performance.now() } })
document.querySelector('#sign-in').onclick = () => { came = 0; navigator.id.request() }
</script>`

// noteClick has the dialog note when the person clicked, where a page of the same origin finds it.
const noteClick = `(addEventListener('click', event => {
	localStorage.setItem('clicked', performance.timeOrigin + event.timeStamp)
}, { capture: true }), true)`

// clickRow has a person come back again and again: from the click on their address to the assertion at the site.
func clickRow(t *stage, w *testbrowser.World, clicks int) row {
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	site, host := b.Open(w.URL(clickHost, "/")), b.Open(w.URL(testbrowser.Host, "/"))
	firstSignIn(site)
	var took series
	for range clicks {
		dialog := site.Popup(func() { site.Click("#sign-in") })
		dialog.WaitScreen("pick")
		dialog.Wait(`window.navidAgent`)
		testbrowser.Eval[bool](dialog, noteClick)
		dialog.Click(".identity")
		dialog.WaitClosed()
		site.Wait(`came`)
		clicked := testbrowser.Eval[float64](host, `Number(localStorage.getItem('clicked'))`)
		took = append(took, testbrowser.Eval[float64](site, `came`)-clicked)
	}
	return row{what: "returning person: click on the address to assertion at the site, warm", measured: took.String() + " ms", budget: "150 ms"}
}

// firstSignIn makes the person known to the browser.
func firstSignIn(site *testbrowser.Page) {
	dialog := site.Popup(func() { site.Click("#sign-in") })
	dialog.WaitScreen("enter")
	dialog.Type("#email", testbrowser.Alice)
	provider := dialog.Popup(func() { dialog.Click("#next") })
	provider.Type("#password", testbrowser.Password)
	provider.Click("#sign-in button")
	site.Wait(`came`)
	dialog.WaitClosed()
}
