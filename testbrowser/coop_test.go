package testbrowser_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// cell is a combination of Cross-Origin-Opener-Policy headers: on the site, and on the provider's two pages.
type cell struct {
	site                         string
	authentication, provisioning bool // same-origin
}

func (c cell) String() string {
	return fmt.Sprintf("site %s, authentication %s, provisioning %s", orNone(c.site), sameOrigin(c.authentication), sameOrigin(c.provisioning))
}

func orNone(policy string) string {
	if policy == "" {
		return "none"
	}
	return policy
}

func sameOrigin(is bool) string {
	if is {
		return "same-origin"
	}
	return "none"
}

// Sites and providers may send COOP as they like: somebody who is new signs in, each with one click on each button. What differs is the
// way, which the test prints: a site that cuts the dialog off has the tab itself go there and come back; a provisioning page in a window that
// its provider has cut off is asked in its fragment, and answers by redirect.
//
// All cells run with third-party cookies blocked. The ways consist of first-party windows alone, which third-party cookies do not concern;
// so the other profile gets those cells in which each header is there, or none.
func TestCOOP(t *testing.T) {
	t.Parallel()
	for _, site := range []string{"", "same-origin-allow-popups", "same-origin"} {
		for _, authentication := range []bool{false, true} {
			for _, provisioning := range []bool{false, true} {
				c := cell{site, authentication, provisioning}
				t.Run(c.String(), func(t *testing.T) {
					t.Parallel()
					c.signIn(t, testbrowser.ThirdPartyBlocked)
					if (site != "") == authentication && authentication == provisioning {
						c.signIn(t, testbrowser.ThirdPartyAllowed)
					}
				})
			}
		}
	}
}

func (c cell) signIn(t *testing.T, profile testbrowser.Profile) {
	t.Helper()
	w := testbrowser.NewWorld(t)
	b := testbrowser.NewBrowser(t, w, profile)
	w.Handle(testbrowser.RP, withHeader(w.Site(testbrowser.RP), "Cross-Origin-Opener-Policy", c.site))
	w.IdP.Misbehave(c.misbehaviour()...)
	f := newFlow(t, w, b, testbrowser.RP)
	if c.site == "same-origin" {
		f.signInByRedirect(testbrowser.Alice)
	} else {
		f.signIn(testbrowser.Alice)
	}
	t.Logf("%s, %s: by %s, provisioning by %s", profile, c, visited(w, "REDIRECT", "popup"), visited(w, "PROVISION_RETURN", "window"))

	assert.Equal(t, wayOf(c.site == "same-origin", "popup"), visited(w, "REDIRECT", "popup"))
	byRedirect := c.site == "same-origin" || c.authentication || c.provisioning
	assert.Equal(t, wayOf(byRedirect, "window"), visited(w, "PROVISION_RETURN", "window"))
	assert.Len(t, w.Requests().To(testbrowser.IdP).Path("/certificate"), 1)
	assert.Len(t, w.Requests().To(testbrowser.RP).Path("/login"), 1)
	for _, host := range []string{testbrowser.Host, testbrowser.IdP} {
		assert.Empty(t, w.Requests().To(host).Containing(testbrowser.RP).Lines(), "principle 4: %s does not learn the site", host)
	}
	assert.Len(t, windows(b), 1, "no window stays")
}

func (c cell) misbehaviour() (ways []idp.Misbehaviour) {
	if c.authentication {
		ways = append(ways, idp.AuthenticationCOOP)
	}
	if c.provisioning {
		ways = append(ways, idp.ProvisioningCOOP)
	}
	return ways
}

// visited is "redirect" if the login host's page of that query was visited, else the other way.
func visited(w *testbrowser.World, query, other string) string {
	for _, request := range w.Requests().To(testbrowser.Host).Path("/sign_in") {
		if request.URL.RawQuery == query {
			return "redirect"
		}
	}
	return other
}

func wayOf(redirect bool, other string) string {
	if redirect {
		return "redirect"
	}
	return other
}

// windows lists the windows and tabs that are open.
func windows(b *testbrowser.Browser) []testbrowser.Target {
	return slices.DeleteFunc(b.Targets(), func(target testbrowser.Target) bool { return target.Type != "page" })
}

// withHeader adds a header to all answers of a site.
func withHeader(site http.Handler, name, value string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if value != "" {
			w.Header().Set(name, value)
		}
		site.ServeHTTP(w, r)
	})
}
