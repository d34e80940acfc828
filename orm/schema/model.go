// Package schema describes models without a database: their fields, relations, labels and rules.
//
// A [Model] is created from a Go struct by package declare, or from migration state, and linked with the models that its
// relations point at by package registry. Models are not modified after they are registered, apart from the relations that
// later registrations complete, so that they may be read concurrently.
package schema

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Model describes one table and the Go type of its rows. Its exported fields are read-only after registration.
type Model struct {
	App   string // label of the app it belongs to, "blog"
	Name  string // Go type name, "Post"
	Table string // "blog_post"
	Label string // "post"; LabelPlural "posts"

	LabelPlural string

	Type        reflect.Type // the struct type; nil for models of migration state
	Fields      []*Field     // columns, foreign keys included, in declaration order (embedded structs flattened)
	ManyToMany  []*Field     // many-to-many fields; they have no column
	PK          *Field       // primary key; the first of them if it is composite
	PrimaryKeys []*Field     // all primary key fields, usually one
	Version     *Field       // counts the writes of a row, nil for none
	Ordering    []string     // default order, "-created_at"
	Indexes     []Index
	Unique      []Unique
	Checks      []Check
	Reverse     []*Relation  // relations of other models that point here, by QueryName
	Auto        bool         // the implicit through model of a many-to-many field
	AutoOf      *Field       // that field; nil for other models
	Permissions []Permission // those of Meta, in addition to view, add, change and delete
	Latest      string       // default field of Latest and Earliest, "" for none
	Unmanaged   bool         // migrations leave the table alone
	Database    string       // alias of the database with its rows; "" for the default one
	SoftDelete  *Field       // the time at which a row was marked as deleted; nil if rows are removed
	Tenant      *Field       // the tenant that a row belongs to; nil for rows that belong to all
	Scopes      []Scope      // conditions that every query on the model adds
	// DefaultPermissions are the actions that users may be allowed to perform besides Permissions: "view", "add", "change"
	// and "delete" unless Meta declares others.
	DefaultPermissions []string

	// Cleaners validate an object as a whole, as its Clean method does. They let an app validate the models of other apps,
	// and are added before the program serves.
	Cleaners []func(ctx context.Context, obj any) error

	byName   map[string]*Field
	byColumn map[string]*Field
}

// ModelActions are the actions that users may be allowed to perform on a model, unless its Meta declares others.
var ModelActions = []string{"view", "add", "change", "delete"} //nolint:gochecknoglobals // a read-only list

// Permission is an action on a model that users may be allowed to perform.
type Permission struct{ Codename, Name string }

// String returns "blog.Post".
func (m *Model) String() string {
	if m.App == "" {
		return m.Name
	}
	return m.App + "." + m.Name
}

// Key returns "blog.post", the lower-case name that is used for comparisons and in URLs.
func (m *Model) Key() string { return strings.ToLower(m.String()) }

// New returns a pointer to a new struct with the fields' defaults set, or nil if the model has no Go type.
func (m *Model) New() any {
	if m.Type == nil {
		return nil
	}
	obj := reflect.New(m.Type).Interface()
	for _, f := range m.Fields {
		if f.Default != nil {
			_ = f.Set(obj, f.Default()) // a default's type was checked when the model was registered
		}
	}
	return obj
}

// Zero returns a pointer to a new struct without any defaults, or nil if the model has no Go type.
func (m *Model) Zero() any {
	if m.Type == nil {
		return nil
	}
	return reflect.New(m.Type).Interface()
}

// Display returns the user-facing text of an object: the result of its String method, or "Post 3" if it has none or the
// result is not visible.
func (m *Model) Display(obj any) string {
	if obj == nil {
		return ""
	}
	rv := reflect.ValueOf(obj)
	if rv.Kind() == reflect.Pointer && rv.IsNil() {
		return ""
	}
	if rv.Kind() != reflect.Pointer { // a value whose String method has a pointer receiver
		p := reflect.New(rv.Type())
		p.Elem().Set(rv)
		obj = p.Interface()
	}
	if s, ok := obj.(fmt.Stringer); ok {
		if text := s.String(); Visible(text) {
			return text
		}
	}
	if m.PK == nil {
		return CapitalFirst(m.Label)
	}
	return m.KeyName(m.PK.Value(obj))
}

// BuildIndex creates the fields' names and columns known to Lookup, ByName and ByColumn, and sets the fields' Model. It is
// called after Fields or ManyToMany have changed, while the model is registered.
func (m *Model) BuildIndex() {
	m.byName, m.byColumn = map[string]*Field{}, map[string]*Field{}
	for _, f := range slices.Concat(m.Fields, m.ManyToMany) {
		f.Model = m
		if m.byName[f.Attr] == nil {
			m.byName[f.Attr] = f
		}
		if f.Column != "" {
			m.byColumn[f.Column] = f
		}
	}
	for _, f := range slices.Concat(m.Fields, m.ManyToMany) {
		m.byName[f.Name] = f
	}
}

// ByName returns the field or many-to-many field called name, or nil. The name of a foreign key may also be that of its
// stored value, "author_id".
func (m *Model) ByName(name string) *Field { return m.byName[name] }

// ByColumn returns the field stored in a column, or nil.
func (m *Model) ByColumn(column string) *Field { return m.byColumn[column] }

// ByGoName returns the field whose Go name, name or column is name, or nil.
func (m *Model) ByGoName(name string) *Field {
	for _, f := range m.Fields {
		if f.GoName == name || f.Name == name || f.Column == name {
			return f
		}
	}
	return nil
}

// FieldNames returns the names of the fields that have a column, in the order of their declaration.
func (m *Model) FieldNames() []string {
	names := make([]string, len(m.Fields))
	for i, f := range m.Fields {
		names[i] = f.Name
	}
	return names
}

// Lookup returns the field called name, or nil. It takes what [Model.Field] takes.
func (m *Model) Lookup(name string) *Field {
	if name == "pk" {
		return m.PK
	}
	return m.byName[name]
}

// ReverseBy returns the incoming relation with that QueryName or LookupName, or nil.
func (m *Model) ReverseBy(name string) *Relation {
	if name == "" { // hidden relations have no name
		return nil
	}
	for _, r := range m.Reverse {
		if r.QueryName == name || r.LookupName == name {
			return r
		}
	}
	return nil
}

// Visible reports whether a text contains a visible character: a letter, digit, symbol or punctuation mark. White space,
// control characters, characters without width and fillers are not visible.
func Visible(text string) bool {
	for _, r := range text {
		switch {
		case r == '\u115F', r == '\u1160', r == '\u2800', r == '\u3164', r == '\uFFA0': // invisible letters and symbols
		case unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S):
			return true
		}
	}
	return false
}

// KeyName returns a name made of the model's label and a key, such as "Note 7". Keys with white space at an end are quoted.
func (m *Model) KeyName(pk any) string {
	key := fmt.Sprint(Indirect(pk))
	if !Visible(key) || strings.TrimSpace(key) != key {
		key = fmt.Sprintf("%q", key)
	}
	return CapitalFirst(m.Label) + " " + key
}

// SoftDeleteScope is the name of the default scope that hides rows marked as deleted.
const SoftDeleteScope = "deleted"

// AllScopes is the name that means all default scopes of a model.
const AllScopes = "*"

// Scope is a condition that every query on a model adds, unless the query lifts it by its name.
type Scope struct {
	Name string
	// Where returns the condition, in the form in which package orm keeps conditions, for the context of the query.
	Where func(ctx context.Context) (any, error)
}

// IsScoped reports whether queries on the model add conditions: it has scopes, a tenant, or rows that are marked as
// deleted.
func (m *Model) IsScoped() bool { return m.SoftDelete != nil || m.Tenant != nil || len(m.Scopes) > 0 }

// RowKeys returns the fields that select a row for a write: the primary key, and the tenant, so that no write reaches a
// row of another tenant.
func (m *Model) RowKeys() []*Field {
	if m.Tenant == nil {
		return m.PrimaryKeys
	}
	return append(slices.Clip(m.PrimaryKeys), m.Tenant)
}

// ScopeNames returns the names of the model's default scopes.
func (m *Model) ScopeNames() []string {
	var names []string
	if m.SoftDelete != nil {
		names = append(names, SoftDeleteScope)
	}
	for _, s := range m.Scopes {
		names = append(names, s.Name)
	}
	return names
}

// HasScope reports whether the model has a default scope of this name.
func (m *Model) HasScope(name string) bool { return slices.Contains(m.ScopeNames(), name) }
