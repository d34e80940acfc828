// Package extract collects the texts of a program that can be translated, from its Go files and its templates.
package extract

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Text is a text of the program.
type Text struct {
	Context string // "" for most
	Text    string // in English
	Plural  string // "" for texts that do not depend on a number
	Places  []Place
}

// Place is where a text is.
type Place struct {
	File string // with slashes, below the folder
	Line int
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Folder returns the texts of all Go files, except for tests, and of all templates below a folder, in the order of files and
// lines; a text that is in several places is in the list once. Folders for which skip returns true are left out, as are
// those named testdata, vendor, node_modules, and those whose names begin with a dot or an underscore. The error joins one
// for each text that is no constant, and for each file that cannot be read; the texts that were found are returned with it.
func Folder(files fs.FS, skip func(dir string) bool) ([]Text, error) {
	c := collector{byKey: map[[2]string]int{}, constants: map[string]map[string]string{}}
	var goFiles, templates []string
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if name != "." && (ignored(entry.Name()) || skip != nil && skip(name)) {
				return fs.SkipDir
			}
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			goFiles = append(goFiles, name)
		case slices.Contains([]string{".html", ".txt", ".xml"}, path.Ext(name)) && inTemplates(name):
			templates = append(templates, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.goFiles(files, goFiles)
	for _, name := range templates {
		text, err := fs.ReadFile(files, name)
		if err == nil {
			err = c.template(name, string(text))
		}
		c.errs = append(c.errs, err)
	}
	slices.SortStableFunc(c.texts, func(a, b Text) int {
		return cmp.Or(strings.Compare(a.Places[0].File, b.Places[0].File), a.Places[0].Line-b.Places[0].Line)
	})
	return c.texts, errors.Join(c.errs...)
}

func ignored(folder string) bool {
	return strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_") ||
		slices.Contains([]string{"testdata", "vendor", "node_modules"}, folder)
}

// inTemplates reports whether a file is in a folder named templates.
func inTemplates(name string) bool {
	return slices.Contains(strings.Split(path.Dir(name), "/"), "templates")
}

// collector collects the texts of a folder.
type collector struct {
	texts     []Text
	byKey     map[[2]string]int // indexes of texts by context and text
	constants map[string]map[string]string
	errs      []error
}

// add keeps a text. The same text with another plural is an error: catalogs have one translation for both.
func (c *collector) add(t Text) {
	if t.Text == "" {
		return
	}
	key := [2]string{t.Context, t.Text}
	i, ok := c.byKey[key]
	if !ok {
		c.byKey[key] = len(c.texts)
		c.texts = append(c.texts, t)
		return
	}
	known := &c.texts[i]
	switch {
	case known.Plural != "" && t.Plural != "" && known.Plural != t.Plural:
		c.errs = append(c.errs, fmt.Errorf("%s: %q has the plural %q here and %q in %s: use the same, or a context",
			t.Places[0], t.Text, t.Plural, known.Plural, known.Places[0]))
	case known.Plural == "":
		known.Plural = t.Plural
	}
	known.Places = append(known.Places, t.Places...)
}
