package autodetect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// createModels creates the new models, each after the models that it references. If models reference each other in a cycle,
// a reference is added once both exist.
func (d *detector) createModels() {
	d.postponed = map[string]bool{}
	added := map[string]*operations.Model{}
	for _, m := range d.missingModels(d.to, d.work) {
		added[m.Key()] = m
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
			t := added[target]
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
		if added[m.Key()] != nil && mark[m.Key()] == 0 {
			visit(m)
		}
	}
	made := map[string]bool{}
	for _, m := range order {
		for _, f := range m.Fields { // a many-to-many field waits for its through model, which references this one
			if through := d.to.Resolve(f.Options.Through); added[through] != nil && !made[through] {
				d.postponed[m.Key()+"."+f.Name] = true
			}
		}
		d.createModel(m)
		made[m.Key()] = true
	}
}

func (d *detector) createModel(m *operations.Model) {
	op := operations.CreateModel{Name: m.Name, Table: table(m), Unmanaged: m.Unmanaged}
	s := &step{app: m.App, effects: []string{"+" + m.Key()}}
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
		s.effects = append(s.effects, "+"+m.Key()+"."+f.Name)
		d.noteTargets(m, f, s)
	}
	for _, x := range m.Indexes {
		if needs := d.later(m, slices.Concat(x.Fields, x.Include)); needs != nil {
			add(operations.AddIndex{Model: m.Name, Index: x}, needs...)
		} else {
			op.Indexes = append(op.Indexes, x)
		}
	}
	for _, x := range m.Unique {
		if needs := d.later(m, slices.Concat(x.Fields, x.Include)); needs != nil {
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
		a := &step{
			app: m.App, op: operations.AddField{Model: m.Name, Field: f}, needs: []string{"+" + m.Key()},
			effects: []string{"+" + m.Key() + "." + f.Name},
		}
		d.noteTargets(m, f, a)
		d.steps = append(d.steps, a)
	}
	d.steps = append(d.steps, later...)
}

// noteTargets records which models the field of a new model needs.
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

// later returns the preconditions of an index over fields, nil if there are none.
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

// deleteModels drops the removed models, those that reference others first. In a cycle a reference is removed before.
func (d *detector) deleteModels() {
	dead := map[string]*operations.Model{}
	for _, m := range d.missingModels(d.work, d.to) {
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
		s := &step{app: m.App, op: operations.DeleteModel{Name: m.Name}, effects: []string{"-" + m.Key()}}
		for _, r := range d.work.Referrers(m.Key()) {
			key := r.Model.Key()
			field := key + "." + r.Field.Name
			switch {
			case key == m.Key():
			case dead[key] == nil:
				s.needs = append(s.needs, d.released(r, m))
			case mark[key] == visiting:
				if !slices.ContainsFunc(d.steps, func(o *step) bool { return slices.Contains(o.effects, "-"+field) }) {
					d.steps = append(d.steps, &step{
						app: r.Model.App, op: operations.RemoveField{Model: r.Model.Name, Name: r.Field.Name},
						effects: []string{"-" + field},
					})
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

// released returns the effect after which a field no longer references a model: it is removed, or has another target.
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
	message := fmt.Sprintf("model %s no longer exists; dropping its table would delete its rows.", m)
	added := slices.DeleteFunc(d.missingModels(d.to, d.work), func(n *operations.Model) bool { return n.App != m.App })
	for _, n := range nearestModels(m, added) {
		message += fmt.Sprintf("\n    If it was renamed: --rename-model %s=%s", m.Name, n.Name)
	}
	if len(added) == 0 {
		message += fmt.Sprintf("\n    If it was renamed: --rename-model %s=NewName", m.Name)
	}
	return fmt.Errorf("%s\n    To drop it: --allow-drop", message)
}
