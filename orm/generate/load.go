package generate

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// source is the syntax of one package.
type source struct {
	dir, path, name string
	types           map[string]*declaration
	methods         map[string]map[string]*method // receiver type → method name
	constants       map[string]string             // package-level string constants
	declared        map[string]token.Pos          // package-level names
	generated       map[string]bool               // types that its models_gen.go declares
}

// declaration is a type declaration and the file whose imports its expressions use.
type declaration struct {
	spec *ast.TypeSpec
	doc  *ast.CommentGroup // may be nil
	file *sourceFile
}

// method is a method and the file that declares it.
type method struct {
	*ast.FuncDecl
	file *sourceFile
}

// sourceFile is one file's package and imports.
type sourceFile struct {
	source  *source
	imports []importedName
}

type importedName struct{ name, path string } // name is "" for an import without a name

// loader reads each package once.
type loader struct {
	module   *module
	platform platform
	files    *token.FileSet
	sources  map[string]*source  // by folder
	models   map[string][]string // folder → names of the structs in Models methods, in that order
}

func newLoader(m *module) *loader {
	return &loader{
		module: m, platform: currentPlatform(), files: token.NewFileSet(),
		sources: map[string]*source{}, models: map[string][]string{},
	}
}

// findModels walks the module for Models methods and for files that were generated. It returns the folders of both.
func (l *loader) findModels() (dirs []string, err error) {
	found := map[string]bool{}
	err = filepath.WalkDir(l.module.dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return l.skip(name, entry.Name())
		}
		if entry.Name() == FileName {
			found[filepath.Dir(name)] = true
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(content, []byte(") Models() []any")) {
			return err
		}
		return l.collect(filepath.Dir(name))
	})
	if err != nil {
		return nil, err
	}
	for dir := range l.models {
		found[dir] = true
	}
	for dir := range found {
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs)
	return dirs, nil
}

// skip returns filepath.SkipDir for folders without packages of this module.
func (l *loader) skip(dir, base string) error {
	if dir == l.module.dir {
		return nil
	}
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "vendor" || base == "node_modules" {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}

// collect adds the structs in the Models methods of the package in dir.
func (l *loader) collect(dir string) error {
	p, err := l.load(dir)
	if err != nil {
		return err
	}
	for _, receiver := range slices.Sorted(maps.Keys(p.methods)) {
		m := p.methods[receiver]["Models"]
		if m == nil || m.Body == nil || len(m.Type.Params.List) > 0 {
			continue
		}
		for _, expression := range mentioned(m.Body) {
			d := l.resolve(m.file, expression)
			if d == nil || !isStruct(d) || d.spec.TypeParams != nil {
				continue
			}
			owner := d.file.source
			if !within(l.module.dir, owner.dir) {
				continue
			}
			if name := d.spec.Name.Name; !slices.Contains(l.models[owner.dir], name) {
				l.models[owner.dir] = append(l.models[owner.dir], name)
			}
		}
	}
	return nil
}

// mentioned returns the types of T{}, new(T) and (*T)(nil) in a body, except those inside literals of T.
func mentioned(body ast.Node) []ast.Expr {
	var types []ast.Expr
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			switch n.Type.(type) {
			case *ast.Ident, *ast.SelectorExpr:
				types = append(types, n.Type)
				return false
			}
		case *ast.CallExpr:
			if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "new" && len(n.Args) == 1 {
				types = append(types, n.Args[0])
			}
			if star, ok := ast.Unparen(n.Fun).(*ast.StarExpr); ok && len(n.Args) == 1 {
				types = append(types, star.X)
			}
		}
		return true
	})
	return types
}

// load parses the package in dir, without tests and generated columns.
func (l *loader) load(dir string) (*source, error) {
	if p, ok := l.sources[dir]; ok {
		return p, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	p := &source{
		dir: dir, types: map[string]*declaration{}, methods: map[string]map[string]*method{},
		constants: map[string]string{}, declared: map[string]token.Pos{}, generated: map[string]bool{},
	}
	if relative, err := filepath.Rel(l.module.dir, dir); err == nil && within(l.module.dir, dir) {
		p.path = path.Join(l.module.path, filepath.ToSlash(relative))
	}
	l.sources[dir] = p
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(l.files, filepath.Join(dir, name), nil, parser.SkipObjectResolution|parser.ParseComments)
		if !l.platform.compiles(name, file) {
			continue
		}
		if name == FileName {
			// A stale or damaged file is about to be replaced; only the names in it are used.
			if file != nil {
				p.addGenerated(file)
			}
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("generate: %w", err)
		}
		p.add(file)
	}
	return p, nil
}

func (p *source) addGenerated(file *ast.File) {
	for _, d := range file.Decls {
		if general, ok := d.(*ast.GenDecl); ok && general.Tok == token.TYPE {
			for _, spec := range general.Specs {
				p.generated[spec.(*ast.TypeSpec).Name.Name] = true
			}
		}
	}
}

func (p *source) add(file *ast.File) {
	p.name = file.Name.Name
	f := &sourceFile{source: p}
	for _, spec := range file.Imports {
		value, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := ""
		if spec.Name != nil {
			name = spec.Name.Name
		}
		f.imports = append(f.imports, importedName{name: name, path: value})
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			p.addDeclarations(d, f)
		case *ast.FuncDecl:
			if receiver := receiverName(d); receiver != "" {
				if p.methods[receiver] == nil {
					p.methods[receiver] = map[string]*method{}
				}
				p.methods[receiver][d.Name.Name] = &method{FuncDecl: d, file: f}
			} else {
				p.declared[d.Name.Name] = d.Name.Pos()
			}
		}
	}
}

func (p *source) addDeclarations(d *ast.GenDecl, f *sourceFile) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc
			if doc == nil && !d.Lparen.IsValid() {
				doc = d.Doc
			}
			p.types[spec.Name.Name] = &declaration{spec: spec, doc: doc, file: f}
			p.declared[spec.Name.Name] = spec.Name.Pos()
		case *ast.ValueSpec:
			for i, name := range spec.Names {
				p.declared[name.Name] = name.Pos()
				if i < len(spec.Values) {
					if value, ok := text(spec.Values[i], nil); ok {
						p.constants[name.Name] = value
					}
				}
			}
		}
	}
}

// receiverName returns T of func (r *T) …, func (T) … and func (r *T[U]) ….
func receiverName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) != 1 {
		return ""
	}
	e := d.Recv.List[0].Type
	for {
		switch t := e.(type) {
		case *ast.StarExpr:
			e = t.X
		case *ast.ParenExpr:
			e = t.X
		case *ast.IndexExpr:
			e = t.X
		case *ast.IndexListExpr:
			e = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// text returns the value of a string literal, or of a constant of the package.
func text(e ast.Expr, constants map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			value, err := strconv.Unquote(e.Value)
			return value, err == nil
		}
	case *ast.Ident:
		value, ok := constants[e.Name]
		return value, ok
	}
	return "", false
}
