package orm

import (
	"context"
	"time"

	"github.com/quintetgo/quintet/orm/internal/session"
)

// Statement is one SQL statement that was run, as observers receive it.
type Statement struct {
	SQL  string        // the text, with placeholders
	Args []any         // the values bound to the placeholders; read-only
	Took time.Duration // until the first row could be read
	Err  error         // the driver's error, nil on success
}

// WithObserver returns a context whose statements are reported to fn, in the goroutine that runs them, in addition to an
// observer that ctx has. fn must be safe for concurrent use if the context is used concurrently. Statements of [DB.Gorm], and
// those that begin and end transactions, are not reported.
func WithObserver(ctx context.Context, fn func(Statement)) context.Context {
	return session.WithObserver(ctx, func(s session.Statement) { fn(Statement(s)) })
}

// Observe reports every statement of this database to fn, in the goroutine that runs it, until stop is called. fn must be
// safe for concurrent use. It is meant for tests and development; see [WithObserver] for a single request.
func (db *DB) Observe(fn func(Statement)) (stop func()) {
	return db.session.Observe(func(s session.Statement) { fn(Statement(s)) })
}
