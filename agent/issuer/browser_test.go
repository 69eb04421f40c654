package issuer_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// check ends an example that goes wrong.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

// post posts as a page of the same origin does, and returns the reply, which must be a good one.
func post(browser *http.Client, address, contentType, body string) []byte {
	at, err := url.Parse(address)
	check(err)
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, address, strings.NewReader(body))
	check(err)
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Origin", at.Scheme+"://"+at.Host)
	response, err := browser.Do(request)
	check(err)
	defer func() { _ = response.Body.Close() }()
	reply, err := io.ReadAll(response.Body)
	check(err)
	if response.StatusCode != http.StatusOK {
		panic(fmt.Sprintf("%s: %s", response.Status, reply))
	}
	return reply
}

// rootsOf trusts a test server.
func rootsOf(server *httptest.Server) *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return roots
}

// dialerOf connects to a test server, whoever is asked for.
func dialerOf(server *httptest.Server) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, network, server.Listener.Addr().String())
	}
}
