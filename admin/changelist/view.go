package changelist

import (
	"context"
	"fmt"
	"strconv"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// CountLimit is where counting stops: longer lists are "10,000+".
const CountLimit = 10_000

// Env is what a page needs from its surroundings.
type Env struct {
	DB      *orm.DB
	Printer display.Printer
	Base    string // the list's own address
	// Link gives the address of an object's page, "" if the reader may not see it.
	Link func(model *schema.Model, pk any) string
	// Autocomplete gives the address that finds objects of a model by text, "" if the reader may not see them.
	Autocomplete func(model *schema.Model) string
}

// View is a page of a list, ready for the template.
type View struct {
	BaseURL, ClearURL, UnsearchURL, ActionURL string

	Searchable bool
	SearchHelp string
	SearchKeep []Param
	Query      string
	Plural     string
	Filters    []FilterView
	Chips      []Chip
	Sorts      []Link
	Columns    []ColumnView
	Rows       []Row
	Actions    []Action
	Summary    string
	Pages      []Page

	PreviousURL, NextURL string

	Blank    bool // there is no row
	Narrowed bool // search or filters leave rows out
	Total    int  // rows in all, at most CountLimit+1
}

// Action is something that can be done with the chosen rows.
type Action struct{ Name, Label string }

// Row is one object.
type Row struct {
	PK, URL, Label string
	Cells          []display.Cell
}

// Query gives the objects that the state asks for, unordered.
func (c *Config) Query(db *orm.DB, s *State) orm.AnyQuery {
	query := db.Objects(c.Model)
	if q, ok := conditionFor(c.search, s.Query); ok {
		query = query.FilterQ(q)
	}
	for _, one := range s.conditions {
		query = query.Where(one.lookup())
	}
	return query
}

// Page loads the page that the state asks for. The number of queries depends on the config, not on the rows.
func (c *Config) Page(ctx context.Context, env Env, s *State) (*View, error) {
	query := c.Query(env.DB, s)
	objects, total, err := c.rows(ctx, query, s)
	if err != nil {
		return nil, err
	}
	pages := (total + c.PerPage - 1) / c.PerPage
	more := total > CountLimit
	v := &View{
		BaseURL: env.Base, ClearURL: env.Base, ActionURL: c.Address(env.Base, s),
		Searchable: len(c.search) > 0, SearchHelp: c.SearchHelp(), Query: s.Query,
		Plural: c.Model.LabelPlural, Total: total, Narrowed: s.Narrowed(),
	}
	values := c.values(s)
	v.SearchKeep = params(values, "q")
	without := c.values(s)
	without.Del("q")
	v.UnsearchURL = address(env.Base, without)
	next := len(objects) > c.PerPage
	if next {
		objects = objects[:c.PerPage]
	}
	v.Blank = len(objects) == 0
	for _, obj := range objects {
		v.Rows = append(v.Rows, c.row(env, obj))
	}
	c.head(v, env, s)
	if err := c.filterViews(ctx, v, env, s); err != nil {
		return nil, err
	}
	c.pager(v, env, s, pages, more, next)
	return v, nil
}

// rows loads the page's objects, one more than it shows if there are more, and counts all of them as far as the limit. A
// list that fits on its first page needs no count. A page behind the last one becomes the last one.
func (c *Config) rows(ctx context.Context, query orm.AnyQuery, s *State) (objects []any, total int, err error) {
	ordered := c.Load(query).OrderByNames(c.terms(s.order)...).Limit(c.PerPage + 1)
	objects, err = ordered.Offset((s.Page - 1) * c.PerPage).All(ctx)
	if err != nil || s.Page == 1 && len(objects) <= c.PerPage {
		return objects, len(objects), err
	}
	n, err := query.Limit(CountLimit + 1).Count(ctx)
	if err != nil || len(objects) > 0 {
		return objects, int(n), err
	}
	s.Page = max(1, (int(n)+c.PerPage-1)/c.PerPage)
	objects, err = ordered.Offset((s.Page - 1) * c.PerPage).All(ctx)
	return objects, int(n), err
}

func (c *Config) row(env Env, obj any) Row {
	pk := c.Model.PK.Value(obj)
	row := Row{PK: fmt.Sprint(pk), URL: env.Link(c.Model, pk), Label: display.Cut(display.Plain(env.Printer.Object(c.Model, obj)), 120)}
	for i, column := range c.Columns {
		cell := column.Cell(env.Printer, obj)
		if i == 0 {
			if cell.Kind == display.None { // the first cell opens the row: it needs something to click on
				cell.Kind, cell.Text = display.Text, display.Cut(row.Label, 80)
			}
		} else if column.relation != nil && cell.Kind == display.Text {
			cell.URL = env.Link(column.relation, column.id(obj))
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

func (c *Config) pager(v *View, env Env, s *State, pages int, more, next bool) {
	if v.Blank {
		v.Summary = "No " + v.Plural
		return
	}
	first := (s.Page-1)*c.PerPage + 1
	last := first + len(v.Rows) - 1
	total := display.Group(strconv.Itoa(v.Total))
	label := v.Plural
	if more {
		total = display.Group(strconv.Itoa(CountLimit)) + "+"
	} else if v.Total == 1 {
		label = c.Model.Label
	}
	if v.Total == len(v.Rows) {
		v.Summary = total + " " + label
	} else {
		v.Summary = display.Group(strconv.Itoa(first)) + "–" + display.Group(strconv.Itoa(last)) + " of " + total + " " + label
	}
	at := func(page int) string { return c.pageAddress(env.Base, s, page) }
	if more && s.Page >= pages {
		pages = s.Page
		if next {
			pages++
		}
	}
	v.Pages = Pages(s.Page, pages, at)
	if s.Page > 1 {
		v.PreviousURL = at(s.Page - 1)
	}
	if next {
		v.NextURL = at(s.Page + 1)
	}
}

// Load adds to a query what the columns need of related objects.
func (c *Config) Load(query orm.AnyQuery) orm.AnyQuery {
	if len(c.related) > 0 {
		query = query.SelectRelatedNames(c.related...)
	}
	if len(c.prefetch) > 0 {
		query = query.PrefetchNames(c.prefetch...)
	}
	return query
}
