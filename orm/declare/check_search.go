package declare

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/schema"
)

// search checks the options of an index for full-text search.
func (p *parser) search(x schema.Index) {
	place := p.model.String()
	switch {
	case !x.Search && x.Language != "":
		p.bad("orm.E058", place, fmt.Sprintf("Meta.Indexes has the language %q in an index that is not for full-text search", x.Language),
			"Add Search: true, or leave Language out.")
		return
	case !x.Search:
		return
	case len(x.Expressions)+len(x.Include)+len(x.OperatorClasses) > 0, x.Where != "", x.Method != "":
		p.bad("orm.E058", place, "an index for full-text search takes Name, Fields and Language only",
			"Leave the other options out, or declare another index with them.")
	case !schema.IsSearchLanguage(x.Language):
		p.bad("orm.E058", place, fmt.Sprintf("Meta.Indexes has the language %q, which is not the name of one", x.Language),
			`Write a name such as "english", or leave Language out to find words as they are written.`)
	case p.model.ByColumn(x.Name) != nil:
		p.bad("orm.E058", place, fmt.Sprintf("the index for full-text search has the name of the column %q", x.Name),
			"Leave Name out, or write another one.")
	}
	for i, name := range x.Fields {
		f := p.model.ByName(name)
		switch {
		case f == nil: // p.columns has reported it, unless it is in descending order
			if len(name) > 0 && name[0] == '-' {
				p.bad("orm.E058", place, fmt.Sprintf("the index for full-text search has no order, and names %q", name), "Leave the - out.")
			}
		case !f.Kind.IsText():
			p.bad("orm.E058", place, fmt.Sprintf("the index for full-text search names %q, which is of the kind %s", name, f.Kind),
				"Name fields with text only; filter by the others with their own lookups.")
		case f.Generated != "":
			p.bad("orm.E058", place, fmt.Sprintf("the index for full-text search names %q, which the database computes", name),
				"Name the fields that it is computed from.")
		case slices.Contains(x.Fields[:i], name):
			p.bad("orm.E058", place, fmt.Sprintf("the index for full-text search names %q twice", name), "Name it once.")
		}
	}
}

// searches checks that a lookup can name each of the model's indexes for full-text search.
func (p *parser) searches() {
	m := p.model
	for i := range m.Indexes {
		x := &m.Indexes[i]
		if !x.Search || len(x.Fields) == 0 {
			continue
		}
		field := ""
		if len(x.Fields) == 1 {
			field = x.Fields[0]
		}
		if found := m.SearchIndex(field); found != nil && found != x {
			p.bad("orm.E058", m.String(),
				fmt.Sprintf("no lookup can tell the indexes %s and %s for full-text search apart", found.Name, x.Name),
				"Declare one of several fields, and others of one field each.")
		}
	}
}
