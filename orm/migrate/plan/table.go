package plan

import (
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/state"
	"github.com/quintetgo/quintet/orm/schema"
)

// table is one table as any database would make it.
type table struct {
	id      identity
	name    string
	columns []column
	indexes []index
	checks  []state.Check
}

// identity says which model, or which many-to-many field of a model, a table belongs to, whatever it is called.
type identity struct{ model, field string }

type column struct {
	id        string // the field's name
	name      string
	kind      state.Kind // of references: the kind of what they hold
	size      int
	precision int
	scale     int
	null      bool
	primary   bool
	auto      bool
	collation string
	dbDefault string
	ref       reference
	onUpdate  string
}

// reference is where a column points. The names follow from the identity, so renaming the target changes no column.
type reference struct {
	id            identity
	field         string
	table, column string
}

type index struct {
	name    string
	unique  bool
	columns []indexColumn
	where   string
}

type indexColumn struct {
	name       string
	descending bool
}

// tables returns the table of a model and those of its many-to-many fields.
func tables(s *state.State, m *state.Model) ([]table, error) {
	t := table{id: identity{model: m.Key()}, name: m.Table, checks: m.Checks}
	var pairs []table
	for _, f := range m.Fields {
		if f.Kind == state.KindManyToMany {
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
		switch {
		case f.IsPrimaryKey():
		case f.IsUnique():
			t.add(true, schema.ConstraintName(t.name, "uniq", c.name), c.name)
		case f.Options.Index || f.Kind.IsReference():
			t.add(false, schema.ConstraintName(t.name, "idx", c.name), c.name)
		}
	}
	for _, x := range m.Indexes {
		t.indexes = append(t.indexes, index{name: x.Name, columns: indexColumns(m, x.Fields), where: x.Where})
	}
	for _, x := range m.Unique {
		t.indexes = append(t.indexes, index{name: x.Name, unique: true, columns: indexColumns(m, x.Fields), where: x.Where})
	}
	return append([]table{t}, pairs...), nil
}

// IndexNames lists the indexes that the tables of a state have.
func IndexNames(s *state.State) ([]string, error) {
	var list []string
	for _, m := range s.Models() {
		all, err := tables(s, m)
		if err != nil {
			return nil, err
		}
		for _, t := range all {
			for _, x := range t.indexes {
				list = append(list, x.name)
			}
		}
	}
	return list, nil
}

func (t *table) add(unique bool, name string, columns ...string) {
	x := index{name: name, unique: unique}
	for _, c := range columns {
		x.columns = append(x.columns, indexColumn{name: c})
	}
	t.indexes = append(t.indexes, x)
}

func columnOf(s *state.State, f state.Field) (column, error) {
	o := f.Options
	c := column{
		id: f.Name, name: f.ColumnName(), kind: f.Kind, size: o.Size, precision: o.Precision, scale: o.Scale,
		null: o.Null && !f.IsPrimaryKey(), primary: f.IsPrimaryKey(), collation: o.Collation, dbDefault: o.DBDefault,
	}
	if f.Kind == state.KindBigAuto {
		c.kind, c.auto = state.KindBigInt, true
	}
	if !f.Kind.IsReference() {
		return c, nil
	}
	m, target, err := s.Target(f)
	if err != nil {
		return column{}, err
	}
	to := c
	if target != f { // else a row's key that points at itself, which has no kind of its own
		if to, err = columnOf(s, target); err != nil {
			return column{}, err
		}
	}
	c.kind, c.size, c.precision, c.scale, c.collation = to.kind, to.size, to.precision, to.scale, to.collation
	if !o.NoConstraint {
		c.ref = reference{identity{model: m.Key()}, target.Name, m.Table, to.name}
		c.onUpdate = o.OnUpdate
	}
	return c, nil
}

func indexColumns(m *state.Model, fields []string) []indexColumn {
	list := make([]indexColumn, len(fields))
	for i, name := range fields {
		name, descending := strings.CutPrefix(name, "-")
		f, _ := m.Field(name)
		list[i] = indexColumn{f.ColumnName(), descending}
	}
	return list
}

// pairTable returns the implicit table of a many-to-many field: a numbered row, the two references, each pair once.
func pairTable(s *state.State, m *state.Model, f state.Field) (table, error) {
	p, err := s.Pairs(m, f)
	if err != nil {
		return table{}, err
	}
	t := table{id: identity{m.Key(), f.Name}, name: p.Table}
	t.columns = append(t.columns, column{id: "id", name: "id", kind: state.KindBigInt, primary: true, auto: true})
	for _, end := range []struct {
		id, name, to string
	}{{"from", p.FromColumn, m.String()}, {"to", p.ToColumn, p.To.String()}} {
		c, err := columnOf(s, state.ForeignKey(end.id, end.to).Column(end.name))
		if err != nil {
			return table{}, err
		}
		t.columns = append(t.columns, c)
	}
	t.add(true, schema.ConstraintName(t.name, "uniq", p.FromColumn, p.ToColumn), p.FromColumn, p.ToColumn)
	t.add(false, schema.ConstraintName(t.name, "idx", p.ToColumn), p.ToColumn)
	return t, nil
}
