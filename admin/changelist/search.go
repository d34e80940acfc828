package changelist

import (
	"strconv"
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
	own   bool // a field of the model itself, without a path
	exact bool // numbers and keys: compared for equality with words that can be converted
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
		return searchField{}, &Problem{
			Option: "Search", Name: name, Message: strconv.Quote(plain) + " is a relation, which has no text to search",
			Hint: textFieldHint(plain, path),
		}
	}
	field := searchField{path: plain, field: path.Field, label: strings.ToLower(pathLabel(path))}
	field.own = len(path.Steps) == 0 && len(path.Keys) == 0 && len(path.Transforms) == 0
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

// textFieldHint suggests the first text field of the model at the end of a relation.
func textFieldHint(name string, path *schema.Path) string {
	model := path.Field.Model
	if path.Field.Relation != nil && path.Field.Relation.To != nil {
		model = path.Field.Relation.To
	}
	for _, f := range model.Fields {
		if f.Kind.IsText() {
			return "Write " + strconv.Quote(name+"__"+f.Name) + "."
		}
	}
	return "Name one of its text fields."
}

const (
	maxQuery = 500 // characters of the q parameter
	maxTerms = 12  // words and phrases of a search
)

// Terms splits a search into at most 12 words and "quoted phrases". Control characters count as spaces.
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

// SearchByDefault makes the objects findable by up to three short text fields of the model, where Options.Search is
// empty: pickers use it. The list gets no search box by it.
func (c *Config) SearchByDefault() {
	for _, f := range c.Model.Fields {
		short := f.Kind == schema.KindChar || f.Kind == schema.KindEmail || f.Kind == schema.KindSlug
		if short && f.Editable && !f.HasChoices() && len(c.defaultSearch) < 3 {
			if field, problem := newSearchField(c.Model, f.Name); problem == nil {
				c.defaultSearch = append(c.defaultSearch, field)
			}
		}
	}
}

// Lookup returns a query of the objects that match a text, in the list's order. [Config.Find] returns the best
// matches first.
func (c *Config) Lookup(e env.Env, text string) dynamic.Query {
	query := e.Objects(c.Model).OrderBy(c.terms(nil)...)
	fields := c.search
	if len(fields) == 0 {
		fields = c.defaultSearch
	}
	if q, ok := conditionFor(fields, text); ok {
		query = query.Filter(q)
	}
	return query
}

// conditionFor returns the condition that every term of a search occurs in one of the fields; ok is false without
// terms.
func conditionFor(fields []searchField, text string) (condition dynamic.Condition, ok bool) {
	terms := Terms(text)
	if len(terms) == 0 || len(fields) == 0 {
		return dynamic.Condition{}, false
	}
	all := make([]dynamic.Condition, 0, len(terms))
	for _, word := range terms {
		alternatives := make([]dynamic.Condition, 0, len(fields))
		for _, field := range fields {
			if !field.exact {
				alternatives = append(alternatives, dynamic.Is(field.path, word))
			} else if v, err := field.field.Convert(word); err == nil {
				alternatives = append(alternatives, dynamic.Is(field.path, v))
			}
		}
		if len(alternatives) == 0 { // no field can hold the word
			alternatives = append(alternatives, dynamic.Is("pk__in", []any{}))
		}
		all = append(all, dynamic.Or(alternatives...))
	}
	return dynamic.And(all...), true
}
