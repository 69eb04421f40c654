package dialog

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

func askAddress(t *testing.T, discover discoverFunc, body string) *httptest.ResponseRecorder {
	t.Helper()
	config := testConfig()
	config.Discovery = discover
	response := do(newTestHost(t, config), "POST", "/api/address", body, "Sec-Fetch-Site: same-origin")
	assert.Equal(t, "application/json", response.Header().Get("Content-Type"))
	assert.Equal(t, "no-store", response.Header().Get("Cache-Control"))
	return response
}

func TestAddressOfAPrimary(t *testing.T) {
	t.Parallel()
	key, err := browserid.NewEd25519(make([]byte, 32))
	require.NoError(t, err)
	rsa, err := browserid.NewRSA(bytes.Repeat([]byte{0xff}, 256), 65537)
	require.NoError(t, err)
	response := askAddress(t, func(domain browserid.Domain) (*discovery.Provider, error) {
		return &discovery.Provider{
			Domain:         domain,
			Authority:      "idp2.test",
			Authentication: "https://idp2.test/login",
			Provisioning:   "https://idp2.test/provision",
			Logout:         "https://idp2.test/logout",
			Keys:           []browserid.PublicKey{key, rsa},
			Algorithms:     []browserid.Algorithm{browserid.EdDSA, browserid.RS256},
		}, nil
	}, `{"domain":"IdP.test"}`)
	require.Equal(t, 200, response.Code)
	assert.JSONEq(t, `{
		"domain": "idp.test", "type": "primary", "authority": "idp2.test",
		"authentication": "https://idp2.test/login", "provisioning": "https://idp2.test/provision",
		"logout": "https://idp2.test/logout",
		"keys": [`+string(key.JWK())+`,`+string(rsa.JWK())+`], "algorithms": ["EdDSA", "RS256"], "now": 1795262400000
	}`, response.Body.String())
}

// TestAddressOfAnInternationalDomain is B6.3: any spelling in, A-labels on the
// wire, and beside them what may be shown.
func TestAddressOfAnInternationalDomain(t *testing.T) {
	t.Parallel()
	discover := func(domain browserid.Domain) (*discovery.Provider, error) {
		return &discovery.Provider{Domain: domain, Authority: "xn--80ak6aa92e.com"}, nil // аррӏе.com
	}
	for _, spelling := range []string{"Bücher.example", "xn--bcher-kva.example", "ｂücher。example"} {
		response := askAddress(t, discover, `{"domain":"`+spelling+`"}`)
		require.Equal(t, 200, response.Code)
		assert.JSONEq(t, `{
			"domain": "xn--bcher-kva.example", "type": "primary", "authority": "xn--80ak6aa92e.com",
			"display": {"xn--bcher-kva.example": "bücher.example"}, "now": 1795262400000
		}`, response.Body.String())
	}
}

func TestAddressOutcomes(t *testing.T) {
	t.Parallel()
	fails := func(state discovery.State) error {
		return &discovery.Error{State: state, Reason: "The reason, as a sentence.", Err: errors.New("inner detail")}
	}
	tests := []struct {
		name string
		err  error
		want int
		body string
	}{
		{"absent", fails(discovery.Absent), 200, `{"domain":"idp.test","type":"none","now":1795262400000}`},
		{"disabled", fails(discovery.Disabled), 200, `{"domain":"idp.test","type":"none","now":1795262400000}`},
		{"offline", fails(discovery.Offline), 200, `{"domain":"idp.test","type":"offline","reason":"The reason, as a sentence.","now":1795262400000}`},
		{"invalid", fails(discovery.Invalid), 200, `{"domain":"idp.test","type":"invalid","reason":"The reason, as a sentence.","now":1795262400000}`},
		{
			"unforeseen", errors.New("inner detail"), 500,
			`{"code":"internal","message":"Something went wrong here. Please try again.","now":1795262400000}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			response := askAddress(t, func(browserid.Domain) (*discovery.Provider, error) { return nil, test.err }, `{"domain":"idp.test"}`)
			assert.Equal(t, test.want, response.Code)
			assert.JSONEq(t, test.body, response.Body.String())
		})
	}
}

func TestAddressRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		want       int
		code       string
	}{
		{"nothing", ``, 400, "invalid_request"},
		{"no JSON", `domain=idp.test`, 400, "invalid_request"},
		{"array", `["idp.test"]`, 400, "invalid_request"},
		{"no member", `{}`, 400, "invalid_request"},
		{"unknown member", `{"domain":"idp.test","email":"a@idp.test"}`, 400, "invalid_request"},
		{"duplicate member", `{"domain":"idp.test","domain":"evil.test"}`, 400, "invalid_request"},
		{"other spelling", `{"Domain":"idp.test"}`, 400, "invalid_request"},
		{"null", `{"domain":null}`, 400, "invalid_request"},
		{"number", `{"domain":1}`, 400, "invalid_request"},
		{"more after it", `{"domain":"idp.test"}{}`, 400, "invalid_request"},
		{"too long", `{"domain":"` + strings.Repeat("a", maxAddressBody) + `"}`, 413, "invalid_request"},
		{"white space without end", `{"domain":"idp.test"}` + strings.Repeat(" ", maxAddressBody), 413, "invalid_request"},
		{"empty name", `{"domain":""}`, 400, "invalid_domain"},
		{"address", `{"domain":"a@idp.test"}`, 400, "invalid_domain"},
		{"port", `{"domain":"idp.test:8443"}`, 400, "invalid_domain"},
		{"URL", `{"domain":"https://idp.test"}`, 400, "invalid_domain"},
		{"IP address", `{"domain":"127.0.0.1"}`, 400, "invalid_domain"},
		{"IP address, fullwidth", `{"domain":"１２７.０.０.１"}`, 400, "invalid_domain"},
		{"no name in any script", `{"domain":"ö/x.test"}`, 400, "invalid_domain"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			response := askAddress(t, func(domain browserid.Domain) (*discovery.Provider, error) {
				t.Errorf("discovery was asked about %q", domain)
				return nobody(domain)
			}, test.body)
			assert.Equal(t, test.want, response.Code)
			assert.Contains(t, response.Body.String(), `"code":"`+test.code+`"`)
			assert.Contains(t, response.Body.String(), `"now":1795262400000`)
		})
	}
}

// The cause may tell of the network that the host is in: it is for the log,
// and no stranger reads it.
func TestAddressKeepsTheCauseToItself(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	config := testConfig()
	config.Logger = slog.New(slog.NewTextHandler(&log, nil))
	config.Discovery = discoverFunc(func(domain browserid.Domain) (*discovery.Provider, error) {
		return nil, &discovery.Error{
			State: discovery.Offline, Domain: domain, Reason: "There is no server.",
			Err: fmt.Errorf("%w: 10.0.0.1:443", discovery.ErrAddressBarred),
		}
	})
	response := do(newTestHost(t, config), "POST", "/api/address", `{"domain":"idp.test"}`, "Sec-Fetch-Site: same-origin")
	assert.JSONEq(t, `{"domain":"idp.test","type":"offline","reason":"There is no server.","now":1795262400000}`, response.Body.String())
	assert.Contains(t, log.String(), `cause="address barred: 10.0.0.1:443"`)
}
