package agent_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// repository is the folder of go.mod, from this one.
const repository = ".."

// goSource is what the tests of the layout want to know of a Go file.
type goSource struct {
	name       string // from the repository's folder, with slashes
	folder     string
	test       bool
	documented bool // has a package comment
	imports    []string
}

// goSources reads all Go files of the repository, whatever they are built
// for; go list would leave out those for other systems.
func goSources(t *testing.T) []goSource {
	t.Helper()
	var sources []goSource
	root := os.DirFS(repository)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && notOurs(entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		source, err := readSource(name, text)
		sources = append(sources, source)
		return err
	})
	require.NoError(t, err)
	return sources
}

// notOurs tells folders whose files are not the project's packages.
func notOurs(folder string) bool {
	return folder == "node_modules" || folder == "testdata" || strings.HasPrefix(folder, ".") && folder != "."
}

func readSource(name string, text []byte) (goSource, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return goSource{}, err
	}
	source := goSource{
		name:       name,
		folder:     path.Dir(name),
		test:       strings.HasSuffix(name, "_test.go"),
		documented: file.Doc != nil,
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return goSource{}, err
		}
		source.imports = append(source.imports, imported)
	}
	return source, nil
}
