package browserid_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

func TestParseOrigin(t *testing.T) {
	t.Parallel()
	type parts struct {
		origin             browserid.Origin
		scheme, host, port string
	}
	cases := map[string]parts{
		"https://rp.test":               {"https://rp.test", "https", "rp.test", "443"},
		"https://RP.test":               {"https://rp.test", "https", "rp.test", "443"},
		"https://rp.test:443":           {"https://rp.test", "https", "rp.test", "443"},
		"https://rp.test:80":            {"https://rp.test:80", "https", "rp.test", "80"},
		"https://rp.test:65535":         {"https://rp.test:65535", "https", "rp.test", "65535"},
		"http://localhost":              {"http://localhost", "http", "localhost", "80"},
		"http://localhost:80":           {"http://localhost", "http", "localhost", "80"},
		"http://rp.localhost:8080":      {"http://rp.localhost:8080", "http", "rp.localhost", "8080"},
		"https://localhost":             {"https://localhost", "https", "localhost", "443"},
		"http://rp.test":                {},
		"http://localhost.evil.test":    {},
		"http://notlocalhost":           {},
		"null":                          {},
		"":                              {},
		"rp.test":                       {},
		"//rp.test":                     {},
		"https:rp.test":                 {},
		"HTTPS://rp.test":               {},
		"https://":                      {},
		"https://rp.test/":              {},
		"https://rp.test/a":             {},
		"https://rp.test?a":             {},
		"https://rp.test#a":             {},
		"https://rp.test\\":             {},
		"https://ann@rp.test":           {},
		"https://ann:1@rp.test":         {},
		"https://rp.test:":              {},
		"https://rp.test:0":             {},
		"https://rp.test:00443":         {},
		"https://rp.test:+443":          {},
		"https://rp.test:65536":         {},
		"https://rp.test:443:443":       {},
		"https://rp.test.":              {},
		"https://127.0.0.1":             {},
		"https://[::1]":                 {},
		"https://rp.test\x00":           {},
		"https://rp.test ":              {},
		"https://rp.test,https://b":     {},
		"https://*.rp.test":             {},
		"chrome-extension://abcdefghij": {},
		"moz-extension://1-2-3":         {},
		"app://rp.test":                 {},
		"ftp://rp.test":                 {},
		"data://rp.test":                {},
		"file://":                       {},
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			origin, err := browserid.ParseOrigin(text)
			require.Equal(t, want.origin, origin)
			if want.origin == "" {
				require.ErrorIs(t, err, browserid.CodeOrigin)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, want, parts{origin, origin.Scheme(), origin.Host(), origin.Port()})
		})
	}
}
