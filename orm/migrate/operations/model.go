package operations

import (
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// Model describes a model and its table. Models of a [State] do not change: operations replace them.
type Model struct {
	App   string
	Name  string
	Table string
	// Unmanaged reports that migrations do not create, change or drop the table.
	Unmanaged bool
	Fields    []Field
	Indexes   []Index
	Unique    []Unique
	Checks    []Check
}

// Index is an index over fields and SQL expressions; "-created_at" means descending.
type Index struct {
	Name            string
	Fields          []string
	Expressions     []string // follow the fields
	Where           string   // SQL condition of a partial index; "" for all rows
	Include         []string // fields that the index holds without ordering by them
	OperatorClasses []string // of Fields and then of Expressions; "" for the default one
	Method          string   // of the database, such as "gin"; "" for its default
	Search          bool     // for full-text search of Fields
	Language        string   // of the text that is searched, such as "english"; "" for words as they are written
}

// Constraint is a [Unique] or a [Check].
type Constraint interface{ ConstraintName() string }

// Unique requires the values of some fields and SQL expressions to be unique together.
type Unique struct {
	Name             string
	Fields           []string
	Expressions      []string // follow the fields
	Where            string   // SQL condition of the rows to which it applies; "" for all
	Include          []string // fields that its index holds without comparing them
	OperatorClasses  []string // of Fields and then of Expressions; "" for the default one
	NullsNotDistinct bool     // NULL is equal to NULL
	Deferrable       dialect.Deferrable
}

// ConstraintName implements [Constraint].
func (u Unique) ConstraintName() string { return u.Name }

// Check is an SQL condition over columns that every row must meet.
type Check struct{ Name, SQL string }

// ConstraintName implements [Constraint].
func (c Check) ConstraintName() string { return c.Name }

// String returns "blog.Post".
func (m *Model) String() string { return m.App + "." + m.Name }

// Key returns the key of the model in a State, "blog.post".
func (m *Model) Key() string { return Key(m.App, m.Name) }

// Key returns the key in a State of the model with a name in an app, "blog.post".
func Key(app, name string) string { return strings.ToLower(app + "." + name) }

// Field returns the field with a name, and whether it exists.
func (m *Model) Field(name string) (Field, bool) {
	i := m.index(name)
	if i < 0 {
		return Field{}, false
	}
	return m.Fields[i], true
}

// FieldNames lists the fields in order.
func (m *Model) FieldNames() []string {
	names := make([]string, len(m.Fields))
	for i, f := range m.Fields {
		names[i] = f.Name
	}
	return names
}

// PrimaryKey returns the first field of the model's primary key, and whether there is one.
func (m *Model) PrimaryKey() (Field, bool) {
	for _, f := range m.Fields {
		if f.IsPrimaryKey() {
			return f, true
		}
	}
	return Field{}, false
}

// Clone returns a copy that shares nothing with m.
func (m *Model) Clone() *Model {
	c := *m
	c.Fields = slices.Clone(m.Fields)
	c.Indexes = slices.Clone(m.Indexes)
	for i := range c.Indexes {
		x := &c.Indexes[i]
		x.Fields, x.Expressions, x.Include = slices.Clone(x.Fields), slices.Clone(x.Expressions), slices.Clone(x.Include)
	}
	c.Unique = slices.Clone(m.Unique)
	for i := range c.Unique {
		x := &c.Unique[i]
		x.Fields, x.Expressions, x.Include = slices.Clone(x.Fields), slices.Clone(x.Expressions), slices.Clone(x.Include)
	}
	c.Checks = slices.Clone(m.Checks)
	return &c
}

func (m *Model) index(name string) int {
	return slices.IndexFunc(m.Fields, func(f Field) bool { return f.Name == name })
}

// user describes the index, constraint or generated column that uses the field, or returns "".
func (m *Model) user(f Field) string {
	column := f.ColumnName()
	for _, x := range m.Indexes {
		if mentions(x.Fields, f.Name) || mentions(x.Include, f.Name) || inSQL(column, slices.Concat(x.Expressions, []string{x.Where})) {
			return "index " + x.Name
		}
	}
	for _, x := range m.Unique {
		if mentions(x.Fields, f.Name) || mentions(x.Include, f.Name) || inSQL(column, slices.Concat(x.Expressions, []string{x.Where})) {
			return "unique constraint " + x.Name
		}
	}
	for _, x := range m.Checks {
		if sqltext.MentionsColumn(x.SQL, column) {
			return "check " + x.Name
		}
	}
	for _, x := range m.Fields {
		if x.Name != f.Name && column != "" && sqltext.MentionsColumn(x.Options.Generated, column) {
			return "generated field " + x.Name
		}
	}
	return ""
}

// inSQL reports whether one of some expressions uses a column.
func inSQL(column string, expressions []string) bool {
	return slices.ContainsFunc(expressions, func(sql string) bool { return sqltext.MentionsColumn(sql, column) })
}

func mentions(fields []string, name string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return strings.TrimPrefix(f, "-") == name })
}

// Equal reports whether both are the same index.
func (x Index) Equal(y Index) bool {
	return x.Name == y.Name && x.Where == y.Where && x.Method == y.Method && slices.Equal(x.Fields, y.Fields) &&
		slices.Equal(x.Expressions, y.Expressions) && slices.Equal(x.Include, y.Include) &&
		slices.Equal(x.OperatorClasses, y.OperatorClasses) && x.Search == y.Search && x.Language == y.Language
}

// Equal reports whether both are the same constraint.
func (u Unique) Equal(v Unique) bool {
	return u.Name == v.Name && u.Where == v.Where && u.NullsNotDistinct == v.NullsNotDistinct && u.Deferrable == v.Deferrable &&
		slices.Equal(u.Fields, v.Fields) && slices.Equal(u.Expressions, v.Expressions) && slices.Equal(u.Include, v.Include) &&
		slices.Equal(u.OperatorClasses, v.OperatorClasses)
}
