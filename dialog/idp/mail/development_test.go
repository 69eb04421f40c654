package mail

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	folder := Folder{t.TempDir()}
	message, err := ourLetters.Write("ABCDEF", aLetter("ada@example.org", newClock().Now()))
	require.NoError(t, err)
	require.NoError(t, folder.Send(t.Context(), message))
	require.NoError(t, folder.Send(t.Context(), message), "a second attempt takes its place")
	files, err := filepath.Glob(filepath.Join(folder.Dir, "*"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(folder.Dir, "20261122T142200.000-abcdef.eml")}, files)
	content, err := os.ReadFile(files[0])
	require.NoError(t, err)
	assert.Equal(t, "482093", codeIn(t, content))
	info, err := os.Stat(files[0])
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestLogShowsCodeAndLink(t *testing.T) {
	t.Parallel()
	var shown bytes.Buffer
	log := &Log{Writer: &shown}
	message, err := ourLetters.Write("ABCDEF", aLetter("ada@example.org", newClock().Now()))
	require.NoError(t, err)
	require.NoError(t, log.Send(t.Context(), message))
	for _, part := range []string{"DEVELOPMENT", "To: ada@example.org", "\n    482093\n", "\nhttps://login.example/confirm#c2VjcmV0LXRva2Vu\n"} {
		assert.Contains(t, shown.String(), part)
	}
}

// What SMTP would refuse is refused in development as well.
func TestDevelopmentIsAsStrict(t *testing.T) {
	t.Parallel()
	for _, sender := range []Sender{Folder{t.TempDir()}, &Log{Writer: &bytes.Buffer{}}} {
		failure := failureOf(t, sender.Send(t.Context(), aMessage("ada@example.org\r\nBcc: eve@evil.test")))
		assert.True(t, failure.Permanent)
	}
}

func TestFolderThatIsGone(t *testing.T) {
	t.Parallel()
	assert.Error(t, Folder{filepath.Join(t.TempDir(), "gone")}.Send(t.Context(), aMessage("ada@example.org")))
}
