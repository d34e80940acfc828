package dynamic

import (
	"context"
	"fmt"
)

// Latest returns the row with the greatest value of the named fields, or of the field in the model's Meta.Latest if none is named. A
// "-" before a name reverses its order. Rows with equal values are ordered by primary key. The query's own order has no
// effect. If there is no row the error is a [*fault.NotFoundError]; a query with Limit or Offset is an error.
func (q Query) Latest(ctx context.Context, fields ...string) (any, error) {
	ordered, err := q.byTime(fields)
	if err != nil {
		return nil, err
	}
	return ordered.Reverse().First(ctx)
}

// Earliest returns the row with the least value of the named fields; see [Query.Latest].
func (q Query) Earliest(ctx context.Context, fields ...string) (any, error) {
	ordered, err := q.byTime(fields)
	if err != nil {
		return nil, err
	}
	return ordered.First(ctx)
}

// byTime orders by fields, then by primary key.
func (q Query) byTime(fields []string) (Query, error) {
	switch m := q.query.Model; {
	case q.err != nil:
		return q, q.err
	case q.query.Limit > 0 || q.query.Offset > 0 || q.empty:
		return q, fmt.Errorf("orm: %s: Latest and Earliest of a query with Limit or Offset are not defined; call them first", m)
	case q.query.Groups != nil:
		return q, fmt.Errorf("orm: %s: groups are not objects; read them with Values", m)
	case len(fields) == 0 && m.Latest == "":
		return q, fmt.Errorf("orm: %s: Latest and Earliest need a field: name one, or set Meta.Latest", m)
	case len(fields) == 0:
		fields = []string{m.Latest}
	}
	return q.OrderBy(append(fields[:len(fields):len(fields)], "pk")...), nil
}
