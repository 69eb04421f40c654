package shim_test

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/shim"
)

// What a host serves, and nothing of the tests and tools beside it.
func TestFS(t *testing.T) {
	t.Parallel()
	entries, err := fs.ReadDir(shim.FS(), ".")
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
		script, err := fs.ReadFile(shim.FS(), entry.Name())
		require.NoError(t, err)
		assert.Contains(t, string(script), "navigator.id", entry.Name())
	}
	assert.Equal(t, []string{
		"agent.d.ts", "agent.js", "authentication_api.js", "provider.d.ts", "provisioning_api.js",
	}, names)
}
