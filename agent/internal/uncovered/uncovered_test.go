package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const source = `package p

func covered() {
}

func (t *T) half(b bool) {
	if b {
		panic(1)
	}
}
`

// Not parallel, since names of files are from the folder that the program runs in.
func TestRun(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	}
	write("p/p.go", source)
	write("c.out", "mode: set\n"+
		module+"p/p.go:3.16,4.2 1 1\n"+
		module+"p/p.go:6.26,7.7 1 0\n"+module+"p/p.go:7.7,9.3 1 0\n"+
		module+"p/p.go:6.26,7.7 1 1\n"+ // of another package's tests
		module+"p/inner/q.go:1.1,2.2 1 0\n")
	for name, test := range map[string]struct{ reasons, place, want, fails string }{
		"excused":            {"# why\n\np/p.go:T.half 1 It cannot happen.\n", "p", "2 of 3 blocks are covered (66.7 %).\np/p.go:7-9\tT.half\n\tIt cannot happen.\n", ""},
		"by its file":        {"p/p.go:T.half 1 It cannot happen.\n", "p/p.go", "2 of 3 blocks", ""},
		"not excused":        {"", "p", "NO REASON for 1 of them", "not all is covered or excused"},
		"one too many":       {"p/p.go:T.half 0 It cannot happen.\n", "p", "NO REASON for 1 of them", "not all"},
		"reason for nothing": {"p/p.go:T.half 1 It cannot happen.\np/p.go:gone 1 x\n", "p", "REASON FOR NOTHING: there is no such function", "not all"},
		"no such file":       {"p/p.go:T.half 1 It cannot happen.\np/q.go:f 1 x\n", "p", "REASON FOR NOTHING", "not all"},
		"no such place":      {"", "q", "", "no block of these places"},
		"no reason":          {"p/p.go:T.half 1\n", "p", "", "lacks"},
		"no number":          {"p/p.go:T.half one block\n", "p", "", "invalid syntax"},
		"twice":              {strings.Repeat("p/p.go:T.half 1 x\n", 2), "p", "", "is there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			write("reasons.txt", test.reasons)
			var printed strings.Builder
			err := run(&printed, "reasons.txt", "c.out", []string{test.place})
			assert.Contains(t, printed.String(), test.want)
			if test.fails == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.fails)
			}
		})
	}
}
