package schema

import (
	"context"
	"reflect"
)

// Field describes one column of a model, or one many-to-many relation.
type Field struct {
	Model  *Model
	Name   string // in lookups, forms and migrations: "title", "author"
	Attr   string // name of the stored value: "author_id" for the foreign key "author", else the same as Name
	GoName string // the struct field that holds the stored value: "Title", "AuthorID"
	Column string // "" for many-to-many

	Kind Kind
	Type reflect.Type // Go type of the stored value (for a foreign key, of the key); nil without a Go type

	Size       int  // the largest number of characters of a text, of bytes of a Binary, 0 for no limit
	IPVersion  int  // 4 or 6 if an IP address must be of that version, 0 for either
	Precision  int  // the number of digits of a decimal, 0 for no limit
	Scale      int  // the number of digits after the decimal point
	Null       bool // the column takes NULL
	Blank      bool // forms and validation accept an empty value
	Unique     bool // no two rows have the same value; sets of fields are in Model.Unique
	Index      bool // the field has an index
	PrimaryKey bool // the field is the primary key, or part of it
	Auto       bool // the database numbers the rows

	Relation *Relation // of foreign keys and many-to-many fields, else nil

	Label   string   // user-facing name
	Help    string   // user-facing sentence below the field in forms, "" for none
	Choices []Choice // the permitted values, nil for any
	// LoadChoices returns the permitted values instead of Choices, each time that a value is validated or a form is shown.
	LoadChoices func(ctx context.Context) ([]Choice, error)
	// UniqueForDate, UniqueForMonth and UniqueForYear name a date of the model: no two rows have the same value and the
	// same day, month or year of that date. "" is none.
	UniqueForDate, UniqueForMonth, UniqueForYear string

	Default   func() any // returns the value of new objects, of type Type; nil for none
	DBDefault string     // SQL expression that the database evaluates, "" for none
	Generated string     // SQL expression by which the database computes the column, "" for none
	Virtual   bool       // a generated column is not stored
	// ColumnDefault is the constant, as SQL, that the database stores if an INSERT omits the column; "" for none. Objects
	// are always stored with the values that they have.
	ColumnDefault string
	Validators    []func(any) error // called with values that are not blank, before they are written
	Editable      bool              // forms include the field
	AutoNow       bool              // every write sets the field to the current time
	AutoNowAdd    bool              // Create sets the field to the current time
	MarksDeleted  bool              // the field is the model's SoftDelete
	Version       bool              // every write counts the field up, and refuses objects with an older value
	Widget        string            // name of the form widget, "" for the default of the kind
	ErrorMessages map[string]string // user-facing texts by code: required, unique, invalid_choice, max_length, invalid, …
	Comment       string            // of the column, for databases that store comments
	Lookups       []string          // that compare its values, nil for those of its kind
	ColumnTypes   map[string]string // of the column, by the name of the database, where its Kind is not how it is stored
	Collation     string            // name of the database's rule for comparing texts, "" for its default

	// Optional reports that the model itself lets the field be empty, by Blank in its Fields method. Some kinds, such as
	// booleans, are Blank without that.
	Optional bool

	access access
}

// String returns "blog.Post.title".
func (f *Field) String() string {
	if f.Model == nil {
		return f.Name
	}
	return f.Model.String() + "." + f.Name
}

// Required reports whether forms and validation require a value.
func (f *Field) Required() bool { return !f.Blank }

// MayBeBlank reports whether the model itself lets the field be empty.
func (f *Field) MayBeBlank() bool { return f.Blank && f.Optional }

// ColumnKind returns the kind of the stored value: for foreign keys that of the field they reference.
func (f *Field) ColumnKind() Kind {
	if f.Kind != KindForeignKey && f.Kind != KindOneToOne {
		return f.Kind
	}
	if f.Relation != nil && f.Relation.ToField != nil && f.Relation.ToField != f {
		return f.Relation.ToField.ColumnKind()
	}
	return KindOf(f.Type)
}
