package dynamic

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Page is one page of a query's rows. E is the type of a row: any, or *Post in an orm.Page[Post].
type Page[E any] struct {
	Items  []E   // the rows of this page
	Number int   // the number of this page, from 1
	Size   int   // the number of rows of every page but the last
	Total  int64 // the number of rows of all pages
	Pages  int   // the number of pages, at least 1: a query without rows has one empty page
}

// PageOptions controls how [PaginateWith] divides rows into pages. The zero value is pages of 20 rows.
type PageOptions struct {
	// Size is the number of rows of a page. Zero means 20.
	Size int
	// Orphans is the number of rows up to which the last page is joined to the page before it. It must be less than Size. Zero
	// joins none.
	Orphans int
	// Clamp replaces a number beyond the last page by the last page. By default, the error is a [*PageError].
	Clamp bool
	// NoEmptyPage makes the first page of a query without rows a [*PageError]. By default, it is an empty page.
	NoEmptyPage bool
}

// PageError reports that no page has the number. Its HTTP status is 404.
type PageError struct {
	Number int // the number that was requested
	Pages  int // the number of pages; 0 if there are no rows and empty pages are not allowed
}

// Error returns a text with the number and the last page.
func (e *PageError) Error() string {
	if e.Pages == 0 {
		return "orm: there is no page " + strconv.Itoa(e.Number) + ", as there are no rows"
	}
	return "orm: there is no page " + strconv.Itoa(e.Number) + "; the last one is " + strconv.Itoa(e.Pages)
}

// HTTPStatus returns 404.
func (e *PageError) HTTPStatus() int { return http.StatusNotFound }

// defaultPageSize is the size of pages if none is given.
const defaultPageSize = 20

// Paginate returns page n, from 1, of pages with size rows; a size of 0 means 20. The number 0 means the first page; one
// below 0 or beyond the last is a [*PageError]. Rows that the query's order leaves equal are ordered by primary key, so that pages never
// overlap. Of a query with Limit or Offset, the pages contain the rows of that query only.
func Paginate(ctx context.Context, q Query, n, size int) (*Page[any], error) {
	return PaginateWith(ctx, q, n, PageOptions{Size: size})
}

// PaginateWith is [Paginate] with options.
func PaginateWith(ctx context.Context, q Query, n int, options PageOptions) (*Page[any], error) {
	page, rows, err := q.Page(ctx, n, options)
	if err != nil {
		return nil, err
	}
	page.Items, err = rows.All(ctx)
	return page, err
}

// Page returns page n without its items, and the query that selects these; see [PaginateWith].
func (q Query) Page(ctx context.Context, n int, options PageOptions) (*Page[any], Query, error) {
	size := options.Size
	if size <= 0 {
		size = defaultPageSize
	}
	if options.Orphans < 0 || options.Orphans >= size {
		return nil, q, fmt.Errorf("orm: paginate: %d orphans of pages with %d rows; the number must be from 0 to %d",
			options.Orphans, size, size-1)
	}
	total, err := q.Count(ctx)
	if err != nil {
		return nil, q, err
	}
	pages := int((max(total-int64(options.Orphans), 1) + int64(size) - 1) / int64(size))
	page := &Page[any]{Number: max(n, 1), Size: size, Total: total, Pages: pages}
	switch {
	case options.NoEmptyPage && total == 0:
		return nil, q, &PageError{Number: page.Number}
	case page.Number > pages && options.Clamp:
		page.Number = pages
	case page.Number > pages || n < 0 && !options.Clamp:
		return nil, q, &PageError{Number: n, Pages: pages}
	}
	skipped, rows := (page.Number-1)*size, size
	if page.Number == pages {
		rows += options.Orphans
	}
	limited := q.totalOrder().Limit(rows).Offset(q.query.Offset + skipped)
	if q.query.Limit > 0 {
		limited = limited.Limit(min(rows, max(q.query.Limit-skipped, 0)))
	}
	if q.none() {
		limited = limited.None()
	}
	return page, limited, nil
}

// totalOrder adds the primary key to the order, or what groups are grouped by, so that no two rows are equal in it.
func (q Query) totalOrder() Query {
	orders := q.orders()
	if q.query.Groups != nil {
		for _, name := range q.query.Groups {
			if !slices.ContainsFunc(orders, func(o compile.Order) bool { return o.Path == name }) {
				orders = extend(orders, compile.Order{Path: name})
			}
		}
		return q.orderBy(orders)
	}
	for _, o := range orders {
		if o.Path == "pk" || o.Path == "?" || q.query.Model != nil && q.query.Model.Lookup(o.Path) == q.query.Model.PK {
			return q
		}
	}
	desc := len(orders) > 0 && orders[len(orders)-1].Desc
	return q.orderBy(extend(orders, compile.Order{Path: "pk", Desc: desc}))
}

// HasNext reports whether there is a page after this one.
func (p *Page[E]) HasNext() bool { return p.Number < p.Pages }

// HasPrevious reports whether there is a page before this one.
func (p *Page[E]) HasPrevious() bool { return p.Number > 1 }

// Next returns the number of the page after this one, or of this one if it is the last.
func (p *Page[E]) Next() int { return min(p.Number+1, p.Pages) }

// Previous returns the number of the page before this one, or of this one if it is the first.
func (p *Page[E]) Previous() int { return max(p.Number-1, 1) }

// First returns the number of the page's first row among all rows, from 1, or 0 if there are no rows.
func (p *Page[E]) First() int64 {
	if p.Total == 0 {
		return 0
	}
	return int64(p.Number-1)*int64(p.Size) + 1
}

// Last returns the number of the page's last row among all rows, or 0 if there are no rows.
func (p *Page[E]) Last() int64 {
	if p.Number == p.Pages {
		return p.Total
	}
	return min(int64(p.Number)*int64(p.Size), p.Total)
}

// Range returns the page numbers to show as links: two at each end and three on each side of this page. A 0 marks the pages
// left out in between. See [Page.Elided] for other numbers.
func (p *Page[E]) Range() []int { return p.Elided(3, 2) }

// Elided is [Page.Range] with eachSide numbers on each side of this page and ends numbers at each end. A gap of one page is
// filled with its number.
func (p *Page[E]) Elided(eachSide, ends int) []int {
	eachSide, ends = min(max(eachSide, 0), p.Pages), min(max(ends, 0), p.Pages)
	var numbers []int
	add := func(from, to int) {
		for n := from; n <= to; n++ {
			numbers = append(numbers, n)
		}
	}
	if p.Pages <= 2*(eachSide+ends) {
		add(1, p.Pages)
		return numbers
	}
	if from := p.Number - eachSide; from > ends+2 {
		add(1, ends)
		add(0, 0)
		add(from, p.Number)
	} else {
		add(1, p.Number)
	}
	if to := p.Number + eachSide; to < p.Pages-ends-1 {
		add(p.Number+1, to)
		add(0, 0)
		add(p.Pages-ends+1, p.Pages)
	} else {
		add(p.Number+1, p.Pages)
	}
	return numbers
}
