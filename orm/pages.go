package orm

import (
	"context"

	"github.com/quintetgo/quintet/orm/dynamic"
)

// Page is one page of a query's rows. Its fields are Items ([]*T), Number (from 1), Size, Total (rows of all pages) and Pages;
// its methods HasNext, HasPrevious, Next, Previous, First, Last, Range and Elided serve templates.
type Page[T any] = dynamic.Page[*T]

// PageOptions controls how [PaginateWith] divides rows into pages. Its fields are Size (20 if zero), Orphans, Clamp and
// NoEmptyPage.
type PageOptions = dynamic.PageOptions

// PageError reports that no page has a number. Its fields are Number and Pages. Its HTTP status is 404.
type PageError = dynamic.PageError

// Paginate returns page n, from 1, of pages with size rows; a size of 0 means 20. The number 0 means the first page; one
// below 0 or beyond the last is a [*PageError]. Rows that the query's order leaves equal are ordered by primary key, so that pages never
// overlap. Of a query with Limit or Offset, the pages contain the rows of that query only.
func Paginate[T any](ctx context.Context, q Query[T], n, size int) (*Page[T], error) {
	return PaginateWith(ctx, q, n, PageOptions{Size: size})
}

// PaginateWith is [Paginate] with options.
func PaginateWith[T any](ctx context.Context, q Query[T], n int, options PageOptions) (*Page[T], error) {
	page, rows, err := q.untyped.Page(ctx, n, options)
	if err != nil {
		return nil, err
	}
	items, err := Query[T]{rows}.All(ctx)
	return &Page[T]{Items: items, Number: page.Number, Size: page.Size, Total: page.Total, Pages: page.Pages}, err
}
