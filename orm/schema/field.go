package schema

import "reflect"

// Field describes one column of a model, or one many-to-many relation.
type Field struct {
	Model  *Model
	Name   string // in lookups, forms and migrations: "title", "author"
	Attr   string // name of the stored value: "author_id" for the foreign key "author", else the same as Name
	GoName string // the struct field that holds the stored value: "Title", "AuthorID"
	Column string // "" for many-to-many

	Kind Kind
	Type reflect.Type // Go type of the stored value (for a foreign key, of the id); nil without a Go type

	Size, Precision, Scale int
	Null                   bool // the column takes NULL
	Blank                  bool // forms and validation accept an empty value
	Unique                 bool // alone; several fields together are in Model.Unique
	Index                  bool // has an index of its own
	PrimaryKey             bool
	Auto                   bool // numbered by the database

	Relation *Relation // of foreign keys and many-to-many fields, else nil

	Label     string
	Help      string
	Choices   []Choice
	Default   func() any // nil for none; makes a value of Type
	DBDefault string     // SQL expression that the database evaluates, "" for none
	// ColumnDefault is the constant that rows get whose INSERT leaves the column out, as SQL; "" for none. Objects are
	// stored with the values that they have.
	ColumnDefault string
	Validators    []func(any) error
	Editable      bool
	AutoNow       bool // set to the current time by every write
	AutoNowAdd    bool // set to the current time by Create
	Widget        string
	ErrorMessages map[string]string // texts by code: required, unique, invalid_choice, max_length, invalid, …
	Comment       string            // of the column, for databases that keep one
	Collation     string            // rule of the database for comparing texts, "" for its usual one

	// Optional reports that the model itself lets the field be empty, by Blank in its Fields method. Some kinds, such as
	// booleans, are Blank without that.
	Optional bool

	access access
}

// String gives "blog.Post.title".
func (f *Field) String() string {
	if f.Model == nil {
		return f.Name
	}
	return f.Model.String() + "." + f.Name
}

// Required reports whether forms and validation insist on a value.
func (f *Field) Required() bool { return !f.Blank }

// MayBeBlank reports whether the model itself lets the field be empty.
func (f *Field) MayBeBlank() bool { return f.Blank && f.Optional }

// ColumnKind is the kind of the stored value: for foreign keys that of the field they reference.
func (f *Field) ColumnKind() Kind {
	if f.Kind != KindForeignKey && f.Kind != KindOneToOne {
		return f.Kind
	}
	if f.Relation != nil && f.Relation.ToField != nil && f.Relation.ToField != f {
		return f.Relation.ToField.ColumnKind()
	}
	return KindOf(f.Type)
}
