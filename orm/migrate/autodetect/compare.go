package autodetect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// compare adds the steps that lead from work to to, in an order that works within one app.
func (d *detector) compare() {
	var kept []*operations.Model
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
	split := slices.IndexFunc(renames, func(s *step) bool { _, ok := s.op.(operations.RenameField); return ok })
	if split < 0 {
		split = len(renames)
	}
	d.steps = slices.Concat(renames[:split], early, renames[split:])

	for _, m := range kept {
		t := d.same(m)
		if t.Unmanaged != m.Unmanaged {
			d.steps = append(d.steps, &step{app: m.App, op: operations.AlterModelOptions{Name: m.Name, Unmanaged: t.Unmanaged}})
		}
		if t.Table != m.Table {
			d.steps = append(d.steps, &step{app: m.App, op: operations.AlterModelTable{Name: m.Name, Table: table(t)}})
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
func table(m *operations.Model) string {
	if m.Table == operations.DefaultTable(m.App, m.Name) {
		return ""
	}
	return m.Table
}

func (d *detector) removeConstraints(m, t *operations.Model) {
	add := func(op operations.Operation) { d.steps = append(d.steps, &step{app: m.App, op: op}) }
	for _, x := range m.Indexes {
		if !slices.ContainsFunc(t.Indexes, x.Equal) {
			add(operations.RemoveIndex{Model: m.Name, Name: x.Name})
		}
	}
	for _, x := range m.Unique {
		if !slices.ContainsFunc(t.Unique, x.Equal) {
			add(operations.RemoveConstraint{Model: m.Name, Name: x.Name})
		}
	}
	for _, x := range m.Checks {
		if !slices.Contains(t.Checks, x) {
			add(operations.RemoveConstraint{Model: m.Name, Name: x.Name})
		}
	}
}

func (d *detector) addConstraints(m, t *operations.Model) {
	add := func(op operations.Operation, fields []string) {
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
		if !slices.ContainsFunc(m.Indexes, x.Equal) {
			add(operations.AddIndex{Model: m.Name, Index: x}, slices.Concat(x.Fields, x.Include))
		}
	}
	for _, x := range t.Unique {
		if !slices.ContainsFunc(m.Unique, x.Equal) {
			add(operations.AddConstraint{Model: m.Name, Constraint: x}, slices.Concat(x.Fields, x.Include))
		}
	}
	for _, x := range t.Checks {
		if !slices.Contains(m.Checks, x) {
			add(operations.AddConstraint{Model: m.Name, Constraint: x}, nil)
		}
	}
}

func (d *detector) removeFields(m, t *operations.Model) {
	for _, f := range m.Fields {
		other, stays := t.Field(f.Name)
		if stays && convertible(f, other) {
			continue
		}
		if stays && f.Kind == schema.KindManyToMany && other.Kind == f.Kind {
			d.problem(fmt.Errorf("%s.%s: the many-to-many relation changes its through model, which would lose its rows; write that "+
				"migration by hand (makemigrations --empty %s), or remove the field in one migration and add it in the next",
				m, f.Name, m.App))
			continue
		}
		if !d.mayDrop() {
			d.problem(d.refuse(m, t, f))
			continue
		}
		d.steps = append(d.steps, &step{
			app: m.App, op: operations.RemoveField{Model: m.Name, Name: f.Name},
			effects: []string{"-" + m.Key() + "." + f.Name},
		})
	}
}

// convertible reports whether AlterField leads from one field to the other.
func convertible(a, b operations.Field) bool {
	return a.HasColumn() == b.HasColumn() && a.Options.Through == b.Options.Through
}

func (d *detector) mayDrop() bool { return d.o.AllowDrop || d.o.Look || d.o.Ask != nil }

// refuse returns the error for a removed field, with the flags that resolve it.
func (d *detector) refuse(m, t *operations.Model, f operations.Field) error {
	message := fmt.Sprintf("%s.%s is no longer in the model; dropping it would delete its values.", m, f.Name)
	for _, name := range renamedTo(m, f, t) {
		d.refused[m.Key()+"."+name] = true // it may need no value, if it is the renamed one
		message += fmt.Sprintf("\n    If it was renamed: --rename %s.%s=%s", m.Name, f.Name, name)
	}
	if !strings.Contains(message, "--rename") {
		message += fmt.Sprintf("\n    If it was renamed: --rename %s.%s=NEW_NAME", m.Name, f.Name)
	}
	return fmt.Errorf("%s\n    To drop it: --allow-drop", message)
}

func (d *detector) addFields(m, t *operations.Model) {
	for _, f := range t.Fields {
		old, existed := m.Field(f.Name)
		if existed && convertible(old, f) {
			if d.work.Canonical(m, old) == d.to.Canonical(t, f) {
				continue
			}
			if old.Options.Null && !f.Options.Null && f.HasColumn() && f.Options.Generated == "" {
				f = d.backfill(m, f)
			}
			d.relation(m, f, &step{
				app: m.App, op: operations.AlterField{Model: m.Name, Field: f},
				effects: []string{"~" + m.Key() + "." + f.Name},
			})
			continue
		}
		if existed && f.Kind == old.Kind {
			continue // removeFields reported it
		}
		if f.HasColumn() && !f.Options.Null && f.Options.DBDefault == "" && f.Options.Generated == "" && !f.Options.Auto {
			f = d.backfill(m, f)
		} else if f.HasColumn() {
			f = d.named(m, f)
		}
		s := &step{app: m.App, op: operations.AddField{Model: m.Name, Field: f}, effects: []string{"+" + m.Key() + "." + f.Name}}
		if existed {
			s.needs = append(s.needs, "-"+m.Key()+"."+f.Name)
		}
		d.relation(m, f, s)
	}
}

// relation adds a step for a field, with what a relation needs.
func (d *detector) relation(m *operations.Model, f operations.Field, s *step) {
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
