package personal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What each web server is told: the type of the document (C3.1), how long to keep it, and who may frame which page (C1.8).
func TestServerConfigurations(t *testing.T) {
	t.Parallel()
	folder, _ := written(t, config())
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		require.NoError(t, err)
		return string(data)
	}
	configurations := map[string]string{
		"nginx":  read("browserid/servers/nginx.conf"),
		"Caddy":  read("browserid/servers/Caddyfile"),
		"static": read("_headers"),
		"Apache": read(".well-known/.htaccess") + read("browserid/.htaccess"),
	}
	for name, text := range configurations {
		for _, want := range []string{
			"application/json", "max-age=300", "nosniff", "frame-ancestors 'none'", "frame-ancestors https://login.example", "provision.html", "example.com",
		} {
			assert.Contains(t, text, want, name)
		}
		assert.NotContains(t, text, "{{", name)
		assert.NotContains(t, strings.ToLower(text), "x-frame-options", "%s: it cannot name the login host", name)
	}
}

// The owner reads what the file is worth to others, in numbers that belong to the rounds.
func TestREADME(t *testing.T) {
	t.Parallel()
	folder, _ := written(t, config())
	data, err := os.ReadFile(filepath.Join(folder, "browserid", "README.md"))
	require.NoError(t, err)
	readme := string(data)
	for _, want := range []string{
		"navid check example.com", "600,000 rounds", "15,000 tries a second", "| 3 hours |", "| 2 years |", "| 2381 years |", "application/json",
		"https://example.com/browserid/key_change.html", "1278 billion years",
	} {
		assert.Contains(t, readme, want)
	}
}
