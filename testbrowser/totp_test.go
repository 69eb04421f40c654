package testbrowser_test

import (
	"html/template"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/issuer/keyring"
	codes "github.com/navid-login/navid/agent/issuer/totp"
	"github.com/navid-login/navid/testbrowser"
)

// The domains of the provider with codes: its own, and one that has nothing but a support document which names it.
const (
	totpDomain       = "totp.test"
	delegatingDomain = "delegating.test"
	ann              = browserid.Email("ann@" + totpDomain)
	ben              = browserid.Email("ben@" + delegatingDomain)
)

// apps are the authenticator apps of people.
type apps map[browserid.Email]*otp.Key

// code is what somebody's app shows.
func (a apps) code(t *testing.T, email browserid.Email) string {
	t.Helper()
	code, err := totp.GenerateCode(a[email].Secret(), time.Now())
	require.NoError(t, err)
	return code
}

// addTOTP puts the provider, as `navid idp totp` runs it, and its delegating domain into a world.
func addTOTP(t *testing.T, w *testbrowser.World) apps {
	t.Helper()
	folder := t.TempDir()
	ring, err := keyring.Open(filepath.Join(folder, "keys"), time.Now())
	require.NoError(t, err)
	users, err := codes.OpenUsers(filepath.Join(folder, "users.json"), []byte("a secret of the provider's tests"))
	require.NoError(t, err)
	all := apps{}
	for _, email := range []browserid.Email{ann, ben} {
		uri, err := users.Add(email, time.Now())
		require.NoError(t, err)
		all[email], err = otp.NewKeyFromURL(uri)
		require.NoError(t, err)
	}
	provider, err := codes.New(codes.Config{
		Domain: totpDomain, Domains: []browserid.Domain{delegatingDomain}, LoginHost: browserid.Origin(w.URL(testbrowser.Host, "")),
		Keyring: ring, Users: users, StateFile: filepath.Join(folder, "state.json"),
	})
	require.NoError(t, err)
	w.Handle(totpDomain, provider)
	w.Handle(delegatingDomain, issuer.Delegate(totpDomain))
	return all
}

// The domains of a provider for many, each with a document of its own: other pages, other keys.
const (
	manyHost = "many.test"
	manyA    = "many-a.test"
	manyB    = "many-b.test"
	cleo     = browserid.Email("cleo@" + manyA)
)

// addMany puts the provider for many into a world.
func addMany(t *testing.T, w *testbrowser.World) {
	t.Helper()
	mux := http.NewServeMux()
	var issuers []*issuer.Issuer
	for domain, path := range map[browserid.Domain]string{manyA: "/a", manyB: "/b"} {
		key, err := issuer.GenerateKey(browserid.RS256)
		require.NoError(t, err)
		site := newTrustingSite(w, &issuer.Issuer{
			Domain: manyHost, Domains: []browserid.Domain{domain}, Keys: []browserid.Signer{key},
			Authentication: path + "/sign_in", Provisioning: path + "/provision",
		})
		handler, err := site.Handler()
		require.NoError(t, err)
		mux.Handle(path+"/", handler)
		issuers = append(issuers, site.Issuer)
		w.Handle(string(domain), issuer.Delegate(manyHost))
	}
	documents, err := issuer.Documents(issuers...)
	require.NoError(t, err)
	mux.Handle(issuer.Path, documents)
	w.Handle(manyHost, mux)
}

// newTrustingSite is a provider that believes whoever says that it is them.
func newTrustingSite(w *testbrowser.World, from *issuer.Issuer) *issuer.Site {
	var mu sync.Mutex
	signedIn := map[string]browserid.Email{}
	return &issuer.Site{
		Issuer: from, LoginHost: browserid.Origin(w.URL(testbrowser.Host, "")),
		SignedIn: func(r *http.Request) []browserid.Email {
			mu.Lock()
			defer mu.Unlock()
			if cookie, err := r.Cookie("__Host-session"); err == nil && signedIn[cookie.Value] != "" {
				return []browserid.Email{signedIn[cookie.Value]}
			}
			return nil
		},
		SignIn: func(rw http.ResponseWriter, r *http.Request, email browserid.Email) issuer.Form {
			if r.Method != http.MethodPost {
				return issuer.Form{HTML: template.HTML("<h1>Are you " + template.HTMLEscapeString(string(email)) + "?</h1><form method=post><button>Yes</button></form>")}
			}
			mu.Lock()
			defer mu.Unlock()
			signedIn[string(email)] = email
			http.SetCookie(rw, &http.Cookie{Name: "__Host-session", Value: string(email), Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
			return issuer.Form{}
		},
	}
}

// enterAnother is [flow.enter] where somebody has signed in in this browser already.
func (f *flow) enterAnother(email browserid.Email) (provider *testbrowser.Page) {
	f.t.Helper()
	f.open("pick")
	f.press("#other")
	f.typeAddress(string(email))
	return f.dialog.Popup(func() { f.press("#next") })
}

// People sign in with codes, at a domain of the provider's own and at one that delegates, and with one of many domains on one provider;
// and the world's other verifiers believe what the site is sent.
func TestProvidersForEverybody(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		apps := addTOTP(t, w)
		addMany(t, w)
		f := newFlow(t, w, b, testbrowser.RP)

		provider := f.enter(string(ann))
		b.ExpectConsole("403")
		provider.Type("#code", apps.wrong(t))
		provider.Click("form button")
		provider.WaitText("[role=alert]", "That code is wrong")
		provider.Type("#code", apps.code(t, ann))
		provider.Click("form button")
		f.waitSignedIn(string(ann))
		provider.WaitClosed()
		f.signOut()

		provider = f.enterAnother(ben)
		provider.WaitText("form", string(ben))
		provider.Type("#code", apps.code(t, ben))
		provider.Click("form button")
		f.waitSignedIn(string(ben))
		f.signOut()

		provider = f.enterAnother(cleo)
		provider.WaitText("h1", "Are you cleo@many-a.test?")
		provider.Click("form button")
		f.waitSignedIn(string(cleo))

		w.MustPleaseOthers(testbrowser.RP, ann, ben, cleo)
		for _, host := range []string{totpDomain, delegatingDomain, manyHost, manyA} {
			assert.Empty(t, w.Requests().To(host).Containing(testbrowser.RP).Lines(), "principle 4: %s does not learn the site", host)
		}
		asked := w.Requests().To(totpDomain).Method(http.MethodPost).Path(codes.ProvisioningPath)
		assert.Len(t, asked, 2, "who is not signed in does not ask for a certificate")
		assert.NotEmpty(t, w.Requests().To(manyHost).Path("/a/provision"))
		assert.Empty(t, w.Requests().To(manyHost).Path("/b/provision"), "each domain has its own pages")
	}, testbrowser.WithClassicSites())
}

// wrong is a code that nobody's app shows now or in a while.
func (a apps) wrong(t *testing.T) string {
	t.Helper()
	right := map[string]bool{}
	for _, key := range a {
		for step := -2; step <= 2; step++ {
			code, err := totp.GenerateCode(key.Secret(), time.Now().Add(time.Duration(step)*30*time.Second))
			require.NoError(t, err)
			right[code] = true
		}
	}
	code := "271828"
	for right[code] {
		code = code[1:] + code[:1]
	}
	return code
}

// What one domain's provider signs is nothing for the next, though they share a host (D1.11).
func TestDomainsOfOneProviderDiffer(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewEmptyWorld(t)
	addMany(t, w)
	first, err := w.Discovery(time.Now).Discover(t.Context(), manyA)
	require.NoError(t, err)
	second, err := w.Discovery(time.Now).Discover(t.Context(), manyB)
	require.NoError(t, err)
	assert.Equal(t, browserid.Domain(manyHost), first.Authority)
	assert.Equal(t, browserid.Domain(manyHost), second.Authority)
	assert.NotEqual(t, first.Keys, second.Keys)
	assert.NotEqual(t, first.Provisioning, second.Provisioning)
}
