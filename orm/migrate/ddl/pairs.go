package ddl

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// pair is a table before and after a change; nil means that it does not exist.
type pair struct{ before, after *table }

// pairs lists the tables that a change may affect: those of models that differ, and of models that reference one of them.
func (c Change) pairs() ([]pair, error) {
	var list []pair
	index := map[identity]int{}
	before, after := c.touched()
	for _, m := range c.Before.Models() {
		if !before[m.Key()] || c.elsewhere(m) {
			continue
		}
		ts, err := tables(c.Before, m)
		if err != nil {
			return nil, err
		}
		for _, t := range ts {
			index[c.identityAfter(t.id)] = len(list)
			list = append(list, pair{before: &t})
		}
	}
	for _, m := range c.After.Models() {
		if !after[m.Key()] || c.elsewhere(m) {
			continue
		}
		ts, err := tables(c.After, m)
		if err != nil {
			return nil, err
		}
		for _, t := range ts {
			if i, ok := index[t.id]; ok {
				list[i].after = &t
				continue
			}
			list = append(list, pair{after: &t})
		}
	}
	return list, nil
}

// touched returns the keys of the models in question, before and after.
func (c Change) touched() (before, after map[string]bool) {
	before, after = map[string]bool{}, map[string]bool{}
	for _, m := range c.Before.Models() {
		if c.After.Find(c.modelAfter(m.Key())) != m {
			before[m.Key()], after[c.modelAfter(m.Key())] = true, true
		}
	}
	for _, m := range c.After.Models() {
		if c.Before.Find(m.Key()) == nil {
			after[m.Key()] = true
		}
	}
	for changed := true; changed; { // a key that is itself a reference passes its type on
		changed = false
		for _, side := range []struct {
			s    *operations.State
			keys map[string]bool
		}{{c.Before, before}, {c.After, after}} {
			for _, m := range side.s.Models() {
				if !side.keys[m.Key()] && referencesOne(side.s, m, side.keys) {
					side.keys[m.Key()], changed = true, true
				}
			}
		}
	}
	for key := range before {
		if c.After.Find(c.modelAfter(key)) != nil {
			after[c.modelAfter(key)] = true
		}
	}
	for key := range after {
		if c.renamedModel[1] != key && c.Before.Find(key) != nil {
			before[key] = true
		}
	}
	return before, after
}

func referencesOne(s *operations.State, m *operations.Model, keys map[string]bool) bool {
	for _, f := range m.Fields {
		if f.Kind.IsRelation() && keys[s.Resolve(f.Options.To)] {
			return true
		}
	}
	return false
}

func (c Change) identityAfter(id identity) identity {
	return identity{c.modelAfter(id.model), c.fieldAfter(id.model, id.field)}
}

// targetAfter returns where a reference leads after the change; the target's name does not count.
func (c Change) targetAfter(t target) target {
	if t == (target{}) {
		return t
	}
	return target{id: c.identityAfter(t.id), field: c.fieldAfter(t.id.model, t.field)}
}

// sameColumn reports whether a column is stored alike before and after, apart from its name.
func (c Change) sameColumn(before, after column) bool {
	if c.targetAfter(before.ref) != after.ref {
		return false
	}
	for _, x := range []*dialect.Column{&before.Column, &after.Column} {
		x.Name, x.References.Table, x.References.Column = "", "", ""
	}
	return before.Column == after.Column
}
