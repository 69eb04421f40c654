package discovery

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// dialTimeout is shorter than HopTimeout, so that a host on which nothing listens is told apart from one that is slow.
const dialTimeout = 4 * time.Second

// publicPort is the only port of a support document.
const publicPort = 443

// globalUnicast is all of IPv6 that is handed out to networks; IPv4-mapped, NAT64, unique local, link-local and multicast
// addresses lie outside.
var globalUnicast = netip.MustParsePrefix("2000::/3")

// barred are the parts of IPv4 and of globalUnicast that are not public, or that lead to other addresses (IANA special-purpose
// address registries).
var barred = parsePrefixes(
	"0.0.0.0/8",       // this network
	"10.0.0.0/8",      // private
	"100.64.0.0/10",   // carrier-grade NAT
	"127.0.0.0/8",     // loopback
	"169.254.0.0/16",  // link-local, cloud metadata
	"172.16.0.0/12",   // private
	"192.0.0.0/24",    // protocol assignments
	"192.0.2.0/24",    // documentation
	"192.88.99.0/24",  // 6to4 relays
	"192.168.0.0/16",  // private
	"198.18.0.0/15",   // benchmarks
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"224.0.0.0/4",     // multicast
	"240.0.0.0/4",     // reserved, broadcast
	"2001::/23",       // protocol assignments: Teredo, ORCHID, benchmarks
	"2001:db8::/32",   // documentation
	"2002::/16",       // 6to4
	"3fff::/20",       // documentation
)

func parsePrefixes(texts ...string) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		prefixes[i] = netip.MustParsePrefix(text)
	}
	return prefixes
}

// public reports whether address is one that anybody on the Internet may be reached at.
func public(address netip.Addr) bool {
	if !address.Is4() && !globalUnicast.Contains(address) {
		return false
	}
	for _, prefix := range barred {
		if prefix.Contains(address) {
			return false
		}
	}
	return true
}

// guard is a [net.Dialer] Control: it sees the address that is really dialled, after all name resolution.
func guard(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAddressBarred, err)
	}
	if target.Port() != publicPort || !public(target.Addr()) {
		return fmt.Errorf("%w: %s", ErrAddressBarred, address)
	}
	return nil
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// guardedDial dials public addresses only. The name is looked up as it stands, without the resolver's search list.
func guardedDial(resolver *net.Resolver) dialFunc {
	dialer := &net.Dialer{Timeout: dialTimeout, Resolver: resolver, Control: guard}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return dialer.DialContext(ctx, network, net.JoinHostPort(host+".", port))
	}
}

// withTimeout bounds a dial by others, since [http.Transport] lets a dial go on when its request has ended.
func withTimeout(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, HopTimeout)
		defer cancel()
		return dial(ctx, network, address)
	}
}

// withLocalhost dials 127.0.0.1 for localhost and its subdomains at port, and all else by dial.
func withLocalhost(dial dialFunc, port string) dialFunc {
	var dialer net.Dialer
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, addressPort, err := net.SplitHostPort(address)
		if err == nil && addressPort == port && isLocalhost(browserid.Domain(host)) {
			return dialer.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
		}
		return dial(ctx, network, address)
	}
}

func isLocalhost(domain browserid.Domain) bool {
	return domain == "localhost" || strings.HasSuffix(string(domain), ".localhost")
}
