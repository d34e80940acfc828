package operations

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// Field is one column of a model, or one many-to-many relation. Create it with a constructor ([Char], [ForeignKey], …)
// and configure it with its methods, each of which returns a changed copy.
type Field struct {
	Name    string
	Kind    schema.Kind // a kind of storage: never KindSlug, KindEmail or KindURL, which are stored as KindChar or KindText
	Options Options
}

// Options holds everything about a field besides its name and kind. The zero value is a NOT NULL column without index
// or default, whose name is that of the field, with "_id" appended for references.
type Options struct {
	Size       int // of Char: the greatest number of characters; of Binary: of bytes, 0 for no limit
	Precision  int // of Decimal: the number of digits
	Scale      int // of Decimal: the number of digits after the point
	Null       bool
	Unique     bool
	Index      bool
	PrimaryKey bool
	Auto       bool   // the database numbers the rows; the field is the primary key
	Column     string // "" for the default name
	Collation  string
	DBDefault  string // SQL expression
	Generated  string // SQL expression by which the database computes the column, "" for none
	Virtual    bool   // of a generated column: it is computed when it is read
	Types      string // types of the column by database, as [dialect.JoinTypes] writes them; "" for that of the kind
	Comment    string // for databases that keep comments of columns

	To           string // of relations: the target model, "blog.Tag"
	ToField      string // of references: the target field, "" for the primary key
	NoConstraint bool   // of references: the database has no foreign key constraint
	OnUpdate     string // of references: "CASCADE", "SET NULL" or "SET DEFAULT" when the target value changes
	OnDelete     string // of references: the same when the target row is deleted; "" if the program applies a rule
	Through      string // of ManyToMany: the through model, "" for an implicit through table
	Table        string // of ManyToMany without Through: the name of the through table, "" for the default
	FromColumn   string // of ManyToMany without Through: the column that references the model, "" for the default
	ToColumn     string // the column that references the target model, "" for the default

	Fill  any    // the value that existing rows get while the migration runs; nil for none. A State has none
	Using string // SQL expression for the new value of an altered column. A State has none
}

// Now is a backfill: the time at which the migration runs.
const Now Special = "now"

// Special is the type of [Now].
type Special string

// SQL is a backfill: an expression over the other columns of the row, such as SQL("lower(title)").
type SQL string

// Null allows NULL in the column.
func (f Field) Null() Field { f.Options.Null = true; return f }

// Unique requires each value to be unique.
func (f Field) Unique() Field { f.Options.Unique = true; return f }

// Index adds an index over the column. References always have one.
func (f Field) Index() Field { f.Options.Index = true; return f }

// PrimaryKey makes the field the model's primary key, or part of it.
func (f Field) PrimaryKey() Field { f.Options.PrimaryKey = true; return f }

// Column sets the name of the column; by default it is the name of the field, with "_id" appended for references.
func (f Field) Column(name string) Field { f.Options.Column = name; return f }

// Collation sets the collation of the column, which is a name of the database.
func (f Field) Collation(name string) Field { f.Options.Collation = name; return f }

// DBDefault sets the column's DEFAULT, an SQL expression for rows inserted without a value.
func (f Field) DBDefault(expression string) Field { f.Options.DBDefault = expression; return f }

// ToField sets the target field of a reference, by default the primary key.
func (f Field) ToField(name string) Field { f.Options.ToField = name; return f }

// NoConstraint omits the foreign key constraint of a reference.
func (f Field) NoConstraint() Field { f.Options.NoConstraint = true; return f }

// OnUpdate sets what the database does when the target value changes: "CASCADE", "SET NULL" or "SET DEFAULT".
func (f Field) OnUpdate(action string) Field { f.Options.OnUpdate = action; return f }

// OnDelete sets what the database does when the target row is deleted: "CASCADE", "SET NULL" or "SET DEFAULT".
func (f Field) OnDelete(action string) Field { f.Options.OnDelete = action; return f }

// Generated lets the database compute the column by an SQL expression over other columns of the row, and store it.
func (f Field) Generated(expression string) Field { f.Options.Generated = expression; return f }

// Virtual lets the database compute a generated column whenever it is read, instead of storing it.
func (f Field) Virtual() Field { f.Options.Virtual = true; return f }

// Size limits a Binary to that many bytes.
func (f Field) Size(bytes int) Field { f.Options.Size = bytes; return f }

// Types sets the type of the column by the name of the database. Databases that are not named have the type of the kind.
func (f Field) Types(byDatabase map[string]string) Field {
	f.Options.Types = dialect.JoinTypes(byDatabase)
	return f
}

// Comment sets the column's comment, which SQLite does not store.
func (f Field) Comment(text string) Field { f.Options.Comment = text; return f }

// Through sets the through model of a many-to-many relation.
func (f Field) Through(model string) Field { f.Options.Through = model; return f }

// Table sets the name of the through table of a many-to-many relation without a through model.
func (f Field) Table(name string) Field { f.Options.Table = name; return f }

// Columns sets the names of the two columns of that table: the one that references the model itself, and the other.
func (f Field) Columns(from, to string) Field {
	f.Options.FromColumn, f.Options.ToColumn = from, to
	return f
}

// Backfill sets the value that existing rows get when the column is added or becomes NOT NULL: a Go value, [Now], or an
// [SQL] expression. It is not a default of the column.
func (f Field) Backfill(value any) Field { f.Options.Fill = value; return f }

// Using sets the SQL expression for the new value when AlterField changes the type: Using("CAST(code AS integer)").
func (f Field) Using(expression string) Field { f.Options.Using = expression; return f }

// settled returns the field as a State has it, without the options that are used only while a migration runs.
func (f Field) settled() Field {
	f.Options.Fill, f.Options.Using = nil, ""
	return f
}

// Same reports whether both are stored in the same way under the same names. Backfills are ignored.
func (f Field) Same(other Field) bool { return f.settled() == other.settled() }

// SameShape reports whether both are stored in the same way, whatever their names and columns are.
func (f Field) SameShape(other Field) bool {
	a, b := f.settled(), other.settled()
	for _, o := range []*Field{&a, &b} {
		o.Name, o.Options.Column, o.Options.Table = "", "", ""
	}
	return a == b
}

// HasColumn reports whether the field is stored in its model's own table.
func (f Field) HasColumn() bool { return f.Kind != schema.KindManyToMany }

// ColumnName returns the column, or "" for many-to-many fields.
func (f Field) ColumnName() string {
	switch {
	case !f.HasColumn():
		return ""
	case f.Options.Column != "":
		return f.Options.Column
	case f.Kind.IsReference():
		return f.Name + "_id"
	}
	return f.Name
}

// IsPrimaryKey reports whether the field is the primary key of its model, or part of it.
func (f Field) IsPrimaryKey() bool { return f.Options.PrimaryKey || f.Options.Auto }

// Constructor returns the name of the function that creates fields of this kind, such as "BigAuto" or "Char".
func (f Field) Constructor() string {
	if f.Options.Auto {
		return autoNames[f.Kind]
	}
	return f.Kind.String()
}

var autoNames = map[schema.Kind]string{schema.KindBigInt: "BigAuto", schema.KindInt: "Auto", schema.KindSmallInt: "SmallAuto"}

// IsUnique reports whether each value is unique.
func (f Field) IsUnique() bool {
	return f.Options.Unique || f.IsPrimaryKey() || f.Kind == schema.KindOneToOne
}
