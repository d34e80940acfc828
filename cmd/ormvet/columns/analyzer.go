// Package columns is the analyzer of ormvet: it compares the model of a query with the models that the columns in it
// start at.
//
// The types of columns say what they hold, but not which query they are for: types that did would cost seconds of
// compiling at every save. A query with columns of the wrong model reports an error when it runs; this analyzer reports it
// before. It follows columns from the generated variable (Posts) through relations, conditions, expressions and variables
// that are assigned once. Where it cannot see the start, as with parameters, it reports nothing.
package columns

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

const ormPath = "github.com/quintetgo/quintet/orm"

// ownPackage reports whether the methods of a package take conditions: those of orm, of columns, and of the conditions themselves.
func ownPackage(path string) bool {
	return path == ormPath || path == ormPath+"/columns" || path == ormPath+"/dynamic"
}

// Analyzer reports columns of another model than the query's.
var Analyzer = &analysis.Analyzer{
	Name:     "columns",
	Doc:      "report queries that use the columns of another model",
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

// methods of orm.Query take columns from the argument with this index on.
var methods = map[string]int{
	"Filter": 0, "Exclude": 0, "OrderBy": 0, "SelectRelated": 0, "Prefetch": 0, "PrefetchQuery": 0, "GroupBy": 0,
	"DistinctOn": 0, "Only": 0, "Defer": 0, "Annotate": 1, "Update": 1,
}

func run(pass *analysis.Pass) (any, error) {
	c := &checker{pass: pass, values: singleAssignments(pass)}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{(*ast.CallExpr)(nil)}, func(n ast.Node) {
		call := n.(*ast.CallExpr)
		selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return
		}
		if model := queryModel(pass.TypesInfo.TypeOf(selector.X)); model != nil {
			if first, takes := methods[selector.Sel.Name]; takes && first < len(call.Args) {
				args := call.Args[first:]
				if selector.Sel.Name == "PrefetchQuery" {
					args = args[:1] // the second is a query of its own
				}
				c.compare(selector.Sel.Name, model, args)
			}
			return
		}
		if isORM(pass.TypesInfo.ObjectOf(selector.Sel), "Aggregate") && len(call.Args) == 3 {
			if model := queryModel(pass.TypesInfo.TypeOf(call.Args[1])); model != nil {
				c.compare("Aggregate", model, call.Args[2:])
			}
		}
	})
	return nil, nil
}

type checker struct {
	pass   *analysis.Pass
	values map[types.Object]ast.Expr // of variables that are assigned once
}

// compare reports the starts of args that are not model.
func (c *checker) compare(method string, model types.Type, args []ast.Expr) {
	for _, arg := range args {
		for _, s := range c.starts(arg, nil) {
			if !types.Identical(s.model, model) {
				name := func(p *types.Package) string { return p.Name() }
				c.pass.Reportf(arg.Pos(), "%s: a query on %s takes the columns of %s, not those of %s",
					method, types.TypeString(model, name), types.TypeString(model, name), types.TypeString(s.model, name))
				break
			}
		}
	}
}

// queryModel is T if t is orm.Query[T], else nil.
func queryModel(t types.Type) types.Type {
	named, ok := types.Unalias(deref(t)).(*types.Named)
	if !ok || !isORM(named.Obj(), "Query") || named.TypeArgs().Len() != 1 {
		return nil
	}
	model := named.TypeArgs().At(0)
	if _, open := model.(*types.TypeParam); open {
		return nil
	}
	return model
}

func isORM(object types.Object, name string) bool {
	return object != nil && object.Name() == name && object.Pkg() != nil && object.Pkg().Path() == ormPath
}

func deref(t types.Type) types.Type {
	if p, ok := t.(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
