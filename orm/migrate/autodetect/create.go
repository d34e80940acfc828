package autodetect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// createModels adds the new models so that each stands after the ones that it points at. Where models point at each
// other in a circle, a reference is added once both are there.
func (d *detector) createModels() {
	d.postponed = map[string]bool{}
	fresh := map[string]*operations.Model{}
	for _, m := range d.gone(d.to, d.work) {
		fresh[m.Key()] = m
	}
	var order []*operations.Model
	const visiting, done = 1, 2
	mark := map[string]int{}
	var visit func(m *operations.Model)
	visit = func(m *operations.Model) {
		mark[m.Key()] = visiting
		for _, f := range m.Fields {
			if f.Options.To == "" {
				continue
			}
			target := d.to.Resolve(f.Options.To)
			t := fresh[target]
			switch {
			case t == nil || t == m:
			case mark[target] == visiting:
				d.postponed[m.Key()+"."+f.Name] = true
			case mark[target] == 0:
				visit(t)
			}
		}
		mark[m.Key()] = done
		order = append(order, m)
	}
	for _, m := range d.to.Models() {
		if fresh[m.Key()] != nil && mark[m.Key()] == 0 {
			visit(m)
		}
	}
	made := map[string]bool{}
	for _, m := range order {
		for _, f := range m.Fields { // a many-to-many field waits for the model that it goes through, which points back
			if through := d.to.Resolve(f.Options.Through); fresh[through] != nil && !made[through] {
				d.postponed[m.Key()+"."+f.Name] = true
			}
		}
		d.createModel(m)
		made[m.Key()] = true
	}
}

func (d *detector) createModel(m *operations.Model) {
	op := operations.CreateModel{Name: m.Name, Table: table(m)}
	s := &step{app: m.App, gives: []string{"+" + m.Key()}}
	var later []*step
	add := func(o operations.Operation, needs ...string) {
		later = append(later, &step{app: m.App, op: o, needs: append(needs, "+"+m.Key())})
	}
	var rest []operations.Field
	for _, f := range m.Fields {
		if d.postponed[m.Key()+"."+f.Name] {
			rest = append(rest, f)
			continue
		}
		op.Fields = append(op.Fields, f)
		s.gives = append(s.gives, "+"+m.Key()+"."+f.Name)
		d.noteTargets(m, f, s)
	}
	for _, x := range m.Indexes {
		if needs := d.later(m, x.Fields); needs != nil {
			add(operations.AddIndex{Model: m.Name, Index: x}, needs...)
		} else {
			op.Indexes = append(op.Indexes, x)
		}
	}
	for _, x := range m.Unique {
		if needs := d.later(m, x.Fields); needs != nil {
			add(operations.AddConstraint{Model: m.Name, Constraint: x}, needs...)
		} else {
			op.Unique = append(op.Unique, x)
		}
	}
	if len(rest) == 0 {
		op.Checks = m.Checks
	} else {
		var needs []string
		for _, f := range rest {
			needs = append(needs, "+"+m.Key()+"."+f.Name)
		}
		for _, x := range m.Checks {
			add(operations.AddConstraint{Model: m.Name, Constraint: x}, needs...)
		}
	}
	s.op = op
	d.steps = append(d.steps, s)
	for _, f := range rest {
		a := &step{app: m.App, op: operations.AddField{Model: m.Name, Field: f}, needs: []string{"+" + m.Key()}, gives: []string{"+" + m.Key() + "." + f.Name}}
		d.noteTargets(m, f, a)
		d.steps = append(d.steps, a)
	}
	d.steps = append(d.steps, later...)
}

// noteTargets records what the models that a field of a new model points at need to be.
func (d *detector) noteTargets(m *operations.Model, f operations.Field, s *step) {
	for _, name := range []string{f.Options.To, f.Options.Through} {
		if name == "" {
			continue
		}
		key := d.to.Resolve(name)
		if key != m.Key() {
			s.needs = append(s.needs, "+"+key)
		}
		switch t := d.to.Find(key); {
		case d.to.IsAlias(name):
			s.refs = append(s.refs, name)
		case t != nil && t.App != m.App && d.work.Find(key) != nil:
			s.refs = append(s.refs, t.String())
		}
	}
}

// later returns what an index over fields must wait for, nil if nothing.
func (d *detector) later(m *operations.Model, fields []string) []string {
	var needs []string
	for _, name := range fields {
		key := m.Key() + "." + strings.TrimPrefix(name, "-")
		if d.postponed[key] {
			needs = append(needs, "+"+key)
		}
	}
	return needs
}

// deleteModels drops the models that are gone, those first that point at others. In a circle a reference is removed
// beforehand.
func (d *detector) deleteModels() {
	dead := map[string]*operations.Model{}
	for _, m := range d.gone(d.work, d.to) {
		if !d.mayDrop() {
			d.problem(d.refuseModel(m))
			continue
		}
		dead[m.Key()] = m
	}
	const visiting, done = 1, 2
	mark := map[string]int{}
	var visit func(m *operations.Model)
	visit = func(m *operations.Model) {
		mark[m.Key()] = visiting
		s := &step{app: m.App, op: operations.DeleteModel{Name: m.Name}, gives: []string{"-" + m.Key()}}
		for _, r := range d.work.Referrers(m.Key()) {
			key := r.Model.Key()
			field := key + "." + r.Field.Name
			switch {
			case key == m.Key():
			case dead[key] == nil:
				s.needs = append(s.needs, d.released(r, m))
			case mark[key] == visiting:
				if !slices.ContainsFunc(d.steps, func(o *step) bool { return slices.Contains(o.gives, "-"+field) }) {
					d.steps = append(d.steps, &step{app: r.Model.App, op: operations.RemoveField{Model: r.Model.Name, Name: r.Field.Name}, gives: []string{"-" + field}})
				}
				s.needs = append(s.needs, "-"+field)
			default:
				if mark[key] == 0 {
					visit(dead[key])
				}
				s.needs = append(s.needs, "-"+key)
			}
		}
		mark[m.Key()] = done
		d.steps = append(d.steps, s)
	}
	for _, m := range d.work.Models() {
		if dead[m.Key()] != nil && mark[m.Key()] == 0 {
			visit(m)
		}
	}
}

// released names what frees a model of a field that stays behind: the field is gone, or points elsewhere.
func (d *detector) released(r operations.Referrer, m *operations.Model) string {
	key := r.Model.Key() + "." + r.Field.Name
	if t := d.to.Find(r.Model.Key()); t != nil {
		if f, ok := t.Field(r.Field.Name); ok && convertible(r.Field, f) {
			return "~" + key
		}
	}
	return "-" + key
}

func (d *detector) refuseModel(m *operations.Model) error {
	message := fmt.Sprintf("model %s is gone; dropping it would delete its rows.", m)
	fresh := slices.DeleteFunc(d.gone(d.to, d.work), func(n *operations.Model) bool { return n.App != m.App })
	for _, n := range nearestModels(m, fresh) {
		message += fmt.Sprintf("\n    If it was renamed: --rename-model %s=%s", m.Name, n.Name)
	}
	if len(fresh) == 0 {
		message += fmt.Sprintf("\n    If it was renamed: --rename-model %s=NewName", m.Name)
	}
	return fmt.Errorf("%s\n    If it shall be dropped: --allow-drop", message)
}
