package shim_test

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/shim"
)

func TestFS(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"agent.js", "include.js", "provisioning_api.js", "authentication_api.js", "agent.d.ts", "provider.d.ts",
	} {
		script, err := fs.ReadFile(shim.FS(), name)
		require.NoError(t, err, name)
		assert.Contains(t, string(script), "navigator.id", name)
	}
	_, err := fs.ReadFile(shim.FS(), "README.md")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// The script tells its two names apart itself.
func TestIncludeIsAgent(t *testing.T) {
	t.Parallel()
	agent, err := fs.ReadFile(shim.FS(), "agent.js")
	require.NoError(t, err)
	include, err := fs.ReadFile(shim.FS(), "include.js")
	require.NoError(t, err)
	assert.Equal(t, agent, include)
}
