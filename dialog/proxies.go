package dialog

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the networks whose word is taken for where a request comes from.
type proxies []netip.Prefix

// ipv6ClientBits is the part of an IPv6 address that a client cannot choose.
const ipv6ClientBits = 64

// client returns the network that stands for the sender of a request: its IPv4
// address, or the /64 of its IPv6 address. It is false where that cannot be told.
func (p proxies) client(r *http.Request) (netip.Prefix, bool) {
	address, ok := p.address(r)
	return networkOf(address), ok
}

// address returns where a request comes from. It is false where that cannot be
// told, because a proxy nearby has sent it whose word is not taken.
func (p proxies) address(r *http.Request) (netip.Addr, bool) {
	peer, ok := parseHop(r.RemoteAddr)
	switch {
	case !ok: // a listener without IP addresses
		return netip.Addr{}, false
	case p.trust(peer):
		return p.sender(peer, r.Header.Values("X-Forwarded-For")), true
	case len(p) == 0 && nearby(peer):
		return netip.Addr{}, false
	}
	return peer, true
}

// sender goes back over the hops, of which each proxy has added its own sender at
// the end, to the first that is no proxy of ours: what stands before that, the
// sender may have made up.
func (p proxies) sender(peer netip.Addr, forwardedFor []string) netip.Addr {
	hops := strings.Split(strings.Join(forwardedFor, ","), ",")
	for _, text := range slices.Backward(hops) {
		hop, ok := parseHop(strings.TrimSpace(text))
		if !ok || !p.trust(peer) {
			break
		}
		peer = hop
	}
	return peer
}

func (p proxies) trust(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}

// nearby reports an address that nobody on the Internet can have.
func nearby(address netip.Addr) bool {
	return address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast()
}

// parseHop reads an address with or without a port.
func parseHop(text string) (netip.Addr, bool) {
	if withPort, err := netip.ParseAddrPort(text); err == nil {
		return withPort.Addr().Unmap(), true
	}
	address, err := netip.ParseAddr(text)
	return address.Unmap(), err == nil
}

func networkOf(address netip.Addr) netip.Prefix {
	bits := address.BitLen()
	if address.Is6() {
		bits = ipv6ClientBits
	}
	network, _ := address.Prefix(bits) // fails for numbers of bits that no address has
	return network
}
