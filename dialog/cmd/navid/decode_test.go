package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	certificate, assertion, _ := strings.Cut(d.bundle(t, "idp.test", "ann@idp.test"), "~")
	spoilt := certificate[:len(certificate)-4] + "AAAA~" + assertion // no signature is looked at
	stdout, stderr := feed(t, spoilt+"\n", exitOK, "decode")
	assert.Empty(t, stderr)
	assert.True(t, strings.HasPrefix(stdout, "{\n  \"signatures\": \"not checked"), "it says so first: %s", stdout)
	key, err := json.Marshal(d.key.PublicKey())
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"signatures": "not checked: anybody could have written this",
		"certificates": [{
			"header": {"alg": "EdDSA"},
			"claims": {"iss": "idp.test", "iat": 1795262400000, "exp": 1795266000000, "principal": {"email": "ann@idp.test"}, "public-key": `+string(key)+`},
			"issued": "2026-11-21T12:00:00Z", "expires": "2026-11-21T13:00:00Z", "key": "EdDSA, 256 bits"
		}],
		"assertion": {
			"header": {"alg": "EdDSA"}, "claims": {"aud": "https://rp.test", "exp": 1795262460000}, "expires": "2026-11-21T12:01:00Z"
		}
	}`, stdout)
}

// What is wrong is named, and what can be read is shown all the same.
func TestDecodeNamesProblems(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	good := d.bundle(t, "idp.test", "ann@idp.test")
	token := func(claims string) string {
		encode := base64.RawURLEncoding.EncodeToString
		return encode([]byte(`{"alg":"EdDSA"}`)) + "." + encode([]byte(claims)) + ".AAAA"
	}
	tests := []struct {
		name, bundle string
		want         []string
	}{
		{"certificate", token(`{"iss":"idp.test"}`) + "~" + token(`{"aud":"https://rp.test"}`), []string{`"iss": "idp.test"`, `"aud": "https://rp.test"`, `"problem": "exp: absent`, `"problem": "exp: `}},
		{"no token", "a~b", []string{`"problem": "token: not three parts"`}},
		{"chain", "x~" + good, []string{`"problem"`, `"email": "ann@idp.test"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr := feed(t, test.bundle, exitFailed, "decode")
			assert.Empty(t, stderr)
			assert.Contains(t, stdout, "not checked")
			for _, want := range test.want {
				assert.Contains(t, stdout, want)
			}
		})
	}
}

// Claims are written by strangers, and a terminal obeys what it is sent.
func TestDecodePrintsNothingThatATerminalObeys(t *testing.T) {
	t.Parallel()
	encode := base64.RawURLEncoding.EncodeToString
	claims := "{\"x\":\"<é> \u009b2J \u202e \x7f \U000e0041\"}"
	stdout, _ := feed(t, "a~"+encode([]byte(`{"alg":"EdDSA"}`))+"."+encode([]byte(claims))+".AAAA", exitFailed, "decode")
	assert.Contains(t, stdout, `"x": "<é> \u009b2J \u202e \u007f \udb40\udc41"`)
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	stdout, stderr := feed(t, "ann@idp.test", exitFailed, "decode")
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, "navid decode: not a bundle of certificate~assertion: ")
	_, stderr = feed(t, "", exitUsage, "decode", "file")
	assert.Contains(t, stderr, `"file" is one word too many: the bundle is read from standard input, as in navid decode … < FILE`)
}
