//go:build !js

package main

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSignedNumbers(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{0, 1, -1, 63, 64, -64, -65, 127, 128, 1 << 30, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64} {
		r := &reader{rest: appendSLEB(nil, n)}
		assert.Equal(t, n, r.sleb())
		assert.False(t, r.broken)
		assert.Empty(t, r.rest)
	}
	assert.Equal(t, []byte{0x80, 0x7f}, appendSLEB(nil, -128), "as the specification has it")
}

func TestJoin(t *testing.T) {
	t.Parallel()
	got, err := join([]segment{
		{10, []byte("ab")},
		{12, []byte("c")},
		{15, []byte("d")},
		{16 + joinedGap + 1, []byte("far")},
		{2, []byte("back")}, // among what is there already
	})
	require.NoError(t, err)
	assert.Equal(t, []segment{
		{2, []byte("back\x00\x00\x00\x00abc\x00\x00d")},
		{16 + joinedGap + 1, []byte("far")},
	}, got)
}

func TestPackRefuses(t *testing.T) {
	t.Parallel()
	for name, program := range map[string]string{
		"nothing":              "",
		"no wasm":              "\x7fELF",
		"a cut section":        preamble + "\x01\x05ab",
		"a cut length":         preamble + "\x01\x80",
		"a passive segment":    preamble + "\x0b\x04\x01\x01\x01a",
		"another expression":   preamble + "\x0b\x07\x01\x00\x23\x00\x0b\x01a",
		"a cut segment":        preamble + "\x0b\x07\x01\x00\x41\x00\x0b\x02a",
		"overlapping segments": preamble + "\x0b\x0e\x02\x00\x41\x00\x0b\x02ab\x00\x41\x01\x0b\x01c",
		"something behind":     preamble + "\x0b\x08\x01\x00\x41\x00\x0b\x01ab",
		"a number without end": preamble + "\x0b\x0e\x01\x00\x41" + strings.Repeat("\x80", 11),
	} {
		_, err := pack([]byte(program))
		assert.Error(t, err, name)
	}
}

// A packed program is a program: the same output, from fewer segments.
func TestPackFile(t *testing.T) {
	t.Parallel()
	source := filepath.Join(t.TempDir(), "hello.go")
	program := filepath.Join(t.TempDir(), "hello.wasm")
	require.NoError(t, os.WriteFile(source, []byte(`package main; func main() { println("hello", len(data)) }; var data = [1 << 16]byte{1, 1 << 15: 2}`), 0o600))
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, source)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	before := countSegments(t, program)

	require.NoError(t, packFile(program))
	assert.Greater(t, before, 1000, "what the linker writes")
	assert.Less(t, countSegments(t, program), 50)
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	require.NoError(t, err)
	run := exec.CommandContext(t.Context(), filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "go_js_wasm_exec"), program)
	output, err = run.CombinedOutput()
	require.NoError(t, err, string(output))
	assert.Equal(t, "hello 65536\n", string(output))
}

func countSegments(t *testing.T, path string) int {
	t.Helper()
	program, err := os.ReadFile(path)
	require.NoError(t, err)
	r := &reader{rest: program[len(preamble):]}
	for len(r.rest) > 0 {
		id, content := r.byte(), r.bytes(r.uleb())
		require.False(t, r.broken)
		if id == dataSection {
			segments, err := parseSegments(content)
			require.NoError(t, err)
			return len(segments)
		}
	}
	return 0
}
