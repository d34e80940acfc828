package session

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/quintetgo/quintet/orm/dialect"
)

// transaction is one open transaction. It travels in the context that Atomic passes to its function.
type transaction struct {
	session *Session
	options Options
	ctx     context.Context //nolint:containedctx // of the outermost Atomic; the database's transaction ends with it
	outer   *transaction    // of another database, in the same context

	mu         sync.Mutex
	tx         *sql.Tx // nil before a lazy transaction has run a statement
	ended      bool
	slot       writerSlot
	savepoints []*Savepoint // the open ones, innermost last
	onCommit   []CommitHook
	references references
	failure    error // after which the database refuses or ignores the transaction's statements
	conflict   bool  // failure is a conflict with another transaction, which no savepoint repairs
}

type transactionKey struct{}

// transaction returns the context's transaction on this database, or nil.
func (s *Session) transaction(ctx context.Context) *transaction {
	t, _ := ctx.Value(transactionKey{}).(*transaction)
	for t != nil && t.session.database != s.database {
		t = t.outer
	}
	return t
}

// InTransaction reports whether calls with this context take part in a transaction on this database.
func (s *Session) InTransaction(ctx context.Context) bool { return s.transaction(ctx) != nil }

// Atomic runs fn in a transaction, or in a savepoint if ctx has a transaction on this database. It commits when fn
// returns nil. It rolls back when fn returns an error or panics, and when ctx ends.
func (s *Session) Atomic(ctx context.Context, fn func(ctx context.Context) error, settings ...func(*Options)) error {
	if s.err != nil {
		return s.err
	}
	options, err := readOptions(settings)
	if err != nil {
		return err
	}
	if t := s.transaction(ctx); t != nil {
		if err := t.options.allows(options); err != nil {
			return err
		}
		return s.inSavepoint(ctx, t, fn)
	}
	for attempt := 0; ; attempt++ {
		err := s.run(ctx, fn, options)
		if err == nil || options.Retries == 0 || !dialect.TransactionConflict(s.Dialect(), err) {
			return err
		}
		if attempt == options.Retries {
			return fmt.Errorf("orm: the transaction was in conflict with others each of %d times: %w", attempt+1, err)
		}
		if waiting := backOff(ctx, attempt); waiting != nil {
			return fmt.Errorf("%w (while waiting to run a transaction again that failed: %w)", waiting, err)
		}
	}
}

// run runs fn in a new transaction.
func (s *Session) run(ctx context.Context, fn func(ctx context.Context) error, options Options) error {
	t := &transaction{session: s, options: options, ctx: ctx}
	t.outer, _ = ctx.Value(transactionKey{}).(*transaction)
	defer t.end() // when fn panics, too
	if !options.Lazy {
		if _, err := t.usable(); err != nil {
			return err
		}
	}
	if err := fn(context.WithValue(ctx, transactionKey{}, t)); err != nil {
		if rollback := t.end(); rollback != nil {
			return fmt.Errorf("%w (and the rollback failed: %v)", err, rollback)
		}
		return err
	}
	if err := t.commit(); err != nil {
		return err
	}
	for _, hook := range t.onCommit {
		hook.run(ctx)
	}
	return nil
}

// commit commits the transaction. It has ended afterwards, also after an error, so that others may write.
func (t *transaction) commit() error {
	if t.tx == nil {
		_ = t.end()
		return nil // no statement was run
	}
	if _, err := t.usable(); err != nil {
		_ = t.end()
		return err
	}
	err := t.tx.Commit()
	_ = t.end()
	if err == nil {
		return nil
	}
	if t.ctx.Err() != nil {
		return fmt.Errorf("orm: commit: %w", t.ctx.Err())
	}
	return t.session.explainCommit(t.ctx, t.session.Translate(err), &t.references)
}

// end rolls back unless the transaction was committed, and lets others write. Further calls do nothing.
func (t *transaction) end() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return nil
	}
	t.ended = true
	defer t.slot.release()
	if t.tx == nil {
		return nil
	}
	if err := t.tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

// begin opens the database's transaction.
func (t *transaction) begin() error {
	s := t.session
	how, err := dialect.TxOptions(s.Dialect(), t.options.Isolation, t.options.ReadOnly)
	if err != nil {
		return err
	}
	pool := s.conn.Reader
	if !t.options.ReadOnly {
		s.pinToPrimary(t.ctx)
		pool = s.conn.Writer
		if err := t.slot.acquire(t.ctx, s.writers); err != nil {
			return err
		}
	}
	if t.tx, err = pool.BeginTx(t.ctx, how); err != nil {
		t.tx = nil
		t.slot.release()
		return fmt.Errorf("orm: begin transaction: %w", err)
	}
	return nil
}

// writerSlot is a slot of the pool of writers, or none.
type writerSlot struct{ pool *writerPool }

func (s *writerSlot) acquire(ctx context.Context, pool *writerPool) error {
	if err := pool.acquire(ctx); err != nil {
		return err
	}
	s.pool = pool
	return nil
}

// release returns the slot. Further calls do nothing.
func (s *writerSlot) release() {
	if s.pool != nil {
		s.pool.release()
		s.pool = nil
	}
}

// usable returns the database's transaction, which it begins before the first statement. It returns an error if the
// database no longer takes statements, or would run them outside of the transaction.
func (t *transaction) usable() (*sql.Tx, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.failure != nil && t.conflict:
		return nil, fmt.Errorf("orm: this transaction was in conflict with another one and must be rolled back; "+
			"return the error from the function of Atomic: %w", t.failure)
	case t.failure != nil:
		return nil, fmt.Errorf("orm: this transaction cannot continue after an error; "+
			"call what may fail in an Atomic of its own, which is a savepoint: %w", t.failure)
	case t.tx == nil && t.ended:
		return nil, sql.ErrTxDone
	case t.tx == nil:
		if err := t.begin(); err != nil {
			return nil, err
		}
	}
	return t.tx, nil
}

// failed records the error of a statement.
func (t *transaction) failed(err error) {
	if err == nil {
		return
	}
	d := t.session.Dialect()
	conflict := false
	if c, ok := d.(dialect.ConflictChecker); ok {
		locked, rolledBack := c.RowLocked(err)
		conflict = rolledBack || !locked && c.TransactionConflict(err) // for a locked row, only the statement may have failed
	}
	if !conflict && !dialect.ErrorsAbortTransaction(d) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failure == nil || conflict && !t.conflict {
		t.failure, t.conflict = err, conflict
	}
}

// QueryContext implements [Querier].
func (t *transaction) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	tx, err := t.usable()
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, query, args...)
	t.failed(err)
	return rows, err
}

// ExecContext implements [Querier].
func (t *transaction) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	tx, err := t.usable()
	if err != nil {
		return nil, err
	}
	result, err := tx.ExecContext(ctx, query, args...)
	t.failed(err)
	return result, err
}
