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

// CursorPage is the rows of a query after or before another row. Its fields are Items ([]*T), Next and Previous: the cursors of
// the neighboring pages, "" where there is none.
type CursorPage[T any] = dynamic.CursorPage[*T]

// CursorError reports a cursor that [PaginateAfter] did not return, or did for another order. Its field is Problem. Its HTTP status
// is 400.
type CursorError = dynamic.CursorError

// PaginateAfter returns at most size rows that follow a cursor in the query's order; the cursor "" means the first rows, and a size
// of 0 means 20. Unlike [Paginate] it takes the same time for every page, counts nothing, and neither repeats nor skips rows
// when others are added or removed meanwhile. It cannot jump to a number.
//
//	page, err := orm.PaginateAfter(ctx, orm.From(db, Posts).OrderBy(Posts.CreatedAt.Desc()), r.URL.Query().Get("after"), 20)
//
// The query may be ordered by columns, also of related objects, and annotations, in any directions and with NULLs; the primary key
// is added. A cursor holds the values of one row in this order. Values are checked and bound, but not secret. A
// cursor that does not belong to the order is a [*CursorError].
func PaginateAfter[T any](ctx context.Context, q Query[T], cursor string, size int) (*CursorPage[T], error) {
	page, err := dynamic.PaginateAfter(ctx, q.untyped, cursor, size)
	if err != nil {
		return nil, err
	}
	return &CursorPage[T]{Items: objects[T](page.Items), Next: page.Next, Previous: page.Previous}, nil
}

// objects returns pointers to structs by their type.
func objects[T any](list []any) []*T {
	typed := make([]*T, len(list))
	for i, object := range list {
		typed[i] = object.(*T)
	}
	return typed
}
