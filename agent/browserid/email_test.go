package browserid_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// TestParseEmail is B6.
func TestParseEmail(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		address string
		want    browserid.Email // empty = refused
	}{
		"plain":                  {"ann@idp.test", "ann@idp.test"},
		"local part as spelt":    {"Ann.B@idp.test", "Ann.B@idp.test"},
		"domain lower-cased":     {"ann@IDP.Test", "ann@idp.test"},
		"all special characters": {"_.!#$%&'*+-/=?^`{|}~@idp.test", "_.!#$%&'*+-/=?^`{|}~@idp.test"},
		"A-label":                {"ann@xn--idyry-yua.no", "ann@xn--idyry-yua.no"},
		"local part of 64":       {strings.Repeat("a", 64) + "@idp.test", browserid.Email(strings.Repeat("a", 64) + "@idp.test")},
		"local part of 65":       {strings.Repeat("a", 65) + "@idp.test", ""},
		"address of 254":         {"ann@" + strings.Repeat("abcd.", 49) + "abcde", browserid.Email("ann@" + strings.Repeat("abcd.", 49) + "abcde")},
		"address of 255":         {"ann@" + strings.Repeat("abcd.", 49) + "abcdef", ""},
		"U-label":                {"ann@idyrøy.no", ""},
		"Kelvin sign":            {"ann@\u212a.test", ""},
		"dotless i":              {"ann@\u0131dp.test", ""},
		"local part not ASCII":   {"änn@idp.test", ""},
		"no dot":                 {"ann@localhost", ""},
		"IP address":             {"ann@127.0.0.1", ""},
		"hexadecimal address":    {"ann@127.0.0.0x1", ""},
		"IP literal":             {"ann@[127.0.0.1]", ""},
		"trailing dot":           {"ann@idp.test.", ""},
		"empty label":            {"ann@idp..test", ""},
		"label of 64":            {"ann@" + strings.Repeat("a", 64) + ".test", ""},
		"hyphen first":           {"ann@-idp.test", ""},
		"hyphen last":            {"ann@idp-.test", ""},
		"underscore":             {"ann@my_idp.test", ""},
		"port":                   {"ann@idp.test:443", ""},
		"two @":                  {"ann@evil.test@idp.test", ""},
		"quoted":                 {`"ann"@idp.test`, ""},
		"encoded word":           {"=?utf-8?q?ann=40evil.test=3e=00?=@idp.test ", ""},
		"comment":                {"ann(eve)@idp.test", ""},
		"space":                  {"ann @idp.test", ""},
		"comma":                  {"ann,eve@idp.test", ""},
		"line end":               {"ann@idp.test\n", ""},
		"NUL":                    {"ann\x00@idp.test", ""},
		"empty":                  {"", ""},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := browserid.ParseEmail(test.address)
			assert.Equal(t, test.want, got)
			if test.want == "" {
				require.ErrorIs(t, err, browserid.CodeEmail)
				require.NotContains(t, err.Error(), "ann", "an error must not quote the address")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, string(got), got.Local()+"@"+string(got.Domain()))
		})
	}
}

func TestEmailParts(t *testing.T) {
	t.Parallel()
	address, err := browserid.ParseEmail("Ann@IDP.test")
	require.NoError(t, err)
	assert.Equal(t, "Ann", address.Local())
	assert.Equal(t, browserid.Domain("idp.test"), address.Domain())
}

func TestParseDomain(t *testing.T) {
	t.Parallel()
	cases := map[string]browserid.Domain{
		"idp.test": "idp.test", "LOCALHOST": "localhost", "1.a": "1.a", "0.Z": "0.z", "a--b.c": "a--b.c",
		strings.Repeat("abcd.", 50) + "abc":  browserid.Domain(strings.Repeat("abcd.", 50) + "abc"),
		strings.Repeat("abcd.", 50) + "abcd": "", "": "", ".": "", "idp.test.": "", "idp.test:1": "", "1.2.3.4": "", "7": "",
		"a.0x": "", "a.0xff": "", "https://idp.test": "", "idp.test/": "", "*.test": "", "a b.test": "", "[::1]": "", "::1": "",
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := browserid.ParseDomain(name)
			assert.Equal(t, want, got)
			if want == "" {
				require.ErrorIs(t, err, browserid.CodeDomain)
			}
		})
	}
}
