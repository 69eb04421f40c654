package main

import (
	"flag"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// People copy origins from the address bar, which shows a slash after them.
func TestOriginWithASlash(t *testing.T) {
	t.Parallel()
	options, err := parseServe([]string{"-no-fallback", "-public-url=https://Login.example:443/"}, nil)
	require.NoError(t, err)
	assert.EqualValues(t, "https://login.example", options.publicURL)
}

// A host may have several names; the first is the one that it calls itself.
func TestSeveralPublicURLs(t *testing.T) {
	t.Parallel()
	options, err := parseServe([]string{
		"-no-fallback", "-public-url=https://login.example", "-public-url=https://login.persona.org/", "-public-url=https://intern.example:8443",
	}, nil)
	require.NoError(t, err)
	assert.EqualValues(t, "https://login.example", options.publicURL)
	assert.Equal(t, []string{"https://login.persona.org", "https://intern.example:8443"}, texts(options.otherURLs))
	_, err = parseServe([]string{"-public-url=https://login.example", "-public-url=login.persona.org"}, nil)
	require.ErrorContains(t, err, "did you mean https://login.persona.org?")
}

func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	options, err := parseServe([]string{
		"-no-fallback", "-public-url=https://login.example", "-trusted-proxies=10.0.0.0/8,127.0.0.1", "-trusted-proxies=2001:db8::/32,::1",
	}, nil)
	require.NoError(t, err)
	assert.Equal(t, []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32"),
		netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("::1/128"),
	}, options.proxies)
}

// Flags show what they hold as it is written.
func TestFlagValues(t *testing.T) {
	t.Parallel()
	for text, value := range map[string]flag.Value{
		"https://login.example": new(originFlag), "10.0.0.0/8,::1/128": new(networkList), "idp.test": new(domainList),
		"8080": new(portFlag), "20": new(countFlag),
	} {
		require.NoError(t, value.Set(text))
		assert.Equal(t, text, value.String())
	}
}
