package testbrowser_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/rp"
)

// Three sites have their dialogs and the windows of the providers open at
// once, two of them for the same address. No certificate goes to the wrong
// attempt, and all assertions verify (security.md abuse test 23).
func TestConcurrentSites(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		const rp3 = "rp3.test"
		addSite(t, w, rp3)
		people := concurrently(t, w, b, arrival{testbrowser.RP, testbrowser.Alice},
			arrival{testbrowser.RP2, testbrowser.Alice}, arrival{rp3, testbrowser.Carol})
		for _, i := range []int{2, 0, 1} {
			people[i].signInAt(people[i].provider)
		}
		keys := map[string]bool{}
		for _, p := range people {
			p.mustBeSignedIn()
			keys[string(p.certificate().PublicKey.JWK())] = true
		}
		assert.Len(t, keys, 3, "each attempt has a key of its own")
		assert.Len(t, storage(w, b).Keys, 2, "one is kept for each address")
		for _, p := range people {
			p.signOut()
		}
		mustReturn(t, people)
	})
}

// Two tabs of one site, for two addresses of one provider, which remembers one
// session only: both are signed in as who they asked for.
func TestConcurrentTabsOfOneSite(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		people := concurrently(t, w, b, arrival{testbrowser.RP, testbrowser.Alice}, arrival{testbrowser.RP, testbrowser.Bob})
		for _, i := range []int{1, 0} {
			people[i].signInAt(people[i].provider)
			people[i].mustBeSignedIn()
		}
		assert.NotEqual(t, people[0].certificate().PublicKey, people[1].certificate().PublicKey)
		assert.Len(t, storage(w, b).Keys, 2, "one is kept for each address")

		people[0].signOut() // there is one session, which Bob's tab has not yet seen the end of
		people[1].site.Reload()
		mustReturn(t, people)
	})
}

// arrival is somebody who comes to a site to sign in.
type arrival struct{ host, email string }

// person is somebody on their way in.
type person struct {
	*flow
	arrival
	provider *testbrowser.Page
}

// concurrently brings several people to the windows of their providers, all of
// them step by step and at the same time.
func concurrently(t *testing.T, w *testbrowser.World, b *testbrowser.Browser, arrivals ...arrival) []*person {
	t.Helper()
	var people []*person
	for _, a := range arrivals {
		people = append(people, &person{flow: newFlow(t, w, b, a.host), arrival: a})
	}
	for _, p := range people {
		p.open("enter")
	}
	for _, p := range people {
		p.typeAddress(p.email)
	}
	for _, p := range people {
		p.provider = p.dialog.Popup(func() { p.press("#next") })
	}
	for _, p := range people {
		p.provider.Wait(`document.querySelector('#password')`)
	}
	return people
}

// mustReturn signs people in again, at the same time and without a provider.
func mustReturn(t *testing.T, people []*person) {
	t.Helper()
	returned := time.Now()
	for _, p := range people {
		p.open("pick")
	}
	for _, p := range people {
		p.press(`.identity[data-email="` + p.email + `"]`)
		p.mustBeSignedIn()
	}
	for _, p := range people {
		assert.Empty(t, p.w.Requests().To(string(p.certificate().Principal.Email.Domain())).Since(returned).Lines())
	}
}

// mustBeSignedIn checks that the site's server knows who it is, and that all windows are gone.
func (p *person) mustBeSignedIn() {
	p.t.Helper()
	p.waitSignedIn(p.email)
	p.provider.WaitClosed()
	assert.Equal(p.t, p.email, string(p.certificate().Principal.Email))
}

// certificate is that of the last assertion that the site's server has verified for this person.
func (p *person) certificate() *browserid.Certificate {
	p.t.Helper()
	var found *browserid.Certificate
	for _, login := range p.w.Requests().To(p.host).Path("/login") {
		assert.Equal(p.t, 200, login.Status)
		certificate, _, err := browserid.ParseCertificate(certificateOf(p.t, login))
		require.NoError(p.t, err)
		if string(certificate.Principal.Email) == p.email {
			found = certificate
		}
	}
	require.NotNil(p.t, found, "the site has got no assertion for %s", p.email)
	return found
}

// addSite puts one more relying party into the world.
func addSite(t *testing.T, w *testbrowser.World, host string) {
	t.Helper()
	site, err := rp.New(rp.Config{
		Origin:   browserid.Origin(w.URL(host, "")),
		HostURL:  w.URL(testbrowser.Host, ""),
		Verifier: w.Verifier(host, time.Now),
	})
	require.NoError(t, err)
	w.Handle(host, site)
}
