package dialog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A host may answer for several names, each an origin of its own.
func TestSeveralNames(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.OtherURLs = []string{"https://login.persona.org", "https://intern.example:8443"}
	handler := newTestHost(t, config)
	for host, origin := range map[string]string{
		"login.example": testURL, "login.persona.org": "https://login.persona.org", "LOGIN.persona.org:443": "https://login.persona.org",
		"intern.example:8443": "https://intern.example:8443",
	} {
		response := do(handler, "GET", "/", "", "Host: "+host)
		require.Equal(t, 200, response.Code, host)
		assert.Equal(t, origin, response.Body.String(), "each names itself")
		assert.Equal(t, 200, do(handler, "GET", "/agent.js", "", "Host: "+host).Code)
	}
	for _, host := range []string{"persona.org", "login.persona.org:8443", "intern.example", "evil.test"} {
		assert.Equal(t, 421, do(handler, "GET", "/", "", "Host: "+host).Code, host)
	}
}

// The pages of one name are strangers to the API of another.
func TestNamesAreSeparateOrigins(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.OtherURLs = []string{"https://login.persona.org"}
	handler := newTestHost(t, config)
	ask := func(origin string) int {
		return do(handler, "POST", "/api/address", `{"domain":"idp.test"}`, "Host: login.persona.org", "Origin: "+origin).Code
	}
	assert.Equal(t, 200, ask("https://login.persona.org"))
	assert.Equal(t, 403, ask(testURL))
}

func TestNamesOfSeveralSchemes(t *testing.T) {
	t.Parallel()
	for other, want := range map[string]string{
		"http://login.localhost":  "differ in their scheme",
		"https://login.example/x": "public URL",
		"":                        "public URL",
	} {
		config := testConfig()
		config.Dev, config.OtherURLs = true, []string{other}
		_, err := newHandler(config, testFiles().load)
		assert.ErrorContains(t, err, want, other)
	}
}
