package orm

import (
	"context"
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
	return "orm: there is no page " + strconv.Itoa(e.Number) + "; the last one is " + strconv.Itoa(e.Pages)
}

// HTTPStatus is 404.
func (e *PageError) HTTPStatus() int { return http.StatusNotFound }

// defaultPageSize is the size of pages when none is given.
const defaultPageSize = 20

// Paginate reads page number n, from 1, of pages with size rows; a size of 0 is 20. Rows that the query's order leaves equal
// come in the order of their keys, so that pages never overlap. A page beyond the last is a [*PageError]; numbers below 1
// are the first page. Of a query with Limit or Offset the pages hold the rows of that query only.
func Paginate[T any](ctx context.Context, q Query[T], n, size int) (*Page[T], error) {
	page, err := paginate(ctx, &q.any, n, size)
	if err != nil {
		return nil, err
	}
	items, err := q.All(ctx)
	return &Page[T]{Items: items, Number: page.Number, Size: page.Size, Total: page.Total, Pages: page.Pages}, err
}

// PaginateAny is [Paginate] for an untyped query. Items are pointers to structs of the model, in pointers to interfaces.
func PaginateAny(ctx context.Context, q AnyQuery, n, size int) (*Page[any], error) {
	page, err := paginate(ctx, &q, n, size)
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

func paginate(ctx context.Context, q *AnyQuery, n, size int) (*Page[any], error) {
	if size <= 0 {
		size = defaultPageSize
	}
	total, err := q.Count(ctx)
	if err != nil {
		return nil, err
	}
	page := &Page[any]{Number: max(n, 1), Size: size, Total: total, Pages: max(1, int((total+int64(size)-1)/int64(size)))}
	if page.Number > page.Pages {
		return nil, &PageError{Number: n, Pages: page.Pages}
	}
	skipped := (page.Number - 1) * size
	limited := q.stable().Limit(size).Offset(q.query.Offset + skipped)
	if q.query.Limit > 0 {
		limited = limited.Limit(min(size, max(q.query.Limit-skipped, 0)))
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
func (p *Page[T]) Last() int64 { return min(int64(p.Number)*int64(p.Size), p.Total) }

// Range is the page numbers to offer: the first, the last, and two on each side of this one. A 0 stands for those left
// out between.
func (p *Page[T]) Range() []int {
	var numbers []int
	last := 0
	for n := 1; n <= p.Pages; n++ {
		if n > 1 && n < p.Pages && (n < p.Number-2 || n > p.Number+2) {
			continue
		}
		switch {
		case n == last+2:
			numbers = append(numbers, n-1) // one left out takes no more room than its mark
		case n > last+2:
			numbers = append(numbers, 0)
		}
		numbers = append(numbers, n)
		last = n
	}
	return numbers
}
