package operations

import (
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// Model describes a model and its table. Models of a [State] do not change: operations replace them.
type Model struct {
	App     string
	Name    string
	Table   string
	Fields  []Field
	Indexes []Index
	Unique  []Unique
	Checks  []Check
}

// Index is an index over fields; "-created_at" means descending.
type Index struct {
	Name   string
	Fields []string
	Where  string // SQL condition of a partial index; "" for all rows
}

// Constraint is a [Unique] or a [Check].
type Constraint interface{ ConstraintName() string }

// Unique requires the values of some fields to be unique together.
type Unique struct {
	Name   string
	Fields []string
	Where  string // SQL condition of the rows to which it applies; "" for all
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
		c.Indexes[i].Fields = slices.Clone(c.Indexes[i].Fields)
	}
	c.Unique = slices.Clone(m.Unique)
	for i := range c.Unique {
		c.Unique[i].Fields = slices.Clone(c.Unique[i].Fields)
	}
	c.Checks = slices.Clone(m.Checks)
	return &c
}

func (m *Model) index(name string) int {
	return slices.IndexFunc(m.Fields, func(f Field) bool { return f.Name == name })
}

// user describes the index or constraint that uses the field, or returns "".
func (m *Model) user(f Field) string {
	for _, x := range m.Indexes {
		if mentions(x.Fields, f.Name) || sqltext.MentionsColumn(x.Where, f.ColumnName()) {
			return "index " + x.Name
		}
	}
	for _, x := range m.Unique {
		if mentions(x.Fields, f.Name) || sqltext.MentionsColumn(x.Where, f.ColumnName()) {
			return "unique constraint " + x.Name
		}
	}
	for _, x := range m.Checks {
		if sqltext.MentionsColumn(x.SQL, f.ColumnName()) {
			return "check " + x.Name
		}
	}
	return ""
}

func mentions(fields []string, name string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return strings.TrimPrefix(f, "-") == name })
}
