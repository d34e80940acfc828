package changelist

import (
	"slices"
)

// ColumnView is the head of a column.
type ColumnView struct {
	Label     string
	Numeric   bool
	SortURL   string // "" if the column cannot be sorted
	Direction string // "asc", "desc" or ""
	Priority  int    // place in an order of several columns, 0 in an order of one
	SortWords string // what following the link does, for screen readers
	AriaSort  string
}

// Link is a choice among several.
type Link struct {
	Label, URL string
	Current    bool
}

// head makes the column heads and the list of orders that narrow screens offer instead.
func (c *Config) head(v *View, e Env, s *State) {
	shown := c.shown(s.order)
	for i, column := range c.Columns {
		head := ColumnView{Label: column.Label, Numeric: column.Numeric}
		at := slices.IndexFunc(shown, func(one sorted) bool { return one.column == i })
		if column.Sortable() {
			next := c.toggled(shown, at, i)
			values := c.values(s)
			values.Set("o", c.write(next))
			head.SortURL = address(e.Base, values)
			head.SortWords = "sort ascending"
			if at >= 0 {
				head.Direction, head.AriaSort, head.SortWords = "asc", "ascending", "sorted ascending, sort descending"
				if shown[at].descending {
					head.Direction, head.AriaSort, head.SortWords = "desc", "descending", "sorted descending, sort ascending"
				}
				if len(shown) > 1 {
					head.Priority = at + 1
				}
				if at > 0 { // only the first of several is the table's order
					head.AriaSort = ""
				}
			}
			for _, descending := range []bool{false, true} {
				values.Set("o", c.write([]sorted{{i, descending}}))
				v.Sorts = append(v.Sorts, Link{
					Label: column.Label + directionWords(column, descending), URL: address(e.Base, values),
					Current: at == 0 && shown[0].descending == descending,
				})
			}
		}
		v.Columns = append(v.Columns, head)
	}
}

// toggled gives the order after a click on a column: it comes first, the others stay behind it; a second click turns it.
func (c *Config) toggled(shown []sorted, at, column int) []sorted {
	descending := at >= 0 && !shown[at].descending
	next := []sorted{{column, descending}}
	for i, one := range shown {
		if i != at && len(next) < 3 {
			next = append(next, one)
		}
	}
	return next
}

func directionWords(column *Column, descending bool) string {
	switch {
	case column.Numeric && descending:
		return ", highest first"
	case column.Numeric:
		return ", lowest first"
	case descending:
		return ", descending"
	}
	return ", ascending"
}
