package main

import (
	"time"

	"github.com/navid-login/navid/testbrowser"
)

// observerHost is a site that wants to hear at each load who is logged in.
const observerHost = "observer.test"

const observerPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>site</title><link rel="icon" href="data:,">
<script src="https://login.example/agent.js" referrerpolicy="no-referrer"></script><button id="sign-in">sign in</button><script>
let came = 0, ready = false
navigator.id.watch({ onlogin: () => { came = performance.now() }, onlogout() {}, onready: () => { ready = true } })
document.querySelector('#sign-in').onclick = () => navigator.id.request()
</script>`

// observerRows load the page of a person who is logged in there: how many requests go to the login host when nothing is cached, and how long
// it takes, from the start of the load, until the site has an assertion that nobody was asked for.
func observerRows(t *stage, w *testbrowser.World, loads int) []row {
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	opened := time.Now()
	site := b.Open(w.URL(observerHost, "/"))
	site.Wait(`ready`)
	requests := len(w.Requests().To(testbrowser.Host).Since(opened))
	firstSignIn(site)

	var took series
	for range loads {
		page := b.Open(w.URL(observerHost, "/")) // a tab of its own: the same one would be taken for a loop
		page.Wait(`came`)
		took = append(took, testbrowser.Eval[float64](page, `came`))
		page.Close()
	}
	return []row{
		{"requests on a site's page in observer mode, nothing cached", number(requests), number(personaRequests) + " (Persona)", "", ratio(requests, personaRequests)},
		{what: "silent sign-in in observer mode: page load to assertion, cached", measured: took.String() + " ms"},
	}
}
