package schema

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Condition is a condition on the rows of a model as descriptions of models contain it: an orm.Condition, or an
// dynamic.ConditionFunc, which computes one.
type Condition interface {
	// Resolve returns the condition for a context, in the form in which package orm keeps conditions.
	Resolve(ctx context.Context) (any, error)
}

// Index is a plain index of fields or of SQL expressions, or one for full-text search.
type Index struct {
	Name        string
	Fields      []string // names of fields, "-" before one means descending
	Expressions []string // SQL expressions that follow the fields, such as "lower(title)"
	Where       string   // SQL condition of a partial index, "" for none
	Include     []string // names of fields that the index holds without ordering by them
	// OperatorClasses are those of Fields and then of Expressions, "" for the default one.
	OperatorClasses []string
	Method          string // of the database, such as "gin"; "" for its default
	// Search makes it an index for full-text search of Fields, which have text, for the lookup "search". It takes none of the
	// options above but Name and Fields.
	Search bool
	// Language is that of the text of a Search index, such as "english", so that a search for "run" finds "running" too. With ""
	// words are found as they are written. PostgreSQL knows many languages, SQLite English only, and MariaDB none.
	Language string
}

// Unique is a constraint: no two rows have the same values in all of the fields and expressions. NULL is not equal to
// anything, unless NullsNotDistinct.
type Unique struct {
	Name             string
	Fields           []string
	Expressions      []string // SQL expressions that follow the fields, such as "lower(email)"
	Where            string   // SQL condition of the rows to which it applies, "" for all
	Include          []string // names of fields that its index holds without comparing them
	OperatorClasses  []string // of Fields and then of Expressions, "" for the default one
	NullsNotDistinct bool     // NULL is equal to NULL
	Deferrable       dialect.Deferrable
	Message          string // user-facing message; "" for a general one
}

// Check is a condition that the database enforces. A row for which it is NULL meets it.
type Check struct {
	Name    string
	SQL     string
	Message string // user-facing message; "" for a general one
}

// SearchIndex returns the index for full-text search of one field of the model, by its name. That of the name "" is the one
// of several fields, or else the only one. It returns nil if there is none.
func (m *Model) SearchIndex(field string) *Index {
	var found *Index
	for i := range m.Indexes {
		x := &m.Indexes[i]
		switch {
		case !x.Search:
		case field == "" && len(x.Fields) > 1, field != "" && slices.Equal(x.Fields, []string{field}):
			return x
		case field == "" && found != nil:
			return nil
		case field == "":
			found = x
		}
	}
	return found
}

// IsSearchLanguage reports whether a text can be the name of the language of an index for full-text search: lower-case
// letters, digits and underscores, as databases name languages. So can the empty text.
func IsSearchLanguage(name string) bool {
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && len(name) <= maxName
}

// search ends a path with the lookup "search": of a field, or of the model at if field is nil.
func (p *Path) search(at *Model, field *Field) error {
	name := ""
	if p.Field, p.Relation, p.Lookup = at.PK, false, Search; field != nil {
		p.Field, name = field, field.Name
	}
	if p.Search = at.SearchIndex(name); p.Search != nil {
		return nil
	}
	return &LookupError{Model: p.Model, Path: p.Text, Part: Search, Problem: missingSearch(at, name)}
}

// missingSearch describes the index that a search of a model, or of one of its fields, needs.
func missingSearch(m *Model, field string) string {
	var names, own []string
	for _, f := range m.Fields {
		if f.Kind.IsText() {
			names = append(names, fmt.Sprintf("%q", f.Name))
		}
	}
	for _, x := range m.Indexes {
		if x.Search {
			own = append(own, x.Fields[0]+"__"+Search)
		}
	}
	switch {
	case field == "" && len(own) > 1:
		return fmt.Sprintf("%s has several indexes for full-text search; name one: %s", m, strings.Join(own, ", "))
	case len(names) == 0:
		return m.String() + " has no field with text that could be searched"
	case field != "":
		names = []string{fmt.Sprintf("%q", field)}
	}
	what := m.String()
	if field != "" {
		what += "." + field
	}
	return fmt.Sprintf("%s has no index for full-text search; add one to Meta and run makemigrations: "+
		"Indexes: []orm.Index{{Fields: []string{%s}, Search: true}}", what, strings.Join(names, ", "))
}
