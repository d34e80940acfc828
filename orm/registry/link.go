package registry

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/declare"
	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// link resolves relations whose target is registered, creates the through models of many-to-many relations, and finds the
// struct fields for the objects of reverse relations. It runs after every registration.
func (r *Registry) link() []problem.Problem {
	var found []problem.Problem
	for _, m := range r.models {
		for _, s := range r.slots[m] {
			r.keyOfSlot(m, s)
		}
	}
	for _, m := range slices.Clone(r.models) {
		for _, f := range m.Fields {
			if f.Relation != nil && !r.linked(f.Relation) {
				found = append(found, r.linkKey(f)...)
			}
		}
	}
	for _, m := range slices.Clone(r.models) {
		for _, f := range m.ManyToMany {
			if !r.linked(f.Relation) {
				found = append(found, r.linkManyToMany(f)...)
			}
		}
	}
	return found
}

// keyOfSlot makes a column a foreign key if only the target has a struct field for the relation: "Cards []Card" in Person and
// "PersonID" in Card, without a "Person" in Card.
func (r *Registry) keyOfSlot(m *schema.Model, s *slot) {
	child := r.byType[s.Type]
	if s.relation != nil || child == nil {
		return
	}
	name := s.ForeignKey
	if name == "" {
		name = m.Name + "ID"
	}
	f := child.ByGoName(name)
	if f == nil || f.Relation != nil || f.PrimaryKey {
		return
	}
	f.Name = strings.TrimSuffix(f.Attr, "_id")
	if other := child.ByName(f.Name); other != nil && other != f {
		f.Name = f.Attr
	}
	f.Label = schema.CapitalFirst(schema.LabelOf(strings.TrimSuffix(f.GoName, "ID")))
	f.Kind = schema.KindForeignKey
	if f.Unique {
		f.Kind = schema.KindOneToOne
	}
	f.Relation = &schema.Relation{Kind: f.Kind, From: child, Field: f, Target: m.String(), Constraint: true}
	r.targets[f.Relation] = &target{Target: &declare.Target{Type: m.Type, Field: s.References}}
	child.BuildIndex()
}

// target is the unresolved part of a relation.
type target struct {
	*declare.Target
	linked bool // the relation is resolved, or cannot be
}

// slot is a struct field for the objects of another model's relation.
type slot struct {
	*declare.Slot
	relation *schema.Relation // nil until it is known
}

// linked reports whether the registry has resolved a relation or reported why it cannot.
func (r *Registry) linked(rel *schema.Relation) bool { return r.targets[rel].linked }

// targetOf returns the model that a relation points at, or nil while it is not registered.
func (r *Registry) targetOf(rel *schema.Relation) *schema.Model {
	t := r.targets[rel]
	if t.Type != nil {
		return r.byType[t.Type]
	}
	return r.find(t.Name)
}

func (r *Registry) linkKey(f *schema.Field) []problem.Problem {
	rel := f.Relation
	t, to := r.targets[rel], r.targetOf(rel)
	if to == nil {
		return nil
	}
	t.linked = true
	ref := to.PK
	if t.Field != "" {
		ref = to.ByGoName(t.Field)
		if ref == nil {
			return []problem.Problem{problem.Error("orm.E024", f.String(), fmt.Sprintf("%s has no field %q to point at", to, t.Field),
				problem.DidYouMean(t.Field, to.FieldNames(), ""))}
		}
	}
	if ref == nil || len(to.PrimaryKeys) > 1 && t.Field == "" {
		return []problem.Problem{problem.Error("orm.E025", f.String(),
			fmt.Sprintf("%s has a composite primary key, which foreign keys cannot point at", to), "Give it a single one.")}
	}
	if f.Type != nil && ref.Type != nil && !sameBase(f.Type, ref.Type) {
		return []problem.Problem{problem.Error("orm.E026", f.String(), fmt.Sprintf("the key is %s, but %s is %s", f.Type, ref, ref.Type),
			fmt.Sprintf("Make %s a %s.", f.GoName, ref.Type))}
	}
	if t.Name != "" && !strings.EqualFold(t.Name, to.String()) {
		rel.Alias = t.Name
	}
	rel.To, rel.ToField, rel.Target = to, ref, to.String()
	return r.addReverse(rel)
}

// sameBase compares two types without pointers; integers of any width may point at each other.
func sameBase(a, b reflect.Type) bool {
	if inner := schema.Nullable(a); inner != nil {
		a = inner
	}
	for a.Kind() == reflect.Pointer {
		a = a.Elem()
	}
	for b.Kind() == reflect.Pointer {
		b = b.Elem()
	}
	return a == b || schema.KindOf(a).IsInteger() && schema.KindOf(b).IsInteger() || a.Kind() == b.Kind() && a.Kind() == reflect.String
}
