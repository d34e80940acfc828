package changelist

import (
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

// relatedOrder sorts by a related object the way its own model is sorted, else by its key.
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

// sorted is a column that the reader chose to sort by.
type sorted struct {
	column     int // index in Config.Columns
	descending bool
}

// maxSorted bounds how many columns one order names.
const maxSorted = 5

// parseOrder reads the o parameter: names or numbers of columns, "-" before one for descending, separated by commas or
// dots. It gives the parts that mean nothing back.
func (c *Config) parseOrder(text string) (order []sorted, unknown []string) {
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
			unknown = append(unknown, part)
			continue
		}
		again := false
		for _, have := range order {
			again = again || have.column == at
		}
		if !again {
			order = append(order, sorted{at, descending})
		}
	}
	return order, unknown
}

// terms gives the whole order for the database. The primary key comes last, so that pages never overlap.
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
		last := term{"pk", terms[len(terms)-1].descending} // the same direction, so that an index on the term serves both
		names = append(names, last.String())
	}
	return names
}

// shown is the order that the page is in: the reader's, else the default where columns show it.
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

// write gives the o parameter for an order.
func (c *Config) write(order []sorted) string {
	parts := make([]string, len(order))
	for i, one := range order {
		parts[i] = c.Columns[one.column].Name
		if one.descending {
			parts[i] = "-" + parts[i]
		}
	}
	return strings.Join(parts, ",")
}
