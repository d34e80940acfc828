package session

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Savepoint is a point inside an open transaction that the transaction can be rolled back to.
type Savepoint struct {
	session *Session
	t       *transaction
	name    string
	hooks   int // how many commit hooks there were
}

// Savepoint sets a savepoint in the context's transaction. It returns an error if there is none.
func (s *Session) Savepoint(ctx context.Context) (*Savepoint, error) {
	t := s.transaction(ctx)
	if t == nil {
		return nil, errors.New("orm: Savepoint outside a transaction; call it inside Atomic, with the context passed to its function")
	}
	return s.savepoint(ctx, t)
}

func (s *Session) savepoint(ctx context.Context, t *transaction) (*Savepoint, error) {
	tx, err := t.usable()
	if err != nil {
		return nil, err
	}
	p := &Savepoint{session: s, t: t}
	t.mu.Lock()
	p.hooks = len(t.onCommit)
	t.savepoints = append(t.savepoints, p)
	p.name = fmt.Sprintf("quintet_%d", len(t.savepoints))
	t.mu.Unlock()
	if _, err := tx.ExecContext(ctx, "SAVEPOINT "+p.name); err != nil {
		_ = p.end()
		return nil, s.Translate(err)
	}
	return p, nil
}

// end removes a savepoint, and those set since, from the open ones.
func (p *Savepoint) end() error {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	i := slices.Index(p.t.savepoints, p)
	if i < 0 {
		return errors.New("orm: this savepoint has ended: it was released or rolled back, or an earlier one was")
	}
	p.t.savepoints = p.t.savepoints[:i]
	return nil
}

// Release keeps what happened since the savepoint and ends it, and all savepoints that were set after it.
func (p *Savepoint) Release(ctx context.Context) error {
	if _, err := p.t.usable(); err != nil {
		return err
	}
	if err := p.end(); err != nil {
		return err
	}
	_, err := p.t.tx.ExecContext(ctx, "RELEASE SAVEPOINT "+p.name)
	return p.session.Translate(err)
}

// Rollback undoes what happened since the savepoint, drops the commit hooks that were added since, and ends it and all
// savepoints that were set after it.
func (p *Savepoint) Rollback(ctx context.Context) error {
	if err := p.end(); err != nil {
		return err
	}
	return p.session.Translate(p.undo(ctx))
}

// undo rolls back to the savepoint, also when the context has ended.
func (p *Savepoint) undo(ctx context.Context) error {
	t := p.t
	t.mu.Lock()
	t.onCommit = t.onCommit[:min(p.hooks, len(t.onCommit))]
	t.mu.Unlock()
	uncanceled := context.WithoutCancel(ctx)
	if _, err := t.tx.ExecContext(uncanceled, "ROLLBACK TO SAVEPOINT "+p.name); err != nil {
		return err
	}
	t.mu.Lock()
	if !t.conflict {
		t.failure = nil
	}
	t.mu.Unlock()
	_, err := t.tx.ExecContext(uncanceled, "RELEASE SAVEPOINT "+p.name)
	return err
}

// inSavepoint runs fn in a savepoint of an open transaction.
func (s *Session) inSavepoint(ctx context.Context, t *transaction, fn func(ctx context.Context) error) error {
	p, err := s.savepoint(ctx, t)
	if err != nil {
		return err
	}
	returned := false
	defer func() {
		if !returned && p.end() == nil {
			_ = p.undo(ctx)
		}
	}()
	err = fn(ctx)
	returned = true
	if err == nil {
		if _, err = t.usable(); err == nil {
			if err = p.end(); err != nil {
				return err
			}
			if _, err = t.tx.ExecContext(ctx, "RELEASE SAVEPOINT "+p.name); err == nil {
				return nil
			}
			_ = p.undo(ctx)
			return s.Translate(err)
		}
	}
	if ended := p.end(); ended != nil {
		return err // a savepoint around this one was rolled back already
	}
	if rollback := p.undo(ctx); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) && !t.inConflict() {
		return fmt.Errorf("%w (and the rollback to the savepoint failed: %v)", err, rollback)
	}
	return err
}

// inConflict reports whether the whole transaction has to be rolled back, which the database may have done already.
func (t *transaction) inConflict() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.conflict
}

// EndsWithErrors reports whether an error of a statement would end the context's transaction, unless the statement is in
// a savepoint.
func (s *Session) EndsWithErrors(ctx context.Context) bool {
	return dialect.ErrorsAbortTransaction(s.Dialect()) && s.InTransaction(ctx)
}

// Guard runs fn so that the context's transaction can continue if it fails: in a savepoint, on databases that
// otherwise refuse further statements.
func (s *Session) Guard(ctx context.Context, fn func(ctx context.Context) error) error {
	if s.EndsWithErrors(ctx) {
		return s.inSavepoint(ctx, s.transaction(ctx), fn)
	}
	return fn(ctx)
}
