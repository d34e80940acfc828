package operations

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/schema"
)

// AddIndex creates an index.
type AddIndex struct {
	Model string
	Index Index
}

// Apply implements [Operation].
func (op AddIndex) Apply(app string, s *State) error {
	m, err := s.own(app, op.Model)
	if err != nil {
		return err
	}
	m = m.Clone()
	m.Indexes = append(m.Indexes, op.Index)
	return s.change(m)
}

// Describe implements [Operation].
func (op AddIndex) Describe() string { return "Create index " + op.Index.Name + " on " + op.Model }

// RemoveIndex drops an index.
type RemoveIndex struct{ Model, Name string }

// Apply implements [Operation].
func (op RemoveIndex) Apply(app string, s *State) error {
	m, err := s.own(app, op.Model)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(m.Indexes, func(x Index) bool { return x.Name == op.Name })
	if i < 0 {
		return fmt.Errorf("model %s has no index %q at this point of the migrations%s", m, op.Name,
			check.DidYouMean(op.Name, m.constraintNames()))
	}
	m = m.Clone()
	m.Indexes = slices.Delete(m.Indexes, i, i+1)
	s.Put(m)
	return nil
}

// Describe implements [Operation].
func (op RemoveIndex) Describe() string { return "Remove index " + op.Name + " from " + op.Model }

// AddConstraint adds a [Unique] or [Check] to the database. The migration fails if a row violates it.
type AddConstraint struct {
	Model      string
	Constraint Constraint
}

// Apply implements [Operation].
func (op AddConstraint) Apply(app string, s *State) error {
	m, err := s.own(app, op.Model)
	if err != nil {
		return err
	}
	m = m.Clone()
	switch c := op.Constraint.(type) {
	case Unique:
		m.Unique = append(m.Unique, c)
	case Check:
		m.Checks = append(m.Checks, c)
	default:
		return fmt.Errorf("model %s: a constraint is a Unique or a Check, not %T", m, op.Constraint)
	}
	return s.change(m)
}

// Describe implements [Operation].
func (op AddConstraint) Describe() string {
	name := "without a name"
	if op.Constraint != nil {
		name = op.Constraint.ConstraintName()
	}
	return "Create constraint " + name + " on " + op.Model
}

// RemoveConstraint drops a [Unique] or [Check].
type RemoveConstraint struct{ Model, Name string }

// Apply implements [Operation].
func (op RemoveConstraint) Apply(app string, s *State) error {
	m, err := s.own(app, op.Model)
	if err != nil {
		return err
	}
	c := m.Clone()
	c.Unique = slices.DeleteFunc(c.Unique, func(u Unique) bool { return u.Name == op.Name })
	c.Checks = slices.DeleteFunc(c.Checks, func(k Check) bool { return k.Name == op.Name })
	if len(c.Unique)+len(c.Checks) == len(m.Unique)+len(m.Checks) {
		return fmt.Errorf("model %s has no constraint %q at this point of the migrations%s", m, op.Name,
			check.DidYouMean(op.Name, m.constraintNames()))
	}
	s.Put(c)
	return nil
}

// Describe implements [Operation].
func (op RemoveConstraint) Describe() string {
	return "Remove constraint " + op.Name + " from " + op.Model
}

func (m *Model) constraintNames() []string {
	var names []string
	for _, x := range m.Indexes {
		names = append(names, x.Name)
	}
	for _, x := range m.Unique {
		names = append(names, x.Name)
	}
	for _, x := range m.Checks {
		names = append(names, x.Name)
	}
	return names
}

// checkNames returns an error for an index or constraint without a name, with a name used twice, or over a field that does
// not exist.
func (m *Model) checkNames() error {
	seen := map[string]bool{}
	for _, name := range m.constraintNames() {
		switch {
		case name == "":
			return fmt.Errorf("model %s: an index or constraint has no name", m)
		case seen[name]:
			return fmt.Errorf("model %s: two indexes or constraints are called %q", m, name)
		}
		seen[name] = true
	}
	fields := func(name string, list, expressions, include []string) error {
		if len(list)+len(expressions) == 0 {
			return fmt.Errorf("model %s: %q names no fields", m, name)
		}
		for _, f := range slices.Concat(list, include) {
			f = strings.TrimPrefix(f, "-")
			if field, ok := m.Field(f); !ok || !field.HasColumn() {
				return fmt.Errorf("model %s: %q names field %q, which has no column%s", m, name, f, check.DidYouMean(f, m.FieldNames()))
			}
		}
		return nil
	}
	for _, x := range m.Indexes {
		if err := fields(x.Name, x.Fields, x.Expressions, x.Include); err != nil {
			return err
		}
		if err := m.checkSearch(x); err != nil {
			return err
		}
	}
	for _, x := range m.Unique {
		if err := fields(x.Name, x.Fields, x.Expressions, x.Include); err != nil {
			return err
		}
	}
	return nil
}

// checkSearch returns an error for an index for full-text search that no database has.
func (m *Model) checkSearch(x Index) error {
	switch {
	case !x.Search && x.Language != "":
		return fmt.Errorf("model %s: index %q has a Language, and is not for full-text search; add Search: true", m, x.Name)
	case !x.Search:
		return nil
	case len(x.Expressions)+len(x.Include)+len(x.OperatorClasses) > 0, x.Where != "", x.Method != "":
		return fmt.Errorf("model %s: index %q is for full-text search, which takes Fields and Language only", m, x.Name)
	case !schema.IsSearchLanguage(x.Language):
		return fmt.Errorf("model %s: index %q has the Language %q, which is not the name of one, such as \"english\"",
			m, x.Name, x.Language)
	}
	for _, name := range x.Fields {
		if f, _ := m.Field(name); !f.Kind.IsText() || strings.HasPrefix(name, "-") {
			return fmt.Errorf("model %s: index %q is for full-text search, and field %q is not text in ascending order", m, x.Name, name)
		}
	}
	return nil
}
