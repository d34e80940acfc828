package registry

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// addReverse adds a relation to the model that it points at.
func (r *Registry) addReverse(rel *schema.Relation) []problem.Problem {
	to := rel.To
	lookup := rel.LookupName
	rel.LookupName = "" // until it is known that the name is free
	to.Reverse = append(to.Reverse, rel)
	if s := r.slotFor(rel); s != nil {
		s.relation = rel
		rel.ReverseGoName, rel.ReverseGoIndex = s.GoName, s.GoIndex
		if rel.Kind != schema.KindManyToMany {
			s.Constraint.Apply(rel)
		}
	}
	problems := r.nameReverse(rel)
	if lookup != "" && !problem.HasErrors(problems) {
		problems = append(problems, addLookupName(rel, lookup)...)
	}
	return problems
}

// addLookupName adds another name of a reverse relation.
func addLookupName(rel *schema.Relation, name string) []problem.Problem {
	clash := taken(rel.To, name)
	switch {
	case name == rel.QueryName:
		return nil
	case rel.QueryName == "":
		return []problem.Problem{problem.Error("orm.E027", rel.Field.String(),
			fmt.Sprintf("RelatedQuery names %q, but there is no reverse relation", name),
			"Leave RelatedQuery out, or name the relation with Related.")}
	case clash != "":
		return []problem.Problem{problem.Error("orm.E027", rel.Field.String(),
			fmt.Sprintf("the name %q of RelatedQuery is taken in %s by %s", name, rel.To, clash), "Give it another name.")}
	case strings.Contains(name, "__") || name == "pk":
		return []problem.Problem{problem.Error("orm.E006", rel.Field.String(),
			fmt.Sprintf("the name %q of RelatedQuery cannot be used in lookups", name), "Give it another name.")}
	}
	rel.LookupName = name
	return nil
}

// nameReverse sets the name of a reverse relation.
func (r *Registry) nameReverse(rel *schema.Relation) []problem.Problem {
	to, name := rel.To, rel.RelatedName
	switch {
	case name == "-":
		return nil
	case name != "":
		if f := to.ByName(name); f != nil && f.Relation != nil && r.mirrors(rel, f.Relation) {
			return nil // that field is the reverse relation
		}
		if clash := taken(to, name); clash != "" {
			return []problem.Problem{problem.Error("orm.E027", rel.Field.String(),
				fmt.Sprintf("the related name %q is taken in %s by %s", name, to, clash), "Give it another name with Related.")}
		}
		if strings.Contains(name, "__") || name == "pk" {
			return []problem.Problem{problem.Error("orm.E006", rel.Field.String(),
				fmt.Sprintf("the related name %q cannot be used in lookups", name), "Give it another name with Related.")}
		}
		rel.QueryName = name
		return nil
	case rel.ReverseGoName != "":
		name = schema.SnakeName(rel.ReverseGoName)
	default:
		name = schema.SnakeName(rel.From.Name)
	}
	for _, f := range to.ManyToMany {
		if r.mirrors(rel, f.Relation) {
			return nil // that field is the reverse relation
		}
	}
	clash := taken(to, name)
	if clash == "" {
		rel.QueryName = name
		return nil
	}
	longer := schema.SnakeName(rel.From.Name) + "_by_" + rel.Field.Name
	if taken(to, longer) == "" {
		rel.QueryName = longer
	}
	return []problem.Problem{problem.Warning("orm.W003", rel.Field.String(),
		fmt.Sprintf("the reverse relation of %s cannot be called %q, which is the name of %s; it is called %q", to, name, clash,
			rel.QueryName), "Name it with Related.")}
}

// taken describes the field or reverse relation of a model that has a name. It returns "" if there is none.
func taken(m *schema.Model, name string) string {
	if f := m.ByName(name); f != nil {
		return "the field " + f.String()
	}
	if rev := m.ReverseBy(name); rev != nil {
		return "the reverse relation of " + rev.Field.String()
	}
	return ""
}

// slotFor returns the struct field for the objects of an incoming relation, or nil.
func (r *Registry) slotFor(rel *schema.Relation) *slot {
	m := rel.To
	if rel.From.Type == nil {
		return nil
	}
	var candidate *slot
	for _, s := range r.slots[m] {
		if s.Type != rel.From.Type || s.relation != nil || rel.Kind == schema.KindManyToMany {
			continue
		}
		if s.ForeignKey != "" {
			if s.ForeignKey == rel.Field.GoName {
				return s
			}
			continue
		}
		if rel.RelatedName != "" && schema.SnakeName(s.GoName) == rel.RelatedName || rel.Field.GoName == m.Name+"ID" {
			return s
		}
		if rel.RelatedName == "" {
			candidate = s
		}
	}
	if candidate != nil && r.keysTo(rel.From, m) == 1 {
		return candidate
	}
	return nil
}

// keysTo counts the foreign keys that point at a model.
func (r *Registry) keysTo(m, to *schema.Model) int {
	n := 0
	for _, f := range m.Fields {
		if f.Relation != nil && (f.Relation.To == to || to.Type != nil && r.targets[f.Relation].Type == to.Type) {
			n++
		}
	}
	return n
}
