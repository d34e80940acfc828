package session

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
)

// replicas are copies of the database that take reads. They lag behind the database by some time.
type replicas struct {
	connections []*dialect.Connection
	down        []atomic.Int64 // the time until which a replica is not asked, in nanoseconds
	next        atomic.Uint64
}

// restTime is how long a replica that cannot be reached is not asked.
const restTime = 5 * time.Second

// AddReplica adds a copy of the database that takes reads. It must be called before the database is used.
func (s *Session) AddReplica(conn *dialect.Connection) error {
	if s.err != nil {
		return s.err
	}
	if reflect.TypeOf(conn.Dialect) != reflect.TypeOf(s.Dialect()) {
		return fmt.Errorf("orm: a replica is a copy of its database, which is %s, not %s", s.Dialect().Name(), conn.Dialect.Name())
	}
	s.replicas.connections = append(s.replicas.connections, conn)
	s.replicas.down = make([]atomic.Int64, len(s.replicas.connections))
	return nil
}

type pinKey struct{}

// Pin is where reads with a context go: to replicas until the context writes, then to the database itself.
type Pin struct{ primary atomic.Bool }

// WithReplicas returns a context whose reads may go to replicas, until the first write with it. pinned begins with reads
// from the database itself.
func WithReplicas(ctx context.Context, pinned bool) (context.Context, *Pin) {
	pin := &Pin{}
	pin.primary.Store(pinned)
	return context.WithValue(ctx, pinKey{}, pin), pin
}

// Wrote reports whether reads go to the database itself.
func (p *Pin) Wrote() bool { return p.primary.Load() }

// pinToPrimary makes further reads with the context see what it writes.
func (s *Session) pinToPrimary(ctx context.Context) {
	if len(s.replicas.connections) == 0 {
		return
	}
	if pin, ok := ctx.Value(pinKey{}).(*Pin); ok {
		pin.primary.Store(true)
	}
}

// readPool returns the pool that a read outside a transaction uses.
func (s *Session) readPool(ctx context.Context) Querier {
	if len(s.replicas.connections) == 0 {
		return s.conn.Reader
	}
	if pin, ok := ctx.Value(pinKey{}).(*Pin); !ok || pin.primary.Load() {
		return s.conn.Reader
	}
	return replicaReader{s}
}

// replicaReader runs a read on a replica, or on the database itself if no replica can be reached.
type replicaReader struct{ session *Session }

func (r replicaReader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s := r.session
	all := &s.replicas
	for range all.connections {
		i := int(all.next.Add(1) % uint64(len(all.connections)))
		if all.down[i].Load() > time.Now().UnixNano() {
			continue
		}
		pool := all.connections[i].Reader
		rows, err := pool.QueryContext(ctx, query, args...)
		if err == nil || ctx.Err() != nil || pool.PingContext(ctx) == nil {
			return rows, err
		}
		all.down[i].Store(time.Now().Add(restTime).UnixNano())
	}
	return s.conn.Reader.QueryContext(ctx, query, args...)
}

func (r replicaReader) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return r.session.conn.Reader.ExecContext(ctx, query, args...)
}

// PingReplicas returns an error for each replica that does not respond.
func (s *Session) PingReplicas(ctx context.Context) error {
	var errs []error
	for i, conn := range s.replicas.connections {
		if err := conn.Reader.PingContext(ctx); err != nil {
			errs = append(errs, fmt.Errorf("orm: replica %d: %w", i+1, err))
		}
	}
	return errors.Join(errs...)
}

// Replicas returns how many replicas the database has.
func (s *Session) Replicas() int { return len(s.replicas.connections) }

// CloseConnection waits for running statements and closes both pools.
func CloseConnection(c *dialect.Connection) error {
	var errs []error
	if c.Reader != c.Writer {
		errs = append(errs, c.Reader.Close())
	}
	errs = append(errs, c.Writer.Close())
	if c.Close != nil {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}
