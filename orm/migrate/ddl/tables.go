package ddl

import (
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// table is the table of a model or of a many-to-many field.
type table struct {
	dialect.Table // without its columns
	id            identity
	columns       []column
}

// identity is the model, or the many-to-many field of a model, that a table belongs to, whatever its name is.
type identity struct{ model, field string }

type column struct {
	dialect.Column
	id  string // the field's name
	ref target
}

// target is the field that a column references. The names of its table and column follow from it, so renaming them changes
// no column.
type target struct {
	id    identity
	field string
}

// tables returns the table of a model and those of its many-to-many fields.
func tables(s *operations.State, m *operations.Model) ([]table, error) {
	if m.Unmanaged {
		return nil, nil
	}
	t := table{id: identity{model: m.Key()}, Table: dialect.Table{Name: m.Table}}
	for _, c := range m.Checks {
		t.Checks = append(t.Checks, dialect.Check(c))
	}
	var pairs []table
	for _, f := range m.Fields {
		if f.Kind == schema.KindManyToMany {
			if f.Options.Through == "" {
				p, err := pairTable(s, m, f)
				if err != nil {
					return nil, err
				}
				pairs = append(pairs, p)
			}
			continue
		}
		c, err := columnOf(s, f)
		if err != nil {
			return nil, err
		}
		t.columns = append(t.columns, c)
		if c.Type == dialect.TypeUint && !f.Kind.IsReference() {
			t.Checks = append(t.Checks, dialect.Check{
				Name: schema.ConstraintName(t.Name, "check", c.Name), SQL: `"` + strings.ReplaceAll(c.Name, `"`, `""`) + `" >= 0`,
			})
		}
		switch {
		case f.IsPrimaryKey():
		case f.IsUnique():
			t.add(true, schema.ConstraintName(t.Name, "uniq", c.Name), c.Name)
		case f.Options.Index || f.Kind.IsReference():
			t.add(false, schema.ConstraintName(t.Name, "idx", c.Name), c.Name)
		}
	}
	for _, x := range m.Indexes {
		t.Indexes = append(t.Indexes, dialect.Index{
			Name: x.Name, Columns: indexColumns(m, x.Fields, x.Expressions, x.OperatorClasses), Where: x.Where,
			Include: columnNames(m, x.Include), Method: x.Method, Search: x.Search, Language: x.Language,
		})
	}
	for _, x := range m.Unique {
		t.Indexes = append(t.Indexes, dialect.Index{
			Name: x.Name, Unique: true, Columns: indexColumns(m, x.Fields, x.Expressions, x.OperatorClasses), Where: x.Where,
			Include: columnNames(m, x.Include), NullsNotDistinct: x.NullsNotDistinct, Deferrable: x.Deferrable,
		})
	}
	return append([]table{t}, pairs...), nil
}

// IndexNames returns the names of the indexes of a state's tables.
func IndexNames(s *operations.State) ([]string, error) {
	var list []string
	for _, m := range s.Models() {
		all, err := tables(s, m)
		if err != nil {
			return nil, err
		}
		for _, t := range all {
			for _, x := range t.Indexes {
				list = append(list, x.Name)
			}
		}
	}
	return list, nil
}

func (t *table) add(unique bool, name string, columns ...string) {
	x := dialect.Index{Name: name, Unique: unique}
	for _, c := range columns {
		x.Columns = append(x.Columns, dialect.IndexColumn{Name: c})
	}
	t.Indexes = append(t.Indexes, x)
}

func columnOf(s *operations.State, f operations.Field) (column, error) {
	o := f.Options
	c := column{id: f.Name, Column: dialect.Column{
		Name: f.ColumnName(), Type: f.Kind.StorageType(), Size: o.Size, Precision: o.Precision, Scale: o.Scale,
		Null: o.Null && !f.IsPrimaryKey(), PrimaryKey: f.IsPrimaryKey(), Auto: f.Options.Auto,
		Collation: o.Collation, Comment: o.Comment, Default: o.DBDefault, Generated: o.Generated, Virtual: o.Virtual, Types: o.Types,
	}}
	if !f.Kind.IsReference() {
		return c, nil
	}
	m, key, err := s.Target(f)
	if err != nil {
		return column{}, err
	}
	to := c
	if key != f { // else a row's key that references itself, which has no type of its own
		if to, err = columnOf(s, key); err != nil {
			return column{}, err
		}
	}
	c.Type, c.Size, c.Precision, c.Scale = to.Type, to.Size, to.Precision, to.Scale
	c.Collation, c.Types = to.Collation, to.Types
	if !o.NoConstraint {
		c.ref = target{identity{model: m.Key()}, key.Name}
		c.References = dialect.Reference{Table: m.Table, Column: to.Name, OnUpdate: o.OnUpdate, OnDelete: o.OnDelete}
	}
	return c, nil
}

func indexColumns(m *operations.Model, fields, expressions, classes []string) []dialect.IndexColumn {
	list := make([]dialect.IndexColumn, 0, len(fields)+len(expressions))
	for _, name := range fields {
		name, descending := strings.CutPrefix(name, "-")
		f, _ := m.Field(name)
		list = append(list, dialect.IndexColumn{Name: f.ColumnName(), Descending: descending})
	}
	for _, sql := range expressions {
		list = append(list, dialect.IndexColumn{Expression: sql})
	}
	for i := range min(len(classes), len(list)) {
		list[i].OperatorClass = classes[i]
	}
	return list
}

func columnNames(m *operations.Model, fields []string) []string {
	var list []string
	for _, name := range fields {
		f, _ := m.Field(name)
		list = append(list, f.ColumnName())
	}
	return list
}

// pairTable returns the implicit through table of a many-to-many field: a numbered key and two references, unique together.
func pairTable(s *operations.State, m *operations.Model, f operations.Field) (table, error) {
	p, err := s.Pairs(m, f)
	if err != nil {
		return table{}, err
	}
	t := table{id: identity{m.Key(), f.Name}, Table: dialect.Table{Name: p.Table}}
	t.columns = append(t.columns, column{id: "id", Column: dialect.Column{
		Name: "id", Type: dialect.TypeBigInt, PrimaryKey: true,
		Auto: true,
	}})
	for _, end := range []struct {
		id, name, to string
	}{{"from", p.FromColumn, m.String()}, {"to", p.ToColumn, p.To.String()}} {
		c, err := columnOf(s, operations.ForeignKey(end.id, end.to).Column(end.name))
		if err != nil {
			return table{}, err
		}
		t.columns = append(t.columns, c)
	}
	t.add(true, schema.ConstraintName(t.Name, "uniq", p.FromColumn, p.ToColumn), p.FromColumn, p.ToColumn)
	t.add(false, schema.ConstraintName(t.Name, "idx", p.ToColumn), p.ToColumn)
	return t, nil
}
