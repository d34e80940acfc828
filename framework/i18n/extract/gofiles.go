package extract

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
)

const module = "github.com/quintetgo/quintet/"

// calls has the functions that take a text, by import path and name, with the index of the argument.
var calls = map[string]map[string]int{
	module + "framework/i18n":     {"T": 1},
	module + "framework/message":  {"New": 1, "Text": 0},
	module + "framework/web":      {"NotFound": 0, "BadRequest": 0, "Forbidden": 0},
	module + "framework/messages": {"Success": 1, "Info": 1, "Warning": 1, "Error": 1, "Debug": 1},
}

const messagePackage = module + "framework/message"

// goFile is a file that is searched.
type goFile struct {
	name     string
	set      *token.FileSet
	tree     *ast.File
	packages map[string]string // import paths by the names that the file uses
}

// goFiles searches Go files, which are parsed and not compiled, so that texts are found in a project with errors too.
func (c *collector) goFiles(files fs.FS, names []string) {
	var list []goFile
	for _, name := range names {
		f, err := parseGo(files, name)
		if err != nil {
			c.errs = append(c.errs, err)
			continue
		}
		list = append(list, f)
		c.readConstants(f)
	}
	for _, f := range list {
		ast.Inspect(f.tree, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.CallExpr:
				c.call(f, node)
			case *ast.CompositeLit:
				c.literal(f, node)
			}
			return true
		})
	}
}

func parseGo(files fs.FS, name string) (goFile, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return goFile{}, err
	}
	f := goFile{name: name, set: token.NewFileSet(), packages: map[string]string{}}
	if f.tree, err = parser.ParseFile(f.set, name, text, parser.SkipObjectResolution); err != nil {
		return goFile{}, err
	}
	for _, spec := range f.tree.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return goFile{}, fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
		}
		local := path.Base(target)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		f.packages[local] = target
	}
	return f, nil
}

// readConstants notes the constant texts of a file's package, which texts may be named by.
func (c *collector) readConstants(f goFile) {
	dir := path.Dir(f.name)
	if c.constants[dir] == nil {
		c.constants[dir] = map[string]string{}
	}
	for _, decl := range f.tree.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			values := spec.(*ast.ValueSpec)
			for i, name := range values.Names {
				if i >= len(values.Values) {
					continue
				}
				if text, ok := c.constant(dir, values.Values[i]); ok {
					c.constants[dir][name.Name] = text
				}
			}
		}
	}
}

// constant returns the value of an expression made of literals and constants of the package.
func (c *collector) constant(dir string, e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		text, ok := c.constants[dir][e.Name]
		return text, ok
	case *ast.ParenExpr:
		return c.constant(dir, e.X)
	case *ast.BinaryExpr:
		left, ok1 := c.constant(dir, e.X)
		right, ok2 := c.constant(dir, e.Y)
		return left + right, ok1 && ok2 && e.Op == token.ADD
	}
	return "", false
}

// call adds the text of a call of one of the functions.
func (c *collector) call(f goFile, call *ast.CallExpr) {
	target, name, ok := f.selected(call.Fun)
	if !ok {
		return
	}
	index, ok := calls[target][name]
	if !ok || index >= len(call.Args) {
		return
	}
	c.addGo(f, Text{Context: ""}, call.Args[index], path.Base(target)+"."+name)
}

// literal adds the text of a message.Message{…}.
func (c *collector) literal(f goFile, literal *ast.CompositeLit) {
	target, name, ok := f.selected(literal.Type)
	if !ok || target != messagePackage || name != "Message" {
		return
	}
	parts := map[string]ast.Expr{}
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if key, ok := pair.Key.(*ast.Ident); ok {
			parts[key.Name] = pair.Value
		}
	}
	if parts["Text"] == nil {
		return
	}
	dir := path.Dir(f.name)
	var t Text
	for part, into := range map[string]*string{"Plural": &t.Plural, "Context": &t.Context} {
		if parts[part] == nil {
			continue
		}
		if *into, ok = c.constant(dir, parts[part]); !ok {
			c.notConstant(f, parts[part], part+" of message.Message")
			return
		}
	}
	c.addGo(f, t, parts["Text"], "message.Message")
}

// addGo adds a text whose words are the value of an expression.
func (c *collector) addGo(f goFile, t Text, e ast.Expr, what string) {
	text, ok := c.constant(path.Dir(f.name), e)
	if !ok {
		c.notConstant(f, e, what)
		return
	}
	t.Text, t.Places = text, []Place{{f.name, f.set.Position(e.Pos()).Line}}
	c.add(t)
}

func (c *collector) notConstant(f goFile, e ast.Expr, what string) {
	c.errs = append(c.errs, fmt.Errorf("%s: the text of %s is no constant, and cannot be translated: "+
		"write it as a literal with placeholders, as in \"{name} was saved.\"", Place{f.name, f.set.Position(e.Pos()).Line}, what))
}

// selected returns the import path and the name of an expression such as message.New.
func (f goFile) selected(e ast.Expr) (target, name string, ok bool) {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", "", false
	}
	qualifier, ok := selector.X.(*ast.Ident)
	if !ok {
		return "", "", false
	}
	target, ok = f.packages[qualifier.Name]
	return target, selector.Sel.Name, ok
}
