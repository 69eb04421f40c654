package testbrowser_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// Discovery reaches the providers of its own world, over TLS that it checks.
func TestDiscoveryIsOfTheWorld(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewWorld(t)
	provider, err := w.Discovery(nil).Discover(t.Context(), testbrowser.IdP)
	require.NoError(t, err)
	assert.Equal(t, "https://idp.test"+idp.ProvisioningPath, provider.Provisioning)
	assert.Equal(t, []browserid.PublicKey{w.IdP.PublicKey()}, provider.Keys)
	assert.Len(t, w.Requests().To(testbrowser.IdP), 1)
}

func TestEverySiteAnswers(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewWorld(t)
	for host, path := range map[string]string{
		testbrowser.Host: "/sign_in", testbrowser.RP: "/", testbrowser.RP2: "/", testbrowser.IdP: "/", testbrowser.IdP2: "/", testbrowser.Evil: "/lying",
	} {
		response, err := w.Client().Get(w.URL(host, path))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, http.StatusOK, response.StatusCode, host)
	}
	assert.Contains(t, w.HostLog(), "/sign_in")
}

func TestOptionsChangeTheWorld(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewWorld(t, testbrowser.WithIdP(func(c *idp.Config) { c.Algorithms = []browserid.Algorithm{browserid.RS256} }))
	provider, err := w.Discovery(nil).Discover(t.Context(), testbrowser.IdP2)
	require.NoError(t, err)
	assert.Equal(t, []browserid.Algorithm{browserid.RS256}, provider.Algorithms)
}

// The sample sites fit a small phone, in both colour schemes.
func TestSampleSitesFit(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewWorld(t)
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	for _, url := range []string{w.URL(testbrowser.RP, "/"), w.URL(testbrowser.IdP, "/"), w.URL(testbrowser.IdP, idp.AuthenticationPath+"?email="+testbrowser.Alice)} {
		page := b.Open(url)
		page.Viewport(320, 480)
		assert.Equal(t, 320, testbrowser.Eval[int](page, "document.documentElement.scrollWidth"), url)
		backgrounds := map[string]bool{}
		for _, scheme := range []string{"light", "dark"} {
			page.Prefer("prefers-color-scheme", scheme)
			page.Wait(fmt.Sprintf("matchMedia('(prefers-color-scheme: %s)').matches", scheme))
			backgrounds[testbrowser.Eval[string](page, "getComputedStyle(document.body).backgroundColor")] = true
		}
		assert.Len(t, backgrounds, 2, url)
	}
}
