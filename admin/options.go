package admin

import (
	"fmt"
	"reflect"
	"runtime"

	"github.com/quintetgo/quintet/admin/changeform"
	"github.com/quintetgo/quintet/admin/changelist"
)

// ModelsApp is implemented by apps that have models to manage.
type ModelsApp interface {
	Name() string
	// AdminModels returns the models with their options. It is called once, when the project starts.
	AdminModels() []Model
}

// Model is the registration of one model. Create it with [For] or [Named].
type Model struct {
	options Options
	typ     reflect.Type
	name    string
	source  string // file and line of the registration
}

// For registers the model T, a struct type that an app of the project lists in its Models. The zero Options are
// enough for most models. Checks report a type that is not a model, and every name in the options that does not
// exist.
func For[T any](o Options) Model {
	return Model{options: o, typ: reflect.TypeFor[T](), source: caller()}
}

// Named registers a model by its name, such as "blog.Post", for code that cannot name the type.
func Named(name string, o Options) Model { return Model{options: o, name: name, source: caller()} }

func caller() string {
	if _, file, line, ok := runtime.Caller(2); ok {
		return fmt.Sprintf("%s:%d", file, line)
	}
	return ""
}

// Options configures the pages of one model. Every default follows from the model. Fields are named in snake_case,
// as in queries ("author"); a path leads over relations ("author__name"). Checks report wrong names when the
// program starts, with the nearest name that exists.
type Options struct {
	// List names the columns of the list: fields, paths, methods without arguments ("full_name" or "FullName"), and
	// columns of Computed. Default: the object's String.
	List []string

	// Computed are columns whose values are functions of the object. List and ReadOnly use them by name.
	Computed []Column

	// Filter names the fields and paths that users can filter the list by. Default: none.
	Filter []string

	// Search names the text fields and paths that the search compares: "^title" for its beginning, "=slug" for all
	// of it, else anywhere in the text, always case-insensitively. Default: no search.
	Search []string

	// Order is the order of the list: paths, descending with a leading "-". Default: Meta.Ordering, else descending
	// primary key.
	Order []string

	// PerPage is the number of rows on a page. Default: 50.
	PerPage int

	// Fields names the fields of the form in its order. Default: every field that can be edited, then ReadOnly.
	Fields []string

	// Exclude names fields that the form does not show. Use it instead of Fields to leave out a few.
	Exclude []string

	// Fieldsets groups the form's fields under headings. It replaces Fields.
	Fieldsets []Fieldset

	// ReadOnly lists the values that the form shows as text: fields, paths, methods and columns of Computed. It is not shown
	// on the page that adds an object.
	ReadOnly []string

	// NoAdd, NoChange and NoDelete forbid the action to everyone, including superusers. Default: permissions decide.
	NoAdd, NoChange, NoDelete bool

	// Unscoped names default scopes of the model that do not apply in the admin, such as the one that hides drafts, or "deleted"
	// for rows that are marked as deleted; "*" means all. The rows are then listed, can be changed, and can be chosen as
	// related objects. The limitation to a tenant always applies. Default: none, the admin shows what the site shows.
	Unscoped []string

	// Hooks restrict and extend the actions on the objects.
	Hooks Hooks
}

// Fieldset is a group of fields under a heading.
type Fieldset = changeform.Fieldset

// Column is a column whose value is a function of the object. Create it with [Computed].
type Column = changelist.Computed

// Computed returns a column with the given name whose value is value(obj). Values are shown as those of fields:
// booleans, times and numbers by their type, others as text. Set the fields of the result to change more: Label for
// the heading, Order to the path that sorts by the column, Needs to the relations that value reads.
func Computed[T any](name string, value func(obj *T) any) Column {
	return Column{Name: name, Value: func(obj any) any {
		if typed, ok := obj.(*T); ok {
			return value(typed)
		}
		return nil
	}}
}
