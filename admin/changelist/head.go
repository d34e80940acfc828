package changelist

import (
	"slices"

	"github.com/quintetgo/quintet/framework/message"
)

// ColumnView is the head of a column.
type ColumnView struct {
	Label     string
	Numeric   bool
	SortURL   string // "" if the list cannot be sorted by the column
	SortHint  string // description of the link, for screen readers
	Direction string // "asc", "desc" or ""
	Priority  int    // position in an order of several columns, 0 in an order of one
	AriaSort  string // value of aria-sort, "" for none
}

// SortView is an order that the user can choose.
type SortView struct {
	Label   message.Message
	URL     string
	Current bool
}

// Link is a link, for example to the list with another filter.
type Link struct {
	Label, URL string
	Current    bool // the list is filtered so
}

// head sets the column heads, and the orders that narrow screens offer instead.
func (c *Config) head(v *View, e Env, s *State) {
	shown := c.shown(s.order)
	for i, column := range c.Columns {
		head := ColumnView{Label: column.Label, Numeric: column.Numeric}
		at := slices.IndexFunc(shown, func(one sorted) bool { return one.column == i })
		if column.Sortable() {
			next := c.toggled(shown, at, i)
			values := c.values(s)
			values.Set("o", c.formatOrder(next))
			head.SortURL = address(e.Base, values)
			head.SortHint = "sort ascending"
			if at >= 0 {
				head.Direction, head.AriaSort, head.SortHint = "asc", "ascending", "sorted ascending, sort descending"
				if shown[at].descending {
					head.Direction, head.AriaSort, head.SortHint = "desc", "descending", "sorted descending, sort ascending"
				}
				if len(shown) > 1 {
					head.Priority = at + 1
				}
				if at > 0 { // ARIA allows one sorted column
					head.AriaSort = ""
				}
			}
			for _, descending := range []bool{false, true} {
				values.Set("o", c.formatOrder([]sorted{{i, descending}}))
				v.Sorts = append(v.Sorts, SortView{
					Label: orderLabel(column, descending), URL: address(e.Base, values),
					Current: at == 0 && shown[0].descending == descending,
				})
			}
		}
		v.Columns = append(v.Columns, head)
	}
}

// toggled returns the order after a click on a column: the column comes first, and a second click reverses it.
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

// orderLabel names an order by one column.
func orderLabel(column *Column, descending bool) message.Message {
	text := "{column}, ascending"
	switch {
	case column.Numeric && descending:
		text = "{column}, highest first"
	case column.Numeric:
		text = "{column}, lowest first"
	case descending:
		text = "{column}, descending"
	}
	return message.New("", text, message.Args{"column": column.Label})
}
