package testbrowser_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/old"
)

// The sites of another time.
const (
	oldSite      = "old.test"
	oldMail      = "mail.test"
	oldElsewhere = "sso.test"
	oldDelegate  = "delegate.test" // has oldMail speak for it
)

// oldWorld is the standard world, with a relying party and a provider as they were written in 2012.
func oldWorld(t *testing.T, w *testbrowser.World, style old.Style, habit old.Habit) {
	t.Helper()
	site, err := old.NewSite(old.SiteConfig{Style: style, HostURL: w.URL(testbrowser.Host, ""), Verifier: w.Verifier(oldSite, time.Now)})
	require.NoError(t, err)
	w.Handle(oldSite, site)
	mail, err := old.NewProvider(old.ProviderConfig{
		Habit: habit, Domain: oldMail, HostURL: w.URL(testbrowser.Host, ""), ElsewhereURL: w.URL(oldElsewhere, ""),
		Password: testbrowser.Password, Delegating: []browserid.Domain{oldDelegate},
	})
	require.NoError(t, err)
	w.Handle(oldMail, mail)
	w.Handle(oldElsewhere, mail.Elsewhere())
	w.Handle(oldDelegate, issuer.Delegate(oldMail))
}

// Pages as they were written for Persona work without a changed byte: each style of site, each habit of provider, and a domain that has
// another speak for it (A6, C1, C2.4, C3.3).
func TestOldPages(t *testing.T) {
	for _, c := range []struct {
		style old.Style
		habit old.Habit
		email string
	}{
		{old.Get, old.LocalSession, "anna@" + oldMail},
		{old.GetVerifiedEmail, old.ParsesKey, "anna@" + oldMail},
		{old.Get, old.SignsInElsewhere, "anna@" + oldDelegate},
		{old.GetVerifiedEmail, old.PassesKey, "Anna.Lind+guests@" + oldMail},
		{old.Get, old.PassesKey, testbrowser.Alice}, // whose provider is of today
	} {
		t.Run(string(c.style)+" "+string(c.habit)+" "+c.email, func(t *testing.T) {
			testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
				oldWorld(t, w, c.style, c.habit)
				f := newFlow(t, w, b, oldSite)
				f.open("enter")
				f.press("#cancel")
				f.site.WaitText("#heard", "null") // A6.2
				f.dialog.WaitClosed()

				f.signInAt(f.enter(c.email))
				f.site.WaitText("#who", c.email)
				f.dialog.WaitClosed()
				mustUnderstandOldAssertion(t, w)
			})
		})
	}
}

// mustUnderstandOldAssertion checks that a site's old verifier could read what it was sent: an RSA key in decimal, signatures by RSA (C4).
func mustUnderstandOldAssertion(t *testing.T, w *testbrowser.World) {
	t.Helper()
	logins := w.Requests().To(oldSite).Path("/login")
	require.Len(t, logins, 1)
	form := formOf(t, logins[0])
	backed, err := browserid.ParseBacked(form.Get("assertion"))
	require.NoError(t, err)
	certificate, compact, err := browserid.ParseCertificate(backed.Certificates[0])
	require.NoError(t, err)
	if certificate.Issuer != testbrowser.IdP {
		assert.Equal(t, oldMail, certificate.Issuer)
		assert.Equal(t, browserid.RS256, compact.Algorithm)
	}
	assert.Equal(t, browserid.RS256, certificate.PublicKey.Algorithm(), "include.js asks for no other")
	assert.Contains(t, string(compact.Payload), `"algorithm":"RS"`)
	_, compact, err = browserid.ParseAssertion(backed.Assertion)
	require.NoError(t, err)
	assert.Equal(t, browserid.RS256, compact.Algorithm)
}

// formOf is the form that a request brought.
func formOf(t *testing.T, r testbrowser.Request) url.Values {
	t.Helper()
	form, err := url.ParseQuery(string(r.Body))
	require.NoError(t, err)
	return form
}

// A site in observer mode signs its person in once, and every page after that agrees with the browser about who it is; so does one that
// still has its session after the browser has forgotten (A3).
func TestOldObserver(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		oldWorld(t, w, old.Observer, old.LocalSession)
		f := newFlow(t, w, b, oldSite)
		f.signInAt(f.enter("anna@" + oldMail))
		f.site.WaitText("#who", "anna@mail.test")
		f.site.WaitText("#heard", "match ready")
		f.dialog.WaitClosed()
		mustUnderstandOldAssertion(t, w)

		other := b.Open(w.URL(oldSite, "/"))
		other.WaitText("#heard", "match ready")
		assert.Len(t, w.Requests().To(oldSite).Path("/login"), 1, "nobody signs in twice")

		other.Click("#sign-out")
		other.WaitText("#who", "nobody")
		f.site.WaitText("#who", "nobody") // the tab that was signed in hears of it
		other.Reload()
		other.WaitText("#heard", "match ready")
		assert.NotContains(t, other.Text("#heard"), "login")
	})
}
