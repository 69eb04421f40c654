package dialog

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// Principle 4: no word that names the relying party is kept.
func TestLogsDoNotSayWhereAPersonComesFrom(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	config := testConfig()
	config.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	config.Discovery = discoverFunc(func(domain browserid.Domain) (*discovery.Provider, error) {
		return nil, &discovery.Error{State: discovery.Offline, Reason: "No answer.", Domain: domain}
	})
	handler := newTestHost(t, config)
	from := []string{"Referer: https://rp.test/secret", "Origin: https://rp.test", "User-Agent: rp.test", "X-Forwarded-For: rp.test"}
	for _, target := range []string{"/agent.js?rp.test", "/sign_in?rp.test", "/rp.test/secret", "//rp.test"} {
		do(handler, "GET", target, "", from...)
		do(handler, "GET", target, "", append(from, "Host: rp.test")...)
		do(handler, "GET", target, "", append(from, "Service-Worker: script")...)
	}
	do(handler, "POST", "/api/address", `{"domain":"idp.test","x":"rp.test"}`, "Sec-Fetch-Site: same-origin", "Referer: https://rp.test/")
	do(handler, "POST", "/api/address", `{"domain":"idp.test"}`, "Sec-Fetch-Site: same-origin", "Referer: https://rp.test/")

	require.Contains(t, log.String(), `"route":"GET /sign_in","status":200`, "requests are logged")
	require.Contains(t, log.String(), `"route":"GET /","status":404`)
	require.Contains(t, log.String(), `"route":"","status":421`, "refusals are logged too")
	require.Contains(t, log.String(), `"domain":"idp.test"`, "failed discoveries are logged")
	assert.NotContains(t, log.String(), "rp.test")
}
