package scaffold

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed all:project all:app
var files embed.FS

// functions are what templates call: indent indents the lines of a block of code but the first.
var functions = template.FuncMap{
	"indent": func(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") },
}

// render writes every template below root into dir, which exists. Names in paths and files come from data; Go files come
// out formatted.
func render(root, dir string, data map[string]string) error {
	return fs.WalkDir(files, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		target := strings.TrimSuffix(strings.TrimPrefix(name, root+"/"), ".tmpl")
		for key, value := range data {
			target = strings.ReplaceAll(target, "__"+key+"__", value)
		}
		source, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		t, err := template.New(name).Delims("[[", "]]").Option("missingkey=error").Funcs(functions).Parse(string(source))
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := t.Execute(&out, data); err != nil {
			return err
		}
		text := out.Bytes()
		if path.Ext(target) == ".go" {
			if text, err = format.Source(text); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		target = filepath.Join(dir, filepath.FromSlash(target))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if filepath.Base(target) == ".env" {
			mode = 0o600 // it holds the key
		}
		return os.WriteFile(target, text, mode)
	})
}
