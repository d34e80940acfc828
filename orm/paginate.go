package orm

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
)

// Page is one page of a query's rows.
type Page[T any] struct {
	Items  []*T
	Number int   // from 1
	Size   int   // rows a page has, the last one aside
	Total  int64 // rows of all pages
	Pages  int   // at least 1: an empty query has one empty page
}

// PageError says that there is no page with that number. It answers 404.
type PageError struct{ Number, Pages int }

// Error names the page and how many there are.
func (e *PageError) Error() string {
	if e.Pages == 0 {
		return "orm: there is no page " + strconv.Itoa(e.Number) + ", as there are no rows"
	}
	return "orm: there is no page " + strconv.Itoa(e.Number) + "; the last one is " + strconv.Itoa(e.Pages)
}

// HTTPStatus is 404.
func (e *PageError) HTTPStatus() int { return http.StatusNotFound }

// defaultPageSize is the size of pages when none is given.
const defaultPageSize = 20

// PageOptions says how [PaginateWith] makes pages.
type PageOptions struct {
	Size int // rows of a page; 20 if it is 0
	// Orphans is the number of rows up to which a last page is joined with the page before it.
	Orphans int
	// Clamp makes a number that has no page that of the nearest page: the first for numbers below 1, the last for those
	// beyond. Without it a page beyond the last is a [*PageError].
	Clamp bool
	// NoEmptyPage makes the first page of a query without rows a [*PageError] too.
	NoEmptyPage bool
}

// Paginate reads page number n, from 1, of pages with size rows; a size of 0 is 20. Rows that the query's order leaves equal
// come in the order of their keys, so that pages never overlap. A page beyond the last is a [*PageError]; numbers below 1
// are the first page: see web.Page for that of a request. Of a query with Limit or Offset the pages hold the rows of
// that query only.
func Paginate[T any](ctx context.Context, q Query[T], n, size int) (*Page[T], error) {
	return PaginateWith(ctx, q, n, PageOptions{Size: size})
}

// PaginateWith is [Paginate] with options.
func PaginateWith[T any](ctx context.Context, q Query[T], n int, options PageOptions) (*Page[T], error) {
	page, err := paginate(ctx, &q.untyped, n, options)
	if err != nil {
		return nil, err
	}
	items, err := q.All(ctx)
	return &Page[T]{Items: items, Number: page.Number, Size: page.Size, Total: page.Total, Pages: page.Pages}, err
}

// PaginateAny is [Paginate] for an untyped query. Items are pointers to structs of the model, in pointers to interfaces.
func PaginateAny(ctx context.Context, q AnyQuery, n, size int) (*Page[any], error) {
	page, err := paginate(ctx, &q, n, PageOptions{Size: size})
	if err != nil {
		return nil, err
	}
	all, err := q.All(ctx)
	page.Items = make([]*any, len(all))
	for i := range all {
		page.Items[i] = &all[i]
	}
	return page, err
}

func paginate(ctx context.Context, q *AnyQuery, n int, options PageOptions) (*Page[any], error) {
	size := options.Size
	if size <= 0 {
		size = defaultPageSize
	}
	if options.Orphans < 0 || options.Orphans >= size {
		return nil, fmt.Errorf("orm: paginate: %d orphans of pages with %d rows; want 0 to %d", options.Orphans, size, size-1)
	}
	total, err := q.Count(ctx)
	if err != nil {
		return nil, err
	}
	pages := int((max(total-int64(options.Orphans), 1) + int64(size) - 1) / int64(size))
	page := &Page[any]{Number: max(n, 1), Size: size, Total: total, Pages: pages}
	switch {
	case options.NoEmptyPage && total == 0:
		return nil, &PageError{Number: page.Number}
	case page.Number > pages && options.Clamp:
		page.Number = pages
	case page.Number > pages:
		return nil, &PageError{Number: n, Pages: pages}
	}
	skipped, rows := (page.Number-1)*size, size
	if page.Number == pages {
		rows += options.Orphans
	}
	limited := q.stable().Limit(rows).Offset(q.query.Offset + skipped)
	if q.query.Limit > 0 {
		limited = limited.Limit(min(rows, max(q.query.Limit-skipped, 0)))
	}
	if q.none() {
		limited = limited.None()
	}
	*q = limited
	return page, nil
}

// stable adds the key to the order, so that it leaves no rows equal.
func (q AnyQuery) stable() AnyQuery {
	orders := q.orders()
	for _, o := range orders {
		if o.Path == "pk" || o.Path == "?" || q.query.Model != nil && q.query.Model.Lookup(o.Path) == q.query.Model.PK {
			return q
		}
	}
	last := false
	if len(orders) > 0 {
		last = orders[len(orders)-1].Desc
	}
	tie := orderOf("pk", last)
	return q.orderBy(extend(orders, tie))
}

// HasNext reports whether there is a page after this one.
func (p *Page[T]) HasNext() bool { return p.Number < p.Pages }

// HasPrevious reports whether there is a page before this one.
func (p *Page[T]) HasPrevious() bool { return p.Number > 1 }

// Next is the number of the page after this one, or of this one if it is the last.
func (p *Page[T]) Next() int { return min(p.Number+1, p.Pages) }

// Previous is the number of the page before this one, or of this one if it is the first.
func (p *Page[T]) Previous() int { return max(p.Number-1, 1) }

// First is the number of the page's first row among all, from 1; 0 if there are none.
func (p *Page[T]) First() int64 {
	if p.Total == 0 {
		return 0
	}
	return int64(p.Number-1)*int64(p.Size) + 1
}

// Last is the number of the page's last row among all.
func (p *Page[T]) Last() int64 {
	if p.Number == p.Pages {
		return p.Total
	}
	return min(int64(p.Number)*int64(p.Size), p.Total)
}

// Range is the page numbers to offer: two at each end, and three on each side of this one. A 0 stands for those left out
// between. Other numbers: [Page.Elided].
func (p *Page[T]) Range() []int { return p.Elided(3, 2) }

// Elided is [Page.Range] with so many numbers on each side of this page, and at each end. Nothing is left out where only
// one number would be.
func (p *Page[T]) Elided(eachSide, ends int) []int {
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
