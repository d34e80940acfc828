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

// testReadOnly checks that a transaction that only reads refuses every kind of write, and sees one point in time.
func testReadOnly(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a"})
	for name, write := range map[string]func(ctx context.Context) error{
		"Create": func(ctx context.Context) error { return db.Create(ctx, &Record{Code: "b"}) },
		"Update": func(ctx context.Context) error {
			_, err := records(db).Dynamic().Update(ctx, map[string]any{"count": 1})
			return err
		},
		"Delete": func(ctx context.Context) error { _, err := records(db).Delete(ctx); return err },
		"Exec":   func(ctx context.Context) error { _, err := db.Exec(ctx, "DELETE FROM driver_record"); return err },
		"Query": func(ctx context.Context) error {
			rows, err := db.Query(ctx, "DELETE FROM driver_record")
			if err != nil {
				return err
			}
			for rows.Next() {
				continue
			}
			return errors.Join(rows.Err(), rows.Close())
		},
		"Gorm": func(ctx context.Context) error { return db.Gorm(ctx).Exec("DELETE FROM driver_record").Error },
	} {
		err := db.Atomic(t.Context(), func(ctx context.Context) error {
			wantCodes(t, name, records(db), []string{"a"})
			return write(ctx)
		}, orm.ReadOnly)
		if err == nil {
			t.Errorf("%s was not refused", name)
		}
	}
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if n, err := records(db).Count(ctx); err != nil || n != 1 {
			t.Errorf("%d records, %v", n, err)
		}
		create(t, db, &Record{Code: "meanwhile"})
		if n, err := records(db).Count(ctx); err != nil || n != 1 {
			t.Errorf("%d records after a write beside the transaction, %v", n, err)
		}
		return nil
	}, orm.ReadOnly, orm.RepeatableRead)
	if err != nil {
		t.Error(err)
	}
	wantCodes(t, "afterwards", records(db), []string{"a", "meanwhile"})
}

// testIsolation checks that every isolation level begins a transaction that can write.
func testIsolation(t *testing.T, s suite) {
	db := s.models(t)
	for _, level := range []orm.AtomicOption{orm.ReadCommitted, orm.RepeatableRead, orm.Serializable} {
		err := db.Atomic(t.Context(), func(ctx context.Context) error {
			record := &Record{Code: "x"}
			if err := db.SkipValidation().Create(ctx, record); err != nil {
				return err
			}
			_, err := db.Delete(ctx, record)
			return err
		}, level)
		if err != nil {
			t.Error(err)
		}
	}
}

// testRetry makes two transactions write what the other one has read, and checks that both have an effect.
func testRetry(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a"}, &Record{Code: "b"})
	increment := func(ctx context.Context, codes [2]string) error {
		for _, code := range codes {
			r, err := records(db).Where("code", code).Get(ctx)
			if err != nil {
				return err
			}
			r.Count++
			if err := db.SkipValidation().SaveFields(ctx, r, "count"); err != nil {
				return err
			}
		}
		return nil
	}
	done := make(chan error)
	for _, codes := range [][2]string{{"a", "b"}, {"b", "a"}} {
		go func() {
			var err error
			for range 5 {
				err = errors.Join(err, db.Atomic(t.Context(), func(ctx context.Context) error {
					return increment(ctx, codes)
				}, orm.Serializable, orm.Retry(20)))
			}
			done <- err
		}()
	}
	if err := errors.Join(<-done, <-done); err != nil {
		t.Error(err)
	}
	for _, code := range []string{"a", "b"} {
		if r, err := records(db).Where("code", code).Get(t.Context()); err != nil || r.Count != 10 {
			t.Errorf("%s: got %+v, %v", code, r, err)
		}
	}
}

// testDeadlock makes two transactions wait for each other, where the database lets them begin both, and checks that the
// one that the database ends is run again, and that it cannot be committed in part.
func testDeadlock(t *testing.T, s suite) {
	db := s.models(t)
	if db.Writer().Stats().MaxOpenConnections == 1 {
		return // transactions that write run one after the other
	}
	create(t, db, &Record{Code: "a"}, &Record{Code: "b"}, &Record{Code: "log"})
	set := func(ctx context.Context, code string) error {
		_, err := records(db).Where("code", code).Dynamic().Update(ctx, map[string]any{"active": true})
		return err
	}
	swallow := func(ctx context.Context, err error) error {
		if again := set(ctx, "log"); !dialect.TransactionConflict(db.Dialect(), again) {
			t.Errorf("a statement after the deadlock: %v", again)
		}
		return nil // the commit reports the error
	}
	for _, retries := range []int{0, 3} {
		results, runs := make(chan error, 2), make(chan int, 2)
		locked := map[string]chan struct{}{"a": make(chan struct{}), "b": make(chan struct{})}
		for mine, other := range map[string]string{"a": "b", "b": "a"} {
			go func() {
				n := 0
				results <- db.Atomic(t.Context(), func(ctx context.Context) error {
					n++
					if err := set(ctx, mine); err != nil {
						return err
					}
					if n == 1 {
						close(locked[mine])
						<-locked[other]
					}
					err := set(ctx, other)
					if err != nil && retries == 0 {
						return swallow(ctx, err)
					}
					return err
				}, orm.Retry(retries))
				runs <- n
			}()
		}
		err := errors.Join(<-results, <-results)
		total := <-runs + <-runs
		switch {
		case retries == 0 && (total != 2 || !dialect.TransactionConflict(db.Dialect(), err)):
			t.Errorf("without Retry: %d runs, %v", total, err)
		case retries > 0 && (total < 3 || err != nil):
			t.Errorf("with Retry: %d runs, %v", total, err)
		}
	}
	if r, err := records(db).Where("code", "log").Get(t.Context()); err != nil || r.Active {
		t.Errorf("a statement after the deadlock had an effect: %+v, %v", r, err)
	}
}

// testHandledErrors checks that a transaction continues after the error of a nested one, and that swallowing an error is
// never taken for success.
func testHandledErrors(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "taken"})
	taken := func(ctx context.Context) error { return db.SkipValidation().Create(ctx, &Record{Code: "taken"}) }
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if err := db.Atomic(ctx, taken); err == nil {
			t.Error("the record was created twice")
		}
		point, err := db.Savepoint(ctx)
		if err != nil {
			return err
		}
		if err := taken(ctx); err == nil {
			t.Error("the record was created twice")
		}
		if err := point.Rollback(ctx); err != nil {
			return err
		}
		return db.Create(ctx, &Record{Code: "after"})
	})
	if err != nil {
		t.Error(err)
	}
	wantCodes(t, "after handled errors", records(db), []string{"after", "taken"})

	err = db.Atomic(t.Context(), func(ctx context.Context) error {
		if err := db.Create(ctx, &Record{Code: "before"}); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, "SELECT nonsense FROM nowhere"); err == nil {
			t.Error("nonsense was run")
		}
		return nil
	})
	want := []string{"after", "taken"}
	if err == nil {
		want = append(want, "before")
	} else if !dialect.ErrorsAbortTransaction(db.Dialect()) {
		t.Errorf("the database keeps transactions after an error, but %v", err)
	}
	wantCodes(t, "after a swallowed error", records(db), want)
}

// testFailedWrites checks that a transaction continues after a write that broke a constraint, without a savepoint of the
// program's own.
func testFailedWrites(t *testing.T, s suite) {
	db := s.models(t)
	mine := &Record{Code: "mine"}
	create(t, db, &Record{Code: "taken"}, mine)
	blind := db.SkipValidation()
	for name, write := range map[string]func(ctx context.Context) error{
		"Create": func(ctx context.Context) error { return blind.Create(ctx, &Record{Code: "taken"}) },
		"CreateAll": func(ctx context.Context) error {
			return blind.CreateAll(ctx, []*Record{{Code: "new"}, {Code: "taken"}})
		},
		"Save": func(ctx context.Context) error { return blind.Save(ctx, &Record{ID: mine.ID, Code: "taken"}) },
		"SaveFields": func(ctx context.Context) error {
			return blind.SaveFields(ctx, &Record{ID: mine.ID, Code: "taken"}, "code")
		},
		"Update": func(ctx context.Context) error {
			_, err := records(db).Where("code", "mine").Dynamic().Update(ctx, map[string]any{"code": "taken"})
			return err
		},
		"GetOrCreate": func(ctx context.Context) error {
			_, _, err := orm.GetOrCreate(ctx, records(blind).Where("code", "x"), func() *Record { return &Record{Code: "taken"} })
			return err
		},
	} {
		err := db.Atomic(t.Context(), func(ctx context.Context) error {
			if err := db.Create(ctx, &Record{Code: "before " + name}); err != nil {
				return err
			}
			err := write(ctx)
			if _, ok := errors.AsType[*orm.IntegrityError](err); !ok {
				t.Errorf("%s: %v", name, err)
			}
			return db.Create(ctx, &Record{Code: "after " + name})
		})
		if err != nil {
			t.Errorf("%s: the transaction did not continue: %v", name, err)
		}
		both := records(db).Where("code__in", []string{"before " + name, "after " + name})
		wantCodes(t, name, both, []string{"before " + name, "after " + name})
	}
	wantCodes(t, "unchanged", records(db).Where("code__in", []string{"mine", "taken", "new"}), []string{"mine", "taken"})
}

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
