package orm

import (
	"context"

	"github.com/quintetgo/quintet/orm/internal/session"
)

// InTransaction reports whether calls with this context take part in a transaction.
func (db *DB) InTransaction(ctx context.Context) bool { return db.session.InTransaction(ctx) }

// Atomic runs fn in a transaction: either everything that fn does with the context passed to it takes effect, or
// nothing. The transaction is rolled back when fn returns an error or panics (the panic continues), and when ctx
// ends. Inside another Atomic it is a savepoint.
//
// Statements that use the outer context do not take part. On SQLite a write with the outer context waits for the
// surrounding transaction and fails after 30 seconds, or when its context ends.
func (db *DB) Atomic(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.session.Atomic(ctx, fn)
}

// OnCommit runs fn after the outermost transaction of the context has been committed, in the order of the calls, with
// the context that the outermost Atomic received. fn is dropped if the transaction, or the savepoint that OnCommit
// was called in, is rolled back. Without a transaction, fn runs at once.
func OnCommit(ctx context.Context, fn func(ctx context.Context)) { session.OnCommit(ctx, fn) }
