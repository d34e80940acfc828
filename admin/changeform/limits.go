package changeform

import (
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/schema"
)

const (
	// maxText is the size in bytes beyond which a text is shown in part and not edited: browsers and the limits on
	// requests would not return it completely.
	maxText = 256 << 10

	// maxBytes is that size for binary columns, which are edited as two digits a byte.
	maxBytes = 4 << 10

	// maxLinked is the number of objects of a relation to many that a form edits; a request has at most 1,000 values.
	maxLinked = 500

	// textPreview is the number of characters shown of a text that is too long.
	textPreview = 2_000
)

// withoutLinked returns the names without relations to many that hold too many objects, and counts those.
func (f *Form) withoutLinked(form *modelforms.Form, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		input, err := form.Describe(name)
		if err != nil {
			return false
		}
		field := form.Model.Lookup(name)
		keys, _ := input.Initial.([]any)
		if field == nil || field.Kind != schema.KindManyToMany || len(keys) <= maxLinked {
			return false
		}
		f.linked[name] = len(keys)
		return true
	})
}

// fixed reports whether the form of an existing object shows a field as text that the form of a new one edits: the
// primary key, and values that are too long for an input.
func (c *Config) fixed(name string, obj any) bool {
	field := c.model.Lookup(name)
	if field == nil || field.Kind == schema.KindManyToMany {
		return false
	}
	if slices.Contains(c.model.PrimaryKeys, field) {
		return true
	}
	value := reflect.ValueOf(schema.Indirect(field.Value(obj)))
	switch {
	case !value.IsValid():
		return false
	case field.Kind == schema.KindBinary:
		return value.Kind() == reflect.Slice && value.Len() > maxBytes
	case value.Kind() == reflect.String, value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.Uint8:
		return value.Len() > maxText
	}
	return false
}
