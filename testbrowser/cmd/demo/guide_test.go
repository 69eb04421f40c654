package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/verifier"
	"github.com/navid-login/navid/shim/sites/sitestest"
	"github.com/navid-login/navid/testbrowser"
)

// The sample sites of shim/sites, in each language that is on this machine, beside the demo as their guide has it: one person signs in to
// each, the later times without a word to their provider.
func TestGuideSites(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	demo, err := newSites(listener.Addr().(*net.TCPAddr).Port)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, demo.close()) })
	server := &http.Server{Handler: demo}
	go func() { _ = server.Serve(listener) }() // ends with http.ErrServerClosed
	t.Cleanup(func() { _ = server.Close() })
	verifier := startVerifier(t, demo.port)

	w := testbrowser.NewEmptyWorld(t)
	for _, name := range []string{loginName, idpName} {
		w.Handle(name, demo)
	}
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	const address = user + "@" + idpName
	for i, command := range sitestest.Commands(t, "../../..") {
		name := command.Runtime + ".localhost"
		origin := ""
		at := command.Start(t, func(port string) []string {
			origin = "http://" + name + ":" + port
			return []string{"ORIGIN=" + origin, "LOGIN_HOST=" + demo.url(loginName), "VERIFIER=" + verifier, "DEV_PORT=" + strconv.Itoa(demo.port)}
		})
		w.Handle(name, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: at})
			r.Out.Host = r.In.Host
		}})
		site := b.Open(origin)
		dialog := site.Popup(func() { site.Click("#sign-in") })
		if i == 0 {
			dialog.WaitScreen("enter")
			dialog.Type("#email", address)
			provider := dialog.Popup(func() { dialog.Click("#next") })
			provider.Type("#password", password)
			provider.Click("#sign-in button")
		} else {
			dialog.Click(".identity")
		}
		site.WaitText("#address", address)
		site.Click("#sign-out button")
		site.Wait("!document.querySelector('#sign-in').hidden")
	}
}

// startVerifier is `navid verify-server -dev-port PORT`, as far as a site can tell.
func startVerifier(t *testing.T, devPort int) string {
	t.Helper()
	handler, err := verifier.New(verifier.Config{
		Discovery: discovery.New(discovery.Config{InsecureLocalhostPort: strconv.Itoa(devPort)}),
		Fallbacks: []browserid.Domain{loginName},
	})
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + "/verify"
}
