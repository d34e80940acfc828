// Package catalogs keeps the catalogs of a project's source up to date: it is what the commands makemessages and
// compilemessages do with the text of files.
package catalogs

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/i18n/extract"
	"github.com/quintetgo/quintet/framework/i18n/internal/catalog"
	"github.com/quintetgo/quintet/framework/i18n/locale"
)

// Texts returns the texts of the folder dir of root that its catalogs are for: not those of folders below it that have a
// folder locale, which is in the list locales, of their own. The error is that of [extract.Folder].
func Texts(root fs.FS, dir string, locales []string) ([]extract.Text, error) {
	sub, err := fs.Sub(root, dir)
	if err != nil {
		return nil, err
	}
	return extract.Folder(sub, func(name string) bool {
		return slices.Contains(locales, path.Join(dir, name, "locale")) || slices.Contains(locales, path.Join(dir, name))
	})
}

// Updated is a catalog that [Update] made.
type Updated struct {
	Text         []byte // of the file
	Texts        int    // how many texts it has
	Untranslated int    // how many of them have no translation, or one marked as fuzzy
}

// Update returns a catalog for the texts of a program in a language. Translations and comments of the old file, which may be
// empty, are kept. The places of texts are written without line numbers, which would change the file with every edit.
func Update(old []byte, code string, texts []extract.Text) (Updated, error) {
	l, ok := locale.Lookup(code)
	if !ok {
		return Updated{}, fmt.Errorf("%q is not a language with known rules", code)
	}
	file, err := catalog.ReadFile(old)
	if err != nil {
		return Updated{}, err
	}
	if file.Header == "" {
		file.Header = fmt.Sprintf("Language: %s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"+
			"Content-Transfer-Encoding: 8bit\nPlural-Forms: %s\n", strings.ReplaceAll(code, "-", "_"), l.PluralForms)
	}
	rule, err := (&catalog.File{Header: file.Header}).Catalog()
	if err != nil {
		return Updated{}, err
	}
	messages := make([]catalog.Message, len(texts))
	for i, t := range texts {
		messages[i].Context, messages[i].Text, messages[i].Plural = t.Context, t.Text, t.Plural
		for _, place := range t.Places {
			if !slices.Contains(messages[i].Places, place.File) {
				messages[i].Places = append(messages[i].Places, place.File)
			}
		}
	}
	merged := file.Merge(messages, cmp.Or(rule.Plurals.Count, 2))
	result := Updated{Text: merged.Bytes(), Texts: len(texts)}
	for _, m := range merged.Messages {
		if slices.Contains(m.Forms, "") || slices.Contains(m.Flags, "fuzzy") {
			result.Untranslated++
		}
	}
	return result, nil
}

// Compile returns the compiled form of a catalog. The error joins one for each translation that lacks a placeholder of its
// text, or has another, with the line.
func Compile(text []byte) ([]byte, error) {
	file, err := catalog.ReadFile(text)
	if err != nil {
		return nil, err
	}
	c, err := file.Catalog()
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, e := range c.Entries {
		errs = append(errs, checkPlaceholders(e))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return catalog.Compile(c, file.PluralForms()), nil
}

var placeholder = regexp.MustCompile(`\{[a-z][a-z0-9_]*\}`)

// checkPlaceholders compares the placeholders of the forms with those of the text. A form of the plural may leave some out:
// "one day" needs no number.
func checkPlaceholders(e catalog.Entry) error {
	allowed := placeholder.FindAllString(e.Text+" "+e.Plural, -1)
	for _, form := range e.Forms {
		has := placeholder.FindAllString(form, -1)
		for _, name := range has {
			if !slices.Contains(allowed, name) {
				return fmt.Errorf("line %d: the translation of %q has the placeholder %s, which its text lacks", e.Line, e.Text, name)
			}
		}
		for _, name := range allowed {
			if e.Plural == "" && !slices.Contains(has, name) {
				return fmt.Errorf("line %d: the translation of %q lacks the placeholder %s", e.Line, e.Text, name)
			}
		}
	}
	return nil
}
