package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const source = `package sample

const limit = 10

type Code string

const CodeLong Code = "long"

func check(n int, ok bool) Code {
	if n >= limit && !ok {
		return CodeLong + "er"
	}
	return ""
}
`

func TestMutants(t *testing.T) {
	t.Parallel()
	f, err := parse("sample.go", []byte(source))
	require.NoError(t, err)
	constants := map[string]string{}
	f.collectConstants(constants)
	var changes []string
	for _, mutant := range f.mutants(constants) {
		changes = append(changes, mutant.String())
		_, err := parse("mutant.go", mutant.apply([]byte(source)))
		assert.NoError(t, err, mutant)
	}
	assert.Equal(t, []string{
		"sample.go:10\tn >= limit && !ok -> !(n >= limit && !ok)",
		`sample.go:11` + "\t" + `return CodeLong + "er" -> nothing`,
		"sample.go:10\t&& -> ||",
		"sample.go:10\t>= -> >",
		"sample.go:10\t>= -> <",
		"sample.go:10\tlimit -> (limit + 1)",
		"sample.go:10\t!ok -> ok",
		`sample.go:11` + "\t" + `CodeLong -> Code("mutant")`,
	}, changes)
}

// TestFates kills a mutant that a test notices, lets another live, and sees that
// a third does not compile.
func TestFates(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"go.mod":         "module sample\n",
		"sample.go":      source,
		"sample_test.go": "package sample\nimport \"testing\"\nfunc Test(t *testing.T) { if check(11, false) == \"\" { t.Fail() } }\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(".", name), []byte(text), 0o600))
	}
	mutants, err := mutantsOf(".")
	require.NoError(t, err)
	l := laboratory{folder: ".", jobs: 1}
	require.NoError(t, l.checkOriginal(context.Background()))
	assert.Equal(t, killed, l.fateOf(t.Context(), mutants[0]), mutants[0])
	assert.Equal(t, survived, l.fateOf(t.Context(), mutants[3]), mutants[3])
	unreadable := mutants[0]
	unreadable.text = "?"
	assert.Equal(t, broken, l.fateOf(t.Context(), unreadable))
}

func TestNames(t *testing.T) {
	t.Parallel()
	f, err := parse("sample.go", []byte("package sample\n\nfunc (f *File) close() { f.done = !f.done }\n"))
	require.NoError(t, err)
	assert.Equal(t, "sample.go:File.close\t!f.done -> f.done", f.mutants(nil)[1].name())
}

// TestExcuses: each is good for one survivor, and none is kept without need.
func TestExcuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "excuses.txt")
	read := func(text string) (excuses, error) {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return readExcuses(file)
	}
	line := "sample.go:check\t>= -> >\tnobody can tell\n"
	e, err := read("# for the reader\n\n" + line)
	require.NoError(t, err)
	require.ErrorContains(t, e.check(), "sample.go:check")
	survivor := mutant{file: "sample.go", line: 10, function: "check", old: ">=", text: ">"}
	reason, found := e.take(survivor)
	assert.Equal(t, "nobody can tell", reason)
	assert.True(t, found)
	require.NoError(t, e.check())
	_, found = e.take(survivor)
	assert.False(t, found, "a second one needs a reason of its own")
	_, err = read("sample.go:check\t>= -> >\n")
	require.ErrorContains(t, err, "lacks")
}
