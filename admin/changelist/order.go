package changelist

import (
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// term is one part of an order.
type term struct {
	path       string
	descending bool
}

func parseTerm(name string) term {
	path, descending := strings.CutPrefix(name, "-")
	return term{path, descending}
}

func (t term) String() string {
	if t.descending {
		return "-" + t.path
	}
	return t.path
}

func (t term) flip(descending bool) term { return term{t.path, t.descending != descending} }

// relatedOrder sorts by a related object in the order of its own model, else by its key.
func relatedOrder(name string, to *schema.Model) []term {
	var terms []term
	if to != nil {
		for _, one := range to.Ordering {
			t := parseTerm(one)
			terms = append(terms, term{name + "__" + t.path, t.descending})
		}
	}
	if len(terms) == 0 {
		terms = []term{{path: name}}
	}
	return terms
}

// sorted is a column that the list is sorted by.
type sorted struct {
	column     int // index in Config.Columns
	descending bool
}

// maxSorted is the number of columns of an order.
const maxSorted = 5

// parseOrder reads the o parameter: names or numbers of columns, "-" before one for descending, separated by commas or
// dots. It returns the parts that it ignores.
func (c *Config) parseOrder(text string) (order []sorted, ignored []string) {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '.' }) {
		name, descending := strings.CutPrefix(strings.TrimSpace(part), "-")
		at := -1
		if n, err := strconv.Atoi(name); err == nil {
			at = n - 1
		} else {
			for i, column := range c.Columns {
				if column.Name == name {
					at = i
				}
			}
		}
		if at < 0 || at >= len(c.Columns) || !c.Columns[at].Sortable() || len(order) == maxSorted {
			ignored = append(ignored, part)
			continue
		}
		if !slices.ContainsFunc(order, func(one sorted) bool { return one.column == at }) {
			order = append(order, sorted{at, descending})
		}
	}
	return order, ignored
}

// terms returns the complete order for the query. It ends with the primary key, so that pages do not overlap.
func (c *Config) terms(order []sorted) []string {
	var terms []term
	for _, one := range order {
		for _, t := range c.Columns[one.column].order {
			terms = append(terms, t.flip(one.descending))
		}
	}
	if len(order) == 0 {
		terms = append(terms, c.order...)
	}
	names := make([]string, 0, len(terms)+1)
	unique := false
	for _, t := range terms {
		names = append(names, t.String())
		unique = unique || t.path == c.Model.PK.Name || t.path == "pk"
	}
	if !unique {
		if len(names) == 0 {
			return []string{"-pk"}
		}
		last := term{"pk", terms[len(terms)-1].descending} // in the same direction, so that one index serves both
		names = append(names, last.String())
	}
	return names
}

// shown returns the order of the page as columns: the one of the address, else the default as far as there are
// columns for it.
func (c *Config) shown(order []sorted) []sorted {
	if len(order) > 0 {
		return order
	}
	for _, t := range c.order {
		for i, column := range c.Columns {
			if len(column.order) > 0 && column.order[0].path == t.path {
				order = append(order, sorted{i, t.descending != column.order[0].descending})
			}
		}
	}
	return order
}

// formatOrder returns the o parameter for an order.
func (c *Config) formatOrder(order []sorted) string {
	parts := make([]string, len(order))
	for i, one := range order {
		parts[i] = c.Columns[one.column].Name
		if one.descending {
			parts[i] = "-" + parts[i]
		}
	}
	return strings.Join(parts, ",")
}
