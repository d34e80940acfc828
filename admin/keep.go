package admin

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/schema"
)

// longest is the size in bytes beyond which a value is shown in part and not edited: browsers and the limits on requests would
// not bring it back whole.
const longest = 256 << 10

// longestBytes is that size for binary columns, which take two digits for each byte.
const longestBytes = 4 << 10

// shownField is a field that is shown without an input. Of a very long text it shows the beginning.
func shownField(name string, cell display.Cell) fieldView {
	v := fieldView{ID: "id_" + name, Name: name, Label: cell.Label, ReadOnly: true, Display: cell}
	if n := len(cell.Text); n > longest {
		v.Display.Text = display.Cut(cell.Text, 2000)
		v.Help = "This is the beginning of " + display.Group(strconv.Itoa(n)) + " bytes, too many to edit them here."
	}
	return v
}

// mostLinked is how many objects of a relation to many a form edits: a request takes 1,000 values in all.
const mostLinked = 500

// countLinked leaves out the names of relations to many that hold too many objects.
func (f *objectForm) countLinked(made *modelforms.Form, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		input, err := made.Describe(name)
		if err != nil {
			return false
		}
		field := made.Model.Lookup(name)
		keys, _ := input.Initial.([]any)
		if field == nil || field.Kind != schema.KindManyToMany || len(keys) <= mostLinked {
			return false
		}
		f.linked[name] = len(keys)
		return true
	})
}

// linkedField is a relation to many that holds too many objects for an input.
func linkedField(field *schema.Field, n int) fieldView {
	label := changelist.FieldLabel(field)
	text := display.Group(strconv.Itoa(n)) + " " + field.Relation.To.LabelPlural
	return fieldView{
		ID: "id_" + field.Name, Name: field.Name, Label: label, ReadOnly: true, Display: display.Cell{Kind: display.Text, Text: text, Label: label},
		Help: "These are too many to edit them here.",
	}
}

// keeps reports whether the form of an existing object shows a field that it would let one edit in a new one: the key, which
// says where the row is, and values that are too long for an input.
func (e *entry) keeps(name string, obj any) bool {
	field := e.model.Lookup(name)
	if field == nil || field.Kind == schema.KindManyToMany {
		return false
	}
	if slices.Contains(e.model.PrimaryKeys, field) {
		return true
	}
	value := reflect.ValueOf(schema.Indirect(field.Value(obj)))
	switch {
	case !value.IsValid():
		return false
	case field.Kind == schema.KindBinary:
		return value.Kind() == reflect.Slice && value.Len() > longestBytes
	case value.Kind() == reflect.String, value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.Uint8:
		return value.Len() > longest
	}
	return false
}
