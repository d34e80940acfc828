package orm_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"gorm.io/gorm"
)

// TestConcurrentWrites runs every kind of write from several goroutines on one database.
func TestConcurrentWrites(t *testing.T) {
	t.Parallel()
	db := shop(t)
	const writers = 8
	writes := map[string]func(ctx context.Context, name string) error{
		"Create": func(ctx context.Context, name string) error { return db.Create(ctx, &Maker{Name: name}) },
		"CreateAll": func(ctx context.Context, name string) error {
			return db.CreateAll(ctx, []*Maker{{Name: name}, {Name: name + " 2"}})
		},
		"Save": func(ctx context.Context, name string) error {
			m := &Maker{Name: name}
			if err := db.Create(ctx, m); err != nil {
				return err
			}
			m.Name += " saved"
			return db.Save(ctx, m)
		},
		"Atomic": func(ctx context.Context, name string) error {
			return db.Atomic(ctx, func(ctx context.Context) error {
				orm.OnCommit(ctx, func(context.Context) error { return nil })
				return db.Atomic(ctx, func(ctx context.Context) error { return db.Create(ctx, &Maker{Name: name}) })
			})
		},
		"Query": func(ctx context.Context, name string) error {
			rows, err := db.Query(ctx, `INSERT INTO shop_maker (name) VALUES (?) RETURNING id`, name)
			if err != nil {
				return err
			}
			for rows.Next() {
			}
			return rows.Close()
		},
		"Gorm": func(ctx context.Context, name string) error {
			return db.Gorm(ctx).Transaction(func(tx *gorm.DB) error { return tx.Create(&Maker{Name: name}).Error })
		},
	}
	var wg sync.WaitGroup
	for kind, write := range writes {
		for i := range writers {
			wg.Go(func() {
				if err := write(t.Context(), fmt.Sprint(kind, " ", i)); err != nil {
					t.Errorf("%s %d: %v", kind, i, err)
				}
			})
		}
	}
	wg.Wait()
	if got, want := count(t, db, "shop_maker"), (len(writes)+1)*writers; got != want {
		t.Errorf("%d rows, want %d", got, want)
	}
}

// TestConcurrentTransactionsWait checks that a write outside a transaction waits for the transaction of another
// goroutine.
func TestConcurrentTransactionsWait(t *testing.T) {
	t.Parallel()
	db := shop(t)
	started, finish, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Atomic(t.Context(), func(ctx context.Context) error {
			close(started)
			<-finish
			return db.Create(ctx, &Maker{Name: "first"})
		})
	}()
	<-started
	written := make(chan error, 1)
	go func() { written <- db.Create(t.Context(), &Maker{Name: "second"}) }()
	select {
	case err := <-written:
		t.Errorf("the write did not wait: %v", err)
	default:
	}
	close(finish)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
	first, err := orm.Objects[Maker](db).Where("id", 1).Get(t.Context())
	if err != nil || first.Name != "first" {
		t.Errorf("the first row is %v (%v)", first, err)
	}
}
