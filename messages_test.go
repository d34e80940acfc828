package quintet_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// textArgument is the position of the text in calls that create user-facing messages.
var textArgument = map[string]int{
	"message.New": 1, "message.Text": 0, "forms.Invalid": 1, "orm.Invalid": 1, "fault.Invalid": 1,
	"web.NotFound": 0, "web.Forbidden": 0, "web.BadRequest": 0,
	"messages.Debug": 1, "messages.Info": 1, "messages.Success": 1, "messages.Warning": 1, "messages.Error": 1,
}

// TestMessagesAreNotAssembled keeps the texts of messages constant: they are the keys of translations. What varies is an
// argument.
func TestMessagesAreNotAssembled(t *testing.T) {
	t.Parallel()
	seen := 0
	goFiles(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		check := func(text ast.Expr) {
			seen++
			if reason := assembled(text); reason != "" {
				t.Errorf("%s: the text of a message is %s; write a constant text with a {placeholder} and pass an argument",
					files.Position(text.Pos()), reason)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if selector, ok := n.Fun.(*ast.SelectorExpr); ok {
					name := selector.Sel.Name
					if pkg, ok := selector.X.(*ast.Ident); ok {
						name = pkg.Name + "." + name
					}
					if at, ok := textArgument[name]; ok && at < len(n.Args) {
						check(n.Args[at])
					}
				}
			case *ast.CompositeLit:
				if !isMessage(n.Type) {
					return true
				}
				for _, element := range n.Elts {
					if field, ok := element.(*ast.KeyValueExpr); ok {
						if name, ok := field.Key.(*ast.Ident); ok && (name.Name == "Text" || name.Name == "Plural") {
							check(field.Value)
						}
					}
				}
			}
			return true
		})
	})
	if seen < 100 {
		t.Errorf("only %d messages were found: the test looks in the wrong place", seen)
	}
}

// isMessage reports whether a literal is of the type message.Message.
func isMessage(typ ast.Expr) bool {
	selector, ok := typ.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Message" {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	return ok && pkg.Name == "message"
}

// assembled returns how an expression builds a text at run time, or "". Concatenated literals are constant.
func assembled(text ast.Expr) string {
	switch text := text.(type) {
	case *ast.BinaryExpr:
		for _, side := range []ast.Expr{text.X, text.Y} {
			if _, literal := side.(*ast.BasicLit); !literal {
				if _, nested := side.(*ast.BinaryExpr); !nested {
					return "concatenated"
				}
				if reason := assembled(side); reason != "" {
					return reason
				}
			}
		}
	case *ast.CallExpr:
		if selector, ok := text.Fun.(*ast.SelectorExpr); ok {
			if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "fmt" {
				return "formatted by fmt." + selector.Sel.Name
			}
		}
	}
	return ""
}
