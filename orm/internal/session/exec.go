package session

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// Querier runs statements: a pool or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Reader returns what runs a read with this context: its transaction, or else the pool of readers. Its errors are the
// driver's; see [Session.Translate].
func (s *Session) Reader(ctx context.Context) Querier {
	if s.err != nil {
		return refused{s.err}
	}
	if t := s.transaction(ctx); t != nil {
		return s.observed(ctx, t)
	}
	return s.observed(ctx, s.readPool(ctx))
}

// Writer returns what runs a write with this context: its transaction, or else the pool of writers. Its errors are the
// driver's; see [Session.Translate].
func (s *Session) Writer(ctx context.Context) Querier {
	switch t := s.transaction(ctx); {
	case s.err != nil:
		return refused{s.err}
	case t == nil:
		s.pinToPrimary(ctx)
		return s.observed(ctx, s.writers)
	case t.options.ReadOnly:
		return refused{errReadOnly}
	default:
		return s.observed(ctx, t)
	}
}

// AcquireWriter is Writer for statements whose rows are read. The caller closes the rows and then calls release, which
// lets the next write begin.
func (s *Session) AcquireWriter(ctx context.Context) (q Querier, release func(), err error) {
	if s.transaction(ctx) != nil || s.err != nil {
		return s.Writer(ctx), func() {}, nil
	}
	s.pinToPrimary(ctx)
	if err := s.writers.acquire(ctx); err != nil {
		return nil, nil, err
	}
	return s.observed(ctx, s.conn.Writer), s.writers.releaseFunc, nil
}

// Exec runs a statement in the context's transaction, if there is one, and translates its error.
func (s *Session) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := s.Writer(ctx).ExecContext(ctx, query, args...)
	return result, s.Translate(err)
}

// Query runs a statement that returns rows in the context's transaction, if there is one, and translates its error.
// Outside a transaction, reads use the pool of readers. The caller closes the rows.
func (s *Session) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	q := s.Reader(ctx)
	if !s.InTransaction(ctx) && !isRead(query) {
		q = s.Writer(ctx)
	}
	rows, err := q.QueryContext(ctx, query, args...)
	return rows, s.Translate(err)
}

// errReadOnly is the error of writes in a transaction that only reads. The database would refuse them too, with an error
// of its own.
var errReadOnly = errors.New("orm: this transaction is read-only; write outside of it, or remove orm.ReadOnly from its Atomic")

// isRead reports whether a statement certainly changes nothing. If in doubt it is a write.
func isRead(query string) bool {
	word := strings.TrimLeft(query, " \t\r\n(")
	if i := strings.IndexAny(word, " \t\r\n("); i > 0 {
		word = word[:i]
	}
	switch strings.ToUpper(word) {
	case "SELECT", "EXPLAIN", "VALUES", "SHOW":
		return true
	case "WITH":
		upper := strings.ToUpper(query)
		return !strings.Contains(upper, "INSERT") && !strings.Contains(upper, "UPDATE") && !strings.Contains(upper, "DELETE")
	}
	return false
}
