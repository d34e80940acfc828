package dynamic

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/schema"
)

// CursorPage is the rows after or before a row. E is the type of a row: any, or *Post in an orm.CursorPage[Post].
type CursorPage[E any] struct {
	Items    []E
	Next     string // the cursor of the rows after these, "" if there are none
	Previous string // the cursor of the rows before these, "" if there are none
}

// CursorError reports a cursor that [PaginateAfter] did not return, or did for another query. Its HTTP status is 400.
type CursorError struct{ Problem string }

// Error describes the problem.
func (e *CursorError) Error() string { return "orm: the cursor of the page is not valid: " + e.Problem }

// HTTPStatus returns 400, as cursors come from the client.
func (e *CursorError) HTTPStatus() int { return http.StatusBadRequest }

// PaginateAfter returns at most size rows that follow a cursor in the query's order; the cursor "" means the first rows, and a size
// of 0 means 20. Unlike [Paginate] it takes the same time for every page, counts nothing, and neither repeats nor skips rows
// when others are added or removed meanwhile. It cannot jump to a number.
//
// The query may be ordered by fields, also of related objects, and annotations, in any directions and with NULLs; the primary key is
// added. A cursor holds the values of one row in this order. Values are checked and bound, but not secret. A
// cursor that does not belong to the order is a [*CursorError].
func PaginateAfter(ctx context.Context, q Query, cursor string, size int) (*CursorPage[any], error) {
	if size <= 0 {
		size = defaultPageSize
	}
	k, err := q.keyset("PaginateAfter")
	if err != nil {
		return nil, err
	}
	at, err := k.decode(cursor)
	if err != nil {
		return nil, err
	}
	rows, err := k.rows(ctx, at, size+1)
	if err != nil {
		return nil, err
	}
	more := len(rows) > size
	rows = rows[:min(len(rows), size)]
	page := &CursorPage[any]{Items: make([]any, len(rows))}
	if at.backward {
		slices.Reverse(rows)
	}
	for i, row := range rows {
		page.Items[i] = row.Object
	}
	if len(rows) == 0 {
		return page, nil
	}
	if more || at.backward {
		if page.Next, err = k.encode(position{values: rows[len(rows)-1].Values}); err != nil {
			return nil, err
		}
	}
	if at.values != nil && !at.backward || more && at.backward {
		page.Previous, err = k.encode(position{values: rows[0].Values, backward: true})
	}
	return page, err
}

// keyset selects rows by their place in an order.
type keyset struct {
	query    Query
	orders   []compile.Order
	names    []string // the paths of orders
	nullable []bool   // whether the value of each may be NULL
	boolean  []bool   // whether each is true or false, which lookups do not compare by size
}

// position is a place in the order: after a row, or before it.
type position struct {
	values   []any // of the row, by order; nil for the beginning
	backward bool
}

// keyset returns the keyset of the query's order, with the primary key added.
func (q Query) keyset(method string) (*keyset, error) {
	m := q.query.Model
	switch {
	case q.err != nil:
		return nil, q.err
	case q.query.Groups != nil:
		return nil, fmt.Errorf("orm: %s: groups are not objects; read them with Values", m)
	case q.query.Limit > 0 || q.query.Offset > 0:
		return nil, fmt.Errorf("orm: %s: %s takes a query without Limit and Offset", m, method)
	}
	k := &keyset{query: q.fixed(), orders: q.orders()}
	for _, key := range m.PrimaryKeys {
		if !slices.ContainsFunc(k.orders, func(o compile.Order) bool { return m.Lookup(o.Path) == key }) {
			k.orders = extend(k.orders, compile.Order{Path: key.Name})
		}
	}
	for _, o := range k.orders {
		if o.Expr != nil {
			return nil, fmt.Errorf(
				"orm: %s: %s takes an order by names; annotate the query with the expression and order by the annotation",
				m,
				method,
			)
		}
		kind, nullable, err := q.sortsByValue(method, o.Path)
		if err != nil {
			return nil, err
		}
		k.names, k.nullable, k.boolean = append(k.names, o.Path), append(k.nullable, nullable), append(k.boolean, kind == schema.KindBool)
	}
	return k, nil
}

// sortsByValue returns the kind of the value that an order sorts by, and whether it may be NULL, or an error unless the path leads to
// one value that can be compared.
func (q Query) sortsByValue(method, path string) (kind schema.Kind, nullable bool, err error) {
	m := q.query.Model
	if path == "?" {
		return 0, false, fmt.Errorf("orm: %s: %s needs an order that stays, and this one is random", m, method)
	}
	if slices.ContainsFunc(q.query.Annotations, func(a compile.Annotation) bool { return a.Name == path }) {
		return schema.KindUnknown, true, nil
	}
	resolved, err := m.Resolve(path)
	if err != nil {
		return 0, false, err
	}
	problem := ""
	switch to := relatedTo(resolved); {
	case resolved.ToMany():
		problem = "leads to many rows"
	case len(resolved.Keys) > 0 || resolved.Kind() == schema.KindJSON:
		problem = "leads into JSON"
	case to != nil && len(to.Ordering) > 0:
		problem = fmt.Sprintf("means the order of %s; name the fields of that order", to)
	}
	if problem != "" {
		return 0, false, &schema.LookupError{
			Model:   m,
			Path:    path,
			Part:    path,
			Problem: method + " takes an order by values, and this path " + problem,
		}
	}
	nullable = resolved.Field.Null
	for _, step := range resolved.Steps {
		nullable = nullable || step.Reverse || step.Relation.Field.Null || !step.Relation.Constraint
	}
	return resolved.Kind(), nullable, nil
}

// relatedTo returns the model of a path that ends with a relation, nil for other paths.
func relatedTo(path *schema.Path) *schema.Model {
	switch {
	case !path.Relation:
		return nil
	case path.Field.Relation != nil:
		return path.Field.Relation.To
	case len(path.Steps) > 0:
		return path.Steps[len(path.Steps)-1].To()
	}
	return nil
}

// rows returns the first n rows from a position on, with their values.
func (k *keyset) rows(ctx context.Context, at position, n int) ([]load.Annotated, error) {
	q := k.query
	orders := slices.Clone(k.orders)
	if at.backward {
		for i, o := range orders {
			orders[i] = o.Reversed()
		}
	}
	q = q.orderBy(orders).Limit(n)
	if at.values != nil {
		greatest := dialect.NullsAreGreatest(q.session.Dialect())
		q = q.Filter(k.after(orders, at.values, greatest))
	}
	return q.Compiled().Annotated(ctx, k.names)
}

// after returns the condition that a row follows one with some values.
func (k *keyset) after(orders []compile.Order, values []any, nullsAreGreatest bool) Condition {
	var rest Condition
	for i, o := range slices.Backward(orders) {
		path, v := o.Path, values[i]
		nullsLast := nullsAreGreatest != o.Desc
		if o.Nulls != compile.NullsAnywhere {
			nullsLast = o.Nulls == compile.NullsLast
		}
		nullsLast = nullsLast && k.nullable[i]
		isNull := func(null bool) Condition { return Is(path+"__"+schema.IsNull, null) }
		following, atLeast := schema.Gt, schema.Gte
		if o.Desc {
			following, atLeast = schema.Lt, schema.Lte
		}
		bigger := Is(path+"__"+following, v)
		if k.boolean[i] {
			bigger = Or()
			if v == o.Desc { // false is less than true
				bigger = Is(path, !o.Desc)
			}
		}
		var next, equal, from Condition // from is implied by the others, and lets the database use an index
		switch {
		case v != nil && nullsLast:
			next, equal = Or(bigger, isNull(true)), Is(path, v)
		case v != nil && k.boolean[i]:
			next, equal = bigger, Is(path, v)
		case v != nil:
			next, equal, from = bigger, Is(path, v), Is(path+"__"+atLeast, v)
		case nullsLast:
			next, equal = Or(), isNull(true)
		default:
			next, equal = isNull(false), isNull(true)
		}
		switch {
		case i == len(orders)-1:
			rest = next
		case i == 0:
			rest = And(from, Or(next, And(equal, rest)))
		default:
			rest = Or(next, And(equal, rest))
		}
	}
	return rest
}

// InChunks returns the rows in slices of at most size, in the order of the primary key. No connection is
// held between chunks, so the loop may write, and take as long as it needs; rows that are added or deleted meanwhile do not
// shift the others. A size of 0 means 1,000. A query with an order of its own, or with Limit or Offset, is an error.
func (q Query) InChunks(ctx context.Context, size int) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		if q.ordered {
			q = q.WithError(fmt.Errorf("orm: %s: InChunks reads rows in the order of their keys; remove OrderBy", q.query.Model))
		}
		if len(q.query.DistinctOn) > 0 {
			q = q.WithError(fmt.Errorf("orm: %s: InChunks cannot divide the rows of DistinctOn; filter by their keys", q.query.Model))
		}
		if size <= 0 {
			size = 1000
		}
		k, err := q.OrderBy().keyset("InChunks")
		if err != nil {
			yield(nil, err)
			return
		}
		for at := (position{}); ; {
			rows, err := k.rows(ctx, at, size)
			if err != nil {
				yield(nil, err)
				return
			}
			objects := make([]any, len(rows))
			for i, row := range rows {
				objects[i] = row.Object
			}
			if len(rows) == 0 || !yield(objects, nil) || len(rows) < size {
				return
			}
			at.values = rows[len(rows)-1].Values
		}
	}
}
