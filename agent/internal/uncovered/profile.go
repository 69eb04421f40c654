package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strings"
)

// module is what the names of files in a profile begin with.
const module = "github.com/navid-login/navid/"

// block is a run of statements without a branch.
type block struct {
	file       string // from the repository's folder
	line, last int
	count      int // how often it ran
}

// readProfile reads a profile of go test, in which a block stands once for each
// package that was tested, and returns the blocks in order.
func readProfile(name string) ([]block, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	merged := map[string]block{}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "mode:") {
			continue
		}
		position, counts, _ := strings.Cut(line, " ")
		file, extent, _ := strings.Cut(strings.TrimPrefix(position, module), ":")
		var b block
		var column, lastColumn, statements int
		if _, err := fmt.Sscanf(extent, "%d.%d,%d.%d", &b.line, &column, &b.last, &lastColumn); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", name, line, err)
		}
		if _, err := fmt.Sscanf(counts, "%d %d", &statements, &b.count); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", name, line, err)
		}
		b.file = file
		b.count += merged[position].count
		merged[position] = b
	}
	return slices.SortedFunc(maps.Values(merged), func(a, b block) int {
		if order := strings.Compare(a.file, b.file); order != 0 {
			return order
		}
		return a.line - b.line
	}), nil
}

// in tells whether the block is in one of the files, or of the files in one of
// the folders.
func (b block) in(places []string) bool {
	return slices.ContainsFunc(places, func(place string) bool {
		rest, found := strings.CutPrefix(b.file, place)
		return found && (rest == "" || rest[0] == '/' && !strings.Contains(rest[1:], "/"))
	})
}

// function names the function that the block is in: file:Name or file:Type.Name.
func (b block) function() (string, error) {
	functions, err := functionsOf(b.file)
	if err != nil {
		return "", err
	}
	for _, f := range functions {
		if f.line <= b.line && b.line <= f.last {
			return f.name, nil
		}
	}
	return b.file + ":", nil // a function literal in a variable
}

// span is where a function stands.
type span struct {
	name       string
	line, last int
}

func functionsOf(file string) ([]span, error) {
	files := token.NewFileSet()
	source, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var spans []span
	for _, declared := range source.Decls {
		if f, ok := declared.(*ast.FuncDecl); ok {
			spans = append(spans, span{
				file + ":" + receiver(f) + f.Name.Name, files.Position(f.Pos()).Line, files.Position(f.End()).Line,
			})
		}
	}
	return spans, nil
}

// receiver is the type of a method with a dot, or nothing.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	kind := f.Recv.List[0].Type
	if pointer, ok := kind.(*ast.StarExpr); ok {
		kind = pointer.X
	}
	if name, ok := kind.(*ast.Ident); ok {
		return name.Name + "."
	}
	return "?."
}
