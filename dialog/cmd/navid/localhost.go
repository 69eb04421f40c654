package main

import (
	"context"
	"net"
	"strings"
)

// isLocalhost: browsers take the name for this machine, whatever the DNS says.
func isLocalhost(name string) bool {
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// dialAsBrowsers dials this machine for all that is below localhost, which few resolvers know, and else what the name leads to.
func dialAsBrowsers(ctx context.Context, network, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && isLocalhost(host) {
		address = net.JoinHostPort("localhost", port)
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, address)
}
