package generate

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
)

// resolve follows a type expression to its declaration, through aliases and imports. It returns nil for built-in types,
// type literals, and whatever cannot be found.
func (l *loader) resolve(f *sourceFile, e ast.Expr) *declaration {
	for range 100 { // limits cycles of aliases
		switch t := e.(type) {
		case *ast.ParenExpr:
			e = t.X
			continue
		case *ast.IndexExpr:
			e = t.X
			continue
		case *ast.IndexListExpr:
			e = t.X
			continue
		}
		d := l.declarationOf(f, e)
		if d == nil || !d.spec.Assign.IsValid() {
			return d
		}
		f, e = d.file, d.spec.Type
		if _, ok := e.(*ast.StarExpr); ok {
			return nil
		}
	}
	return nil
}

func (l *loader) declarationOf(f *sourceFile, e ast.Expr) *declaration {
	switch t := e.(type) {
	case *ast.Ident:
		if d := f.source.types[t.Name]; d != nil {
			return d
		}
		for _, i := range f.imports {
			if i.name == "." {
				if p := l.imported(i.path); p != nil && p.types[t.Name] != nil {
					return p.types[t.Name]
				}
			}
		}
	case *ast.SelectorExpr:
		importPath := l.importPath(f, t)
		if importPath == "time" || importPath == "database/sql" {
			return nil // their types are columns, known by name: no need to read those packages
		}
		if p := l.imported(importPath); p != nil {
			return p.types[t.Sel.Name]
		}
	}
	return nil
}

// standard returns "time.Time" and the like for the types that are known by name, else "".
func (l *loader) standard(f *sourceFile, e ast.Expr) string {
	if selector, ok := e.(*ast.SelectorExpr); ok {
		switch l.importPath(f, selector) {
		case "time":
			return "time." + selector.Sel.Name
		case "database/sql":
			return "sql." + selector.Sel.Name
		}
	}
	return ""
}

// imported loads the package with an import path, or returns nil if it is not on this machine or cannot be read.
func (l *loader) imported(importPath string) *source {
	if importPath == "" {
		return nil
	}
	dir := l.module.locate(importPath)
	if dir == "" {
		return nil
	}
	p, err := l.load(dir)
	if err != nil {
		return nil
	}
	if p.path == "" {
		p.path = importPath
	}
	return p
}

var versionSuffix = regexp.MustCompile(`^v[0-9]+$`)

// importPath returns the import path of a qualified name such as accounts.User, or "".
func (l *loader) importPath(f *sourceFile, t *ast.SelectorExpr) string {
	qualifier, ok := t.X.(*ast.Ident)
	if !ok {
		return ""
	}
	for _, i := range f.imports {
		if i.name == qualifier.Name || i.name == "" && guessName(i.path) == qualifier.Name {
			return i.path
		}
	}
	for _, i := range f.imports {
		if i.name != "" || i.path == "C" {
			continue
		}
		if p := l.imported(i.path); p != nil && p.name == qualifier.Name {
			return i.path
		}
	}
	return ""
}

// guessName is the package name that an import path suggests: its last element, without a version.
func guessName(importPath string) string {
	base := path.Base(importPath)
	if versionSuffix.MatchString(base) {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

func isStruct(d *declaration) bool {
	_, ok := d.spec.Type.(*ast.StructType)
	return ok
}

// unalias returns the type of an alias, or e itself.
func (l *loader) unalias(f *sourceFile, e ast.Expr) (*sourceFile, ast.Expr) {
	for range 100 {
		d := l.declarationOf(f, ast.Unparen(e))
		if d == nil || !d.spec.Assign.IsValid() {
			break
		}
		f, e = d.file, d.spec.Type
	}
	return f, ast.Unparen(e)
}

// basic follows named types down to the name of a built-in one ("int64", "string"), or "" if there is none below.
func (l *loader) basic(f *sourceFile, e ast.Expr) string {
	for range 100 { // limits cycles of declarations
		d := l.declarationOf(f, ast.Unparen(e))
		if d == nil {
			break
		}
		f, e = d.file, d.spec.Type
	}
	if name, ok := ast.Unparen(e).(*ast.Ident); ok && builtin[name.Name] {
		return name.Name
	}
	return ""
}

var builtin = map[string]bool{
	"string": true, "bool": true, "byte": true, "rune": true, "float32": true, "float64": true, "any": true, "error": true,
	"int": true, "int8": true, "int16": true, "int32": true, "int64": true,
	"uint": true, "uint8": true, "uint16": true, "uint32": true, "uint64": true,
}

// typeText returns a type as text for the generated file, and adds its imports. It returns false for types that cannot be
// named there.
func (l *loader) typeText(o *file, f *sourceFile, e ast.Expr) (string, bool) {
	switch t := e.(type) {
	case *ast.ParenExpr:
		return l.typeText(o, f, t.X)
	case *ast.StarExpr:
		text, ok := l.typeText(o, f, t.X)
		return "*" + text, ok
	case *ast.ArrayType:
		text, ok := l.typeText(o, f, t.Elt)
		if t.Len == nil {
			return "[]" + text, ok
		}
		length, isLiteral := t.Len.(*ast.BasicLit)
		if !isLiteral || length.Kind != token.INT {
			return "", false
		}
		return "[" + length.Value + "]" + text, ok
	case *ast.MapType:
		key, ok := l.typeText(o, f, t.Key)
		value, ok2 := l.typeText(o, f, t.Value)
		return "map[" + key + "]" + value, ok && ok2
	case *ast.InterfaceType:
		return "any", t.Methods == nil || len(t.Methods.List) == 0
	case *ast.IndexExpr:
		return l.instanceText(o, f, t.X, []ast.Expr{t.Index})
	case *ast.IndexListExpr:
		return l.instanceText(o, f, t.X, t.Indices)
	case *ast.Ident:
		if d := l.declarationOf(f, t); d != nil {
			return o.qualified(d.file.source, t.Name)
		}
		return t.Name, builtin[t.Name]
	case *ast.SelectorExpr:
		if p := l.importPath(f, t); p != "" {
			name := guessName(p)
			if found := l.imported(p); found != nil {
				name = found.name
			}
			return o.use(p, name) + "." + t.Sel.Name, true
		}
	}
	return "", false
}

func (l *loader) instanceText(o *file, f *sourceFile, generic ast.Expr, arguments []ast.Expr) (string, bool) {
	text, ok := l.typeText(o, f, generic)
	for i, argument := range arguments {
		inner, innerOK := l.typeText(o, f, argument)
		ok = ok && innerOK
		if i == 0 {
			text += "[" + inner
		} else {
			text += ", " + inner
		}
	}
	return text + "]", ok
}
