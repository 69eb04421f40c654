package keyring

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/issuer"
)

// Whoever starts first, all replicas have the same secret.
func TestHostSecretIsMadeOnce(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "secrets")
	secrets := make([][]byte, 8)
	var group sync.WaitGroup
	for i := range secrets {
		group.Go(func() {
			var err error
			secrets[i], err = HostSecret(folder)
			assert.NoError(t, err)
		})
	}
	group.Wait()
	for _, secret := range secrets {
		assert.Equal(t, secrets[0], secret)
	}
	assert.Len(t, secrets[0], 32)
	info, err := os.Stat(filepath.Join(folder, SecretFile))
	require.NoError(t, err)
	assert.EqualValues(t, 0o600, info.Mode().Perm())
}

func TestHostSecretRefuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	_, err := HostSecret(folder)
	require.NoError(t, err)
	path := filepath.Join(folder, SecretFile)
	require.NoError(t, os.Chmod(path, 0o644))
	_, err = HostSecret(folder)
	require.ErrorIs(t, err, issuer.ErrReadableByOthers)
	require.NoError(t, os.Chmod(path, 0o600))
	require.NoError(t, os.WriteFile(path, []byte("short\n"), 0o600))
	_, err = HostSecret(folder)
	require.ErrorContains(t, err, "does not hold 32 bytes")
}
