package source

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Folder is the source folder of an app's migrations.
type Folder struct {
	App    string // the app's name
	Dir    string // of the migrations package
	Import string // its import path
	AppDir string // of the app's own package
	Type   string // name of the app's type
}

// Find returns the folder of an app, from the package of its type. from is any folder of the module, usually the working
// directory. An app of another module is an error, as its migrations are part of that module.
func Find(name string, app any, from string) (Folder, error) {
	root, module, err := moduleOf(from)
	if err != nil {
		return Folder{}, err
	}
	t := reflect.TypeOf(app)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	typeName, _, _ := strings.Cut(t.Name(), "[")
	pkg := t.PkgPath()
	rel, inside := strings.CutPrefix(pkg+"/", module+"/")
	rel = strings.TrimSuffix(rel, "/")
	dir := filepath.Join(root, filepath.FromSlash(rel))
	switch {
	case pkg == "main": // a type of the program itself has no import path; the program was started in its folder
		if dir, err = filepath.Abs(from); err != nil {
			return Folder{}, err
		}
		sub, err := filepath.Rel(root, dir)
		if err != nil {
			return Folder{}, err
		}
		pkg = path.Join(module, filepath.ToSlash(sub))
	case !inside:
		return Folder{}, fmt.Errorf("app %q is in %s, outside the module %s in %s; its migrations are part of that module", name, pkg,
			module,
			root)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return Folder{}, fmt.Errorf("app %q: its source folder %s does not exist; run the command in the project's folder", name, dir)
	}
	return Folder{App: name, Dir: filepath.Join(dir, "migrations"), Import: path.Join(pkg, "migrations"), AppDir: dir, Type: typeName}, nil
}

// moduleOf returns the folder of the go.mod in or above a folder, and the module's path.
func moduleOf(from string) (root, module string, err error) {
	dir, err := filepath.Abs(from)
	if err != nil {
		return "", "", err
	}
	for start := dir; ; dir = filepath.Dir(dir) {
		content, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
			continue
		}
		if err != nil {
			return "", "", fmt.Errorf("there is no go.mod in %s or above; run the command in the project's folder", start)
		}
		for line := range strings.SplitSeq(string(content), "\n") {
			if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "module" {
				if unquoted, err := strconv.Unquote(fields[1]); err == nil {
					fields[1] = unquoted
				}
				return dir, fields[1], nil
			}
		}
		return "", "", fmt.Errorf("%s names no module", filepath.Join(dir, "go.mod"))
	}
}

var fileName = regexp.MustCompile(`^\d{4,}_.*\.go$`)

// Names lists the migrations that have a file in the folder, from the names of the files.
func (f Folder) Names() ([]string, error) {
	entries, err := os.ReadDir(f.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if fileName.MatchString(e.Name()) && !strings.HasSuffix(e.Name(), "_test.go") {
			names = append(names, strings.TrimSuffix(e.Name(), ".go"))
		}
	}
	return names, nil
}

// Write writes the file of a migration into the folder, which it creates if necessary, and updates the list in
// migrations.go. It returns the path of the new file, and an error if the file exists.
func (f Folder) Write(name string, source []byte) (string, error) {
	if err := os.MkdirAll(f.Dir, 0o777); err != nil {
		return "", err
	}
	file := filepath.Join(f.Dir, name+".go")
	if err := writeNew(file, source); err != nil {
		return "", err
	}
	if err := f.Refresh(); err != nil {
		return "", errors.Join(err, os.Remove(file))
	}
	return file, nil
}

// Replace is [Folder.Write] for a migration whose file exists with the content old; nil is a new file. If the file has other
// content, Replace returns an error.
func (f Folder) Replace(name string, source, old []byte) (string, error) {
	if old == nil {
		return f.Write(name, source)
	}
	file := filepath.Join(f.Dir, name+".go")
	if now, err := os.ReadFile(file); err != nil {
		return "", err
	} else if !bytes.Equal(now, old) {
		return "", fmt.Errorf("%s was changed meanwhile", file)
	}
	if err := os.WriteFile(file, source, 0o666); err != nil {
		return "", err
	}
	return file, f.Refresh()
}

func writeNew(name string, content []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err := errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// Refresh writes migrations.go, the list of the migrations in the files of the folder.
func (f Folder) Refresh() error {
	names, err := f.Names()
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "// Package migrations holds the migrations of app %s.\npackage migrations\n\nimport m %q\n\n", f.App, Import)
	b.WriteString("// All lists the migrations; makemigrations keeps it up to date.\nvar All = []m.Migration{\n")
	for _, name := range names {
		found, err := variables(filepath.Join(f.Dir, name+".go"))
		if err != nil {
			return err
		}
		for _, v := range found {
			fmt.Fprintf(&b, "%s,\n", v)
		}
	}
	b.WriteString("}\n")
	source, err := format.Source([]byte(b.String()))
	if err != nil {
		return err
	}
	list := filepath.Join(f.Dir, "migrations.go")
	temporary := list + ".new"
	if err := os.WriteFile(temporary, source, 0o666); err != nil {
		return err
	}
	if err := os.Rename(temporary, list); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}

// variables returns the package-level variables of a file that are migrations: var x = m.Migration{…}.
func variables(name string) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			value := spec.(*ast.ValueSpec)
			for i, v := range value.Values {
				literal, ok := v.(*ast.CompositeLit)
				if !ok || i >= len(value.Names) {
					continue
				}
				if s, ok := literal.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Migration" {
					found = append(found, value.Names[i].Name)
				}
			}
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s has no variable of type Migration", name)
	}
	slices.Sort(found)
	return found, nil
}

// Hint returns the Migrations method that an app lacks.
func (f Folder) Hint() string {
	return fmt.Sprintf("func (%s) Migrations() []migrate.Migration { return migrations.All } // imports %q and %q", f.Type,
		strings.TrimSuffix(Import, "/operations"), f.Import)
}
