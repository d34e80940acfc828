package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strconv"
	"sync"
	"time"
)

// killer ends connections at the server, over connections of its own.
type killer struct {
	pool *sql.DB

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// killTime limits how long one KILL takes; the server may be away.
const killTime = 2 * time.Second

func newKiller(c driver.Connector) *killer {
	pool := sql.OpenDB(c)
	pool.SetMaxOpenConns(2)
	pool.SetMaxIdleConns(1)
	pool.SetConnMaxIdleTime(10 * time.Second)
	return &killer{pool: pool}
}

// kill ends a connection in the background. One that has ended already is no error.
func (k *killer) kill(id int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return
	}
	k.running.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), killTime)
		defer cancel()
		_, _ = k.pool.ExecContext(ctx, "KILL "+strconv.FormatInt(id, 10))
	})
}

// close waits for what is running.
func (k *killer) close() error {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.running.Wait()
	return k.pool.Close()
}
