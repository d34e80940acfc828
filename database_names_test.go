package quintet_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// databaseNames are the names of databases and the words that begin their URLs.
var databaseNames = []string{"sqlite", "sqlite3", "postgres", "postgresql", "pgx", "mysql", "mariadb"}

// databasePlaces are the folders and files that may name a database: the drivers, and what configures a project.
var databasePlaces = []string{
	"orm/sqlite/", "orm/postgres/", "orm/mysql/", "orm/ormtest/", "cmd/quintet/", "docs/", "database_names_test.go",
}

// TestDatabaseNamesStayInDrivers keeps code from deciding by the name of a database: what differs between databases is
// a capability of package orm/dialect.
func TestDatabaseNamesStayInDrivers(t *testing.T) {
	t.Parallel()
	goFiles(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") || slices.ContainsFunc(databasePlaces, func(p string) bool { return strings.HasPrefix(path, p) }) {
			return
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && slices.Contains(databaseNames, text) {
					t.Errorf("%s: %q names a database; make it a capability of package orm/dialect", files.Position(n.Pos()), text)
				}
			case *ast.BinaryExpr:
				if (n.Op == token.EQL || n.Op == token.NEQ) && (callsDialectName(n.X) || callsDialectName(n.Y)) {
					t.Errorf("%s: the name of a dialect is compared; make it a capability of package orm/dialect", files.Position(n.Pos()))
				}
			case *ast.SwitchStmt:
				if n.Tag != nil && callsDialectName(n.Tag) {
					t.Errorf("%s: a switch on the name of a dialect; make it a capability of package orm/dialect", files.Position(n.Pos()))
				}
			}
			return true
		})
	})
}

// callsDialectName reports whether an expression ends in Dialect().Name() or Dialect.Name().
func callsDialectName(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || name.Sel.Name != "Name" {
		return false
	}
	x := name.X
	if inner, ok := x.(*ast.CallExpr); ok {
		x = inner.Fun
	}
	switch x := x.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "Dialect"
	case *ast.Ident:
		return strings.EqualFold(x.Name, "dialect")
	}
	return false
}
