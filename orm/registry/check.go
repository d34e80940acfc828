package registry

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// checkModel returns the problems of a model that can only be found when all models are registered.
func (r *Registry) checkModel(m *schema.Model) []problem.Problem {
	var found []problem.Problem
	for _, f := range slices.Concat(m.Fields, m.ManyToMany) {
		rel := f.Relation
		if rel == nil {
			continue
		}
		if rel.To == nil && !r.linked(rel) {
			found = append(found, problem.Error("orm.E020", f.String(), fmt.Sprintf("points at %s, which is not registered", rel.Target),
				r.missingHint(rel)))
			continue
		}
		if rel.OnDelete == schema.OnDeleteUnset && rel.Kind != schema.KindManyToMany && !m.Auto {
			found = append(found, problem.Warning(
				"orm.W001",
				f.String(),
				"the foreign key does not declare what happens when its target is deleted, so that deletions are refused",
				`Declare it in Fields: orm.FK(f, &x.`+lastPart(rel.GoName)+`).OnDelete(orm.Cascade).`,
			))
		}
		found = append(found, checkDatabaseCascade(f)...)
	}
	for _, s := range r.slots[m] {
		if s.relation == nil {
			found = append(found, problem.Error("orm.E029", m.String()+"."+s.GoName, fmt.Sprintf("no foreign key of %s points here",
				s.Type), fmt.Sprintf("Add %sID to it, tag this field gorm:\"many2many:…\", or leave it out with gorm:\"-\".", m.Name)))
		}
	}
	for _, name := range m.Ordering {
		path, err := m.Resolve(strings.TrimPrefix(name, "-"))
		if err != nil {
			found = append(found, problem.Error("orm.E018", m.String(), "Meta.Ordering: "+err.Error(), ""))
		} else if path.ToMany() {
			found = append(found, problem.Error("orm.E018", m.String(), fmt.Sprintf("Meta.Ordering: %q follows a to-many relation", name),
				"Order by a column of the model or of a foreign key."))
		}
	}
	if m.Latest != "" && m.ByName(strings.TrimPrefix(m.Latest, "-")) == nil {
		found = append(found, problem.Error("orm.E018", m.String(), fmt.Sprintf("Meta.Latest names %q, which is not a field", m.Latest),
			problem.DidYouMean(m.Latest, m.FieldNames(), "")))
	}
	return found
}

func (r *Registry) missingHint(rel *schema.Relation) string {
	name := r.targets[rel].Name
	if name == "" {
		return "list it in the Models method of its app, and the app in the project"
	}
	var names []string
	for _, m := range r.models {
		names = append(names, m.String())
	}
	return problem.DidYouMean(name, names, "List it in the Models method of its app, and the app in the project.")
}
