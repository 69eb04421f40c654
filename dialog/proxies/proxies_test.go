package proxies

import (
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClientOfARequest(t *testing.T) {
	t.Parallel()
	named := Networks{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48")}
	tests := []struct {
		name      string
		proxies   Networks
		peer      string
		forwarded []string
		want      string // or empty: cannot be told
	}{
		{"IPv4", nil, "203.0.113.1:80", nil, "203.0.113.1/32"},
		{"IPv6", nil, "[2001:db8:1:2:3:4:5:6]:80", nil, "2001:db8:1:2::/64"},
		{"IPv4-mapped", nil, "[::ffff:203.0.113.1]:80", nil, "203.0.113.1/32"},
		{"a header that nobody vouches for", nil, "203.0.113.1:80", []string{"198.51.100.1"}, "203.0.113.1/32"},
		{"loopback", nil, "[::1]:80", nil, ""},
		{"private", nil, "192.168.0.1:80", nil, ""},
		{"link-local", nil, "[fe80::1%eth0]:80", nil, ""},
		{"not IP", nil, "@", nil, ""},
		{"not the proxy", named, "192.168.0.1:80", []string{"198.51.100.1"}, "192.168.0.1/32"},
		{"proxy", named, "10.0.0.1:80", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"proxy that adds nothing", named, "10.0.0.1:80", nil, "10.0.0.1/32"},
		{"proxy that adds nonsense", named, "10.0.0.1:80", []string{"198.51.100.1, unknown"}, "10.0.0.1/32"},
		{"with a port", named, "10.0.0.1:80", []string{"198.51.100.1:1234"}, "198.51.100.1/32"},
		{"IPv6 with a port", named, "10.0.0.1:80", []string{"[2001:db8::1]:1234"}, "2001:db8::/64"},
		{"two proxies", named, "10.0.0.1:80", []string{"198.51.100.1, 2001:db8:ffff::1"}, "198.51.100.1/32"},
		{"two lines", named, "10.0.0.1:80", []string{"198.51.100.1", "10.0.0.2"}, "198.51.100.1/32"},
		{"a made-up beginning", named, "10.0.0.1:80", []string{"1.1.1.1, 198.51.100.1"}, "198.51.100.1/32"},
		{"a made-up proxy", named, "10.0.0.1:80", []string{"10.0.0.9, 198.51.100.1"}, "198.51.100.1/32"},
		{"proxies only", named, "10.0.0.1:80", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3/32"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			request := httptest.NewRequest("POST", "/", nil)
			request.RemoteAddr = test.peer
			request.Header["X-Forwarded-For"] = test.forwarded
			client, ok := test.proxies.Client(request)
			assert.Equal(t, test.want != "", ok)
			if ok {
				assert.Equal(t, test.want, client.String())
			}
		})
	}
}
