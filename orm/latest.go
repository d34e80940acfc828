package orm

import (
	"context"
	"fmt"
)

// Latest returns the row with the greatest value of the named fields, or of the field in [Meta].Latest without any. A "-"
// before a name turns its order round. Rows that are equal in them come in the order of their keys. The query's own
// order has no effect. None is [ErrNotFound]; a query with Limit or Offset is an error.
func (q AnyQuery) Latest(ctx context.Context, fields ...string) (any, error) {
	ordered, err := q.byTime(fields)
	if err != nil {
		return nil, err
	}
	return ordered.Reverse().First(ctx)
}

// Earliest returns the row with the smallest value of the named fields; see [AnyQuery.Latest].
func (q AnyQuery) Earliest(ctx context.Context, fields ...string) (any, error) {
	ordered, err := q.byTime(fields)
	if err != nil {
		return nil, err
	}
	return ordered.First(ctx)
}

// Latest returns the row with the greatest value of the named fields, or of the field in [Meta].Latest without any. A "-"
// before a name turns its order round. Rows that are equal in them come in the order of their keys. The query's own
// order has no effect. None is [ErrNotFound]; a query with Limit or Offset is an error.
func (q Query[T]) Latest(ctx context.Context, fields ...string) (*T, error) {
	return typed[T](q.untyped.Latest(ctx, fields...))
}

// Earliest returns the row with the smallest value of the named fields; see [Query.Latest].
func (q Query[T]) Earliest(ctx context.Context, fields ...string) (*T, error) {
	return typed[T](q.untyped.Earliest(ctx, fields...))
}

func typed[T any](obj any, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return obj.(*T), nil
}

// byTime orders by fields and then by key.
func (q AnyQuery) byTime(fields []string) (AnyQuery, error) {
	switch m := q.query.Model; {
	case q.err != nil:
		return q, q.err
	case q.query.Limit > 0 || q.query.Offset > 0 || q.empty:
		return q, fmt.Errorf("orm: %s: Latest and Earliest of a query with Limit or Offset have no meaning; call them before", m)
	case q.query.Groups != nil:
		return q, fmt.Errorf("orm: %s: groups are no objects; read them with Values", m)
	case len(fields) == 0 && m.Latest == "":
		return q, fmt.Errorf("orm: %s: Latest and Earliest need a field: name one, or set Meta.Latest", m)
	case len(fields) == 0:
		fields = []string{m.Latest}
	}
	return q.OrderByNames(append(fields[:len(fields):len(fields)], "pk")...), nil
}
