package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// errShape is returned for a main.go that Register does not understand.
var errShape = errors.New(
	"main.go does not have the expected shape: a function with s.Routes = func(r *web.Router) { … } and framework.New(s, …)",
)

// Register returns the source of main.go with the app registered: imported, included in the routes and passed to
// framework.New. A source that already imports the package is returned unchanged. Text is only inserted, at positions taken
// from the syntax tree, so comments and layout are kept.
func Register(source []byte, importPath, name string) ([]byte, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "main.go", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && path == importPath {
			return source, nil
		}
	}
	place, err := find(file)
	if err != nil {
		return nil, err
	}
	edits := []edit{
		include(source, set.Position(place.routes.Rbrace).Offset, fmt.Sprintf("%s.Include(%q, %q)", place.router, "/"+name+"/", name)),
		argument(source, set, place.call, fmt.Sprintf("%s.App{DB: %s}", name, place.db)),
	}
	imported, err := importEdit(source, set, file, importPath)
	if err != nil {
		return nil, err
	}
	edits = append(edits, imported)
	slices.SortFunc(edits, func(a, b edit) int { return b.offset - a.offset })
	out := slices.Clone(source)
	for _, e := range edits {
		out = slices.Insert(out, e.offset, []byte(e.text)...)
	}
	return format.Source(out)
}

type edit struct {
	offset int
	text   string
}

// places are the parts of main.go that an app is written into.
type places struct {
	function *ast.FuncDecl
	assign   *ast.AssignStmt // s.Routes = func…
	routes   *ast.BlockStmt
	router   string        // name of the function's parameter
	call     *ast.CallExpr // framework.New(…)
	db       string        // name of the *orm.DB
}

// find looks for the function that wires the project.
func find(file *ast.File) (places, error) {
	for _, decl := range file.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		p := places{function: function, db: "db"}
		for _, statement := range function.Body.List {
			if assign, ok := statement.(*ast.AssignStmt); ok && len(assign.Lhs) == 1 && len(assign.Rhs) == 1 {
				left, isSelector := assign.Lhs[0].(*ast.SelectorExpr)
				right, isFunc := assign.Rhs[0].(*ast.FuncLit)
				if isSelector && isFunc && left.Sel.Name == "Routes" && len(right.Type.Params.List) == 1 &&
					len(right.Type.Params.List[0].Names) == 1 {
					p.assign, p.routes, p.router = assign, right.Body, right.Type.Params.List[0].Names[0].Name
				}
			}
			ast.Inspect(statement, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && isSelector(call.Fun, "framework", "New") && len(call.Args) > 0 &&
					!call.Ellipsis.IsValid() {
					p.call = call
				}
				return true
			})
		}
		for _, field := range function.Type.Params.List {
			if star, ok := field.Type.(*ast.StarExpr); ok && isSelector(star.X, "orm", "DB") && len(field.Names) == 1 {
				p.db = field.Names[0].Name
			}
		}
		if p.assign != nil && p.call != nil && p.router != "_" && p.names()[p.db] {
			return p, nil
		}
	}
	return places{}, errShape
}

func isSelector(e ast.Expr, pkg, name string) bool {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	ident, ok := selector.X.(*ast.Ident)
	return ok && ident.Name == pkg
}

// names are those that the function uses.
func (p places) names() map[string]bool {
	used := map[string]bool{}
	ast.Inspect(p.function, func(n ast.Node) bool {
		if ident, ok := n.(*ast.Ident); ok {
			used[ident.Name] = ident.Name != "_"
		}
		return true
	})
	return used
}

// argument adds an argument to a call: on a line of its own if the closing parenthesis is on one.
func argument(source []byte, set *token.FileSet, call *ast.CallExpr, text string) edit {
	end := set.Position(call.Args[len(call.Args)-1].End())
	if set.Position(call.Rparen).Line == end.Line {
		return edit{end.Offset, ", " + text}
	}
	return edit{lineEnd(source, end.Offset), "\n\t\t" + text + ","}
}

// include puts a statement before the closing brace of the routes, on a line of its own.
func include(source []byte, brace int, statement string) edit {
	start := bytes.LastIndexByte(source[:brace], '\n') + 1
	if len(bytes.TrimSpace(source[start:brace])) > 0 {
		return edit{brace, "\n\t\t" + statement + "\n\t"}
	}
	return edit{start, "\t\t" + statement + "\n"}
}

// lineEnd returns the end of the line that contains offset, after a comment.
func lineEnd(source []byte, offset int) int {
	if i := bytes.IndexByte(source[offset:], '\n'); i >= 0 {
		return offset + i
	}
	return len(source)
}

// importEdit puts the import behind the last one of the project's own, or behind the last one.
func importEdit(source []byte, set *token.FileSet, file *ast.File, importPath string) (edit, error) {
	if len(file.Imports) == 0 {
		return edit{}, errShape
	}
	module := importPath[:strings.LastIndex(importPath, "/")]
	last := file.Imports[len(file.Imports)-1]
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && strings.HasPrefix(path, module+"/") {
			last = spec
		}
	}
	end := lineEnd(source, set.Position(last.End()).Offset)
	for _, decl := range file.Decls {
		if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.IMPORT && group.Pos() <= last.Pos() && last.End() <= group.End() &&
			!group.Lparen.IsValid() {
			return edit{end, "\n\nimport " + strconv.Quote(importPath)}, nil
		}
	}
	return edit{end, "\n\t" + strconv.Quote(importPath)}, nil
}
