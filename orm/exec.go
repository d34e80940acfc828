package orm

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// querier is what runs statements: a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// reader gives what runs a read with this context: its transaction, else the pool of readers.
func (db *DB) reader(ctx context.Context) querier {
	if t := db.transaction(ctx); t != nil {
		return db.observed(ctx, t.tx)
	}
	return db.observed(ctx, db.core.conn.Reader)
}

// writer gives what runs a write with this context: its transaction, else the pool of writers.
func (db *DB) writer(ctx context.Context) querier {
	if t := db.transaction(ctx); t != nil {
		return db.observed(ctx, t.tx)
	}
	return db.observed(ctx, writerPool{db.core.conn.Writer})
}

// writerWait is how long a write waits for a free connection when its context has no earlier deadline.
const writerWait = 30 * time.Second

// writerPool is a pool that does not let writes wait for ever. On SQLite, whose pool has a single connection, a write
// that uses the outer context inside Atomic would wait for its own transaction.
type writerPool struct{ pool *sql.DB }

func (p writerPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := p.ready(ctx); err != nil {
		return nil, err
	}
	return p.pool.ExecContext(ctx, query, args...)
}

func (p writerPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := p.ready(ctx); err != nil {
		return nil, err
	}
	return p.pool.QueryContext(ctx, query, args...)
}

// ready waits until a connection is free.
func (p writerPool) ready(ctx context.Context) error {
	if s := p.pool.Stats(); s.MaxOpenConnections == 0 || s.InUse < s.MaxOpenConnections {
		return nil
	}
	start := time.Now()
	limited, cancel := context.WithTimeout(ctx, writerWait)
	defer cancel()
	conn, err := p.pool.Conn(limited)
	if err == nil {
		return conn.Close()
	}
	if limited.Err() == nil {
		return err
	}
	return fmt.Errorf("orm: a write waited %v for another transaction to end; inside Atomic, pass the context that it hands to its function: %w",
		time.Since(start).Round(time.Millisecond), err)
}

// Exec runs a statement, in the context's transaction if there is one.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := db.writer(ctx).ExecContext(ctx, query, args...)
	return result, db.translate(err)
}

// Query runs a statement that yields rows, in the context's transaction if there is one. Outside, reads go to the pool
// of readers. The rows must be closed.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	q := db.reader(ctx)
	if !isRead(query) {
		q = db.writer(ctx)
	}
	rows, err := q.QueryContext(ctx, query, args...)
	return rows, db.translate(err)
}

// isRead reports whether a statement surely changes nothing. In doubt it is a write.
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

// translate turns broken constraints into [*IntegrityError] and names what a finished transaction means.
func (db *DB) translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("orm: the transaction of this context has ended: %w", err)
	}
	var known *IntegrityError
	if errors.As(err, &known) {
		return err
	}
	if db.core.conn.Translate != nil {
		if integrity := db.core.conn.Translate(err); integrity != nil {
			db.describe(integrity)
			return integrity
		}
	}
	if db.core.conn.Explain != nil {
		if explained := db.core.conn.Explain(err); explained != nil {
			return explained
		}
	}
	return err
}
