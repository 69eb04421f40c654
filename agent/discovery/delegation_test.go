package discovery_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

func TestDiscoverProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", `{"public-key":`+aKey+`,"keys":[`+aKey+`],"authentication":"/sign_in","provisioning":"/provision",
		"logout":"/sign_out","algorithms":["ES256","RS256"]}`)
	provider := requireProvider(t, discovery.New(w.config()), "idp.test")

	assert.Equal(t, browserid.Domain("idp.test"), provider.Domain)
	assert.Equal(t, browserid.Domain("idp.test"), provider.Authority)
	assert.Equal(t, "https://idp.test/sign_in", provider.Authentication)
	assert.Equal(t, "https://idp.test/provision", provider.Provisioning)
	assert.Equal(t, "https://idp.test/sign_out", provider.Logout)
	assert.Len(t, provider.Keys, 2)
	assert.Equal(t, []browserid.Algorithm{browserid.ES256, browserid.RS256}, provider.Algorithms)
	assert.Equal(t, []string{"idp.test?domain=idp.test"}, w.asked())
}

func TestDiscoverProviderOfOldDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document)
	provider := requireProvider(t, discovery.New(w.config()), "idp.test")
	assert.Equal(t, []browserid.Algorithm{browserid.RS256}, provider.Algorithms)
	assert.Empty(t, provider.Logout)
}

// chain publishes d0.test > d1.test > … with the given number of delegations, and a provider at the end.
func chain(w *world, delegations int) {
	for i := range delegations {
		w.publish(fmt.Sprintf("d%d.test", i), fmt.Sprintf(`{"authority":"d%d.test"}`, i+1))
	}
	w.publish(fmt.Sprintf("d%d.test", delegations), document)
}

func TestDelegation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain(w, 5)
	provider := requireProvider(t, discovery.New(w.config()), "d0.test")
	assert.Equal(t, browserid.Domain("d0.test"), provider.Domain)
	assert.Equal(t, browserid.Domain("d5.test"), provider.Authority)
	assert.Equal(t, "https://d5.test/provision", provider.Provisioning, "pages are the authority's")
	assert.Equal(t, []string{
		"d0.test?domain=d0.test", "d1.test?domain=d0.test", "d2.test?domain=d0.test",
		"d3.test?domain=d0.test", "d4.test?domain=d0.test", "d5.test?domain=d0.test",
	}, w.asked(), "each hop is told the domain (C3.5, C3.6)")
}

func TestDelegationTooFar(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain(w, 6)
	failure := requireState(t, discovery.New(w.config()), "d0.test", discovery.Invalid)
	assert.Equal(t, "Authority is passed on more than 5 times: d0.test > d1.test > d2.test > d3.test > d4.test > d5.test > d6.test.",
		failure.Reason)
	assert.NotContains(t, w.asked(), "d6.test?domain=d0.test")
}

func TestDelegationRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, authority, reason string
	}{
		{"itself", "d0.test", "The delegation goes round in a circle: d0.test > d0.test."},
		{"itself, in capitals", "D0.TEST", "The delegation goes round in a circle: d0.test > d0.test."},
		{"a circle", "d1.test", "The delegation goes round in a circle: d0.test > d1.test > d0.test."},
		{"localhost", "idp.localhost", "A domain on the Internet cannot delegate to localhost: d0.test > idp.localhost."},
		{"a URL", "https://idp.test", "The support document of d0.test cannot be used: authority: " +
			"a label is not made of letters, digits and hyphens."},
		{"a port", "idp.test:8443", "The support document of d0.test cannot be used: authority: " +
			"a label is not made of letters, digits and hyphens."},
		{"an address", "127.0.0.1", "The support document of d0.test cannot be used: authority: an IP address is not a domain."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.publish("d0.test", `{"authority":"`+test.authority+`"}`)
			w.publish("d1.test", `{"authority":"d0.test"}`)
			config := w.config()
			config.InsecureLocalhostPort = "8080"
			failure := requireState(t, discovery.New(config), "d0.test", discovery.Invalid)
			assert.Equal(t, test.reason, failure.Reason)
			assert.False(t, failure.State.FallbackMaySpeak())
		})
	}
}

// An authority that is not there leaves a domain without an answer, but not without a provider.
func TestDelegationToAnAuthorityThatIsAway(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		site   http.Handler
		want   discovery.State
		reason string
	}{
		{"no such name", nil, discovery.Offline, "There is no server called idp.test on the public Internet."},
		{"404", http.NotFoundHandler(), discovery.Offline, "idp.test has no support document: it answers 404 for /.well-known/browserid."},
		{"disabled", answer(200, `{"disabled":true}`, "Content-Type", "application/json"), discovery.Disabled, ""},
		{"broken", answer(200, `{}`, "Content-Type", "application/json"), discovery.Invalid, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.publish("d0.test", `{"authority":"idp.test"}`)
			w.site("idp.test", test.site)
			failure := requireState(t, discovery.New(w.config()), "d0.test", test.want)
			if test.reason != "" {
				assert.Equal(t, "Authority is delegated: d0.test > idp.test. "+test.reason, failure.Reason)
			}
		})
	}
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("disabled.test", `{"disabled":true,"authority":"idp.test","public-key":`+aKey+`,"authentication":"/a","provisioning":"/p"}`)
	w.publish("delegating.test", `{"disabled":false,"authority":"idp.test","public-key":{},"authentication":1}`)
	w.publish("idp.test", document)
	client := discovery.New(w.config())

	failure := requireState(t, client, "disabled.test", discovery.Disabled)
	assert.Equal(t, "disabled.test says that it takes no part in BrowserID.", failure.Reason)
	assert.True(t, failure.State.FallbackMaySpeak(), "D4.4")
	require.Equal(t, browserid.Domain("idp.test"), requireProvider(t, client, "delegating.test").Authority)
}
