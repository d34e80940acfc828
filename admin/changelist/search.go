package changelist

import (
	"strings"
	"unicode"

	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

type searchField struct {
	path  string // with its lookup
	field *schema.Field
	label string
	own   bool // a field of the model itself
	exact bool // numbers and keys: compared only with words that can be one
}

func newSearchField(model *schema.Model, name string) (searchField, *Problem) {
	lookup, plain := schema.IContains, name
	switch {
	case strings.HasPrefix(name, "^"):
		lookup, plain = schema.IStartsWith, name[1:]
	case strings.HasPrefix(name, "="):
		lookup, plain = schema.IExact, name[1:]
	}
	path, err := model.Resolve(plain)
	if err != nil {
		return searchField{}, unresolved("Search", plain, model, err)
	}
	if path.Relation {
		hint := "Name one of its text fields."
		for _, f := range path.Field.Model.Fields {
			if path.Field.Relation != nil && path.Field.Relation.To != nil {
				break
			}
			if f.Kind.IsText() {
				hint = "Write " + quote(plain+"__"+f.Name) + "."
				break
			}
		}
		if path.Field.Relation != nil && path.Field.Relation.To != nil {
			for _, f := range path.Field.Relation.To.Fields {
				if f.Kind.IsText() {
					hint = "Write " + quote(plain+"__"+f.Name) + "."
					break
				}
			}
		}
		return searchField{}, &Problem{Option: "Search", Name: name, Message: quote(plain) + " is a relation, which has no text to search", Hint: hint}
	}
	field := searchField{path: plain, field: path.Field, own: len(path.Steps) == 0 && len(path.Keys) == 0 && len(path.Transforms) == 0, label: strings.ToLower(pathLabel(path))}
	switch {
	case path.Lookup != schema.Exact || strings.HasSuffix(plain, "__"+schema.Exact):
	case path.Field.ColumnKind().IsText():
		field.path += "__" + lookup
	case path.Field.ColumnKind() == schema.KindJSON:
		field.path += "__" + schema.IContains
	default:
		field.exact = true
	}
	return field, nil
}

const (
	maxQuery = 500 // characters of the q parameter that are looked at
	maxTerms = 12
)

// Terms splits a search into words and "quoted phrases". Control characters count as spaces.
func Terms(q string) []string {
	if len(q) > 4*maxQuery {
		q = strings.ToValidUTF8(q[:4*maxQuery], "")
	}
	var terms []string
	var word strings.Builder
	quoted := false
	flush := func() {
		if text := strings.TrimSpace(word.String()); text != "" && len(terms) < maxTerms {
			terms = append(terms, text)
		}
		word.Reset()
	}
	for _, r := range strings.ToValidUTF8(q, "") {
		switch {
		case r == '"':
			flush()
			quoted = !quoted
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if quoted {
				word.WriteByte(' ')
			} else {
				flush()
			}
		default:
			word.WriteRune(r)
		}
	}
	flush()
	return terms
}

// SearchByDefault makes the objects findable by up to three short text fields of the model, where Options.Search is empty:
// pickers use it. The list gets no search box by it.
func (c *Config) SearchByDefault() {
	for _, f := range c.Model.Fields {
		if (f.Kind == schema.KindChar || f.Kind == schema.KindEmail || f.Kind == schema.KindSlug) && f.Editable && !f.HasChoices() && len(c.find) < 3 {
			if field, problem := newSearchField(c.Model, f.Name); problem == nil {
				c.find = append(c.find, field)
			}
		}
	}
}

// Lookup returns the objects that a text finds, in the list's order. [Config.Find] has the best of them first.
func (c *Config) Lookup(e env.Env, text string) dynamic.Query {
	query := e.Objects(c.Model).OrderBy(c.terms(nil)...)
	fields := c.search
	if len(fields) == 0 {
		fields = c.find
	}
	if q, ok := conditionFor(fields, text); ok {
		query = query.Filter(q)
	}
	return query
}

// conditionFor makes the condition of a search: every term occurs in one of the fields.
func conditionFor(fields []searchField, text string) (dynamic.Condition, bool) {
	terms := Terms(text)
	if len(terms) == 0 || len(fields) == 0 {
		return dynamic.Condition{}, false
	}
	all := make([]dynamic.Condition, 0, len(terms))
	for _, word := range terms {
		some := make([]dynamic.Condition, 0, len(fields))
		for _, field := range fields {
			if !field.exact {
				some = append(some, dynamic.Is(field.path, word))
			} else if v, err := field.field.Convert(word); err == nil {
				some = append(some, dynamic.Is(field.path, v))
			}
		}
		if len(some) == 0 { // no field can hold the word
			some = append(some, dynamic.Is("pk__in", []any{}))
		}
		all = append(all, dynamic.Or(some...))
	}
	return dynamic.And(all...), true
}
