package session

import (
	"context"
	"database/sql"
	"slices"
	"time"
)

// Statement is one SQL statement that was run, as observers receive it.
type Statement struct {
	SQL  string        // the text, with placeholders
	Args []any         // the values bound to the placeholders
	Took time.Duration // until the first row could be read
	Err  error         // the driver's error, nil on success
}

type observerKey struct{}

// WithObserver returns a context whose statements are reported to fn, in addition to an observer that ctx has.
func WithObserver(ctx context.Context, fn func(Statement)) context.Context {
	if outer, ok := ctx.Value(observerKey{}).(func(Statement)); ok {
		inner := fn
		fn = func(s Statement) { outer(s); inner(s) }
	}
	return context.WithValue(ctx, observerKey{}, fn)
}

// Observe reports every statement of this database to fn, in the goroutine that runs it, until stop is called.
func (s *Session) Observe(fn func(Statement)) (stop func()) {
	added := &fn
	s.changeObservers(func(list []*func(Statement)) []*func(Statement) { return append(list, added) })
	return func() {
		s.changeObservers(func(list []*func(Statement)) []*func(Statement) {
			return slices.DeleteFunc(list, func(p *func(Statement)) bool { return p == added })
		})
	}
}

// changeObservers replaces the list of observers by a changed copy.
func (d *database) changeObservers(change func([]*func(Statement)) []*func(Statement)) {
	d.observersMutex.Lock()
	defer d.observersMutex.Unlock()
	var list []*func(Statement)
	if p := d.observers.Load(); p != nil {
		list = slices.Clone(*p)
	}
	if list = change(list); len(list) == 0 {
		d.observers.Store(nil)
		return
	}
	d.observers.Store(&list)
}

// observed returns q, wrapped if anything observes its statements.
func (s *Session) observed(ctx context.Context, q Querier) Querier {
	local, _ := ctx.Value(observerKey{}).(func(Statement))
	global := s.observers.Load()
	if local == nil && global == nil {
		return q
	}
	return observer{q, func(s Statement) {
		if local != nil {
			local(s)
		}
		if global != nil {
			for _, fn := range *global {
				(*fn)(s)
			}
		}
	}}
}

type observer struct {
	q      Querier
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
