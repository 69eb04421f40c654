package private

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCreateNeverReplaces(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	require.NoError(t, Create(path, []byte("first")))
	require.ErrorIs(t, Create(path, []byte("second")), fs.ErrExist)
	data, err := Read(path, 10)
	require.NoError(t, err)
	assert.Equal(t, "first", string(data))
	mustHoldOneFile(t, folder)
}

func TestReplace(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	require.NoError(t, Replace(path, []byte("first")))
	require.NoError(t, Replace(path, []byte("second")))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), info.Mode())
	data, err := Read(path, 10)
	require.NoError(t, err)
	assert.Equal(t, "second", string(data))
	mustHoldOneFile(t, folder)
}

// The file that was wanted is named, not its draft.
func TestCreateNamesTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "missing", "file")
	err := Create(path, []byte("text"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.EqualError(t, err, "create "+path+": no such file or directory")
}

// A draft that stays behind would be a secret that nobody knows of.
func mustHoldOneFile(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, Create(path, []byte("four")))
	_, err := Read(path, 3)
	require.ErrorIs(t, err, ErrTooLarge)
	_, err = Read(path, 4)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o604))
	_, err = Read(path, 4)
	require.ErrorIs(t, err, ErrReadableByOthers)
}

func TestMakeFolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a", "b")
	require.NoError(t, MakeFolder(path))
	require.NoError(t, os.Chmod(path, 0o720))
	require.ErrorIs(t, MakeFolder(path), ErrWritableByOthers)
}
