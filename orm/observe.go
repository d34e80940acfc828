package orm

import (
	"context"
	"database/sql"
	"slices"
	"time"
)

// Statement is one SQL statement that was run.
type Statement struct {
	SQL  string
	Args []any
	Took time.Duration // until the first row could be read
	Err  error         // the driver's error, nil if it worked
}

type observerKey struct{}

// WithObserver gives a context whose statements are reported to fn, from whatever goroutine runs them. Statements of
// Gorm, and those that begin and end transactions, are not.
func WithObserver(ctx context.Context, fn func(Statement)) context.Context {
	if outer, ok := ctx.Value(observerKey{}).(func(Statement)); ok {
		inner := fn
		fn = func(s Statement) { outer(s); inner(s) }
	}
	return context.WithValue(ctx, observerKey{}, fn)
}

// Observe reports every statement of this database to fn, from whatever goroutine runs it, until stop is called. It is
// meant for tests and development; see [WithObserver] for a single request.
func (db *DB) Observe(fn func(Statement)) (stop func()) {
	own := &fn
	db.core.watch(func(list []*func(Statement)) []*func(Statement) { return append(list, own) })
	return func() {
		db.core.watch(func(list []*func(Statement)) []*func(Statement) {
			return slices.DeleteFunc(list, func(p *func(Statement)) bool { return p == own })
		})
	}
}

// watch replaces the list of observers by a changed copy.
func (c *core) watch(change func([]*func(Statement)) []*func(Statement)) {
	c.watching.Lock()
	defer c.watching.Unlock()
	var list []*func(Statement)
	if p := c.observers.Load(); p != nil {
		list = slices.Clone(*p)
	}
	if list = change(list); len(list) == 0 {
		c.observers.Store(nil)
		return
	}
	c.observers.Store(&list)
}

// observed wraps q if anyone wants to know what it runs.
func (db *DB) observed(ctx context.Context, q querier) querier {
	own, _ := ctx.Value(observerKey{}).(func(Statement))
	all := db.core.observers.Load()
	if own == nil && all == nil {
		return q
	}
	return observer{q, func(s Statement) {
		if own != nil {
			own(s)
		}
		if all != nil {
			for _, fn := range *all {
				(*fn)(s)
			}
		}
	}}
}

type observer struct {
	q      querier
	report func(Statement)
}

func (o observer) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	start := time.Now()
	rows, err := o.q.QueryContext(ctx, query, args...)
	o.report(Statement{query, args, time.Since(start), err})
	return rows, err
}

func (o observer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	start := time.Now()
	result, err := o.q.ExecContext(ctx, query, args...)
	o.report(Statement{query, args, time.Since(start), err})
	return result, err
}
