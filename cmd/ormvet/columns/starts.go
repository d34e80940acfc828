package columns

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// start is a model that a column's path starts at.
type start struct{ model types.Type }

// starts returns the models that the columns in an expression start at, as far as they can be seen. Queries inside it
// have starts of their own, which do not count. visited guards against variables that are defined by each other.
func (c *checker) starts(e ast.Expr, visited []types.Object) []start {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return c.variable(e, visited)
	case *ast.SelectorExpr:
		if _, isField := c.pass.TypesInfo.Selections[e]; isField {
			return c.starts(e.X, visited)
		}
		return c.variable(e.Sel, visited) // pkg.Posts
	case *ast.CompositeLit:
		return c.all(e.Elts, visited)
	case *ast.KeyValueExpr:
		return c.starts(e.Value, visited)
	case *ast.CallExpr:
		return c.call(e, visited)
	}
	return nil
}

func (c *checker) all(list []ast.Expr, visited []types.Object) []start {
	var found []start
	for _, e := range list {
		found = append(found, c.starts(e, visited)...)
	}
	return found
}

func (c *checker) call(call *ast.CallExpr, visited []types.Object) []start {
	fun := ast.Unparen(call.Fun)
	if index, ok := fun.(*ast.IndexExpr); ok { // orm.Lookup[Post]("title", "x")
		if selector, ok := index.X.(*ast.SelectorExpr); ok && isORM(c.pass.TypesInfo.ObjectOf(selector.Sel), "Lookup") {
			return []start{{c.pass.TypesInfo.TypeOf(index.Index)}}
		}
		return nil
	}
	if ident, ok := fun.(*ast.Ident); ok { // a function of this package: PostsOf(…), or append
		object := c.pass.TypesInfo.ObjectOf(ident)
		if _, builtin := object.(*types.Builtin); builtin || c.isReverse(object) {
			return c.all(call.Args, visited)
		}
		return nil
	}
	selector, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	object := c.pass.TypesInfo.ObjectOf(selector.Sel)
	selection, isMethod := c.pass.TypesInfo.Selections[selector]
	if !isMethod {
		combines := isORM(object, "And") || isORM(object, "Or") || isORM(object, "Not")
		if combines || c.isReverse(object) {
			return c.all(call.Args, visited)
		}
		return nil // Exists and functions of the project
	}
	if queryModel(selection.Recv()) != nil {
		return nil
	}
	found := c.starts(selector.X, visited)
	if object.Pkg() != nil && ownPackage(object.Pkg().Path()) && object.Name() != "EqOuter" && object.Name() != "InQuery" {
		found = append(found, c.all(call.Args, visited)...)
	}
	return found
}

// isReverse reports whether an object is a generated function from the columns of one package's model to another's.
func (c *checker) isReverse(object types.Object) bool {
	f, ok := object.(*types.Func)
	if !ok {
		return false
	}
	signature := f.Signature()
	return signature.Recv() == nil && signature.Params().Len() == 1 && signature.Results().Len() == 1 &&
		columnsOf(signature.Params().At(0).Type()) != nil && columnsOf(signature.Results().At(0).Type()) != nil &&
		strings.Contains(f.Name(), "Of")
}

// variable returns the start of a generated variable such as Posts, or the starts of the one value of another one.
func (c *checker) variable(id *ast.Ident, visited []types.Object) []start {
	object, ok := c.pass.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok {
		return nil
	}
	if model := c.generatedVariable(object); model != nil {
		return []start{{model}}
	}
	value := c.values[object]
	for _, seen := range visited {
		if seen == object {
			return nil
		}
	}
	if value == nil {
		return nil
	}
	return c.starts(value, append(visited, object))
}

// generatedFile is the name of the files that quintet generate writes; see package orm/generate.
const generatedFile = "models_gen.go"

// generatedVariable returns Post for a generated variable of type PostCols, usually called Posts, else nil.
func (c *checker) generatedVariable(v *types.Var) types.Type {
	model := columnsOf(v.Type())
	if model == nil || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() {
		return nil
	}
	if filepath.Base(c.pass.Fset.Position(v.Pos()).Filename) != generatedFile {
		return nil
	}
	return model
}

// columnsOf returns T for generated columns, which have a method ColumnsOf() *T, else nil.
func columnsOf(t types.Type) types.Type {
	object, _, _ := types.LookupFieldOrMethod(t, false, nil, "ColumnsOf")
	f, ok := object.(*types.Func)
	if !ok || f.Signature().Results().Len() != 1 {
		return nil
	}
	pointer, ok := f.Signature().Results().At(0).Type().(*types.Pointer)
	if !ok {
		return nil
	}
	return pointer.Elem()
}

// singleAssignments returns the values of the variables of a package that are assigned exactly once.
func singleAssignments(pass *analysis.Pass) map[types.Object]ast.Expr {
	values, count := map[types.Object]ast.Expr{}, map[types.Object]int{}
	assign := func(left ast.Expr, right ast.Expr) {
		id, ok := left.(*ast.Ident)
		if !ok {
			return
		}
		if object := pass.TypesInfo.ObjectOf(id); object != nil {
			values[object] = right
			count[object]++
		}
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.DEFINE || n.Tok == token.ASSIGN) {
						assign(left, n.Rhs[i])
					} else {
						assign(left, nil)
					}
				}
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if len(n.Names) == len(n.Values) {
						assign(name, n.Values[i])
					}
				}
			case *ast.RangeStmt:
				if n.Key != nil {
					assign(n.Key, nil)
				}
				if n.Value != nil {
					assign(n.Value, nil)
				}
			case *ast.UnaryExpr:
				if n.Op == token.AND { // whoever has the address may assign
					assign(n.X, nil)
				}
			}
			return true
		})
	}
	for object, n := range count {
		if n > 1 || values[object] == nil {
			delete(values, object)
		}
	}
	return values
}
