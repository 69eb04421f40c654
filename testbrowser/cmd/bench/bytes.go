package main

import (
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/navid-login/navid/testbrowser"
)

// Persona's bytes, minified and in brotli, from its last sources.
const (
	personaInclude   = 5_561
	personaProviders = 3_066
	personaDialog    = 60_972 + 23_334 // its page's scripts, and its cryptography
	personaRequests  = 4
)

// siteRows are what a site's page, a provider's pages and the dialog's first screen load.
func siteRows(t *stage, w *testbrowser.World) []row {
	agent := served(t, w, "/agent.js")
	providers := served(t, w, "/provisioning_api.js") + served(t, w, "/authentication_api.js")
	requests, first := firstLoads(t, w)
	return []row{
		bytesRow("`agent.js`, the whole script for sites", agent, personaInclude, "Persona", "5,000"),
		bytesRow("both scripts for identity providers", providers, personaProviders, "Persona", "2,700"),
		{"requests on a site's page", number(requests), number(personaRequests) + " (Persona)", "1", ratio(requests, personaRequests)},
		bytesRow("first screen of the dialog: HTML, CSS, JavaScript", first, personaDialog, "Persona", "20,000"),
	}
}

// agentRow is the agent beside a program that does nothing.
func agentRow(t *stage, w *testbrowser.World, peer *hello) row {
	agent := served(t, w, agentPath(t, w))
	return bytesRow("`agent.wasm`", agent, len(peer.wasm), "Go hello world", "760,000")
}

func bytesRow(what string, bytes, peer int, peerName, budget string) row {
	return row{what, number(bytes) + " bytes", fmt.Sprintf("%s (%s)", number(peer), peerName), budget, ratio(bytes, peer)}
}

func ratio(measured, peer int) float64 {
	return float64(measured) / float64(peer)
}

// served is how many bytes the login host sends a browser for a path.
func served(t *stage, w *testbrowser.World, path string) int {
	return len(fetch(t, w, path, "br"))
}

func fetch(t *stage, w *testbrowser.World, path, coding string) []byte {
	request, err := http.NewRequest(http.MethodGet, w.URL(testbrowser.Host, path), nil)
	t.must(err)
	request.Header.Set("Accept-Encoding", coding)
	response, err := w.Client().Do(request)
	t.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	t.must(err)
	if got := response.Header.Get("Content-Encoding"); response.StatusCode != http.StatusOK || coding != "identity" && got != coding {
		t.Fatalf("%s: status %d, coding %q", path, response.StatusCode, got)
	}
	return body
}

// agentPath finds out where the agent is.
func agentPath(t *stage, w *testbrowser.World) string {
	page := string(fetch(t, w, "/sign_in", "identity"))
	_, after, _ := strings.Cut(page, `name="navid-agent" content="`)
	path, _, found := strings.Cut(after, `"`)
	if !found {
		t.Fatal("the sign-in page does not name the agent")
	}
	return path
}

// firstLoads counts the requests that a site's page makes to the login host, and the bytes that the dialog has loaded when its first screen
// is there: all up to the script that it imports afterwards, which loads the agent.
func firstLoads(t *stage, w *testbrowser.World) (requests, bytes int) {
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	opened := time.Now()
	site := b.Open(w.URL(testbrowser.RP, "/"))
	site.Wait(`navigator.id && document.readyState === 'complete'`)
	requests = len(w.Requests().To(testbrowser.Host).Since(opened))

	clicked := time.Now()
	dialog := site.Popup(func() { site.Click("#sign-in") })
	dialog.WaitScreen("enter")
	dialog.Wait(`performance.getEntriesByType('resource').some(entry => entry.name.endsWith('/signin.js'))`)
	for _, r := range w.Requests().To(testbrowser.Host).Since(clicked) {
		switch file := r.URL.Path; {
		case path.Base(file) == "signin.js":
			return requests, bytes
		case file == "/sign_in", path.Ext(file) == ".css", path.Ext(file) == ".js":
			bytes += served(t, w, file)
		}
	}
	t.Fatal("the dialog has not imported its second part")
	return 0, 0
}
