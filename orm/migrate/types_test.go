package migrate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"

	m "github.com/quintetgo/quintet/orm/migrate"
)

// go doc shows nothing of the type behind an alias, so its comment has to list the fields and methods.
func TestDocumentationOfTypesIsComplete(t *testing.T) {
	t.Parallel()
	types := map[string]reflect.Type{
		"Migration": reflect.TypeFor[m.Migration](), "Dependency": reflect.TypeFor[m.Dependency](), "Operation": reflect.TypeFor[m.Operation](),
		"Field": reflect.TypeFor[m.Field](), "Index": reflect.TypeFor[m.Index](), "Constraint": reflect.TypeFor[m.Constraint](),
		"Unique": reflect.TypeFor[m.Unique](), "Check": reflect.TypeFor[m.Check](), "SQL": reflect.TypeFor[m.SQL](),
		"CreateModel": reflect.TypeFor[m.CreateModel](), "DeleteModel": reflect.TypeFor[m.DeleteModel](), "RenameModel": reflect.TypeFor[m.RenameModel](),
		"AlterModelTable": reflect.TypeFor[m.AlterModelTable](), "AddField": reflect.TypeFor[m.AddField](), "RemoveField": reflect.TypeFor[m.RemoveField](),
		"AlterField": reflect.TypeFor[m.AlterField](), "RenameField": reflect.TypeFor[m.RenameField](), "AddIndex": reflect.TypeFor[m.AddIndex](),
		"RemoveIndex": reflect.TypeFor[m.RemoveIndex](), "AddConstraint": reflect.TypeFor[m.AddConstraint](), "RemoveConstraint": reflect.TypeFor[m.RemoveConstraint](),
		"RunSQL": reflect.TypeFor[m.RunSQL](), "SQLPair": reflect.TypeFor[m.SQLPair](), "RunGo": reflect.TypeFor[m.RunGo](),
		"History": reflect.TypeFor[*m.History](), "Row": reflect.TypeFor[m.Row](),
	}
	// What migrations themselves have no use for.
	internal := []string{"Apply", "Describe", "ConstraintName", "Same", "SameShape", "HasColumn", "ColumnName", "IsPrimaryKey", "IsUnique", "Hash", "String", "For"}
	file, err := parser.ParseFile(token.NewFileSet(), "types.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		seen++
		typ, known := types[spec.Name.Name]
		if !known {
			t.Errorf("%s is missing in this test", spec.Name.Name)
			return true
		}
		doc := strings.Join(strings.Fields(spec.Doc.Text()), " ")
		if typ.Kind() == reflect.Struct {
			for i := range typ.NumField() {
				if f := typ.Field(i); f.IsExported() && !strings.Contains(doc, f.Name+" "+kindOf(f.Type)) && !strings.Contains(doc, f.Name+", ") {
					t.Errorf("the comment of %s does not have field %s %s", typ.Name(), f.Name, kindOf(f.Type))
				}
			}
		}
		for i := range typ.NumMethod() {
			if name := typ.Method(i).Name; !slices.Contains(internal, name) && !strings.Contains(doc, name+"(") {
				t.Errorf("the comment of %s does not have method %s", spec.Name.Name, name)
			}
		}
		return true
	})
	if seen != len(types) {
		t.Errorf("types.go has %d types, the test %d", seen, len(types))
	}
}

// kindOf is the beginning of a type as it is written in its own package.
func kindOf(t reflect.Type) string {
	switch {
	case t.Name() == "" && t.Kind() == reflect.Slice:
		return "[]" + kindOf(t.Elem())
	case t.Name() == "" && t.Kind() == reflect.Map:
		return "map["
	case t.Kind() == reflect.Func:
		return "func("
	case t.Name() == "":
		return "any"
	}
	return t.Name()
}
