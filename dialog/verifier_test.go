package dialog

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/dialog/verifier"
)

const formType = "Content-Type: application/x-www-form-urlencoded"

// signedIn returns a form with an assertion of ann@idp.test, and the world in
// which login.example vouches for it.
func signedIn(t *testing.T) (form string, world discoverFunc) {
	t.Helper()
	key, err := issuer.GenerateKey(browserid.EdDSA)
	require.NoError(t, err)
	certificate, err := browserid.SignCertificate(context.Background(), key, browserid.Certificate{
		Issuer: "login.example", Expires: browserid.MillisOf(testNow.Add(time.Hour)),
		PublicKey: key.PublicKey(), Principal: browserid.Principal{Email: "ann@idp.test"},
	})
	require.NoError(t, err)
	assertion, err := browserid.SignAssertion(context.Background(), key, browserid.Assertion{
		Audience: "https://rp.test", Expires: browserid.MillisOf(testNow.Add(time.Minute)),
	})
	require.NoError(t, err)
	form = url.Values{"assertion": {certificate + "~" + assertion}, "audience": {"https://rp.test"}}.Encode()
	return form, func(domain browserid.Domain) (*discovery.Provider, error) {
		if domain != "login.example" {
			return nobody(domain)
		}
		return &discovery.Provider{Authority: domain, Keys: []browserid.PublicKey{key.PublicKey()}}, nil
	}
}

// The verifier has the host's discovery and clock, and the rules it is given.
func TestVerifierOfTheHost(t *testing.T) {
	t.Parallel()
	form, world := signedIn(t)
	config := testConfig()
	config.Discovery = world
	response := do(newTestHost(t, config), "POST", "/verify", form, formType)
	require.Equal(t, http.StatusOK, response.Code)
	assert.Contains(t, response.Body.String(), `"code":"untrusted_issuer"`)

	config.Verifier = verifier.Config{Fallbacks: []browserid.Domain{"login.example"}, Now: time.Now}
	response = do(newTestHost(t, config), "POST", "/verify", form, formType)
	require.Equal(t, http.StatusOK, response.Code)
	assert.Contains(t, response.Body.String(), `"status":"okay"`)
}

func TestVerifierRoutesOfTheHost(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	assert.Equal(t, 415, do(handler, "POST", "/v2", "assertion=a", formType).Code)
	for _, target := range []string{"/verify", "/v2"} {
		for _, method := range []string{"GET", "PUT"} {
			response := do(handler, method, target, "")
			assert.Equal(t, 405, response.Code)
			assert.Equal(t, "POST", response.Header().Get("Allow"))
		}
		assert.Equal(t, 421, do(handler, "POST", target, "", formType, "Host: evil.test").Code)
	}
	for _, target := range []string{"/status", "/__heartbeat__", "/__version__", "/verify/", "/v2/x"} {
		assert.Equal(t, 404, do(handler, "GET", target, "").Code, "%s: the host has /healthz", target)
	}
	assert.Equal(t, 405, do(handler, "POST", "/", "assertion=a", formType).Code)
}

func TestNewRefusesAVerifierThatCannotBe(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.Verifier.Fallbacks = []browserid.Domain{"https://login.example"}
	_, err := newHandler(config, testFiles().load)
	assert.ErrorContains(t, err, `dialog: verifier: verify: issuer "https://login.example"`)
}

// What a site asks the verifier is in no log of the host either.
func TestLogsDoNotSayWhoIsVerifiedWhere(t *testing.T) {
	t.Parallel()
	form, world := signedIn(t)
	var log bytes.Buffer
	config := testConfig()
	config.Discovery, config.Verifier.Fallbacks = world, []browserid.Domain{"login.example"}
	config.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	handler := newTestHost(t, config)
	do(handler, "POST", "/verify?"+form, form, formType, "Referer: https://rp.test/", "User-Agent: rp.test")
	do(handler, "GET", "/verify?"+form, "", "Origin: https://rp.test")
	require.Contains(t, log.String(), `"outcome":"okay"`)
	require.Contains(t, log.String(), `"route":"POST /verify","status":200`)
	for _, secret := range []string{"ann", "idp.test", "rp.test", "eyJ"} {
		assert.NotContains(t, log.String(), secret)
	}
}
