package main

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBundleThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"verify", atRP}, {"decode"}} {
		var stdout, stderr strings.Builder
		status := program(t.Context(), args, streams{stdin: iotest.ErrReader(errors.New("unplugged")), stdout: &stdout, stderr: &stderr})
		assert.Equal(t, exitFailed, status)
		assert.Empty(t, stdout.String())
		assert.Contains(t, stderr.String(), "read the bundle: unplugged")
	}
}

// Who forgets to give a bundle sees no program that hangs. What stands in for
// the terminal is a device without anything to read.
func TestCommandsSayThatTheyWait(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"verify", atRP}, {"decode"}} {
		terminal, err := os.Open(os.DevNull)
		require.NoError(t, err)
		var stdout, stderr strings.Builder
		assert.Equal(t, exitFailed, program(t.Context(), args, streams{stdin: terminal, stdout: &stdout, stderr: &stderr}))
		require.NoError(t, terminal.Close())
		assert.True(t, strings.HasPrefix(stderr.String(), "navid "+args[0]+" reads a bundle from standard input"), stderr.String())
	}
}

func TestCommandsSayNothingToAFile(t *testing.T) {
	t.Parallel()
	file, err := os.CreateTemp(t.TempDir(), "bundle")
	require.NoError(t, err)
	defer file.Close()
	var stdout, stderr strings.Builder
	assert.Equal(t, exitFailed, program(t.Context(), []string{"verify", atRP}, streams{stdin: file, stdout: &stdout, stderr: &stderr}))
	assert.Empty(t, stderr.String())
}
