package locking

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/fault"
)

// Run runs the checks on a database with the tables of App.
func Run(t *testing.T, db *orm.DB) {
	queue := &Queue{Name: "mail"}
	if err := db.Create(t.Context(), queue); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "c"} {
		if err := db.Create(t.Context(), &Job{Name: name, QueueID: queue.ID}); err != nil {
			t.Fatal(err)
		}
	}
	c := &checks{db: db, queue: queue}
	t.Run("no lost update", c.increments)
	t.Run("a locked row waits", c.waits)
	if db.Writer().Stats().MaxOpenConnections == 1 {
		return // no other transaction writes at the same time
	}
	t.Run("other rows do not wait", c.others)
	t.Run("NoWait", c.noWait)
	t.Run("SkipLocked", c.skipLocked)
	t.Run("Of", c.of)
	t.Run("NoKey", c.noKey)
}

type checks struct {
	db    *orm.DB
	queue *Queue
}

func (c *checks) jobs() dynamic.Query { return orm.Objects[Job](c.db).Dynamic() }

func (c *checks) job(name string) dynamic.Query { return c.jobs().Where("name", name) }

// during runs fn while another transaction has run q. The other transaction then adds a run to each row and commits.
func (c *checks) during(t *testing.T, q dynamic.Query, fn func()) {
	t.Helper()
	locked, done, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- c.db.Atomic(t.Context(), func(ctx context.Context) error {
			_, err := q.All(ctx)
			close(locked)
			if err != nil {
				return err
			}
			<-done
			_, err = c.jobs().Where("name", "a").Update(ctx, map[string]any{"runs": dynamic.F("runs").Add(1)})
			return err
		})
	}()
	<-locked
	func() {
		defer close(done)
		fn()
	}()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// patience is how long a statement that has to wait is left waiting. One that does not wait ends long before.
const patience = 300 * time.Millisecond

// blocked reports an error unless fn waits until its context ends.
func (c *checks) blocked(t *testing.T, what string, fn func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.db.Atomic(ctx, fn); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%s did not wait for the other transaction: %v", what, err)
	}
}

// names runs q in a transaction of its own and returns the names of the jobs.
func (c *checks) names(t *testing.T, q dynamic.Query) (names string, err error) {
	t.Helper()
	err = c.db.Atomic(t.Context(), func(ctx context.Context) error {
		all, err := q.OrderBy("id").All(ctx)
		for _, each := range all {
			names += each.(*Job).Name
		}
		return err
	})
	return names, err
}

func (c *checks) wantNames(t *testing.T, what string, q dynamic.Query, want string) {
	t.Helper()
	if got, err := c.names(t, q); err != nil || got != want {
		t.Errorf("%s: got the jobs %q, want %q; %v", what, got, want, err)
	}
}

// increments checks that transactions which lock a row, read it and write it, do not overwrite each other.
func (c *checks) increments(t *testing.T) {
	const workers, times = 4, 5
	results := make(chan error, workers)
	for range workers {
		go func() {
			var err error
			for range times {
				err = errors.Join(err, c.db.Atomic(t.Context(), func(ctx context.Context) error {
					job, err := orm.Objects[Job](c.db).Where("name", "b").ForUpdate().Get(ctx)
					if err != nil {
						return err
					}
					job.Runs++
					return c.db.SaveFields(ctx, job, "runs")
				}))
			}
			results <- err
		}()
	}
	for range workers {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if job, err := orm.Objects[Job](c.db).Where("name", "b").Get(t.Context()); err != nil || job.Runs != workers*times {
		t.Errorf("got %+v, want %d runs; %v", job, workers*times, err)
	}
}

// writes reports whether the database has a lock, or takes the one of plain FOR UPDATE instead.
func (c *checks) writes(t *testing.T, lock dialect.Lock) bool {
	t.Helper()
	text := func(l dialect.Lock) string {
		w := dialect.NewWriter(c.db.Dialect())
		if err := w.Lock(l); err != nil {
			t.Fatal(err)
		}
		return w.SQL()
	}
	return text(lock) != text(dialect.Lock{})
}

// waits checks what waits for a locked row, and that it then finds the row as the other transaction has left it.
func (c *checks) waits(t *testing.T) {
	before := c.runs(t)
	c.during(t, c.job("a").ForUpdate(), func() {
		c.blocked(t, "ForUpdate", func(ctx context.Context) error { _, err := c.job("a").ForUpdate().All(ctx); return err })
		c.blocked(t, "Update", func(ctx context.Context) error {
			_, err := c.job("a").Update(ctx, map[string]any{"runs": 100})
			return err
		})
		if n, err := c.job("a").Count(t.Context()); err != nil || n != 1 {
			t.Errorf("a query without a lock: %d rows, %v", n, err)
		}
	})
	if after := c.runs(t); after != before+1 {
		t.Errorf("%d runs became %d", before, after)
	}
	result := make(chan int64, 1)
	c.during(t, c.job("a").ForUpdate(), func() {
		go func() {
			runs := int64(-1)
			err := c.db.Atomic(t.Context(), func(ctx context.Context) error {
				job, err := c.job("a").ForUpdate().Get(ctx)
				if err == nil {
					runs = job.(*Job).Runs
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			result <- runs
		}()
	})
	if runs := <-result; runs != before+2 {
		t.Errorf("the transaction that waited read %d runs, want %d", runs, before+2)
	}
}

func (c *checks) runs(t *testing.T) int64 {
	t.Helper()
	job, err := orm.Objects[Job](c.db).Where("name", "a").Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return job.Runs
}

func (c *checks) others(t *testing.T) {
	c.during(t, c.job("a").ForUpdate(), func() {
		c.wantNames(t, "ForUpdate of another row", c.job("b").ForUpdate(), "b")
	})
}

// noWait checks that a locked row is an error of its own type, and that the transaction continues if the query was in
// an Atomic of its own.
func (c *checks) noWait(t *testing.T) {
	locked := c.job("a").ForUpdateWith(dynamic.Lock{NoWait: true})
	c.during(t, c.job("a").ForUpdate(), func() {
		_, err := c.names(t, locked)
		isLocked(t, err)
		err = c.db.Atomic(t.Context(), func(ctx context.Context) error {
			err := c.db.Atomic(ctx, func(ctx context.Context) error { _, err := locked.Get(ctx); return err })
			isLocked(t, err)
			return c.db.Create(ctx, &Job{Name: "after", QueueID: c.queue.ID})
		})
		if err != nil {
			t.Errorf("a transaction with a lock that was refused in an Atomic of its own: %v", err)
		}
		c.wantNames(t, "NoWait of a free row", c.job("after").ForUpdateWith(dynamic.Lock{NoWait: true}), "after")
	})
	c.wantNames(t, "NoWait afterwards", locked, "a")
	if _, err := c.job("after").Delete(t.Context()); err != nil {
		t.Error(err)
	}
	runs := 0
	err := c.db.Atomic(t.Context(), func(ctx context.Context) error {
		runs++
		if runs > 1 {
			_, err := locked.Get(ctx)
			return err
		}
		var err error
		c.during(t, c.job("a").ForUpdate(), func() { _, err = locked.Get(ctx) })
		return err
	}, orm.Retry(1))
	if err != nil || runs != 2 {
		t.Errorf("Retry ran the function %d times: %v", runs, err)
	}
}

func isLocked(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*fault.LockedError](err)
	if !ok {
		t.Errorf("NoWait of a locked row: got %v, want a LockedError", err)
		return
	}
	if e.HTTPStatus() != http.StatusConflict || e.Err == nil || !strings.Contains(e.Error(), "another transaction") {
		t.Errorf("got the error %+v", e)
	}
}

// skipLocked checks that locked rows are left out, as workers that share a queue need it.
func (c *checks) skipLocked(t *testing.T) {
	skip := c.jobs().ForUpdateWith(dynamic.Lock{SkipLocked: true})
	c.during(t, c.job("a").ForUpdate(), func() {
		c.wantNames(t, "SkipLocked", skip, "bc")
		c.wantNames(t, "the first row that is not locked", skip.Limit(1), "b")
		c.wantNames(t, "a row that is locked", skip.Where("name", "a"), "")
	})
	c.wantNames(t, "SkipLocked afterwards", skip, "abc")
}

// of checks which rows of related tables are locked.
func (c *checks) of(t *testing.T) {
	related := c.job("a").SelectRelated("queue")
	queue := orm.Objects[Queue](c.db).Dynamic().ForUpdateWith(dynamic.Lock{SkipLocked: true})
	free := func() []any {
		var all []any
		err := c.db.Atomic(t.Context(), func(ctx context.Context) (err error) { all, err = queue.All(ctx); return err })
		if err != nil {
			t.Error(err)
		}
		return all
	}
	c.during(t, related.ForUpdate(), func() {
		if n := len(free()); c.writes(t, dialect.Lock{Of: []string{"t0"}}) && n != 1 {
			t.Error("the row of the relation is locked, which was not asked for")
		}
		c.wantNames(t, "SkipLocked", c.job("a").ForUpdateWith(dynamic.Lock{SkipLocked: true}), "")
	})
	c.during(t, related.ForUpdateWith(dynamic.Lock{Of: []string{"queue"}}), func() {
		if len(free()) != 0 {
			t.Error("the row of the relation in Of is not locked")
		}
		c.wantNames(t, "SkipLocked", c.job("a").ForUpdateWith(dynamic.Lock{SkipLocked: true}), "")
	})
}

// noKey checks whether rows can be inserted that refer to a locked one. A database that checks foreign keys at the end of a
// transaction waits there, and whether a commit whose context ends still happens is not known: each insert has its own name.
func (c *checks) noKey(t *testing.T) {
	queues := orm.Objects[Queue](c.db).Dynamic()
	insert := func(name string) func(ctx context.Context) error {
		return func(ctx context.Context) error { return c.db.Create(ctx, &Job{Name: name, QueueID: c.queue.ID}) }
	}
	c.during(t, queues.ForUpdate(), func() { c.blocked(t, "an insert of a row that refers to a locked one", insert("waiting")) })
	noKey := queues.ForUpdateWith(dynamic.Lock{NoKey: true})
	c.during(t, noKey, func() {
		if !c.writes(t, dialect.Lock{NoKey: true}) {
			c.blocked(t, "an insert of a row that refers to a locked one", insert("waiting too"))
			return
		}
		if err := c.db.Atomic(t.Context(), insert("new")); err != nil {
			t.Errorf("with NoKey: %v", err)
		}
		c.wantNames(t, "inserted with NoKey", c.job("new"), "new")
		c.blocked(t, "ForUpdate with NoKey", func(ctx context.Context) error { _, err := noKey.All(ctx); return err })
	})
}
