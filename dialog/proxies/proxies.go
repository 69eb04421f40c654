// Package proxies tells where a request comes from, by the word of the proxies in
// front of a server, and of nobody else.
package proxies

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Networks are those whose word is taken for where a request comes from.
type Networks []netip.Prefix

// ipv6ClientBits is the part of an IPv6 address that a client cannot choose.
const ipv6ClientBits = 64

// Client returns the network that stands for the sender of a request: its IPv4
// address, or the /64 of its IPv6 address. It is false where that cannot be told.
func (n Networks) Client(r *http.Request) (netip.Prefix, bool) {
	address, ok := n.Address(r)
	return NetworkOf(address), ok
}

// Address returns where a request comes from. It is false where that cannot be
// told, because a proxy nearby has sent it whose word is not taken.
func (n Networks) Address(r *http.Request) (netip.Addr, bool) {
	peer, ok := ParseHop(r.RemoteAddr)
	switch {
	case !ok: // a listener without IP addresses
		return netip.Addr{}, false
	case n.Trust(peer):
		return n.sender(peer, r.Header.Values("X-Forwarded-For")), true
	case len(n) == 0 && Nearby(peer):
		return netip.Addr{}, false
	}
	return peer, true
}

// sender goes back over the hops, of which each proxy has added its own sender at
// the end, to the first that is no proxy of ours: what stands before that, the
// sender may have made up.
func (n Networks) sender(peer netip.Addr, forwardedFor []string) netip.Addr {
	hops := strings.Split(strings.Join(forwardedFor, ","), ",")
	for _, text := range slices.Backward(hops) {
		hop, ok := ParseHop(strings.TrimSpace(text))
		if !ok || !n.Trust(peer) {
			break
		}
		peer = hop
	}
	return peer
}

// Trust tells whether an address is one of the proxies'.
func (n Networks) Trust(address netip.Addr) bool {
	return slices.ContainsFunc(n, func(network netip.Prefix) bool { return network.Contains(address) })
}

// Nearby reports an address that nobody on the Internet can have.
func Nearby(address netip.Addr) bool {
	return address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast()
}

// ParseHop reads an address with or without a port.
func ParseHop(text string) (netip.Addr, bool) {
	if withPort, err := netip.ParseAddrPort(text); err == nil {
		return withPort.Addr().Unmap(), true
	}
	address, err := netip.ParseAddr(text)
	return address.Unmap(), err == nil
}

// NetworkOf returns the network that stands for an address, as [Networks.Client] does.
func NetworkOf(address netip.Addr) netip.Prefix {
	bits := address.BitLen()
	if address.Is6() {
		bits = ipv6ClientBits
	}
	network, _ := address.Prefix(bits) // fails for numbers of bits that no address has
	return network
}
