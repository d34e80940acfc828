package changelist

import (
	"strconv"

	"github.com/quintetgo/quintet/orm/schema"
)

// Filter is a field that users can filter the list by.
type Filter struct {
	Name  string // as the developer wrote it, "author" or "author__groups"
	Label string
	path  *schema.Path
}

func newFilter(model *schema.Model, name string) (*Filter, *Problem) {
	path, err := model.Resolve(name)
	if err != nil {
		return nil, unresolved("Filter", name, model, err)
	}
	if isComparison(name, path) {
		return nil, &Problem{
			Option: "Filter", Name: name, Message: strconv.Quote(name) + " is a comparison, not a field",
			Hint: "Name the field only; users choose the comparison.",
		}
	}
	return &Filter{Name: name, Label: pathLabel(path), path: path}, nil
}

// related returns the model whose objects the filter selects from, nil for plain fields.
func (f *Filter) related() *schema.Model {
	switch {
	case !f.path.Relation:
		return nil
	case f.path.Field.Relation != nil && f.path.Field.Kind != schema.KindManyToMany:
		return f.path.Field.Relation.To
	case len(f.path.Steps) > 0:
		return f.path.Steps[len(f.path.Steps)-1].To()
	}
	return nil
}

// sameField reports whether two paths lead over the same relations to the same field.
func sameField(a, b *schema.Path) bool {
	if a.Field != b.Field || len(a.Steps) != len(b.Steps) {
		return false
	}
	for i := range a.Steps {
		if a.Steps[i].Relation != b.Steps[i].Relation || a.Steps[i].Reverse != b.Steps[i].Reverse {
			return false
		}
	}
	return true
}

// allowed reports whether the address may compare a path: a field that is listed or filtered by, the primary key, or a
// relation of the model itself. Comparing other fields could disclose values that the user may not view. The filter is nil for
// fields without one.
func (c *Config) allowed(path *schema.Path) (*Filter, bool) {
	if _, ok := comparisonTexts[path.Lookup]; !ok || len(path.Keys) > 0 {
		return nil, false
	}
	for _, filter := range c.Filters {
		if sameField(filter.path, path) || filter.comparesKey(path) {
			return filter, true
		}
	}
	if len(path.Steps) == 0 && (path.Field == c.Model.PK || path.Field.Relation != nil) {
		return nil, true
	}
	for _, column := range c.Columns {
		if listed, err := c.Model.Resolve(column.Name); err == nil && sameField(listed, path) {
			return nil, true
		}
	}
	return nil, false
}

// comparesKey reports whether a path compares the key of the filter's relation: "author__id" is the same as "author"
// does.
func (f *Filter) comparesKey(path *schema.Path) bool {
	related := f.related()
	if related == nil || path.Field != related.PK || len(path.Steps) != len(f.path.Steps)+1 {
		return false
	}
	last := path.Steps[len(path.Steps)-1]
	return !last.Reverse && last.Relation.Field == f.path.Field
}
