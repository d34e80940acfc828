package orm_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
)

func TestAtomic(t *testing.T) {
	t.Parallel()
	db := shop(t)
	wrong := errors.New("wrong")
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if !db.InTransaction(ctx) || db.InTransaction(t.Context()) {
			t.Error("InTransaction is wrong")
		}
		if err := db.Create(ctx, &Maker{Name: "a"}); err != nil {
			return err
		}
		if err := db.Atomic(ctx, func(ctx context.Context) error {
			if err := db.Create(ctx, &Maker{Name: "b"}); err != nil {
				return err
			}
			return wrong
		}); !errors.Is(err, wrong) {
			t.Errorf("inner Atomic gave %v", err)
		}
		if err := db.Atomic(ctx, func(ctx context.Context) error {
			return db.Atomic(ctx, func(ctx context.Context) error { return db.Create(ctx, &Maker{Name: "c"}) })
		}); err != nil {
			return err
		}
		err := db.Create(ctx, &Maker{Name: "a"}) // a broken constraint leaves the transaction usable
		if _, ok := errors.AsType[*orm.IntegrityError](err); !ok {
			t.Errorf("got %v", err)
		}
		return db.Create(ctx, &Maker{Name: "d"})
	})
	if err != nil || count(t, db, "shop_maker") != 3 {
		t.Errorf("%d makers, error %v; want a, c and d", count(t, db, "shop_maker"), err)
	}
	if err := db.Atomic(t.Context(), func(ctx context.Context) error {
		_ = db.Create(ctx, &Maker{Name: "e"})
		return wrong
	}); !errors.Is(err, wrong) || count(t, db, "shop_maker") != 3 {
		t.Errorf("outer rollback: %v", err)
	}
}

func TestAtomicPanics(t *testing.T) {
	t.Parallel()
	db := shop(t)
	for _, nested := range []bool{false, true} {
		func() {
			defer func() {
				if r := recover(); r != "boom" {
					t.Errorf("recovered %v", r)
				}
			}()
			_ = db.Atomic(t.Context(), func(ctx context.Context) error {
				_ = db.Create(ctx, &Maker{Name: "a"})
				if nested {
					return db.Atomic(ctx, func(context.Context) error { panic("boom") })
				}
				panic("boom")
			})
		}()
	}
	create(t, db, &Maker{Name: "a"}) // the writer is free again
	if n := count(t, db, "shop_maker"); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestAtomicCancelled(t *testing.T) {
	t.Parallel()
	db := shop(t)
	ctx, cancel := context.WithCancel(t.Context())
	var leaked context.Context
	err := db.Atomic(ctx, func(ctx context.Context) error {
		leaked = ctx
		if err := db.Create(ctx, &Maker{Name: "a"}); err != nil {
			return err
		}
		cancel()
		time.Sleep(20 * time.Millisecond) // database/sql rolls back on its own
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := count(t, db, "shop_maker"); n != 0 {
		t.Errorf("%d rows", n)
	}
	if err := db.Create(context.WithoutCancel(leaked), &Maker{Name: "b"}); err == nil || !strings.Contains(err.Error(), "has ended") {
		t.Errorf("a leaked context: got %v", err)
	}
	create(t, db, &Maker{Name: "c"})
}

func TestOnCommit(t *testing.T) {
	t.Parallel()
	db := shop(t)
	var calls []string
	hook := func(name string) func(context.Context) error {
		return func(ctx context.Context) error {
			if db.InTransaction(ctx) {
				t.Error("a hook runs inside the transaction")
			}
			calls = append(calls, name)
			return nil
		}
	}
	orm.OnCommit(t.Context(), hook("at once"))
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		orm.OnCommit(ctx, hook("first"))
		_ = db.Atomic(ctx, func(ctx context.Context) error {
			orm.OnCommit(ctx, hook("lost"))
			return errors.New("no")
		})
		_ = db.Atomic(ctx, func(ctx context.Context) error {
			orm.OnCommit(ctx, hook("second"))
			return nil
		})
		if len(calls) != 1 {
			t.Error("hooks ran before the commit")
		}
		return nil
	})
	_ = db.Atomic(t.Context(), func(ctx context.Context) error {
		orm.OnCommit(ctx, hook("lost too"))
		return errors.New("no")
	})
	if want := []string{"at once", "first", "second"}; err != nil || !slices.Equal(calls, want) {
		t.Errorf("got %v (%v), want %v", calls, err, want)
	}
}

func TestTwoDatabases(t *testing.T) {
	t.Parallel()
	a, b := shop(t), shop(t)
	wrong := errors.New("wrong")
	_ = a.Atomic(t.Context(), func(ctx context.Context) error {
		return b.Atomic(ctx, func(ctx context.Context) error {
			if err := a.Create(ctx, &Maker{Name: "in a"}); err != nil {
				t.Error(err)
			}
			if err := b.Create(ctx, &Maker{Name: "in b"}); err != nil {
				t.Error(err)
			}
			return wrong
		})
	})
	if count(t, a, "shop_maker") != 0 || count(t, b, "shop_maker") != 0 {
		t.Error("rows were kept")
	}
}

func TestQueriesInsideThoseOfAnotherDatabase(t *testing.T) {
	t.Parallel()
	a, b := shop(t), shop(t)
	makers := orm.Objects[Maker](b)
	for name, q := range map[string]orm.Query[Item]{
		"in":     orm.Objects[Item](a).Where("maker__in", makers),
		"exists": orm.Objects[Item](a).Filter(orm.Exists(makers)),
		"nested": orm.Objects[Item](a).Filter(orm.Or(orm.Not(orm.Exists(makers)))),
	} {
		if _, err := q.All(t.Context()); err == nil || !strings.Contains(err.Error(), "shop.Maker of another database") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestOuterContextInsideAtomic(t *testing.T) {
	t.Parallel()
	db := shop(t)
	outer, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	short, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	for name, write := range map[string]func() error{
		"Create": func() error { return db.Create(short, &Maker{Name: "a"}) },
		"Atomic": func() error { return db.Atomic(short, func(context.Context) error { return nil }) },
		"Exec":   func() error { _, err := db.Exec(short, "DELETE FROM shop_maker"); return err },
	} {
		err := db.Atomic(outer, func(context.Context) error { return write() })
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "use the context passed to its function") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	create(t, db, &Maker{Name: "a"})
}
