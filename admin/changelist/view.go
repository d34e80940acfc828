package changelist

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// Env is the environment of a list.
type Env struct {
	env.Env
	Base string // address of the list
}

// View is a page of a list as templates show it.
type View struct {
	BaseURL     string // the list without search and filters
	ClearURL    string // the same, for the link that removes all filters
	UnsearchURL string // the list without the search
	ActionURL   string // this page, where actions are sent

	Searchable bool
	SearchHelp message.Message // the fields that the search compares
	SearchKeep []Param         // hidden inputs of the search form
	Query      string
	Plural     string // label of the model

	Filters []FilterView
	Chips   []Chip
	Sorts   []SortView // orders for narrow screens, which have no column heads
	Columns []ColumnView
	Rows    []Row
	Actions []Action

	Summary              message.Message // "1–50 of 1,274 posts"
	Pages                []Page
	PreviousURL, NextURL string

	Blank    bool // there are no rows
	Narrowed bool // search or filters leave rows out
	Total    Total
	Notices  []message.Message // above the list
}

// Action is an action on the selected rows.
type Action struct {
	Name  string // value of the parameter "action"
	Label message.Message
}

// Row is one object.
type Row struct {
	PK    string
	URL   string // page of the object
	Label string // name of the object
	Cells []display.Cell
}

// Query returns the objects that the state selects, without an order.
func (c *Config) Query(e env.Env, s *State) dynamic.Query {
	query := e.Objects(c.Model)
	if q, ok := conditionFor(c.search, s.Query); ok {
		query = query.Filter(q)
	}
	for _, one := range s.conditions {
		query = query.Where(one.lookup())
	}
	return query
}

// Page loads the page that the state selects. A page after the last one becomes the last one, with a notice.
func (c *Config) Page(ctx context.Context, e Env, s *State) (*View, error) {
	query := c.Query(e.Env, s)
	asked := s.Page
	objects, total, err := c.rows(ctx, e.Env, query, s)
	if err != nil {
		return nil, err
	}
	v := &View{
		BaseURL: e.Base, ClearURL: e.Base, ActionURL: c.Address(e.Base, s),
		Searchable: len(c.search) > 0, SearchHelp: c.searchHelp(), Query: s.Query,
		Plural: c.Model.LabelPlural, Total: total, Narrowed: s.Narrowed(),
	}
	values := c.values(s)
	v.SearchKeep = params(values, "q")
	without := c.values(s)
	without.Del("q")
	v.UnsearchURL = address(e.Base, without)
	next := len(objects) > c.PerPage
	if next {
		objects = objects[:c.PerPage]
	}
	v.Blank = len(objects) == 0
	for _, obj := range objects {
		v.Rows = append(v.Rows, c.row(e, obj))
	}
	c.head(v, e, s)
	if err := c.filterViews(ctx, v, e, s); err != nil {
		return nil, err
	}
	c.pager(v, e, s, next)
	if s.Page != asked && !v.Blank {
		args := message.Args{"number": display.Group(strconv.Itoa(asked))}
		v.Notices = append(v.Notices, message.New("", "There is no page {number}: this is the last one.", args))
	}
	return v, nil
}

// lastSinglePage is the last page that is loaded by one query. Later pages query the keys first, because skipping
// many rows with all of their columns is slow.
const lastSinglePage = 20

// rows loads the page's objects, one more than it shows if there are more, and counts all objects unless their
// number follows from the page. A page after the last one becomes the last one.
func (c *Config) rows(ctx context.Context, e env.Env, query dynamic.Query, s *State) (objects []any, total Total, err error) {
	if objects, err = c.objects(ctx, e, query, s); err != nil {
		return nil, total, err
	}
	skipped := (s.Page - 1) * c.PerPage
	if len(objects) <= c.PerPage && (s.Page == 1 || len(objects) > 0) {
		return objects, Total{N: skipped + len(objects)}, nil
	}
	if len(objects) > 0 {
		total, err = c.count(ctx, e.DB, query, s.Narrowed())
		return objects, total.atLeast(skipped+c.PerPage, true), err
	}
	n, err := query.Count(ctx) // without a limit: it determines the last page
	if err != nil {
		return nil, total, err
	}
	s.Page = max(1, (int(n)+c.PerPage-1)/c.PerPage)
	objects, err = c.objects(ctx, e, query, s)
	return objects, Total{N: int(n)}, err
}

// objects reads the objects of a page and one more.
func (c *Config) objects(ctx context.Context, e env.Env, query dynamic.Query, s *State) ([]any, error) {
	terms := c.terms(s.order)
	page := query.OrderBy(terms...).Limit(c.PerPage + 1).Offset((s.Page - 1) * c.PerPage)
	if s.Page <= lastSinglePage {
		return c.Load(page).All(ctx)
	}
	keys, err := page.PKs(ctx)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	return c.Load(e.Objects(c.Model).Where("pk__in", keys)).OrderBy(terms...).All(ctx)
}

func (c *Config) row(e Env, obj any) Row {
	pk := c.Model.PK.Value(obj)
	row := Row{PK: fmt.Sprint(pk), URL: e.Link(c.Model, pk), Label: display.Cut(display.Plain(e.Printer.Object(c.Model, obj)), 120)}
	for i, column := range c.Columns {
		cell := column.Cell(e.Printer, obj)
		if i == 0 {
			if cell.Kind == display.None { // the first cell is the link to the object
				cell.Kind, cell.Text = display.Text, display.Cut(row.Label, 80)
			}
		} else if column.relation != nil && cell.Kind == display.Text {
			cell.URL = e.Link(column.relation, column.key(obj))
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// pager sets the summary and the links to other pages. The last page is offered only if its number is known.
func (c *Config) pager(v *View, e Env, s *State, next bool) {
	v.Summary = c.summary(v, s)
	if v.Blank {
		return
	}
	at := func(page int) string { return c.pageAddress(e.Base, s, page) }
	if v.Total.Exact() {
		v.Pages = Pages(s.Page, (v.Total.N+c.PerPage-1)/c.PerPage, at)
	} else {
		last := s.Page
		if next {
			last++
		}
		if v.Pages = Pages(s.Page, last, at); next {
			v.Pages = append(v.Pages, Page{Gap: true})
		}
	}
	if s.Page > 1 {
		v.PreviousURL = at(s.Page - 1)
	}
	if next {
		v.NextURL = at(s.Page + 1)
	}
}

// summary describes which rows the page shows: "1–50 of 1,274 posts".
func (c *Config) summary(v *View, s *State) message.Message {
	args := message.Args{"objects": v.Plural, "total": v.Total}
	if v.Blank {
		return message.New("", "No {objects}", args)
	}
	if v.Total.Exact() && v.Total.N == 1 {
		args["objects"] = c.Model.Label
	}
	if v.Total.Exact() && v.Total.N == len(v.Rows) {
		return message.New("", "{total} {objects}", args)
	}
	first := (s.Page-1)*c.PerPage + 1
	args["first"], args["last"] = display.Group(strconv.Itoa(first)), display.Group(strconv.Itoa(first+len(v.Rows)-1))
	return message.New("", "{first}–{last} of {total} {objects}", args)
}

// searchHelp names the fields that the search compares.
func (c *Config) searchHelp() message.Message {
	labels := c.SearchLabels()
	if len(labels) == 0 {
		return message.Message{}
	}
	return message.New("", "Searches in {fields}", message.Args{"fields": strings.Join(labels, ", ")})
}

// Load adds to a query the related objects that the columns show.
func (c *Config) Load(query dynamic.Query) dynamic.Query {
	if len(c.related) > 0 {
		query = query.SelectRelated(c.related...)
	}
	if len(c.prefetch) > 0 {
		query = query.Prefetch(c.prefetch...)
	}
	return query
}
