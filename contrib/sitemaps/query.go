package sitemaps

import (
	"context"
	"errors"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// Query is a source of the rows that a query selects, each turned into an item by a function. The query is made by a
// function as well, since models are not known yet when a project is put together. Rows are read a file at a time, in the
// order of their keys; of a query with Limit or Offset, those rows in its own order.
func Query[T any](query func() orm.Query[T], item func(row *T) Item) Source {
	return querySource[T]{query, item}
}

// Models is [Query] for models with a method Route() web.Ref.
func Models[T any, P interface {
	*T
	web.Routable
}](query func() orm.Query[T]) Source {
	return Query(query, func(row *T) Item { return Item{Location: P(row).Route()} })
}

type querySource[T any] struct {
	query func() orm.Query[T]
	item  func(*T) Item
}

// Count implements [Source].
func (s querySource[T]) Count(ctx context.Context) (int, error) {
	n, err := s.query().Count(ctx)
	return int(n), err
}

// Page implements [Source].
func (s querySource[T]) Page(ctx context.Context, offset, limit int) ([]Item, error) {
	items := make([]Item, 0, min(limit, 1024))
	query := s.query()
	if query.Limited() { // by the order that it has
		page, err := orm.Paginate(ctx, query, offset/limit+1, limit)
		if _, beyond := errors.AsType[*orm.PageError](err); beyond {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		for _, row := range page.Items {
			items = append(items, s.item(row))
		}
		return items, nil
	}
	for row, err := range query.OrderByNames("pk").Offset(offset).Limit(limit).Iter(ctx) {
		if err != nil {
			return nil, err
		}
		items = append(items, s.item(row))
	}
	return items, nil
}
