// Package load runs compiled queries: it reads objects and their prefetched relations, single values, and counts.
package load

import (
	"context"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// Query is a query that can run. An error found while it was built is in Select.Err; every method returns it.
type Query struct {
	Session  *session.Session
	Select   *compile.Query
	Prefetch []Prefetch
	Peers    bool // missing relations of the objects are loaded for all of them when one is read; see [Unloaded]
}

// Ordering returns the model's default ordering.
func Ordering(m *schema.Model) []compile.Order {
	orders := make([]compile.Order, len(m.Ordering))
	for i, name := range m.Ordering {
		orders[i] = compile.ParseOrder(name)
	}
	return orders
}

// Each calls fn with a pointer to the struct of each row until fn returns false. It does not load prefetched relations.
func (q Query) Each(ctx context.Context, fn func(object unsafe.Pointer) bool) error {
	if err := q.ready(ctx); err != nil {
		return err
	}
	if q.Select.Groups != nil {
		return fmt.Errorf("orm: %s: groups are not objects; read them with Values", q.Select.Model)
	}
	q.Select = q.scoped(ctx)
	p, args, err := q.objects()
	if err != nil || q.Select.None {
		return err
	}
	rows, err := q.Session.Reader(ctx).QueryContext(ctx, p.SQL, args...)
	if err != nil {
		return q.failed(err)
	}
	reader := p.readers.Get(ctx)
	defer p.readers.Put(reader)
	return q.failed(reader.Each(rows, fn))
}

// ready returns the error that was found while the query was built, that of locking rows outside of a transaction, or that of
// a relation to prefetch which does not exist.
func (q Query) ready(ctx context.Context) error {
	if q.Select.Err == nil && q.Select.Lock != nil && !q.Session.InTransaction(ctx) {
		return fmt.Errorf("orm: %s: ForUpdate locks rows until a transaction ends, and this context has none; run the query in "+
			"db.Atomic, with the context that it passes", q.Select.Model)
	}
	if q.Select.Err != nil {
		return q.Select.Err
	}
	return checkPaths(q.Select.Model, q.Prefetch)
}

// Objects returns pointers to the structs of all rows, with prefetched relations.
func (q Query) Objects(ctx context.Context) ([]any, error) {
	var all []any
	if n := q.Select.Limit; n > 0 {
		all = make([]any, 0, min(n, 1000))
	}
	typ := q.Select.Model.Type
	err := q.Each(ctx, func(p unsafe.Pointer) bool {
		all = append(all, reflect.NewAt(typ, p).Interface())
		return true
	})
	if err != nil {
		return nil, err
	}
	return all, q.Fill(ctx, all)
}

// Get returns a pointer to the struct of the only row, with prefetched relations. If there is none the error is a
// [*fault.NotFoundError], and if there are several [fault.ErrMultiple]. With a limit of 1 it is the first row.
func (q Query) Get(ctx context.Context) (any, error) {
	selected := *q.Select
	switch {
	case selected.Limit == 1:
	case selected.Limit == 0 && selected.Offset <= 0 && selected.AtMostOne():
		selected.Limit, selected.Order = 1, nil
	default:
		selected.Limit = 2 // enough to find out that there are several
	}
	var only any
	several := false
	err := Query{Session: q.Session, Select: &selected}.Each(ctx, func(p unsafe.Pointer) bool {
		several = only != nil
		only = reflect.NewAt(selected.Model.Type, p).Interface()
		return !several && selected.Limit > 1
	})
	switch {
	case err != nil:
		return nil, err
	case only == nil:
		return nil, &fault.NotFoundError{Model: selected.Model}
	case several:
		return nil, fmt.Errorf("%w: %s", fault.ErrMultiple, selected.Model)
	case !q.Fills():
		return only, nil
	}
	return only, q.Fill(ctx, []any{only})
}

// EachObject calls fn with a pointer to the struct of each row until fn returns false. With prefetches, every row is read first.
func (q Query) EachObject(ctx context.Context, fn func(object any) bool) error {
	if !q.Fills() {
		typ := q.Select.Model.Type
		return q.Each(ctx, func(p unsafe.Pointer) bool { return fn(reflect.NewAt(typ, p).Interface()) })
	}
	all, err := q.Objects(ctx)
	if err != nil {
		return err
	}
	for _, obj := range all {
		if !fn(obj) {
			return nil
		}
	}
	return nil
}

// Values returns single values of each row by path or annotation, each with the Go type of its field. NULL is nil.
func (q Query) Values(ctx context.Context, names []string) ([][]any, error) {
	if err := q.ready(ctx); err != nil {
		return nil, err
	}
	q.Select = q.scoped(ctx)
	p, args, err := q.plan(planValues, func(shape *compile.Shape) bool { shape.AddNames(names); return true },
		func(numbered *compile.Query) (*plan, error) {
			cells, err := compile.Values(q.Session.Dialect(), numbered, names)
			if err != nil {
				return nil, err
			}
			return &plan{Statement: cells.Statement, cells: cells}, nil
		})
	if err != nil || q.Select.None {
		return nil, err
	}
	rows, err := q.Session.Reader(ctx).QueryContext(ctx, p.SQL, args...)
	if err != nil {
		return nil, q.failed(err)
	}
	all, err := scan.Values(rows, p.cells.Fields, p.cells.Kinds)
	if err != nil {
		return nil, q.failed(err)
	}
	return all, nil
}

// Count returns the number of rows; with a limit, at most that many.
func (q Query) Count(ctx context.Context) (int64, error) {
	if q.Select.Err != nil {
		return 0, q.Select.Err
	}
	q.Select = q.scoped(ctx)
	p, args, err := q.plan(planCount, nil, q.statement(compile.Count))
	if err != nil || q.Select.None {
		return 0, err
	}
	var n int64
	err = q.first(ctx, p, args, &n)
	return n, err
}

// Exists reports whether the query selects a row.
func (q Query) Exists(ctx context.Context) (bool, error) {
	if q.Select.Err != nil {
		return false, q.Select.Err
	}
	q.Select = q.scoped(ctx)
	p, args, err := q.plan(planAny, nil, q.statement(compile.Any))
	if err != nil || q.Select.None {
		return false, err
	}
	var one int64
	err = q.first(ctx, p, args, &one)
	return one == 1, err
}

// Update changes columns of every row and returns the number of rows.
func (q Query) Update(ctx context.Context, sets []compile.Set) (int64, error) {
	if q.Select.Err != nil {
		return 0, q.Select.Err
	}
	if err := q.checkTenant(ctx, sets); err != nil {
		return 0, err
	}
	q.Select = q.scoped(ctx)
	p, args, err := q.plan(planUpdate, func(shape *compile.Shape) bool { return shape.AddSets(q.Select.Model, sets) },
		func(numbered *compile.Query) (*plan, error) {
			numbered, sets := numbered.NumberedSets(sets)
			s, err := compile.Update(q.Session.Dialect(), numbered, sets)
			return &plan{Statement: s}, err
		})
	if err != nil || q.Select.None {
		return 0, fault.InvalidValue(q.Select.Model, err)
	}
	var n int64
	err = q.Session.Guard(ctx, func(ctx context.Context) error {
		result, err := q.Session.Exec(ctx, p.SQL, args...)
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fault.During("update "+q.Select.Model.String(), err)
	}
	return n, nil
}

// statement returns what builds the plan of a statement that has no rows of objects.
func (q Query) statement(compiled func(dialect.Dialect, *compile.Query) (compile.Statement, error)) func(*compile.Query) (*plan, error) {
	return func(numbered *compile.Query) (*plan, error) {
		s, err := compiled(q.Session.Dialect(), numbered)
		return &plan{Statement: s}, err
	}
}

// failed adds the model to an error of the database. If the statement is too large for the database it is a
// [*schema.LookupError], as the conditions may come from a request.
func (q Query) failed(err error) error {
	if err == nil {
		return nil
	}
	if d, ok := q.Session.Dialect().(dialect.SizeChecker); ok && d.TooLarge(err) {
		return &schema.LookupError{
			Model:   q.Select.Model,
			Problem: fmt.Sprintf("the query is too large for the database (%v); use fewer or less nested conditions", err),
		}
	}
	return fault.During("query "+q.Select.Model.String(), q.Session.Translate(err))
}
