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
	database *database
	tx       *sql.Tx
	options  Options
	outer    *transaction // of another database, in the same context

	mu         sync.Mutex
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
	for t != nil && t.database != s.database {
		t = t.outer
	}
	return t
}

// InTransaction reports whether calls with this context take part in a transaction on this database.
func (s *Session) InTransaction(ctx context.Context) bool { return s.transaction(ctx) != nil }

// Atomic runs fn in a transaction, or in a savepoint if ctx has a transaction on this database. It commits when fn
// returns nil. It rolls back when fn returns an error or panics, and when ctx ends.
func (s *Session) Atomic(ctx context.Context, fn func(ctx context.Context) error, settings ...func(*Options)) error {
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
	var slot writerSlot
	defer slot.release()
	tx, err := s.begin(ctx, options, &slot)
	if err != nil {
		return err
	}
	t := &transaction{database: s.database, tx: tx, options: options}
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
	if err := t.usable(); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		slot.release() // explaining the failure may need the only connection
		if ctx.Err() != nil {
			return fmt.Errorf("orm: commit: %w", ctx.Err())
		}
		return s.explainCommit(ctx, s.Translate(err), &t.references)
	}
	slot.release() // the hooks may write
	for _, hook := range t.onCommit {
		hook.run(ctx)
	}
	return nil
}

// begin opens a transaction. One that may write takes slot, which its caller releases when it has ended.
func (s *Session) begin(ctx context.Context, options Options, slot *writerSlot) (*sql.Tx, error) {
	how, err := dialect.TxOptions(s.Dialect(), options.Isolation, options.ReadOnly)
	if err != nil {
		return nil, err
	}
	pool := s.conn.Reader
	if !options.ReadOnly {
		pool = s.conn.Writer
		if err := slot.acquire(ctx, s.writers); err != nil {
			return nil, err
		}
	}
	tx, err := pool.BeginTx(ctx, how)
	if err != nil {
		return nil, fmt.Errorf("orm: begin transaction: %w", err)
	}
	return tx, nil
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

// usable returns an error if the database no longer takes statements of the transaction, or would run them outside of
// it.
func (t *transaction) usable() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failure == nil {
		return nil
	}
	if t.conflict {
		return fmt.Errorf("orm: this transaction was in conflict with another one and must be rolled back; "+
			"return the error from the function of Atomic: %w", t.failure)
	}
	return fmt.Errorf("orm: this transaction cannot continue after an error; "+
		"call what may fail in an Atomic of its own, which is a savepoint: %w", t.failure)
}

// failed records the error of a statement.
func (t *transaction) failed(err error) {
	if err == nil {
		return
	}
	d := t.database.conn.Dialect
	conflict := dialect.TransactionConflict(d, err)
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
	if err := t.usable(); err != nil {
		return nil, err
	}
	rows, err := t.tx.QueryContext(ctx, query, args...)
	t.failed(err)
	return rows, err
}

// ExecContext implements [Querier].
func (t *transaction) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	result, err := t.tx.ExecContext(ctx, query, args...)
	t.failed(err)
	return result, err
}
