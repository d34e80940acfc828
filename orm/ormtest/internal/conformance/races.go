package conformance

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

// testRaces checks that 64 goroutines which get, create and update one row at the same time create it once, without an error
// and without a lost change, inside and outside of transactions.
func testRaces(t *testing.T, s suite) {
	db := s.tables(t, stock{})
	plain := func(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
	inside := func(ctx context.Context, fn func(context.Context) error) error { return db.Atomic(ctx, fn, orm.Retry(10)) }
	for name, run := range map[string]func(context.Context, func(context.Context) error) error{"plain": plain, "inside": inside} {
		q := orm.Objects[Product](db).Where("slug", name)
		var created atomic.Int64
		race(t, func(ctx context.Context) error {
			won := false
			err := run(ctx, func(ctx context.Context) (err error) {
				_, won, err = orm.GetOrCreate(ctx, q, func() *Product { return &Product{Slug: name} })
				return err
			})
			if err == nil && won {
				created.Add(1)
			}
			return err
		})
		if n, err := q.Count(t.Context()); err != nil || n != 1 || created.Load() != 1 {
			t.Errorf("%s: GetOrCreate: %d rows, created %d times, %v", name, n, created.Load(), err)
		}
		q = orm.Objects[Product](db).Where("slug", name+" counted")
		race(t, func(ctx context.Context) error {
			return run(ctx, func(ctx context.Context) error {
				_, _, err := orm.UpdateOrCreate(ctx, q, func(p *Product) { p.Slug, p.Count = name+" counted", p.Count+1 })
				return err
			})
		})
		if p, err := q.Get(t.Context()); err != nil || p.Count != 64 {
			t.Errorf("%s: UpdateOrCreate: %+v, %v", name, p, err)
		}
	}
}

// race runs fn in 64 goroutines at the same time.
func race(t *testing.T, fn func(ctx context.Context) error) {
	t.Helper()
	var group sync.WaitGroup
	start := make(chan struct{})
	for range 64 {
		group.Go(func() {
			<-start
			if err := fn(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	group.Wait()
}
