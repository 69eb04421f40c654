package discovery_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

func TestAnswersAreKept(t *testing.T) {
	t.Parallel()
	trouble := answer(http.StatusBadGateway, "")
	tests := []struct {
		name string
		site http.Handler
		want time.Duration
	}{
		{"provider", answer(200, document, "Content-Type", jsonType, "Cache-Control", "max-age=1800"), 30 * time.Minute},
		{"disabled", answer(200, `{"disabled":true}`, "Content-Type", jsonType, "Cache-Control", "max-age=1800"), 30 * time.Minute},
		{"absent", answer(404, "", "Cache-Control", "max-age=1800"), discovery.FailureLifetime},
		{"offline", trouble, discovery.FailureLifetime},
		{"invalid", answer(200, `{}`, "Content-Type", jsonType, "Cache-Control", "max-age=1800"), discovery.FailureLifetime},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.site("idp.test", test.site)
			client := discovery.New(w.config())
			ask := func() int {
				_, _ = client.Discover(t.Context(), "idp.test")
				return len(w.asked())
			}
			assert.Equal(t, 1, ask())
			w.clock.advance(test.want - time.Second)
			assert.Equal(t, 0, ask(), "fresh")
			w.clock.advance(time.Second)
			assert.Equal(t, 1, ask(), "stale")
		})
	}
}

// A chain is as fresh as its stalest document.
func TestShortestLifetimeOfAChain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("d0.test", `{"authority":"idp.test"}`, "Cache-Control", "max-age=120")
	w.publish("idp.test", document, "Cache-Control", "max-age=3600")
	client := discovery.New(w.config())
	requireProvider(t, client, "d0.test")
	w.asked()
	w.clock.advance(2 * time.Minute)
	requireProvider(t, client, "d0.test")
	assert.Len(t, w.asked(), 2)
}

func TestCacheForgetsWhatIsLeastUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config()
	config.CacheSize = 2
	client := discovery.New(config)
	for _, domain := range []string{"a.test", "b.test", "c.test"} {
		w.publish(domain, document)
	}
	for _, domain := range []browserid.Domain{"a.test", "b.test", "a.test", "c.test"} {
		requireProvider(t, client, domain)
	}
	w.asked()
	requireProvider(t, client, "a.test")
	assert.Empty(t, w.asked(), "used lately")
	requireProvider(t, client, "b.test")
	assert.Equal(t, []string{"b.test?domain=b.test"}, w.asked(), "forgotten")
}

// An answer that is renewed takes the place of the old one, and no other.
func TestRenewalTakesOnePlace(t *testing.T) {
	t.Parallel()
	for name, site := range map[string]http.Handler{
		"providers": answer(200, document, "Content-Type", jsonType, "Cache-Control", "max-age=60"),
		"failures":  http.NotFoundHandler(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.config()
			config.CacheSize = 2
			client := discovery.New(config)
			ask := func(domain browserid.Domain) {
				w.site(string(domain), site)
				_, _ = client.Discover(t.Context(), domain)
			}
			for range 5 {
				ask("a.test")
				w.clock.advance(time.Minute)
			}
			for _, domain := range []browserid.Domain{"a.test", "b.test", "a.test", "c.test"} {
				ask(domain)
			}
			w.asked()
			ask("a.test")
			assert.Empty(t, w.asked(), "used lately")
		})
	}
}

// Whoever makes up names pushes no provider out.
func TestFailuresPushNoProviderOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config()
	config.CacheSize = 2
	client := discovery.New(config)
	w.publish("idp.test", document)
	requireProvider(t, client, "idp.test")
	for i := range 10 {
		requireState(t, client, browserid.Domain(fmt.Sprintf("made-up-%d.test", i)), discovery.Absent)
	}
	w.asked()
	requireProvider(t, client, "idp.test")
	assert.Empty(t, w.asked())
}

func TestRefreshFindsANewKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("idp.test", document, "Cache-Control", "max-age=3600")
	client := discovery.New(w.config())
	require.Len(t, requireProvider(t, client, "idp.test").Keys, 1)
	w.publish("idp.test", `{"public-key":`+aKey+`,"keys":[`+aKey+`],"authentication":"/a","provisioning":"/p"}`, "Cache-Control", "max-age=3600")
	w.asked()

	provider, err := client.Refresh(t.Context(), "idp.test")
	require.NoError(t, err)
	assert.Len(t, provider.Keys, 1, "too early")
	assert.Empty(t, w.asked())

	w.clock.advance(discovery.RefreshInterval)
	provider, err = client.Refresh(t.Context(), "idp.test")
	require.NoError(t, err)
	assert.Len(t, provider.Keys, 2)
	assert.Len(t, requireProvider(t, client, "idp.test").Keys, 2)
	for range 100 {
		_, err = client.Refresh(t.Context(), "idp.test")
		require.NoError(t, err)
	}
	assert.Len(t, w.asked(), 1, "a flood of unknown signatures costs one fetch a minute")
}

// What was good is given up for the domain's own word, not because it is away.
func TestRefreshThatFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		site http.Handler
		kept bool
	}{
		{"away", nil, true},
		{"in trouble", answer(http.StatusBadGateway, ""), true},
		{"404", http.NotFoundHandler(), true},
		{"disabled", answer(200, `{"disabled":true}`, "Content-Type", jsonType), false},
		{"broken", answer(200, `{}`, "Content-Type", jsonType), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.publish("idp.test", document, "Cache-Control", "max-age=600")
			client := discovery.New(w.config())
			requireProvider(t, client, "idp.test")
			w.site("idp.test", test.site)
			w.clock.advance(5 * time.Minute)
			for range 2 { // the second is within the interval
				provider, err := client.Refresh(t.Context(), "idp.test")
				assert.Equal(t, test.kept, err == nil)
				assert.Equal(t, test.kept, provider != nil)
			}
			w.clock.advance(4 * time.Minute)
			_, err := client.Discover(t.Context(), "idp.test")
			assert.Equal(t, test.kept, err == nil, "kept as long as the first answer allowed")
			w.clock.advance(time.Minute)
			_, err = client.Discover(t.Context(), "idp.test")
			require.Error(t, err, "and no longer")
		})
	}
}
