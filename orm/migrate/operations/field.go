package operations

import "github.com/quintetgo/quintet/orm/schema"

// Field is one column of a model, or one many-to-many relation. Make one with a constructor ([Char], [ForeignKey], …)
// and refine it with its methods, each of which returns a changed copy.
type Field struct {
	Name    string
	Kind    schema.Kind // a kind of storage: never KindSlug, KindEmail or KindURL, which are stored as KindChar or KindText
	Options Options
}

// Options holds everything about a field besides its name and kind. The zero value is a NOT NULL column without index
// or default, called like the field (with "_id" after it for references).
type Options struct {
	Size       int // of Char: how many characters
	Precision  int // of Decimal: how many digits in all
	Scale      int // of Decimal: how many of them after the point
	Null       bool
	Unique     bool
	Index      bool
	PrimaryKey bool
	Auto       bool   // the database numbers the rows; the field is the primary key
	Column     string // "" for the default name
	Collation  string
	DBDefault  string // SQL expression
	Comment    string // for databases that keep comments of columns

	To           string // of relations: the model pointed at, "blog.Tag"
	ToField      string // of references: the field pointed at, "" for the primary key
	NoConstraint bool   // of references: the database does not keep them
	OnUpdate     string // of references: "CASCADE", "SET NULL" or "SET DEFAULT" when the value pointed at changes
	Through      string // of ManyToMany: the model that holds the pairs, "" for an implicit table
	Table        string // of ManyToMany without Through: the implicit table, "" for the default name
	FromColumn   string // of ManyToMany without Through: the column that points at the model, "" for the default
	ToColumn     string // the column that points at the other model, "" for the default

	Fill  any    // what existing rows get while the migration runs; nil for none. Never kept in a State
	Using string // SQL expression that makes the new value of an altered column. Never kept in a State
}

// Now, used as a backfill, is the moment at which the migration runs.
const Now Special = "now"

// Special is a backfill with a meaning instead of a value; see [Now].
type Special string

// SQL, used as a backfill, is an expression over the other columns of the row: SQL("lower(title)").
type SQL string

// Null lets the column hold NULL.
func (f Field) Null() Field { f.Options.Null = true; return f }

// Unique lets each value occur only once.
func (f Field) Unique() Field { f.Options.Unique = true; return f }

// Index returns the column an index. References have one anyway.
func (f Field) Index() Field { f.Options.Index = true; return f }

// PrimaryKey makes the field the model's key, or part of it.
func (f Field) PrimaryKey() Field { f.Options.PrimaryKey = true; return f }

// Column names the column when it is not called like the field.
func (f Field) Column(name string) Field { f.Options.Column = name; return f }

// Collation names the database's rule for comparing the text.
func (f Field) Collation(name string) Field { f.Options.Collation = name; return f }

// DBDefault is an SQL expression that the database uses when an INSERT leaves the column out.
func (f Field) DBDefault(expression string) Field { f.Options.DBDefault = expression; return f }

// ToField makes a reference point at another field than the primary key.
func (f Field) ToField(name string) Field { f.Options.ToField = name; return f }

// NoConstraint leaves a reference unchecked by the database.
func (f Field) NoConstraint() Field { f.Options.NoConstraint = true; return f }

// OnUpdate makes the database follow a change of the value pointed at: "CASCADE", "SET NULL" or "SET DEFAULT".
func (f Field) OnUpdate(action string) Field { f.Options.OnUpdate = action; return f }

// Comment is the column's comment, for databases that keep one. SQLite does not.
func (f Field) Comment(text string) Field { f.Options.Comment = text; return f }

// Through names the model that holds the pairs of a many-to-many relation.
func (f Field) Through(model string) Field { f.Options.Through = model; return f }

// Table names the table that holds the pairs of a many-to-many relation without a Through model.
func (f Field) Table(name string) Field { f.Options.Table = name; return f }

// Columns names the two columns of that table: the one that points at the model itself, and the other.
func (f Field) Columns(from, to string) Field {
	f.Options.FromColumn, f.Options.ToColumn = from, to
	return f
}

// Backfill is what rows that exist already get when the column is added, or made NOT NULL: a plain Go value, [Now], or
// an [SQL] expression. It does not become a default of the column.
func (f Field) Backfill(value any) Field { f.Options.Fill = value; return f }

// Using is the SQL expression that makes the new value when AlterField changes the type: Using("CAST(code AS integer)").
func (f Field) Using(expression string) Field { f.Options.Using = expression; return f }

// settled is the field as a State keeps it, without what only matters while a migration runs.
func (f Field) settled() Field {
	f.Options.Fill, f.Options.Using = nil, ""
	return f
}

// Same reports whether both are stored alike; backfills do not count, names do.
func (f Field) Same(other Field) bool { return f.settled() == other.settled() }

// SameShape reports whether both are stored alike apart from their names and columns.
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

// IsPrimaryKey reports whether the field is the key of its model, or part of it.
func (f Field) IsPrimaryKey() bool { return f.Options.PrimaryKey || f.Options.Auto }

// Constructor returns the name of the function that creates fields of this kind, such as "BigAuto" or "Char".
func (f Field) Constructor() string {
	if f.Options.Auto {
		return "BigAuto"
	}
	return f.Kind.String()
}

// IsUnique reports whether each value occurs only once.
func (f Field) IsUnique() bool {
	return f.Options.Unique || f.IsPrimaryKey() || f.Kind == schema.KindOneToOne
}
