package postgres_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
	"github.com/quintetgo/quintet/orm/postgres"
)

// TestLostServer kills the server under load. Statements and transactions fail only while it is away, and no later than
// two seconds after its return all of them work again.
func TestLostServer(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.start()
	db := s.open()
	if _, err := db.Exec(t.Context(), "CREATE TABLE hit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n bigint)"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var served atomic.Int64
	var away atomic.Bool
	var lastFailure atomic.Pointer[time.Time]
	statement := func(i int) error {
		_, err := db.Exec(ctx, "INSERT INTO hit (n) VALUES ($1)", i)
		return err
	}
	transaction := func(i int) error {
		return db.Atomic(ctx, func(ctx context.Context) error {
			if _, err := db.Exec(ctx, "UPDATE hit SET n = $1 WHERE id = $1", i); err != nil {
				return err
			}
			rows, err := db.Query(ctx, "SELECT n FROM hit WHERE id < 20")
			if err != nil {
				return err
			}
			for rows.Next() {
				continue
			}
			return errors.Join(rows.Err(), rows.Close())
		})
	}
	var group sync.WaitGroup
	for i := range 8 {
		run := statement
		if i%2 == 1 {
			run = transaction
		}
		group.Go(func() {
			for ctx.Err() == nil {
				before := away.Load()
				switch err := run(i); {
				case err == nil:
					served.Add(1)
				case ctx.Err() != nil:
				case !before && !away.Load():
					t.Errorf("failed while the server was there: %v", err)
				default:
					now := time.Now()
					lastFailure.Store(&now)
				}
			}
		})
	}
	wait := func(n int64) {
		for start := served.Load(); served.Load() < start+n && ctx.Err() == nil; {
			<-time.After(time.Millisecond)
		}
	}
	wait(200)
	away.Store(true)
	s.kill()
	<-time.After(100 * time.Millisecond) // time for the workers to fail
	s.start()
	back := time.Now()
	wait(200)
	if took := time.Since(back); took > 2*time.Second {
		t.Errorf("200 transactions after the server was back took %v", took)
	}
	wait(200)
	away.Store(false)
	wait(200)
	stop()
	group.Wait()
	switch last := lastFailure.Load(); {
	case last == nil:
		t.Error("nothing noticed that the server was away")
	case last.Sub(back) > 2*time.Second:
		t.Errorf("a failure %v after the server was back", last.Sub(back))
	}
}

// TestCanceledStatement checks that the server ends a statement whose context ends, that this takes at most 200 ms, and
// that the pool is as before.
func TestCanceledStatement(t *testing.T) {
	t.Parallel()
	db := testdb.Postgres(t)
	for name, run := range map[string]func(ctx context.Context) error{
		"query": func(ctx context.Context) error {
			rows, err := db.Query(ctx, "SELECT pg_sleep(30) /* canceled query */")
			if err != nil {
				return err
			}
			for rows.Next() {
				continue
			}
			return errors.Join(rows.Err(), rows.Close())
		},
		"rows that are being read": func(ctx context.Context) error {
			rows, err := db.Query(ctx, "SELECT repeat('x', 1000) FROM generate_series(1, 100000000) /* canceled rows */")
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				continue
			}
			return rows.Err()
		},
		"transaction": func(ctx context.Context) error {
			return db.Atomic(ctx, func(ctx context.Context) error {
				_, err := db.Exec(ctx, "SELECT pg_sleep(30) /* canceled transaction */")
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quickest := time.Hour
			for range 3 { // the machine may be busy
				ctx, cancel := context.WithCancel(t.Context())
				var canceled time.Time
				timer := time.AfterFunc(100*time.Millisecond, func() { canceled = time.Now(); cancel() })
				err := run(ctx)
				timer.Stop()
				if !errors.Is(err, context.Canceled) {
					t.Fatalf("got %v", err)
				}
				quickest = min(quickest, time.Since(canceled))
			}
			if quickest > 200*time.Millisecond {
				t.Errorf("a statement returned %v after its context had ended", quickest)
			}
			ended := func() bool {
				rows, err := db.Query(t.Context(), "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1",
					"%canceled "+strings.Fields(name)[0]+" */")
				if err != nil {
					t.Fatal(err)
				}
				defer rows.Close()
				return !rows.Next()
			}
			for deadline := time.Now().Add(5 * time.Second); !ended(); <-time.After(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the server still runs the statement")
				}
			}
		})
	}
}

// TestStatementTimeout checks that the option ends a statement at the server and that the error names it.
func TestStatementTimeout(t *testing.T) {
	t.Parallel()
	db, err := orm.Open(testdb.PostgresURL(t)+"&statement_timeout=50ms", postgres.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Exec(t.Context(), "SELECT pg_sleep(30)"); err == nil || !strings.Contains(err.Error(), "statement_timeout") {
		t.Errorf("got %v", err)
	}
	if _, err := db.Exec(t.Context(), "SELECT 1"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
