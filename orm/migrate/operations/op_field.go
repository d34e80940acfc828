package operations

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// AddField adds a column, or the through table of a many-to-many field. A column that is NOT NULL needs a Backfill if the
// table may have rows.
type AddField struct {
	Model string
	Field Field
}

// Apply implements [Operation].
func (op AddField) Apply(app string, s *State) error {
	m, err := s.own(app, op.Model)
	if err != nil {
		return err
	}
	if m.index(op.Field.Name) >= 0 {
		return fmt.Errorf("model %s has a field %q already", m, op.Field.Name)
	}
	m = m.Clone()
	m.Fields = append(m.Fields, op.Field.settled())
	return s.change(m)
}

// Describe implements [Operation].
func (op AddField) Describe() string { return "Add field " + op.Field.Name + " to " + op.Model }

// RemoveField drops a column with its values, or the through table of a many-to-many field.
type RemoveField struct {
	Model string
	Name  string
	// Backfill is the value that rows get if the operation is undone and the column is NOT NULL; by default the zero value.
	Backfill any
}

// Apply implements [Operation].
func (op RemoveField) Apply(app string, s *State) error {
	m, i, err := s.field(app, op.Model, op.Name)
	if err != nil {
		return err
	}
	if user := m.user(m.Fields[i]); user != "" {
		return fmt.Errorf("field %s.%s is part of the %s; remove that first", m, op.Name, user)
	}
	for _, r := range s.Referrers(m.Key()) {
		if r.Field.Kind.IsReference() && r.Field.Options.ToField == op.Name {
			return fmt.Errorf("%s.%s still points at field %s.%s; remove that field first", r.Model, r.Field.Name, m, op.Name)
		}
	}
	m = m.Clone()
	m.Fields = slices.Delete(m.Fields, i, i+1)
	s.Put(m)
	return nil
}

// Describe implements [Operation].
func (op RemoveField) Describe() string { return "Remove field " + op.Name + " from " + op.Model }

// AlterField changes how a field is stored. Field is the complete new definition.
type AlterField struct {
	Model string
	Field Field
}

// Apply implements [Operation].
func (op AlterField) Apply(app string, s *State) error {
	m, i, err := s.field(app, op.Model, op.Field.Name)
	if err != nil {
		return err
	}
	old := m.Fields[i]
	if old.HasColumn() != op.Field.HasColumn() || old.Options.Through != op.Field.Options.Through {
		return fmt.Errorf("field %s.%s cannot be altered between a column, a many-to-many relation and one through a model; remove it "+
			"and add it", m, old.Name)
	}
	m = m.Clone()
	m.Fields[i] = op.Field.settled()
	if from, to := old.ColumnName(), m.Fields[i].ColumnName(); from != to && from != "" {
		m.renameColumn(from, to)
	}
	return s.change(m)
}

// Describe implements [Operation].
func (op AlterField) Describe() string { return "Alter field " + op.Field.Name + " on " + op.Model }

// RenameField renames a field and its column, and keeps its values.
type RenameField struct{ Model, From, To string }

// Apply implements [Operation].
func (op RenameField) Apply(app string, s *State) error {
	m, i, err := s.field(app, op.Model, op.From)
	if err != nil {
		return err
	}
	if op.To != op.From && m.index(op.To) >= 0 {
		return fmt.Errorf("field %s.%s cannot be renamed to %q, which exists already", m, op.From, op.To)
	}
	m = m.Clone()
	from := m.Fields[i].ColumnName()
	m.Fields[i].Name = op.To
	if to := m.Fields[i].ColumnName(); from != "" && from != to {
		m.renameColumn(from, to)
	}
	for k := range m.Indexes {
		renameIn(m.Indexes[k].Fields, op.From, op.To)
		renameIn(m.Indexes[k].Include, op.From, op.To)
	}
	for k := range m.Unique {
		renameIn(m.Unique[k].Fields, op.From, op.To)
		renameIn(m.Unique[k].Include, op.From, op.To)
	}
	if err := s.change(m); err != nil {
		return err
	}
	for _, r := range s.Referrers(m.Key()) {
		if r.Field.Kind.IsReference() && r.Field.Options.ToField == op.From {
			other := s.models[r.Model.Key()].Clone()
			other.Fields[other.index(r.Field.Name)].Options.ToField = op.To
			s.Put(other)
		}
	}
	return nil
}

// Describe implements [Operation].
func (op RenameField) Describe() string {
	return "Rename field " + op.From + " on " + op.Model + " to " + op.To
}

// renameColumn renames a column in the SQL of the model's indexes and checks.
func (m *Model) renameColumn(from, to string) {
	m.rewrite(func(sql string) string { return sqltext.RenameColumn(sql, from, to) })
}

// renameTable changes the model's table, also in the SQL of its indexes and checks.
func (m *Model) renameTable(to string) {
	m.rewrite(func(sql string) string { return sqltext.RenameTable(sql, m.Table, to) })
	m.Table = to
}

// rewrite changes the SQL of the model's indexes, constraints and generated fields. The model is a [Model.Clone].
func (m *Model) rewrite(change func(sql string) string) {
	each := func(list []string) {
		for i := range list {
			list[i] = change(list[i])
		}
	}
	for i := range m.Indexes {
		m.Indexes[i].Where = change(m.Indexes[i].Where)
		each(m.Indexes[i].Expressions)
	}
	for i := range m.Unique {
		m.Unique[i].Where = change(m.Unique[i].Where)
		each(m.Unique[i].Expressions)
	}
	for i := range m.Checks {
		m.Checks[i].SQL = change(m.Checks[i].SQL)
	}
	for i := range m.Fields {
		m.Fields[i].Options.Generated = change(m.Fields[i].Options.Generated)
	}
}

func renameIn(fields []string, from, to string) {
	for i, f := range fields {
		if name, descending := strings.CutPrefix(f, "-"); name == from {
			fields[i] = to
			if descending {
				fields[i] = "-" + to
			}
		}
	}
}

// field returns a model of the app and the index of one of its fields.
func (s *State) field(app, model, name string) (*Model, int, error) {
	m, err := s.own(app, model)
	if err != nil {
		return nil, 0, err
	}
	i := m.index(name)
	if i < 0 {
		return nil, 0, fmt.Errorf("model %s has no field %q at this point of the migrations%s", m, name,
			check.DidYouMean(name, m.FieldNames()))
	}
	return m, i, nil
}
