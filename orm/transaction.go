package orm

import (
	"context"
	"database/sql"

	"github.com/quintetgo/quintet/orm/internal/session"
)

// InTransaction reports whether calls with this context take part in a transaction.
func (db *DB) InTransaction(ctx context.Context) bool { return db.session.InTransaction(ctx) }

// Atomic runs fn in a transaction: either everything that fn does with the context passed to it takes effect, or
// nothing. The transaction is rolled back when fn returns an error or panics (the panic continues), and when ctx
// ends. Inside another Atomic it is a savepoint. Options such as [Durable], [Serializable] and [Retry] follow fn.
//
// Statements that use the outer context do not take part. On SQLite a write with the outer context waits for the
// surrounding transaction and fails after 30 seconds, or when its context ends.
//
// On databases that refuse every statement after a failed one, call what may fail in an Atomic of its own and handle
// that one's error: its savepoint keeps the transaction usable.
func (db *DB) Atomic(ctx context.Context, fn func(ctx context.Context) error, options ...AtomicOption) error {
	if len(options) == 0 {
		return db.session.Atomic(ctx, fn)
	}
	settings := make([]func(*session.Options), len(options))
	for i, option := range options {
		settings[i] = option
	}
	return db.session.Atomic(ctx, fn, settings...)
}

// AtomicOption is an option of [DB.Atomic]: [Durable], [ReadOnly], [ReadCommitted], [RepeatableRead], [Serializable],
// or what [Retry] returns. The type in it is internal to this module.
type AtomicOption func(*session.Options)

// Durable makes [DB.Atomic] return an error inside another transaction, which could roll back what is meant to be
// permanent when Atomic returns.
func Durable(o *session.Options) { o.Durable = true }

// ReadOnly makes writes in the transaction fail. All reads in it see the database at one point in time if the isolation
// level is at least [RepeatableRead], on SQLite always. Where reads have connections of their own, it does not wait for
// other transactions.
func ReadOnly(o *session.Options) { o.ReadOnly = true }

// ReadCommitted isolates the transaction so that each statement sees what was committed before it.
func ReadCommitted(o *session.Options) { o.Isolation = sql.LevelReadCommitted }

// RepeatableRead isolates the transaction so that all its reads see the database at one point in time.
func RepeatableRead(o *session.Options) { o.Isolation = sql.LevelRepeatableRead }

// Serializable isolates the transaction so that it has the same effect as if no other ran at the same time. The
// database may end it with an error instead; see [Retry]. Transactions on SQLite are always serializable.
func Serializable(o *session.Options) { o.Isolation = sql.LevelSerializable }

// Retry returns the option to run the function of [DB.Atomic] again, at most times times, if the database ends the
// transaction because of another one: after a deadlock, a serialization failure or a [*fault.LockedError]. Everything that
// the function did in the database is undone before; what it did elsewhere is not. The time between attempts grows, and is
// random. Inside another Atomic it has no effect, as only the outermost function can run again.
func Retry(times int) AtomicOption { return func(o *session.Options) { o.Retries = times } }

// OnCommit runs fn after the outermost transaction of the context has been committed, in the order of the calls, with
// the context that the outermost Atomic received. fn is dropped if the transaction, or the savepoint that OnCommit
// was called in, is rolled back. Without a transaction, fn runs at once.
//
// The commit cannot be undone any more, so an error or a panic of fn is logged by [log/slog], and the other functions
// run.
func OnCommit(ctx context.Context, fn func(ctx context.Context) error) { session.OnCommit(ctx, fn) }

// Savepoint is a point inside a transaction that the transaction can be rolled back to. Most programs use a nested
// [DB.Atomic] instead, which releases and rolls back by itself.
type Savepoint struct{ point *session.Savepoint }

// Savepoint sets a savepoint in the context's transaction. It returns an error if there is none.
func (db *DB) Savepoint(ctx context.Context) (*Savepoint, error) {
	point, err := db.session.Savepoint(ctx)
	if err != nil {
		return nil, err
	}
	return &Savepoint{point}, nil
}

// Release keeps what happened since the savepoint, and ends it and the savepoints that were set after it.
func (p *Savepoint) Release(ctx context.Context) error { return p.point.Release(ctx) }

// Rollback undoes what happened since the savepoint, and ends it and the savepoints that were set after it. The
// transaction continues.
func (p *Savepoint) Rollback(ctx context.Context) error { return p.point.Rollback(ctx) }
