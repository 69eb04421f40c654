package testbrowser_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/testbrowser"
)

// What a person sees who has an address at each of the broken domains: a screen with the code of what is wrong, a sentence about it, and
// the way to the page that names the cause; or the sign-in, where the fault only slows it down.
//
// The dialog takes no click within half a second of a new screen (G9), so that the domains are shared out among a few browsers.
func TestBrokenDomainsInTheDialog(t *testing.T) {
	t.Parallel()
	w := newBrokenWorld(t)
	known := w.askHostAboutAll()
	t.Run("all", func(t *testing.T) { // so that the world ends after them
		const browsers = 3
		refused := domainsThat(agent.CodeNoProvider, agent.CodeProviderInvalid, agent.CodeProviderUnreachable)
		for i := range browsers {
			w.walk(t, fmt.Sprintf("refused %d", i), func(f *flow) {
				known()
				f.seeRefusals(every(browsers, i, refused))
			})
		}
		w.walk(t, "silent", func(f *flow) { f.seeSilence(domainsThat(agent.CodeProviderSilent)) })
		w.walk(t, "open", func(f *flow) { f.seeOpenWindow(domainsThat(staysOpen)) })
		w.walk(t, "signs in", func(f *flow) { f.seeSignIns(domainsThat(agent.CodeCertificateWrongTime, worksAnyway)) })
	})
}

// walk goes to a part of the domains, in a browser of its own.
func (b *brokenWorld) walk(t *testing.T, name string, walk func(f *flow)) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		browser := testbrowser.NewBrowser(t, b.World, testbrowser.ThirdPartyBlocked)
		browser.AllowConsole("Failed to load resource|Content.Security.Policy|Mixed Content|X-Frame-Options|frame-ancestors|navigator.id|beginProvisioning")
		walk(newFlow(t, b.World, browser, testbrowser.RP))
	})
}

// every takes each n-th of the domains, from the i-th on.
func every(n, i int, domains []brokenDomain) (some []brokenDomain) {
	for ; i < len(domains); i += n {
		some = append(some, domains[i])
	}
	return some
}

func domainsThat(screens ...agent.Code) (domains []brokenDomain) {
	for _, domain := range brokenDomains {
		for _, screen := range screens {
			if domain.screen == screen {
				domains = append(domains, domain)
			}
		}
	}
	return domains
}

// askHostAboutAll has the host look all domains up at once, since some take as long as a lookup may. It knows them when the result
// returns.
func (b *brokenWorld) askHostAboutAll() (wait func()) {
	client := b.Client()
	var asked sync.WaitGroup
	for _, domain := range brokenDomains {
		asked.Go(func() {
			request, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.URL(testbrowser.Host, "/api/address"),
				strings.NewReader(`{"domain":"`+domain.name+`.test"}`))
			if !assert.NoError(b.t, err) {
				return
			}
			request.Header.Set("Sec-Fetch-Site", "same-origin")
			if response, err := client.Do(request); assert.NoError(b.t, err) {
				_ = response.Body.Close()
			}
		})
	}
	return asked.Wait
}

// seeError wants the error's own words, and the link to the check.
func (f *flow) seeError(name string, code agent.Code) {
	f.t.Helper()
	f.waitError(code)
	assert.NotContains(f.t, f.dialog.Text("h1"), "Something went wrong", name)
	assert.Greater(f.t, len(f.dialog.Text("h1 + p")), 40, "%s: a sentence", name)
	assert.Equal(f.t, "/check#"+name+".test/"+string(code), testbrowser.Eval[string](f.dialog, `document.querySelector('#check').getAttribute('href')`))
}

// seeSignIns signs in where the fault is only a slower way, or shows when the certificate comes.
func (f *flow) seeSignIns(domains []brokenDomain) {
	f.t.Helper()
	isKnown := false // whether the browser knows an address from before
	for _, domain := range domains {
		email := "alice@" + domain.name + ".test"
		f.openToType(isKnown)
		f.typeAddress(email)
		f.signInAt(f.dialog.Popup(func() { f.press("#next") }))
		if domain.screen != worksAnyway {
			f.seeError(domain.name, domain.screen)
			f.press("#cancel")
			f.dialog.WaitClosed()
			continue
		}
		f.waitSignedIn(email)
		f.signOut()
		isKnown = true
	}
}

func (f *flow) openToType(isKnown bool) {
	f.t.Helper()
	if !isKnown {
		f.open("enter")
		return
	}
	f.open("pick")
	f.press("#other")
}

// seeOpenWindow is with a page that is not there, in the provider's window: the dialog cannot tell, and waits for the person.
func (f *flow) seeOpenWindow(domains []brokenDomain) {
	f.t.Helper()
	for _, domain := range domains {
		f.enter("alice@" + domain.name + ".test")
		f.dialog.WaitText("h1", "other window")
		f.press("#cancel")
		f.dialog.WaitClosed()
	}
}

// seeSilence begins at all providers whose page never speaks, so that their time runs at once, and then sees each one's end.
func (f *flow) seeSilence(domains []brokenDomain) {
	f.t.Helper()
	flows := make([]*flow, len(domains))
	for i, domain := range domains {
		flows[i] = newFlow(f.t, f.w, f.b, testbrowser.RP)
		flows[i].enter("alice@" + domain.name + ".test")
	}
	for i, domain := range domains {
		flows[i].seeError(domain.name, agent.CodeProviderSilent)
	}
}

// seeRefusals goes through the domains that fail before any page of theirs is opened, in one dialog.
func (f *flow) seeRefusals(domains []brokenDomain) {
	f.t.Helper()
	f.open("enter")
	for _, domain := range domains {
		f.typeAddress("alice@" + domain.name + ".test")
		f.press("#next")
		f.seeError(domain.name, domain.screen)
		f.press("#back")
	}
}
