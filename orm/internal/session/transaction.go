package session

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// transaction is one open transaction. It travels in the context that Atomic passes to its function.
type transaction struct {
	database *database
	tx       *sql.Tx
	outer    *transaction // of another database, in the same context

	mu         sync.Mutex
	savepoints int // how many are open
	onCommit   []func(context.Context)
	references references
}

type transactionKey struct{}

// transaction returns the context's transaction on this database, or nil.
func (s *Session) transaction(ctx context.Context) *transaction {
	t, _ := ctx.Value(transactionKey{}).(*transaction)
	for t != nil && t.database != s.database {
		t = t.outer
	}
	return t
}

// InTransaction reports whether calls with this context take part in a transaction on this database.
func (s *Session) InTransaction(ctx context.Context) bool { return s.transaction(ctx) != nil }

// Atomic runs fn in a transaction, or in a savepoint if ctx has a transaction on this database. It commits when fn
// returns nil. It rolls back when fn returns an error or panics, and when ctx ends.
func (s *Session) Atomic(ctx context.Context, fn func(ctx context.Context) error) error {
	if t := s.transaction(ctx); t != nil {
		return s.savepoint(ctx, t, fn)
	}
	if err := s.writers.acquire(ctx); err != nil {
		return err
	}
	released := false
	release := func() {
		if !released {
			released = true
			s.writers.release()
		}
	}
	defer release()
	tx, err := s.conn.Writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("orm: begin transaction: %w", err)
	}
	t := &transaction{database: s.database, tx: tx}
	t.outer, _ = ctx.Value(transactionKey{}).(*transaction)
	returned := false
	defer func() {
		if !returned { // fn panicked or ended its goroutine
			_ = tx.Rollback()
		}
	}()
	err = fn(context.WithValue(ctx, transactionKey{}, t))
	returned = true
	if err != nil {
		if rollback := tx.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			return fmt.Errorf("%w (and the rollback failed: %v)", err, rollback)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		release() // explaining the failure may need the only connection
		if ctx.Err() != nil {
			return fmt.Errorf("orm: commit: %w", ctx.Err())
		}
		return s.explainCommit(ctx, s.Translate(err), &t.references)
	}
	release() // the functions below may write
	for _, fn := range t.onCommit {
		fn(ctx)
	}
	return nil
}

// savepoint runs fn in a savepoint of an open transaction.
func (s *Session) savepoint(ctx context.Context, t *transaction, fn func(ctx context.Context) error) error {
	t.mu.Lock()
	t.savepoints++
	name := fmt.Sprintf("quintet_%d", t.savepoints)
	hooks := len(t.onCommit)
	t.mu.Unlock()
	if _, err := t.tx.ExecContext(ctx, "SAVEPOINT "+name); err != nil {
		return s.Translate(err)
	}
	returned := false
	defer func() {
		if !returned {
			_ = t.rollbackTo(ctx, name, hooks)
		}
	}()
	err := fn(ctx)
	returned = true
	if err != nil {
		if rollback := t.rollbackTo(ctx, name, hooks); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			return fmt.Errorf("%w (and the rollback to the savepoint failed: %v)", err, rollback)
		}
		return err
	}
	if _, err := t.tx.ExecContext(ctx, "RELEASE SAVEPOINT "+name); err != nil {
		_ = t.rollbackTo(ctx, name, hooks)
		return s.Translate(err)
	}
	t.mu.Lock()
	t.savepoints--
	t.mu.Unlock()
	return nil
}

// rollbackTo undoes what happened since a savepoint, and drops the commit functions that were added since.
func (t *transaction) rollbackTo(ctx context.Context, name string, hooks int) error {
	t.mu.Lock()
	t.savepoints--
	t.onCommit = t.onCommit[:min(hooks, len(t.onCommit))]
	t.mu.Unlock()
	uncanceled := context.WithoutCancel(ctx)
	if _, err := t.tx.ExecContext(uncanceled, "ROLLBACK TO SAVEPOINT "+name); err != nil {
		return err
	}
	_, err := t.tx.ExecContext(uncanceled, "RELEASE SAVEPOINT "+name)
	return err
}

// OnCommit runs fn after the outermost transaction of the context is committed, or at once if there is none. fn is
// dropped if the transaction, or the savepoint that OnCommit was called in, is rolled back.
func OnCommit(ctx context.Context, fn func(ctx context.Context)) {
	t, _ := ctx.Value(transactionKey{}).(*transaction)
	if t == nil {
		fn(ctx)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.onCommit = append(t.onCommit, fn)
}
