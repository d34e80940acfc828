package autodetect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/state"
)

// compare adds the steps that lead from work to to, in the order that suits within one app.
func (d *detector) compare() {
	var kept []*state.Model
	for _, m := range d.work.Models() {
		if d.same(m) != nil {
			kept = append(kept, m)
		}
	}
	var early []*step // constraints go before the renames that they may mention
	renames := d.steps
	d.steps = nil
	for _, m := range kept {
		d.removeConstraints(m, d.same(m))
	}
	early, d.steps = d.steps, nil
	split := slices.IndexFunc(renames, func(s *step) bool { _, ok := s.op.(state.RenameField); return ok })
	if split < 0 {
		split = len(renames)
	}
	d.steps = slices.Concat(renames[:split], early, renames[split:])

	for _, m := range kept {
		if t := d.same(m); t.Table != m.Table {
			d.steps = append(d.steps, &step{app: m.App, op: state.AlterModelTable{Name: m.Name, Table: table(t)}})
		}
	}
	d.createModels()
	for _, m := range kept {
		d.removeFields(m, d.same(m))
	}
	for _, m := range kept {
		d.addFields(m, d.same(m))
	}
	for _, m := range kept {
		d.addConstraints(m, d.same(m))
	}
	d.deleteModels()
}

// table returns a model's table, "" if it has the default name.
func table(m *state.Model) string {
	if m.Table == state.DefaultTable(m.App, m.Name) {
		return ""
	}
	return m.Table
}

func (d *detector) removeConstraints(m, t *state.Model) {
	add := func(op state.Operation) { d.steps = append(d.steps, &step{app: m.App, op: op}) }
	for _, x := range m.Indexes {
		if !slices.ContainsFunc(t.Indexes, func(o state.Index) bool { return sameIndex(x, o) }) {
			add(state.RemoveIndex{Model: m.Name, Name: x.Name})
		}
	}
	for _, x := range m.Unique {
		if !slices.ContainsFunc(t.Unique, func(o state.Unique) bool { return sameUnique(x, o) }) {
			add(state.RemoveConstraint{Model: m.Name, Name: x.Name})
		}
	}
	for _, x := range m.Checks {
		if !slices.Contains(t.Checks, x) {
			add(state.RemoveConstraint{Model: m.Name, Name: x.Name})
		}
	}
}

func (d *detector) addConstraints(m, t *state.Model) {
	add := func(op state.Operation, fields []string) {
		s := &step{app: m.App, op: op}
		for _, name := range fields {
			name = strings.TrimPrefix(name, "-")
			if _, ok := m.Field(name); !ok {
				s.needs = append(s.needs, "+"+m.Key()+"."+name)
			}
		}
		d.steps = append(d.steps, s)
	}
	for _, x := range t.Indexes {
		if !slices.ContainsFunc(m.Indexes, func(o state.Index) bool { return sameIndex(x, o) }) {
			add(state.AddIndex{Model: m.Name, Index: x}, x.Fields)
		}
	}
	for _, x := range t.Unique {
		if !slices.ContainsFunc(m.Unique, func(o state.Unique) bool { return sameUnique(x, o) }) {
			add(state.AddConstraint{Model: m.Name, Constraint: x}, x.Fields)
		}
	}
	for _, x := range t.Checks {
		if !slices.Contains(m.Checks, x) {
			add(state.AddConstraint{Model: m.Name, Constraint: x}, nil)
		}
	}
}

func sameIndex(a, b state.Index) bool {
	return a.Name == b.Name && a.Where == b.Where && slices.Equal(a.Fields, b.Fields)
}

func sameUnique(a, b state.Unique) bool {
	return a.Name == b.Name && a.Where == b.Where && slices.Equal(a.Fields, b.Fields)
}

func (d *detector) removeFields(m, t *state.Model) {
	for _, f := range m.Fields {
		other, stays := t.Field(f.Name)
		if stays && convertible(f, other) {
			continue
		}
		if stays && f.Kind == state.KindManyToMany && other.Kind == f.Kind {
			d.problem(fmt.Errorf("%s.%s: the many-to-many relation changes the model that it goes through, which would lose its pairs; write that migration by hand (makemigrations --empty %s), or remove the field in one migration and add it in the next", m, f.Name, m.App))
			continue
		}
		if !d.mayDrop() {
			d.problem(d.refuse(m, t, f))
			continue
		}
		d.steps = append(d.steps, &step{app: m.App, op: state.RemoveField{Model: m.Name, Name: f.Name}, gives: []string{"-" + m.Key() + "." + f.Name}})
	}
}

// convertible reports whether AlterField leads from one field to the other.
func convertible(a, b state.Field) bool {
	return a.HasColumn() == b.HasColumn() && a.Options.Through == b.Options.Through
}

func (d *detector) mayDrop() bool { return d.o.AllowDrop || d.o.Look || d.o.Ask != nil }

// refuse says how to go on when a field is gone and nobody can be asked.
func (d *detector) refuse(m, t *state.Model, f state.Field) error {
	message := fmt.Sprintf("%s.%s is gone from the model; dropping it would delete its values.", m, f.Name)
	for _, name := range renamedTo(m, f, t) {
		d.refused[m.Key()+"."+name] = true // it may need no value, if it is the renamed one
		message += fmt.Sprintf("\n    If it was renamed: --rename %s.%s=%s", m.Name, f.Name, name)
	}
	if !strings.Contains(message, "--rename") {
		message += fmt.Sprintf("\n    If it was renamed: --rename %s.%s=NEW_NAME", m.Name, f.Name)
	}
	return fmt.Errorf("%s\n    If it shall be dropped: --allow-drop", message)
}

func (d *detector) addFields(m, t *state.Model) {
	for _, f := range t.Fields {
		old, existed := m.Field(f.Name)
		if existed && convertible(old, f) {
			if d.work.Canonical(m, old) == d.to.Canonical(t, f) {
				continue
			}
			if old.Options.Null && !f.Options.Null && f.HasColumn() {
				f = d.backfill(m, f)
			}
			d.relation(m, f, &step{app: m.App, op: state.AlterField{Model: m.Name, Field: f}, gives: []string{"~" + m.Key() + "." + f.Name}})
			continue
		}
		if existed && f.Kind == old.Kind {
			continue // removeFields reported it
		}
		if f.HasColumn() && !f.Options.Null && f.Options.DBDefault == "" && f.Kind != state.KindBigAuto {
			f = d.backfill(m, f)
		} else if f.HasColumn() {
			f = d.given(m, f)
		}
		s := &step{app: m.App, op: state.AddField{Model: m.Name, Field: f}, gives: []string{"+" + m.Key() + "." + f.Name}}
		if existed {
			s.needs = append(s.needs, "-"+m.Key()+"."+f.Name)
		}
		d.relation(m, f, s)
	}
}

// relation adds a step for a field, with what a relation needs.
func (d *detector) relation(m *state.Model, f state.Field, s *step) {
	for _, name := range []string{f.Options.To, f.Options.Through} {
		if name == "" {
			continue
		}
		key := d.to.Resolve(name)
		s.needs = append(s.needs, "+"+key)
		switch app, _, _ := strings.Cut(key, "."); {
		case d.to.IsAlias(name):
			s.refs = append(s.refs, name)
		case app != m.App && d.work.Find(key) != nil:
			s.refs = append(s.refs, d.work.Find(key).String())
		}
	}
	d.steps = append(d.steps, s)
}
