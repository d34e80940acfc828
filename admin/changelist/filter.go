package changelist

import (
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/schema"
)

// Filter is a field that the list can be narrowed by.
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
	if path.Lookup != schema.Exact || len(path.Keys) > 0 || len(path.Transforms) > 0 || strings.HasSuffix(name, "__exact") {
		return nil, &Problem{Option: "Filter", Name: name, Message: quote(name) + " is a comparison, not a field", Hint: "Name the field only; users choose the comparison."}
	}
	return &Filter{Name: name, Label: pathLabel(path), path: path}, nil
}

// related is the model whose objects the filter chooses from, nil for plain fields.
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

// sameField reports whether two paths end on the same field by the same way.
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

// readable lists the comparisons that the address may ask for, with the words that chips say them in.
var readable = map[string]string{
	schema.Exact: "", schema.IExact: "", schema.In: "", schema.IsNull: "",
	schema.Contains: "contains", schema.IContains: "contains",
	schema.StartsWith: "begins with", schema.IStartsWith: "begins with",
	schema.EndsWith: "ends with", schema.IEndsWith: "ends with",
	schema.Gt: "more than", schema.Gte: "at least", schema.Lt: "less than", schema.Lte: "at most",
	schema.Range: "between",
}

// words says a comparison for a chip.
func words(path *schema.Path) string {
	if path.Kind().IsTime() {
		switch path.Lookup {
		case schema.Gt:
			return "after"
		case schema.Gte:
			return "from"
		case schema.Lt:
			return "before"
		case schema.Lte:
			return "until"
		}
	}
	return readable[path.Lookup]
}

// condition is one comparison that the address asks for.
type condition struct {
	key      string   // the parameter, "status" or "created_at__gte"
	values   []string // as they came
	path     *schema.Path
	filter   *Filter // nil for fields that have no filter of their own
	location *time.Location
}

// lookup gives the condition as path and value for the query.
func (c condition) lookup() (string, any) {
	base := strings.TrimSuffix(c.key, "__"+c.path.Lookup)
	switch c.path.Lookup {
	case schema.Exact:
		if len(c.values) > 1 {
			return base + "__" + schema.In, c.converted()
		}
	case schema.IsNull:
		return c.key, truth(c.values[0])
	case schema.In, schema.Range:
		return c.key, c.converted()
	}
	value, _ := convert(c.path, c.values[0], c.location) // State.Parse has seen that it can be converted
	if day, ok := value.(time.Time); ok && len(c.values[0]) == len(time.DateOnly) && c.path.Kind() == schema.KindDateTime {
		// A date means the whole day: until the 3rd includes the 3rd, after the 3rd does not.
		switch c.path.Lookup {
		case schema.Lte:
			return base + "__" + schema.Lt, day.AddDate(0, 0, 1)
		case schema.Gt:
			return base + "__" + schema.Gte, day.AddDate(0, 0, 1)
		case schema.Exact:
			return base + "__" + schema.Range, []any{day, day.AddDate(0, 0, 1).Add(-time.Microsecond)}
		}
	}
	return c.key, value
}

func (c condition) converted() []any {
	out := make([]any, 0, len(c.values))
	for _, one := range c.values {
		if v, err := convert(c.path, one, c.location); err == nil {
			out = append(out, v)
		}
	}
	return out
}

func truth(text string) bool {
	return slices.Contains([]string{"1", "true", "yes", "on"}, strings.ToLower(text))
}

// allowed reports whether the address may compare the path: a field that is listed or filtered by, the key, or one of
// the model's own relations. Anything else might tell what the reader may not see.
func (c *Config) allowed(path *schema.Path) (*Filter, bool) {
	if _, known := readable[path.Lookup]; !known || len(path.Keys) > 0 {
		return nil, false
	}
	for _, filter := range c.Filters {
		if sameField(filter.path, path) {
			return filter, true
		}
		// "author__id" compares what "author" does.
		if related := filter.related(); related != nil && path.Field == related.PK && len(path.Steps) == len(filter.path.Steps)+1 {
			last := path.Steps[len(path.Steps)-1]
			if !last.Reverse && last.Relation.Field == filter.path.Field {
				return filter, true
			}
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
