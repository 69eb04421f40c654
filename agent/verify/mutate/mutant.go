package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// mutant is a source file with one place changed.
type mutant struct {
	file       string
	line       int
	function   string // Name, or Type.Name
	start, end int    // bytes of the file
	old, text  string // what stands there, and what the mutant has instead
}

// String describes the change in a line.
func (m mutant) String() string {
	return fmt.Sprintf("%s:%d\t%s -> %s", m.file, m.line, brief(m.old), brief(m.text))
}

// name tells the mutant from others although lines move.
func (m mutant) name() string {
	return fmt.Sprintf("%s:%s\t%s -> %s", m.file, m.function, brief(m.old), brief(m.text))
}

// brief puts source on one short line.
func brief(source string) string {
	line := strings.Join(strings.Fields(source), " ")
	if len(line) > 70 {
		line = line[:70] + "..."
	}
	if line == "" {
		return "nothing"
	}
	return line
}

// apply returns the source of the mutant.
func (m mutant) apply(source []byte) []byte {
	return []byte(string(source[:m.start]) + m.text + string(source[m.end:]))
}

// mutantsOf makes all mutants of a package. Its tests stay as they are.
func mutantsOf(folder string) ([]mutant, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*file
	constants := map[string]string{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parse(name, source)
		if err != nil {
			return nil, err
		}
		file.collectConstants(constants)
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no Go files in %s", folder)
	}
	var mutants []mutant
	for _, file := range files {
		mutants = append(mutants, file.mutants(constants)...)
	}
	return mutants, nil
}

// file is a source file.
type file struct {
	name   string
	source []byte
	set    *token.FileSet
	syntax *ast.File
	inside string // the function that is being changed
	found  []mutant
}

func parse(name string, source []byte) (*file, error) {
	set := token.NewFileSet()
	syntax, err := parser.ParseFile(set, name, source, 0)
	return &file{name: name, source: source, set: set, syntax: syntax}, err
}

// collectConstants notes, for each constant of the package, what a mutant has in
// its place: another text, or a number more.
func (f *file) collectConstants(constants map[string]string) {
	for _, declaration := range f.syntax.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			values := spec.(*ast.ValueSpec)
			for i, name := range values.Names {
				if i < len(values.Values) {
					constants[name.Name] = f.otherThan(name.Name, values.Type, values.Values[i])
				}
			}
		}
	}
}

func (f *file) otherThan(name string, kind, value ast.Expr) string {
	if literal, ok := value.(*ast.BasicLit); ok && literal.Kind == token.STRING {
		if kind != nil {
			return f.text(kind) + `("mutant")`
		}
		return `("mutant" + ` + name + `)`
	}
	return "(" + name + " + 1)"
}

// mutants changes each place in the functions of the file.
func (f *file) mutants(constants map[string]string) []mutant {
	for _, declaration := range f.syntax.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Body != nil {
			f.inside = f.nameOf(function)
			ast.Inspect(function.Body, func(node ast.Node) bool {
				f.visit(node, constants)
				return true
			})
		}
	}
	return f.found
}

// nameOf is the name of a function, with the type of its receiver.
func (f *file) nameOf(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return function.Name.Name
	}
	return strings.TrimPrefix(f.text(function.Recv.List[0].Type), "*") + "." + function.Name.Name
}

func (f *file) visit(node ast.Node, constants map[string]string) {
	switch node := node.(type) {
	case *ast.IfStmt:
		f.replace(node.Cond, "!("+f.text(node.Cond)+")")
		f.empty(node.Body.List)
	case *ast.CaseClause:
		f.empty(node.Body)
	case *ast.BinaryExpr:
		f.swapOperator(node)
	case *ast.UnaryExpr:
		if node.Op == token.NOT {
			f.replace(node, f.text(node.X))
		}
	case *ast.ExprStmt, *ast.DeferStmt, *ast.IncDecStmt:
		f.replace(node, "")
	case *ast.AssignStmt:
		if node.Tok == token.ASSIGN {
			f.replace(node, "")
		}
	case *ast.BasicLit:
		f.changeNumber(node)
	case *ast.Ident:
		if other, found := constants[node.Name]; found {
			f.replace(node, other)
		}
	}
}

// operators are what a mutant has instead of each: the bound moved by one, and
// the opposite.
var operators = map[token.Token][]token.Token{
	token.EQL:  {token.NEQ},
	token.NEQ:  {token.EQL},
	token.LSS:  {token.LEQ, token.GEQ},
	token.LEQ:  {token.LSS, token.GTR},
	token.GTR:  {token.GEQ, token.LEQ},
	token.GEQ:  {token.GTR, token.LSS},
	token.LAND: {token.LOR},
	token.LOR:  {token.LAND},
	token.ADD:  {token.SUB},
	token.SUB:  {token.ADD},
	token.MUL:  {token.QUO},
	token.QUO:  {token.MUL},
}

func (f *file) swapOperator(node *ast.BinaryExpr) {
	if isText(node) {
		return // strings have no other operator
	}
	for _, other := range operators[node.Op] {
		f.change(node.OpPos, node.OpPos+token.Pos(len(node.Op.String())), other.String())
	}
}

// isText tells a string in quotation marks, and a sum with one.
func isText(node ast.Expr) bool {
	switch node := node.(type) {
	case *ast.BasicLit:
		return node.Kind == token.STRING
	case *ast.BinaryExpr:
		return node.Op == token.ADD && (isText(node.X) || isText(node.Y))
	default:
		return false
	}
}

// changeNumber makes an integer one larger.
func (f *file) changeNumber(node *ast.BasicLit) {
	if node.Kind != token.INT {
		return
	}
	if n, err := strconv.ParseInt(node.Value, 0, 64); err == nil {
		f.replace(node, strconv.FormatInt(n+1, 10))
	}
}

// empty leaves out what is done in one case: above all, refusing.
func (f *file) empty(body []ast.Stmt) {
	if len(body) > 0 {
		f.change(body[0].Pos(), body[len(body)-1].End(), "")
	}
}

func (f *file) replace(node ast.Node, text string) { f.change(node.Pos(), node.End(), text) }

func (f *file) change(from, to token.Pos, text string) {
	start, end := f.offset(from), f.offset(to)
	f.found = append(f.found, mutant{
		file: f.name, line: f.set.Position(from).Line, function: f.inside,
		start: start, end: end, old: string(f.source[start:end]), text: text,
	})
}

func (f *file) text(node ast.Node) string {
	return string(f.source[f.offset(node.Pos()):f.offset(node.End())])
}

func (f *file) offset(position token.Pos) int { return f.set.Position(position).Offset }
