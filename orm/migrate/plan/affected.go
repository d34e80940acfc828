package plan

import (
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// pair is a table before and after a change; nil stands for "does not exist".
type pair struct{ old, new *table }

// pairs lists the tables that a change may touch: those of models that differ, and of models that point at one.
func (c Change) pairs() ([]pair, error) {
	var list []pair
	place := map[identity]int{}
	before, after := c.touched()
	for _, m := range c.Before.Models() {
		if !before[m.Key()] {
			continue
		}
		ts, err := tables(c.Before, m)
		if err != nil {
			return nil, err
		}
		for _, t := range ts {
			place[c.identityAfter(t.id)] = len(list)
			list = append(list, pair{old: &t})
		}
	}
	for _, m := range c.After.Models() {
		if !after[m.Key()] {
			continue
		}
		ts, err := tables(c.After, m)
		if err != nil {
			return nil, err
		}
		for _, t := range ts {
			if i, ok := place[t.id]; ok {
				list[i].new = &t
				continue
			}
			list = append(list, pair{new: &t})
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
	for grown := true; grown; { // a key that is itself a reference passes its kind on
		grown = false
		for _, side := range []struct {
			s    *state.State
			keys map[string]bool
		}{{c.Before, before}, {c.After, after}} {
			for _, m := range side.s.Models() {
				if !side.keys[m.Key()] && pointsAtOne(side.s, m, side.keys) {
					side.keys[m.Key()], grown = true, true
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

func pointsAtOne(s *state.State, m *state.Model, keys map[string]bool) bool {
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

// refAfter tells where a reference leads after the change; that the target is called otherwise does not count.
func (c Change) refAfter(r reference) reference {
	if r == (reference{}) {
		return r
	}
	return reference{id: c.identityAfter(r.id), field: c.fieldAfter(r.id.model, r.field)}
}

// sameColumn reports whether a column is stored alike before and after, apart from its name.
func (c Change) sameColumn(old, new column) bool {
	old.ref, new.ref = c.refAfter(old.ref), reference{id: new.ref.id, field: new.ref.field}
	old.id, old.name, new.id, new.name = "", "", "", ""
	return old == new
}
