package orm

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// transaction is one open transaction. It travels in the context that Atomic hands out.
type transaction struct {
	core  *core
	tx    *sql.Tx
	outer *transaction // of another database, in the same context

	mu         sync.Mutex
	depth      int
	hooks      []func(context.Context)
	references references
}

type transactionKey struct{}

// transaction finds the context's transaction on this database, or nil.
func (db *DB) transaction(ctx context.Context) *transaction {
	t, _ := ctx.Value(transactionKey{}).(*transaction)
	for t != nil && t.core != db.core {
		t = t.outer
	}
	return t
}

// InTransaction reports whether calls with this context take part in a transaction.
func (db *DB) InTransaction(ctx context.Context) bool { return db.transaction(ctx) != nil }

// Atomic runs fn in a transaction: everything fn does with the context it is given happens wholly or not at all. The
// transaction is rolled back when fn returns an error or panics (the panic goes on), and when ctx ends. Inside another
// Atomic it is a savepoint. Statements that use the outer context instead do not take part; on SQLite a write with it
// waits for the transaction it stands in, and fails after 30 seconds or when the context ends.
func (db *DB) Atomic(ctx context.Context, fn func(ctx context.Context) error) error {
	if t := db.transaction(ctx); t != nil {
		return db.savepoint(ctx, t, fn)
	}
	pool := writerPool{db.core.conn.Writer}
	if err := pool.ready(ctx); err != nil {
		return err
	}
	tx, err := pool.pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("orm: begin transaction: %w", err)
	}
	t := &transaction{core: db.core, tx: tx}
	t.outer, _ = ctx.Value(transactionKey{}).(*transaction)
	done := false
	defer func() {
		if !done { // fn panicked or ended its goroutine
			_ = tx.Rollback()
		}
	}()
	err = fn(context.WithValue(ctx, transactionKey{}, t))
	done = true
	if err != nil {
		if rollback := tx.Rollback(); rollback != nil && rollback != sql.ErrTxDone {
			return fmt.Errorf("%w (and the rollback failed: %v)", err, rollback)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		if ctx.Err() != nil {
			return fmt.Errorf("orm: commit: %w", ctx.Err())
		}
		return db.blameCommit(ctx, db.translate(err), &t.references)
	}
	for _, hook := range t.hooks {
		hook(ctx)
	}
	return nil
}

func (db *DB) savepoint(ctx context.Context, t *transaction, fn func(ctx context.Context) error) error {
	t.mu.Lock()
	t.depth++
	name := fmt.Sprintf("quintet_%d", t.depth)
	hooks := len(t.hooks)
	t.mu.Unlock()
	if _, err := t.tx.ExecContext(ctx, "SAVEPOINT "+name); err != nil {
		return db.translate(err)
	}
	rollback := func() error {
		t.mu.Lock()
		t.depth--
		t.hooks = t.hooks[:min(hooks, len(t.hooks))]
		t.mu.Unlock()
		plain := context.WithoutCancel(ctx)
		if _, err := t.tx.ExecContext(plain, "ROLLBACK TO SAVEPOINT "+name); err != nil {
			return err
		}
		_, err := t.tx.ExecContext(plain, "RELEASE SAVEPOINT "+name)
		return err
	}
	done := false
	defer func() {
		if !done {
			_ = rollback()
		}
	}()
	err := fn(ctx)
	done = true
	if err != nil {
		if undo := rollback(); undo != nil && undo != sql.ErrTxDone {
			return fmt.Errorf("%w (and the rollback to the savepoint failed: %v)", err, undo)
		}
		return err
	}
	if _, err := t.tx.ExecContext(ctx, "RELEASE SAVEPOINT "+name); err != nil {
		_ = rollback()
		return db.translate(err)
	}
	t.mu.Lock()
	t.depth--
	t.mu.Unlock()
	return nil
}

// OnCommit runs fn after the outermost transaction of the context has been committed, in the order of the calls, with
// the context that the outermost Atomic was given. It is forgotten if the transaction, or the savepoint it was called
// in, is rolled back. Without a transaction fn runs at once.
func OnCommit(ctx context.Context, fn func(ctx context.Context)) {
	t, _ := ctx.Value(transactionKey{}).(*transaction)
	if t == nil {
		fn(ctx)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hooks = append(t.hooks, fn)
}
