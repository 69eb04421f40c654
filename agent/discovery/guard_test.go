package discovery

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Security test 32, 33.
func TestPublic(t *testing.T) {
	t.Parallel()
	tests := map[bool][]string{
		true: {
			"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
			"169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
			"198.17.255.255", "198.20.0.0", "223.255.255.255", "2000::1", "2001:200::1", "2001:4860:4860::8888", "2003::1",
			"2606:4700:4700::1111", "3ffe::1",
		},
		false: {
			"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.254",
			"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
			"198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
			"::", "::1", "::127.0.0.1", "::8.8.8.8",
			"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", // IPv4-mapped, IPv4-translated
			"64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", // NAT64
			"100::1", "1fff::1", // discard, below global unicast
			"2001::1", "2001:0:808:808::1", "2001:2::1", "2001:10::1", "2001:20::1", // Teredo, benchmarks, ORCHID
			"2001:db8::1", "3fff::1", // documentation
			"2002:7f00:1::1", "2002:808:808::1", // 6to4
			"4000::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
		},
	}
	for want, addresses := range tests {
		for _, address := range addresses {
			assert.Equal(t, want, public(netip.MustParseAddr(address)), address)
		}
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	require.NoError(t, guard("tcp4", "8.8.8.8:443", nil))
	require.NoError(t, guard("tcp6", "[2606:4700:4700::1111]:443", nil))
	for _, address := range []string{
		"8.8.8.8:80", "8.8.8.8:8443", "8.8.8.8:0", "127.0.0.1:443", "[::1]:443", "[::ffff:8.8.8.8]:443", "idp.test:443", "8.8.8.8", "",
	} {
		require.ErrorIs(t, guard("tcp", address, nil), ErrAddressBarred, address)
	}
}
