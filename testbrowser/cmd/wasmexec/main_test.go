package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// build builds the program in testdata for the browser.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program.wasm")
	command := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./testdata/program")
	command.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := command.CombinedOutput()
	require.NoError(t, err, string(output))
	return path
}

func TestRun(t *testing.T) {
	t.Parallel()
	path := build(t)
	var output bytes.Buffer
	status, err := run(t.Context(), program{path, arguments([]string{path, "-test.testlogfile=x", "-test.v"})}, &output)
	require.NoError(t, err)
	assert.Equal(t, 3, status)
	assert.Equal(t, "secure: true\narguments: [-test.v]\nlocalhost\n", output.String())
}

// What is no program must not look like one that succeeds.
func TestRunOfNoProgram(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "program.wasm")
	require.NoError(t, os.WriteFile(path, []byte("none"), 0o600))
	var output bytes.Buffer
	status, err := run(t.Context(), program{path: path}, &output)
	require.NoError(t, err)
	assert.Equal(t, 1, status)
	assert.Contains(t, output.String(), "CompileError")
}
