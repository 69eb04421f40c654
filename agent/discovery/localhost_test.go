package discovery_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// developmentServer serves idp.localhost, which others delegate to, on a port of this machine.
func developmentServer(t *testing.T) (port string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		assert.NoError(t, err)
		body := document
		if host != "idp.localhost" {
			body = `{"authority":"idp.localhost"}`
		}
		answer(200, body, "Content-Type", jsonType).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	location, err := url.Parse(server.URL)
	require.NoError(t, err)
	return location.Port()
}

func TestLocalhostInDevelopment(t *testing.T) {
	t.Parallel()
	port := developmentServer(t)
	client := discovery.New(discovery.Config{InsecureLocalhostPort: port})
	for _, domain := range []browserid.Domain{"idp.localhost", "mail.localhost", "localhost"} {
		provider := requireProvider(t, client, domain)
		assert.Equal(t, browserid.Domain("idp.localhost"), provider.Authority)
		assert.Equal(t, "http://idp.localhost:"+port+"/sign_in", provider.Authentication)
		assert.Equal(t, "http://idp.localhost:"+port+"/provision", provider.Provisioning)
	}
}

func TestLocalhostIsRefusedOtherwise(t *testing.T) {
	t.Parallel()
	client := discovery.New(discovery.Config{InsecureDial: func(context.Context, string, string) (net.Conn, error) {
		assert.Fail(t, "dialled")
		return nil, errors.New("dialled")
	}})
	for _, domain := range []browserid.Domain{"localhost", "idp.localhost"} {
		failure := requireState(t, client, domain, discovery.Absent)
		assert.Equal(t, string(domain)+" is this machine itself, which has a provider in development only.", failure.Reason)
	}
}

// The development port opens no other way to this machine, whichever it is.
func TestLocalhostPortIsForLocalhostOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config()
	config.InsecureLocalhostPort = "443"
	client := discovery.New(config)
	for _, domain := range []string{"notlocalhost", "localhost.test"} {
		w.publish(domain, document)
		provider := requireProvider(t, client, browserid.Domain(domain))
		assert.Equal(t, "https://"+domain+"/sign_in", provider.Authentication)
	}
}
