package changelist

import (
	"strings"
	"unicode"

	"github.com/quintetgo/quintet/orm/schema"
)

// pathLabel returns the label of the end of a path, after that of the relation that leads to it.
func pathLabel(path *schema.Path) string {
	if len(path.Steps) == 0 {
		return FieldLabel(path.Field)
	}
	last := path.Steps[len(path.Steps)-1]
	relation := Humanize(last.Name())
	if !last.Reverse && last.Relation.Field.Label != "" {
		relation = Capitalize(last.Relation.Field.Label)
	}
	if path.Relation && path.Field == last.To().PK {
		return relation
	}
	return relation + " " + strings.ToLower(FieldLabel(path.Field))
}

// FieldLabel returns the field's label, or its name in words, with the first letter in upper case.
func FieldLabel(f *schema.Field) string {
	if f.Label != "" {
		return Capitalize(f.Label)
	}
	return Humanize(f.Name)
}

// Humanize returns a name in words: "Created at" for "created_at".
func Humanize(name string) string { return Capitalize(strings.ReplaceAll(name, "_", " ")) }

// Capitalize returns s with its first letter in upper case.
func Capitalize(s string) string {
	for _, r := range s {
		return string(unicode.ToUpper(r)) + s[len(string(r)):]
	}
	return s
}
