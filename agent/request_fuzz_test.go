package agent_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// FuzzParseRequest: options that a page wrote are refused with an error that it may be told, or read within their limits, and the
// same when they are written and read again.
func FuzzParseRequest(f *testing.F) {
	f.Add("https://rp.test", []byte(`{"algorithms":["ES256","RS256"],"nonce":"abc","email":"ann@idp.test","siteName":"Shop"}`))
	f.Add("http://rp.localhost:8080", []byte(`{}`))
	f.Add("https://rp.test", []byte(`{"rp_api":"watch_without_onready"}`))
	f.Add("https://rp.test", []byte(`{"experimental_forceAuthentication":true,"experimental_forceIssuer":"IdP.test","experimental_allowUnverified":true}`))
	f.Add("null", []byte(`{"algorithms":null}`))
	f.Add("https://rp.test:443", []byte(`{"algorithms":"RS256","nonce":7}`))
	f.Fuzz(func(t *testing.T, origin string, params []byte) {
		request, err := agent.ParseRequest(origin, params)
		if err != nil {
			require.Contains(t, []agent.Code{agent.CodeInvalidOrigin, agent.CodeInvalidOptions}, agent.CodeOf(err))
			require.Zero(t, request)
			return
		}
		require.NotEmpty(t, request.Algorithms)
		parsed, err := browserid.ParseOrigin(origin)
		require.NoError(t, err)
		require.Equal(t, parsed, request.Origin)
		options := map[string]any{"algorithms": request.Algorithms, "nonce": request.Nonce, "email": request.Email}
		options["experimental_forceAuthentication"] = request.ForceAuthentication
		options["experimental_allowUnverified"] = request.AllowUnverified
		if request.ForceIssuer != "" {
			options["experimental_forceIssuer"] = request.ForceIssuer
		}
		if request.Observer {
			options["rp_api"] = "watch_with_onready"
		}
		written, err := json.Marshal(options)
		require.NoError(t, err)
		again, err := agent.ParseRequest(string(request.Origin), written)
		require.NoError(t, err)
		require.Equal(t, request, again)
	})
}
