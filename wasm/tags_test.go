//go:build !js

package main

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTags proves that every file below wasm is built for js && wasm alone: a
// file without the constraint would break every native build. Not meant are
// this file, and the build tool in pack, which never goes into the wasm.
func TestTags(t *testing.T) {
	t.Parallel()
	checked := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if path == "pack" {
			return fs.SkipDir
		}
		if err != nil || filepath.Ext(path) != ".go" || path == "tags_test.go" {
			return err
		}
		checked++
		expression := constraintOf(t, path)
		if assert.NotNil(t, expression, "%s has no build constraint", path) {
			assert.True(t, expression.Eval(having("js", "wasm", "browser")), "%s is not built for js && wasm", path)
			assert.False(t, expression.Eval(having("js")), "%s is built without wasm", path)
			assert.False(t, expression.Eval(having("wasm")), "%s is built without js", path)
		}
		return nil
	}))
	assert.Greater(t, checked, 10)
}

func having(tags ...string) func(string) bool {
	return func(tag string) bool { return strings.Contains(" "+strings.Join(tags, " ")+" ", " "+tag+" ") }
}

// constraintOf returns the build constraint of a Go file, or nil.
func constraintOf(t *testing.T, path string) constraint.Expr {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
	require.NoError(t, err)
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if constraint.IsGoBuild(comment.Text) {
				expression, err := constraint.Parse(comment.Text)
				require.NoError(t, err)
				return expression
			}
		}
	}
	return nil
}
