package operations

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// CreateModel creates a table, and the through tables of its many-to-many fields.
type CreateModel struct {
	Name  string
	Table string // "" for the default, "blog_post"
	// Unmanaged describes a table that another program creates and changes.
	Unmanaged bool
	Fields    []Field
	Indexes   []Index
	Unique    []Unique
	Checks    []Check
}

// DefaultTable returns the default name of a model's table, "blog_post".
func DefaultTable(app, name string) string { return schema.TableName(app, name) }

// Model returns the model that the operation creates in an app.
func (op CreateModel) Model(app string) *Model {
	m := &Model{
		App: app, Name: op.Name, Table: op.Table, Unmanaged: op.Unmanaged,
		Fields: op.Fields, Indexes: op.Indexes, Unique: op.Unique, Checks: op.Checks,
	}
	m = m.Clone()
	if m.Table == "" {
		m.Table = DefaultTable(app, op.Name)
	}
	for i := range m.Fields {
		m.Fields[i] = m.Fields[i].settled()
	}
	return m
}

// Apply implements [Operation].
func (op CreateModel) Apply(app string, s *State) error {
	if old := s.models[Key(app, op.Name)]; old != nil {
		return fmt.Errorf("model %s exists already", old)
	}
	m := op.Model(app)
	for _, other := range s.models {
		if other.Table == m.Table {
			return fmt.Errorf("table %q of model %s belongs to %s already", m.Table, m, other)
		}
	}
	return s.change(m)
}

// Describe implements [Operation].
func (op CreateModel) Describe() string { return "Create model " + op.Name }

// AlterModelOptions changes whether migrations manage the table of a model. It leaves the table as it is.
type AlterModelOptions struct {
	Name      string
	Unmanaged bool
}

// Apply implements [Operation].
func (op AlterModelOptions) Apply(app string, s *State) error {
	m, err := s.own(app, op.Name)
	if err != nil {
		return err
	}
	m = m.Clone()
	m.Unmanaged = op.Unmanaged
	return s.change(m)
}

// Describe implements [Operation].
func (op AlterModelOptions) Describe() string {
	if op.Unmanaged {
		return "Leave the table of " + op.Name + " to another program"
	}
	return "Manage the table of " + op.Name
}

// DeleteModel drops a table with its rows. Undoing it creates the table again, without rows.
type DeleteModel struct{ Name string }

// Apply implements [Operation].
func (op DeleteModel) Apply(app string, s *State) error {
	m, err := s.own(app, op.Name)
	if err != nil {
		return err
	}
	for _, r := range s.Referrers(m.Key()) {
		if r.Model.Key() != m.Key() {
			return fmt.Errorf("%s.%s still points at model %s; remove that field first", r.Model, r.Field.Name, m)
		}
	}
	s.Drop(m.Key())
	return nil
}

// Describe implements [Operation].
func (op DeleteModel) Describe() string { return "Delete model " + op.Name }

// RenameModel renames a model, and its table if that has the default name.
type RenameModel struct{ From, To string }

// Apply implements [Operation].
func (op RenameModel) Apply(app string, s *State) error {
	m, err := s.own(app, op.From)
	if err != nil {
		return err
	}
	if Key(app, op.To) != m.Key() && s.models[Key(app, op.To)] != nil {
		return fmt.Errorf("model %s cannot be renamed to %s, which exists already", m, op.To)
	}
	renamed := m.Clone()
	renamed.Name = op.To
	if m.Table == DefaultTable(app, m.Name) {
		renamed.renameTable(DefaultTable(app, op.To))
	}
	referrers := s.Referrers(m.Key())
	updated := map[string]*Model{m.Key(): renamed}
	for _, r := range referrers {
		key := r.Model.Key()
		if updated[key] == nil {
			updated[key] = r.Model.Clone()
		}
		f := &updated[key].Fields[updated[key].index(r.Field.Name)]
		for _, name := range []*string{&f.Options.To, &f.Options.Through} {
			if strings.EqualFold(*name, m.String()) {
				*name = app + "." + op.To
			}
		}
	}
	s.Drop(m.Key())
	for _, u := range updated {
		s.Put(u)
	}
	return nil
}

// Describe implements [Operation].
func (op RenameModel) Describe() string { return "Rename model " + op.From + " to " + op.To }

// AlterModelTable renames the table of a model.
type AlterModelTable struct {
	Name  string
	Table string // "" for the default name
}

// Apply implements [Operation].
func (op AlterModelTable) Apply(app string, s *State) error {
	m, err := s.own(app, op.Name)
	if err != nil {
		return err
	}
	m = m.Clone()
	m.renameTable(cmp.Or(op.Table, DefaultTable(app, m.Name)))
	s.Put(m)
	return nil
}

// Describe implements [Operation].
func (op AlterModelTable) Describe() string {
	return "Move model " + op.Name + " to table " + cmp.Or(op.Table, "with the default name")
}

// own returns a model of the app by its name without the app.
func (s *State) own(app, name string) (*Model, error) {
	if m := s.models[Key(app, name)]; m != nil {
		return m, nil
	}
	_, err := s.Model(app + "." + name)
	if err == nil {
		err = fmt.Errorf("model %s.%s is an alias; operations name the model itself", app, name)
	}
	return nil, err
}

// change adds a new or changed model after checking it.
func (s *State) change(m *Model) error {
	seen := map[string]string{}
	old, replaced := s.models[m.Key()]
	s.Put(m)
	err := func() error {
		for _, f := range m.Fields {
			column := strings.ToLower(f.ColumnName())
			if f.Name == "" || slices.Contains([]byte{'-', '_'}, f.Name[0]) {
				return fmt.Errorf("model %s: field name %q is not usable", m, f.Name)
			}
			if m.index(f.Name) != slices.IndexFunc(m.Fields, func(o Field) bool { return o == f }) {
				return fmt.Errorf("model %s has two fields %q", m, f.Name)
			}
			if other, twice := seen[column]; twice && column != "" {
				return fmt.Errorf("model %s: fields %q and %q share column %q", m, other, f.Name, f.ColumnName())
			}
			seen[column] = f.Name
			if err := s.relation(m, f); err != nil {
				return err
			}
		}
		return m.checkNames()
	}()
	if err == nil {
		return nil
	}
	s.Drop(m.Key())
	if replaced {
		s.Put(old)
	}
	return err
}

// relation returns an error if the target of a relation does not exist. The model of an alias may have no migration yet.
func (s *State) relation(m *Model, f Field) error {
	if s.IsAlias(f.Options.To) && s.Find(f.Options.To) == nil {
		return nil
	}
	switch {
	case f.Kind.IsReference():
		if _, _, err := s.Target(f); err != nil {
			return fmt.Errorf("model %s: %w", m, err)
		}
	case f.Kind == schema.KindManyToMany:
		for _, name := range []string{f.Options.To, f.Options.Through} {
			if name == "" && f.Options.To != "" {
				continue
			}
			if _, err := s.Model(name); err != nil {
				return fmt.Errorf("model %s: field %q: %w", m, f.Name, err)
			}
		}
	}
	return nil
}
