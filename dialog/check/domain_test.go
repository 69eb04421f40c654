package check_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/check"
)

// hop is a discovery with one hop, that of a failed lookup or of a document.
type hop discovery.Hop

func (h hop) Trace(context.Context, browserid.Domain) *discovery.Trace {
	return &discovery.Trace{Hops: []discovery.Hop{discovery.Hop(h)}, Failure: h.Failure, Err: h.Failure, Provider: &discovery.Provider{Authority: "login.example"}}
}

func (hop) Visit(context.Context, *url.URL) discovery.Hop { panic("no page is visited") }

func report(h hop, reveal bool) *check.Report {
	return check.Checker{Discovery: h, RevealPrivate: reveal, Fallback: "login.example"}.Domain(context.Background(), "idp.test")
}

// G15: to strangers a private address is as good as none; who asks at their own machine hears of it.
func TestPrivateAddresses(t *testing.T) {
	t.Parallel()
	private := netip.MustParseAddr("10.0.0.1")
	failed := func(addresses ...netip.Addr) hop {
		return hop{
			Host: "idp.test", URL: "https://idp.test/", Addresses: addresses,
			Failure: &discovery.Error{State: discovery.Absent, Cause: discovery.CauseNoAddress, Reason: "There is none."},
		}
	}
	assert.Equal(t, report(failed(), false), report(failed(private), false))
	told := report(failed(private), true)
	assert.Equal(t, []string{"private_address"}, told.Codes(check.Error))
	assert.Contains(t, told.Findings[0].Says, "10.0.0.1")
	assert.Equal(t, []string{"10.0.0.1"}, told.Steps[0].Addresses)
}

// A certificate that signs itself is told from one of an unknown authority.
func TestSelfSigned(t *testing.T) {
	t.Parallel()
	for code, issuer := range map[string]string{"tls_self_signed": "subject", "tls_unknown_authority": "another"} {
		h := hop{
			Host: "idp.test", Certificates: []*x509.Certificate{{RawSubject: []byte("subject"), RawIssuer: []byte(issuer)}},
			Failure: &discovery.Error{State: discovery.Absent, Cause: discovery.CauseTLSAuthority, Err: errors.New("x"), Reason: "It is not known."},
		}
		assert.Equal(t, []string{code}, report(h, false).Codes(check.Error))
	}
}

const ed25519 = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`

// What can be said of a document that works.
func TestDocuments(t *testing.T) {
	t.Parallel()
	rsa := func(bits int) string {
		return `{"kty":"RSA","e":"AQAB","n":"` + base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, bits/8)) + `"}`
	}
	document := func(members string) string { return `{"authentication":"/a","provisioning":"/p",` + members + `}` }
	now := time.Now()
	tests := []struct {
		name, document string
		header         map[string]string
		took           time.Duration
		severity       check.Severity
		code           string
	}{
		{"all well", document(`"public-key":` + ed25519), nil, 0, check.OK, "key"},
		{"unknown kind", document(`"public-key":` + ed25519 + `,"keys":[{"kty":"AKP"}]`), nil, 0, check.Note, "key_unknown"},
		{"weak alone", document(`"public-key":` + rsa(1024)), nil, 0, check.Error, "key_weak"},
		{"weak, too", document(`"public-key":` + rsa(1024) + `,"keys":[` + ed25519 + `]`), nil, 0, check.Warning, "key_weak"},
		{"no classic key", document(`"public-key":` + ed25519), nil, 0, check.Note, "keys_not_classic"},
		{"algorithms", document(`"public-key":` + ed25519 + `,"algorithms":["ML-DSA"]`), nil, 0, check.Error, "algorithms_unknown"},
		{"no algorithms", document(`"public-key":` + ed25519), nil, 0, check.Note, "algorithms_unsaid"},
		{"not to be kept", document(`"public-key":` + ed25519), map[string]string{"Cache-Control": "no-store"}, 0, check.Note, "caching_short"},
		{"not said", document(`"public-key":` + ed25519), nil, 0, check.Note, "caching_unsaid"},
		{"CORS", document(`"public-key":` + ed25519), map[string]string{"Access-Control-Allow-Origin": "*"}, 0, check.OK, "cors"},
		{"no CORS", document(`"public-key":` + ed25519), nil, 0, check.Note, "cors_missing"},
		{"slow", document(`"public-key":` + ed25519), nil, 4 * time.Second, check.Warning, "slow"},
		{"a minute late", document(`"public-key":` + ed25519), map[string]string{"Date": now.Add(-2 * time.Minute).UTC().Format(http.TimeFormat)}, 0, check.Warning, "clock_wrong"},
		{"an hour ahead", document(`"public-key":` + ed25519), map[string]string{"Date": now.Add(time.Hour).UTC().Format(http.TimeFormat)}, 0, check.Error, "clock_wrong"},
		{"no clock", document(`"public-key":` + ed25519), nil, 0, check.Note, "clock_unknown"},
		{"the host itself", document(`"public-key":` + ed25519), nil, 0, check.OK, "own_fallback"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			parsed, err := browserid.ParseSupportDocument([]byte(test.document))
			require.NoError(t, err)
			h := hop{
				Host: "idp.test", Status: http.StatusOK, Header: http.Header{}, Body: []byte(test.document), Document: parsed,
				Asked: now, Took: test.took, Lifetime: discovery.MinLifetime,
			}
			for name, value := range test.header {
				h.Header.Set(name, value)
			}
			assert.Contains(t, report(h, false).Codes(test.severity), test.code)
		})
	}
}
