package session

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// writerTimeout is how long a write waits for another write when its context has no earlier deadline.
const writerTimeout = 30 * time.Second

// writerPool is the pool of writers with a slot for each of its connections. A write takes a slot before it asks the
// pool for a connection, and waits for one no longer than writerTimeout. Without the limit, a write that uses the
// outer context inside Atomic would wait forever for its own transaction on SQLite, where the pool has a single
// connection.
type writerPool struct {
	pool        *sql.DB
	slots       chan struct{} // nil if the pool is unlimited
	releaseFunc func()        // p.release, bound once
}

func newWriterPool(pool *sql.DB) *writerPool {
	p := &writerPool{pool: pool}
	if n := pool.Stats().MaxOpenConnections; n > 0 {
		p.slots = make(chan struct{}, n)
	}
	p.releaseFunc = p.release
	return p
}

// acquire takes a slot. The caller calls release.
func (p *writerPool) acquire(ctx context.Context) error {
	if p.slots == nil {
		return nil
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	start := time.Now()
	timer := time.NewTimer(writerTimeout)
	defer timer.Stop()
	cause := context.DeadlineExceeded
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		cause = ctx.Err()
	case <-timer.C:
	}
	return fmt.Errorf("orm: a write waited %v for another transaction to end; inside Atomic, use the context passed to its function: %w",
		time.Since(start).Round(time.Millisecond), cause)
}

func (p *writerPool) release() {
	if p.slots != nil {
		<-p.slots
	}
}

func (p *writerPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := p.acquire(ctx); err != nil {
		return nil, err
	}
	defer p.release()
	return p.pool.ExecContext(ctx, query, args...)
}

func (p *writerPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := p.acquire(ctx); err != nil {
		return nil, err
	}
	conn, err := p.pool.Conn(ctx)
	if err != nil {
		p.release()
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		_ = conn.Close()
		p.release()
		return nil, err
	}
	go p.releaseAfter(conn)
	return rows, nil
}

// BeginTx opens a transaction that its caller ends.
func (p *writerPool) BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error) {
	if err := p.acquire(ctx); err != nil {
		return nil, err
	}
	conn, err := p.pool.Conn(ctx)
	if err != nil {
		p.release()
		return nil, err
	}
	tx, err := conn.BeginTx(ctx, opts)
	if err != nil {
		_ = conn.Close()
		p.release()
		return nil, err
	}
	go p.releaseAfter(conn)
	return tx, nil
}

// releaseAfter waits until nothing uses the connection, and then returns it and its slot.
func (p *writerPool) releaseAfter(conn *sql.Conn) {
	_ = conn.Close() // waits for rows and transactions
	p.release()
}
