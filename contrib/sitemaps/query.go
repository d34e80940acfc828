package sitemaps

import (
	"context"

	"github.com/quintetgo/quintet/orm"
)

// Query is a source of the rows that a query selects, each turned into an item by a function. The query is made by a
// function as well, since models are not known yet when a project is put together. Rows are read a file at a time, in the
// order of their keys.
func Query[T any](query func() orm.Query[T], item func(row *T) Item) Source {
	return querySource[T]{query, item}
}

// Models is [Query] for models that know their own address.
func Models[T any, P interface {
	*T
	AbsoluteURL() string
}](query func() orm.Query[T]) Source {
	return Query(query, func(row *T) Item { return Item{Location: P(row).AbsoluteURL()} })
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
	for row, err := range s.query().OrderByNames("pk").Offset(offset).Limit(limit).Iter(ctx) {
		if err != nil {
			return nil, err
		}
		items = append(items, s.item(row))
	}
	return items, nil
}
