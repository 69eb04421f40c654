package verifier

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// slowDomains is a Discovery that knows what providers does, and keeps waiting
// all who ask for slow.test.
type slowDomains struct {
	providers
	refreshed bool
}

func (s *slowDomains) Discover(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	if domain == "slow.test" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.providers.Discover(ctx, domain)
}

func (s *slowDomains) Refresh(context.Context, browserid.Domain) (*discovery.Provider, error) {
	s.refreshed = true
	return provider("idp.test"), nil
}

func verifyAt(handler http.Handler, text string) *httptest.ResponseRecorder {
	return post(handler, "/v2", typeJSON, object("assertion", text, "audience", "https://rp.test"))
}

// Half of the places may wait; the others serve who need not, and turn away
// who would have to.
func TestSlowDomainsDoNotKeepOutKnownOnes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := testConfig()
		config.Discovery, config.MaxVerifications = &slowDomains{providers: world()}, 4
		handler := newTestVerifier(t, config)
		slow := bundle(speak("slow.test", "ann@slow.test"))
		waited := make(chan *httptest.ResponseRecorder)
		for range 2 {
			go func() { waited <- verifyAt(handler, slow) }()
		}
		synctest.Wait()
		assert.Equal(t, StatusOkay, replyOf(t, verifyAt(handler, bundle())).outcome())
		busy := verifyAt(handler, slow)
		assert.Equal(t, http.StatusServiceUnavailable, busy.Code)
		assert.Equal(t, "2", busy.Header().Get("Retry-After"))
		assert.Equal(t, CodeBusy, replyOf(t, busy).Code)
		for range 2 {
			late := <-waited
			assert.Equal(t, http.StatusServiceUnavailable, late.Code, "nobody waits for ever")
			assert.Equal(t, CodeUnavailable, replyOf(t, late).Code)
		}
		assert.Equal(t, StatusOkay, replyOf(t, verifyAt(handler, bundle())).outcome())
	})
}

func TestTooManyVerifications(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := testConfig()
		config.Discovery, config.MaxVerifications = &slowDomains{providers: world()}, 1
		handler := newTestVerifier(t, config)
		waited := make(chan *httptest.ResponseRecorder)
		go func() { waited <- verifyAt(handler, bundle(speak("slow.test", "ann@slow.test"))) }()
		synctest.Wait()
		busy := verifyAt(handler, bundle())
		assert.Equal(t, http.StatusServiceUnavailable, busy.Code)
		assert.Equal(t, "2", busy.Header().Get("Retry-After"))
		assert.Equal(t, Reply{Status: StatusFailure, Code: CodeBusy, Reason: "too many verifications at once"}, replyOf(t, busy))
		assert.Equal(t, http.StatusBadRequest, post(handler, "/v2", typeJSON, "{}").Code, "what needs no place takes none")
		<-waited
		assert.Equal(t, StatusOkay, replyOf(t, verifyAt(handler, bundle())).outcome(), "the place is free again")
	})
}

// The real client, with a context that has ended, answers what it knows: the
// reserve depends on it.
func TestClientAnswersWhatItKnowsWithoutWaiting(t *testing.T) {
	t.Parallel()
	client := discovery.New(discovery.Config{})
	_, first := client.Discover(t.Context(), "localhost") // which nobody asks over the network
	require.Error(t, first)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // a select would be right every other time
		_, err := client.Discover(ended, "localhost")
		assert.Equal(t, first, err)
	}
}

// What fails on the verifier's side says nothing about the assertion.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	handler := newTestVerifier(t, testConfig())
	for domain, code := range map[string]string{"broken.test": CodeUnavailable, "crowded.test": CodeBusy} {
		response := verifyAt(handler, bundle(speak(domain, browserid.Email("ann@"+domain))))
		assert.Equal(t, http.StatusServiceUnavailable, response.Code)
		assert.Equal(t, code, replyOf(t, response).Code)
		assert.Equal(t, code == CodeBusy, response.Header().Get("Retry-After") != "")
	}
}

// G13: a key that changed is found through the layer for overload.
func TestRefresh(t *testing.T) {
	t.Parallel()
	known := world()
	known["idp.test"] = &discovery.Provider{Authority: "idp.test", Keys: []browserid.PublicKey{eddsa().PublicKey()}}
	config := testConfig()
	config.Discovery = known
	assert.Equal(t, "algorithm", replyOf(t, verifyAt(newTestVerifier(t, config), bundle())).Code, "this one cannot refresh")
	able := &slowDomains{providers: known}
	config.Discovery = able
	assert.Equal(t, StatusOkay, replyOf(t, verifyAt(newTestVerifier(t, config), bundle())).outcome())
	assert.True(t, able.refreshed)
}

// Neither assertion nor address, domain or audience is ever logged.
func TestLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	config := testConfig()
	config.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	handler := newTestVerifier(t, config)
	texts := []string{
		"ann@rp.test", bundle(), bundle(speak("evil.test", ann)),
		bundle(speak("offline.test", "ann@offline.test")), bundle(speak("broken.test", "ann@broken.test")),
		bundle(func(_ *browserid.Certificate, a *browserid.Assertion) { a.Audience = "https://evil.test" }),
	}
	for _, text := range texts {
		for _, target := range []string{"/verify", "/v2", "/v2?" + form("assertion", text)} {
			post(handler, target, typeJSON, object("assertion", text, "audience", "https://rp.test"))
			post(handler, target, typeForm, form("assertion", text, "audience", "rp.test", "experimental_forceIssuer", "evil.test"))
			post(handler, target, "text/rp.test", text)
		}
	}
	for _, outcome := range []string{StatusOkay, "audience", "untrusted_issuer", "discovery", CodeUnavailable, CodeContentType} {
		require.Contains(t, log.String(), `"outcome":"`+outcome+`"`)
	}
	require.Contains(t, log.String(), `"status":503`)
	for _, secret := range []string{"ann", "rp.test", "idp.test", "evil.test", "offline.test", "broken.test", "eyJ", "~"} {
		assert.NotContains(t, log.String(), secret)
	}
}

// A verification ends with its connection, or when its time is over.
func TestVerifyTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := testConfig()
		config.Discovery = &slowDomains{providers: world()}
		start := time.Now()
		verifyAt(newTestVerifier(t, config), bundle(speak("slow.test", "ann@slow.test")))
		assert.Equal(t, verifyTimeout, time.Since(start))
	})
}
