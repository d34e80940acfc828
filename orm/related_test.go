package orm_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

func TestRelatedManyToMany(t *testing.T) {
	t.Parallel()
	db := shop(t)
	selmer := &Maker{Name: "Selmer"}
	a, b, c := &Label{Name: "a"}, &Label{Name: "b"}, &Label{Name: "c"}
	create(t, db, selmer, a, b, c)
	it := item(selmer, "Guitar")
	create(t, db, it)
	labels := db.Related(it, "labels")
	want := func(ids ...any) {
		t.Helper()
		got, err := labels.IDs(t.Context())
		if err != nil || !slices.Equal(got, ids) {
			t.Errorf("got %v (%v), want %v", got, err, ids)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	want()
	do(labels.Add(t.Context(), a, b.ID))
	want(a.ID, b.ID)
	do(labels.Add(t.Context(), a, "3"))
	want(a.ID, b.ID, c.ID)
	do(labels.Remove(t.Context(), b))
	want(a.ID, c.ID)
	do(labels.Set(t.Context(), []int64{2, 3}))
	want(c.ID, b.ID)
	do(labels.Set(t.Context(), []*Label{a}))
	want(a.ID)
	items, err := db.Related(a, "items").IDs(t.Context())
	if err != nil || !slices.Equal(items, []any{it.ID}) {
		t.Errorf("the reverse relation: %v, %v", items, err)
	}
	do(db.Related(c, "items").Add(t.Context(), it))
	want(a.ID, c.ID)
	do(labels.Clear(t.Context()))
	want()
	var broken *orm.IntegrityError
	if err := labels.Add(t.Context(), 99); !errors.As(err, &broken) {
		t.Errorf("an absent label: %v", err)
	}
	want()
	for value, text := range map[any]string{"x": "not a whole number", (*Label)(nil): "nil cannot be linked", selmer: "takes shop.Label objects"} {
		if err := labels.Add(t.Context(), value); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("Add(%v): got %v, want %q", value, err, text)
		}
	}
	if err := labels.Add(t.Context(), &Label{Name: "new"}); err == nil || !strings.Contains(err.Error(), "create it first") {
		t.Errorf("an object without a key: %v", err)
	}
	if err := db.Related(it, "label").Add(t.Context(), 1); err == nil || !strings.Contains(err.Error(), `did you mean "labels"?`) {
		t.Errorf("a wrong name: %v", err)
	}
	if err := db.Related(it, "maker").Add(t.Context(), 1); err == nil || !strings.Contains(err.Error(), "does not hold a set of objects") {
		t.Errorf("a foreign key: %v", err)
	}
}

func TestRelatedReverseKey(t *testing.T) {
	t.Parallel()
	db := shop(t)
	selmer, other := &Maker{Name: "Selmer"}, &Maker{Name: "Gibson"}
	create(t, db, selmer, other)
	a, b := item(selmer, "a"), item(selmer, "b")
	create(t, db, a, b)
	if err := db.Related(other, "items").Add(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if ids, err := db.Related(other, "items").IDs(t.Context()); err != nil || !slices.Equal(ids, []any{a.ID}) {
		t.Errorf("%v %v", ids, err)
	}
	if err := db.Related(other, "items").Remove(t.Context(), a); err == nil || !strings.Contains(err.Error(), "does not accept NULL") {
		t.Errorf("got %v", err)
	}
	if err := db.Related(a, "spare_of").Set(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if err := db.Related(a, "spare_of").Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Refresh(t.Context(), b); err != nil || b.SpareID != nil {
		t.Errorf("%v %v", b.SpareID, err)
	}
	if err := db.Related(other, "items").Add(t.Context(), 99); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("an absent item: %v", err)
	}
}
