package conformance

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// testConcurrency checks that increments of one row by several goroutines are not lost, and none fails.
func testConcurrency(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a"})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 10 {
				err := db.Atomic(t.Context(), func(ctx context.Context) error {
					_, err := dynamic.From(db, "driver.Record").Update(ctx, map[string]any{"count": dynamic.F("count").Add(1)})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if r, err := records(db).Get(t.Context()); err != nil || r.Count != 80 {
		t.Errorf("got %+v, %v", r, err)
	}
	var wins sync.Map
	for range 16 {
		group.Go(func() {
			q := records(db).Where("code", "once")
			_, created, err := orm.GetOrCreate(t.Context(), q, func() *Record { return &Record{Code: "once"} })
			if err != nil {
				t.Error(err)
			}
			if created {
				if _, again := wins.LoadOrStore("once", true); again {
					t.Error("the record was created twice")
				}
			}
		})
	}
	group.Wait()
}

// testLocks checks that every form of lock is accepted, or refused as unsupported.
func testLocks(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a"})
	for _, lock := range []dialect.Lock{{}, {NoWait: true}, {SkipLocked: true}, {NoKey: true}, {Of: []string{"t0"}}} {
		w := dialect.NewWriter(db.Dialect())
		w.Text("SELECT t0.")
		w.Name("id")
		w.Text(" FROM ")
		w.Name("driver_record")
		w.Text(" AS t0")
		if err := w.Lock(lock); err != nil {
			if _, ok := errors.AsType[*dialect.UnsupportedError](err); !ok {
				t.Errorf("%+v: %v", lock, err)
			}
			continue
		}
		err := db.Atomic(t.Context(), func(ctx context.Context) error {
			rows, err := db.Query(ctx, w.SQL(), w.Args()...)
			if err != nil {
				return err
			}
			defer rows.Close()
			n := 0
			for rows.Next() {
				n++
			}
			if n != 1 {
				t.Errorf("%+v: %d rows", lock, n)
			}
			return rows.Err()
		})
		if err != nil {
			t.Errorf("%+v: %v", lock, err)
		}
	}
}

// testCancel checks that a statement ends with its context, and that the connection works afterwards.
func testCancel(t *testing.T, s suite) {
	db := s.models(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := records(db).All(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a query with a canceled context: %v", err)
	}
	if err := db.Create(ctx, &Record{Code: "x"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a write with a canceled context: %v", err)
	}
	limited, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	rows, err := db.Query(limited, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 900) "+
		"SELECT count(*) FROM n AS a, n AS b, n AS c, n AS d")
	if err == nil {
		for rows.Next() {
			continue
		}
		err = errors.Join(rows.Err(), rows.Close())
	}
	if err == nil || time.Since(start) > 5*time.Second {
		t.Errorf("a long query ended after %v with %v", time.Since(start), err)
	}
	if err := db.Create(t.Context(), &Record{Code: "after"}); err != nil {
		t.Errorf("a write afterwards: %v", err)
	}
	wantCodes(t, "afterwards", records(db), []string{"after"})
}
