package quintet_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

const (
	maxFiles    = 20  // Go files of a package, tests excluded
	maxLines    = 400 // lines of a file that is written by hand
	maxExported = 150 // exported package-level names of a package
)

var generatedFile = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// TestSizes keeps packages and files small enough to be read at one sitting.
func TestSizes(t *testing.T) {
	t.Parallel()
	files, exported := map[string]int{}, map[string]int{}
	goFiles(t, func(name string) {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			return
		}
		head, _, _ := bytes.Cut(source, []byte("\npackage "))
		generated := generatedFile.Match(head)
		if n := bytes.Count(source, []byte("\n")); n > maxLines && !generated {
			t.Errorf("%s has %d lines, more than %d: split it along what it is about", name, n, maxLines)
		}
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		files[path.Dir(name)]++
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		exported[path.Dir(name)] += exportedNames(file)
	})
	for dir, n := range files {
		if n > maxFiles {
			t.Errorf("package %s has %d files, more than %d: is there a second package in it?", dir, n, maxFiles)
		}
	}
	for dir, n := range exported {
		if n > maxExported {
			t.Errorf("package %s has %d exported names, more than %d", dir, n, maxExported)
		}
	}
}

// exportedNames counts the exported functions, types, variables and constants of a file, methods excluded.
func exportedNames(file *ast.File) int {
	n := 0
	count := func(names ...*ast.Ident) {
		for _, name := range names {
			if name.IsExported() {
				n++
			}
		}
	}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				count(d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					count(s.Name)
				case *ast.ValueSpec:
					count(s.Names...)
				}
			}
		}
	}
	return n
}
