package session

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Querier runs statements: a pool or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Reader returns what runs a read with this context: its transaction, or else the pool of readers. Its errors are the
// driver's; see [Session.Translate].
func (s *Session) Reader(ctx context.Context) Querier {
	if t := s.transaction(ctx); t != nil {
		return s.observed(ctx, t.tx)
	}
	return s.observed(ctx, s.conn.Reader)
}

// Writer returns what runs a write with this context: its transaction, or else the pool of writers. Its errors are the
// driver's; see [Session.Translate].
func (s *Session) Writer(ctx context.Context) Querier {
	if t := s.transaction(ctx); t != nil {
		return s.observed(ctx, t.tx)
	}
	return s.observed(ctx, writerPool{s.conn.Writer})
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
	if !isRead(query) {
		q = s.Writer(ctx)
	}
	rows, err := q.QueryContext(ctx, query, args...)
	return rows, s.Translate(err)
}

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

// Writer runs statements of one write on one connection.
type Writer struct {
	Querier
	conn *sql.Conn // nil in a transaction, which has a connection
}

// AcquireWriter returns a writer for statements whose rows are read: the context's transaction, or else a connection of
// the pool of writers. The caller closes the rows and then releases the writer.
func (s *Session) AcquireWriter(ctx context.Context) (Writer, error) {
	if t := s.transaction(ctx); t != nil {
		return Writer{Querier: s.observed(ctx, t.tx)}, nil
	}
	conn, err := writerPool{s.conn.Writer}.conn(ctx)
	if err != nil {
		return Writer{}, err
	}
	return Writer{s.observed(ctx, conn), conn}, nil
}

// Release returns the connection to the pool. It does nothing in a transaction.
func (w Writer) Release() {
	if w.conn != nil {
		_ = w.conn.Close()
	}
}

// writerTimeout is how long a write waits for a free connection when its context has no earlier deadline.
const writerTimeout = 30 * time.Second

// writerPool is a pool whose statements wait for a connection no longer than writerTimeout. On SQLite, where the pool has
// a single connection, a write with the outer context inside Atomic would wait for its own transaction.
type writerPool struct{ pool *sql.DB }

func (p writerPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	conn, err := p.conn(ctx)
	if err != nil {
		return nil, err
	}
	result, err := conn.ExecContext(ctx, query, args...)
	_ = conn.Close()
	if errors.Is(err, driver.ErrBadConn) { // the connection was stale: the pool opens another one
		return p.pool.ExecContext(ctx, query, args...)
	}
	return result, err
}

func (p writerPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	conn, err := p.conn(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		_ = conn.Close()
		if errors.Is(err, driver.ErrBadConn) {
			return p.pool.QueryContext(ctx, query, args...)
		}
		return nil, err
	}
	go func() { _ = conn.Close() }() // returns when the rows are closed
	return rows, nil
}

// begin opens a transaction. The caller closes the connection when the transaction has ended.
func (p writerPool) begin(ctx context.Context, opts *sql.TxOptions) (*sql.Conn, *sql.Tx, error) {
	for attempt := 0; ; attempt++ {
		conn, err := p.conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		tx, err := conn.BeginTx(ctx, opts)
		if err == nil {
			return conn, tx, nil
		}
		_ = conn.Close()
		if attempt == 2 || !errors.Is(err, driver.ErrBadConn) { // a stale connection: take another one
			return nil, nil, fmt.Errorf("orm: begin transaction: %w", err)
		}
	}
}

// conn takes a connection of the pool. The caller closes it.
func (p writerPool) conn(ctx context.Context) (*sql.Conn, error) {
	start := time.Now()
	limited := ctx
	if deadline, ok := ctx.Deadline(); !ok || deadline.Sub(start) > writerTimeout {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, writerTimeout)
		defer cancel()
	}
	conn, err := p.pool.Conn(limited)
	if err == nil || limited.Err() == nil {
		return conn, err
	}
	return nil, fmt.Errorf("orm: a write waited %v for another transaction to end; inside Atomic, use the context passed to its function: %w",
		time.Since(start).Round(time.Millisecond), err)
}
