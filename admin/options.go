package admin

import (
	"fmt"
	"reflect"
	"runtime"

	"github.com/quintetgo/quintet/admin/changelist"
)

// ModelsApp is implemented by apps that have models to manage.
type ModelsApp interface {
	Name() string
	AdminModels() []Model
}

// Model is one model with its options; make it with [For] or [Named].
type Model struct {
	options Options
	typ     reflect.Type
	name    string
	place   string
}

// For registers the model T.
func For[T any](o Options) Model {
	return Model{options: o, typ: reflect.TypeFor[T](), place: caller()}
}

// Named registers a model by its name, such as "blog.Post", for code that cannot name its type.
func Named(name string, o Options) Model { return Model{options: o, name: name, place: caller()} }

func caller() string {
	if _, file, line, ok := runtime.Caller(2); ok {
		return fmt.Sprintf("%s:%d", file, line)
	}
	return ""
}

// Options says how a model looks in the admin. Everything has a default that follows from the model; every name is checked
// when the program starts. Names are those of the model's fields in snake_case ("author"), and where it says path also those
// of related models ("author__name").
type Options struct {
	// List names the columns: fields, paths, methods without arguments ("full_name" or "FullName"), Computed ones. Empty
	// for the object's String.
	List []string
	// Computed are columns worked out by a function.
	Computed []Column
	// Filter names the fields and paths that readers can narrow the list by.
	Filter []string
	// Search names the text fields and paths that the search looks in, "^" before one for its beginning, "=" for all of it.
	Search []string
	// Order is the order of the list, "-" before a path for descending. Empty for the model's own order.
	Order []string
	// PerPage is the number of rows on a page, 50 if it is 0.
	PerPage int

	// Fields are those of the form, in order. Empty for all that can be edited.
	Fields []string
	// Exclude leaves fields out of the form.
	Exclude []string
	// Fieldsets groups the form's fields; fields that no group names are not in the form. Use it instead of Fields.
	Fieldsets []Fieldset
	// ReadOnly are shown, not edited: fields, paths, methods, Computed columns.
	ReadOnly []string

	// NoAdd, NoChange and NoDelete forbid the action to everyone, superusers included.
	NoAdd, NoChange, NoDelete bool
}

// Fieldset is a group of fields under a heading.
type Fieldset struct {
	Title       string
	Description string
	Fields      []string
}

// Column is a column that no field holds; make it with [Computed].
type Column = changelist.Computed

// Computed makes a column whose value a function works out from the object. Set Order on the result to make it sortable and
// Needs to the relations that the function reads.
func Computed[T any](name string, value func(*T) any) Column {
	return Column{Name: name, Value: func(obj any) any {
		if typed, ok := obj.(*T); ok {
			return value(typed)
		}
		return nil
	}}
}
