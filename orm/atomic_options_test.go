package orm_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

func TestAtomicOptionsInside(t *testing.T) {
	t.Parallel()
	db := shop(t)
	nothing := func(context.Context) error { return nil }
	for _, test := range []struct {
		outer, inner []orm.AtomicOption
		want         string // "" for no error
	}{
		{nil, []orm.AtomicOption{orm.Durable}, "Atomic with Durable inside another transaction"},
		{[]orm.AtomicOption{orm.Durable}, nil, ""},
		{nil, []orm.AtomicOption{orm.Serializable}, "isolation level Serializable inside a transaction of the level Default"},
		{[]orm.AtomicOption{orm.RepeatableRead}, []orm.AtomicOption{orm.ReadCommitted}, ""},
		{[]orm.AtomicOption{orm.RepeatableRead}, []orm.AtomicOption{orm.Serializable}, "pass it to the outermost Atomic"},
		{nil, []orm.AtomicOption{orm.ReadOnly}, "ReadOnly inside a transaction that may write"},
		{[]orm.AtomicOption{orm.ReadOnly}, []orm.AtomicOption{orm.ReadOnly}, ""},
		{nil, []orm.AtomicOption{orm.Retry(3)}, ""},
		{nil, []orm.AtomicOption{orm.Retry(-1)}, "Retry(-1)"},
		{nil, []orm.AtomicOption{nil}, "nil option"},
		{nil, []orm.AtomicOption{orm.ReadCommitted, orm.Serializable}, "two isolation levels, Read Committed and Serializable"},
	} {
		var inner error
		err := db.Atomic(t.Context(), func(ctx context.Context) error {
			inner = db.Atomic(ctx, nothing, test.inner...)
			return nil
		}, test.outer...)
		if err != nil || (inner == nil) != (test.want == "") || inner != nil && !strings.Contains(inner.Error(), test.want) {
			t.Errorf("got %v and %v inside, want %q", err, inner, test.want)
		}
	}
}

func TestSavepoints(t *testing.T) {
	t.Parallel()
	db := shop(t)
	if _, err := db.Savepoint(t.Context()); err == nil || !strings.Contains(err.Error(), "outside a transaction") {
		t.Errorf("outside a transaction: %v", err)
	}
	var calls []string
	add := func(ctx context.Context, name string) error {
		orm.OnCommit(ctx, func(context.Context) error { calls = append(calls, name); return nil })
		return db.Create(ctx, &Maker{Name: name})
	}
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		kept, err := db.Savepoint(ctx)
		if err != nil {
			return err
		}
		undone, err := db.Savepoint(ctx)
		if err := errors.Join(err, add(ctx, "undone")); err != nil {
			return err
		}
		inside, err := db.Savepoint(ctx)
		if err := errors.Join(err, add(ctx, "inside"), undone.Rollback(ctx), add(ctx, "kept"), kept.Release(ctx)); err != nil {
			return err
		}
		for name, err := range map[string]error{
			"released": kept.Rollback(ctx), "rolled back": undone.Release(ctx), "inside": inside.Rollback(ctx),
		} {
			if err == nil || !strings.Contains(err.Error(), "savepoint has ended") {
				t.Errorf("%s: got %v", name, err)
			}
		}
		return add(ctx, "after")
	})
	if want := []string{"kept", "after"}; err != nil || !slices.Equal(calls, want) || count(t, db, "shop_maker") != 2 {
		t.Errorf("got %v (%v), want %v", calls, err, want)
	}
}

// TestCommitHooksAreIndependent changes the default logger, so it does not run beside other tests.
func TestCommitHooksAreIndependent(t *testing.T) {
	db := shop(t)
	var text bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&text, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	var calls []string
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		orm.OnCommit(ctx, func(context.Context) error { calls = append(calls, "fails"); return errors.New("no mail today") })
		orm.OnCommit(ctx, func(context.Context) error { calls = append(calls, "panics"); panic("out of stamps") })
		orm.OnCommit(ctx, func(context.Context) error { calls = append(calls, "works"); return nil })
		return db.Create(ctx, &Maker{Name: "a"})
	})
	if want := []string{"fails", "panics", "works"}; err != nil || !slices.Equal(calls, want) || count(t, db, "shop_maker") != 1 {
		t.Errorf("got %v (%v), want %v", calls, err, want)
	}
	for _, want := range []string{"no mail today", "out of stamps", "TestCommitHooksAreIndependent"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the log has no %q:\n%s", want, text.String())
		}
	}
}
