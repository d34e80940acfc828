package orm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/signals"
)

func TestSignals(t *testing.T) {
	t.Parallel()
	db := shop(t)
	var calls []string
	note := func(ctx context.Context, text string, args ...any) error {
		if !db.InTransaction(ctx) {
			t.Errorf("%s: outside the transaction", text)
		}
		calls = append(calls, fmt.Sprintf(text, args...))
		return nil
	}
	signals.BeforeSave(db, func(ctx context.Context, e signals.SaveEvent[Review]) error {
		if e.Object.Text == "" {
			e.Object.Text = "filled"
		}
		return note(ctx, "saving %q %v %v", e.Object.Text, e.Created, e.Fields)
	})
	signals.AfterSave(db, func(ctx context.Context, e signals.SaveEvent[Review]) error {
		return note(ctx, "saved %d %v %v", e.Object.ID, e.Created, e.Fields)
	})
	signals.AfterSave(db, func(ctx context.Context, _ signals.SaveEvent[Review]) error { return note(ctx, "second") })
	signals.BeforeDelete(db, func(ctx context.Context, e signals.DeleteEvent[Review]) error {
		return note(ctx, "deleting %d", e.Object.ID)
	})
	signals.AfterDelete(db, func(ctx context.Context, e signals.DeleteEvent[Reply]) error {
		return note(ctx, "deleted reply %d", e.Object.ID)
	})
	signals.BeforeLink(db, func(ctx context.Context, e signals.LinkEvent[Item]) error {
		return note(ctx, "linking %s %v %v", e.Relation, e.Added, e.Keys)
	})
	signals.AfterLink(db, func(ctx context.Context, e signals.LinkEvent[Label]) error {
		return note(ctx, "linked %s %v %v", e.Relation, e.Added, e.Keys)
	})
	stop := signals.OnChange(db, func(ctx context.Context, c signals.Change) error {
		return note(ctx, "change of %s %v %v", c.Model.Name, c.Created, c.Deleted)
	})
	want := func(name string, lines ...string) {
		t.Helper()
		if !slices.Equal(calls, lines) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(calls, "\n"), strings.Join(lines, "\n"))
		}
		calls = nil
	}

	first := &Maker{Name: "m"}
	create(t, db, first)
	want("another model", "change of Maker true false")
	item := &Item{Title: "i", MakerID: first.ID, Status: "live"}
	create(t, db, item)
	want("a model with hooks", "change of Item true false")
	review := &Review{ItemID: item.ID}
	create(t, db, review)
	want("Create", `saving "filled" true []`, "saved 1 true []", "second", "change of Review true false")
	if err := db.Save(t.Context(), review); err != nil {
		t.Fatal(err)
	}
	want("Save", `saving "filled" false []`, "saved 1 false []", "second", "change of Review false false")
	if err := db.SaveFields(t.Context(), review, "text"); err != nil {
		t.Fatal(err)
	}
	want("SaveFields", `saving "filled" false [text]`, "saved 1 false [text]", "second", "change of Review false false")
	stop()
	review.Text = ""
	if err := db.SaveFields(t.Context(), review, "item"); err != nil {
		t.Fatal(err)
	}
	if err := db.Refresh(t.Context(), review); err != nil || review.Text != "filled" {
		t.Errorf("a column that a receiver changed was not written: %q, %v", review.Text, err)
	}
	want("after stop", `saving "filled" false [item]`, "saved 1 false [item]", "second")
	if err := db.CreateAll(t.Context(), []*Review{{ItemID: item.ID, Text: "x"}, {ItemID: item.ID, Text: "y"}}); err != nil {
		t.Fatal(err)
	}
	want("CreateAll", `saving "x" true []`, `saving "y" true []`, "saved 2 true []", "second", "saved 3 true []", "second")
	if _, err := orm.Objects[Review](db).Dynamic().Update(t.Context(), map[string]any{"text": "z"}); err != nil {
		t.Fatal(err)
	}
	want("Update")

	label := &Label{Name: "l"}
	create(t, db, label, &Reply{ReviewID: review.ID, Text: "r"})
	if err := errors.Join(
		db.Related(item, "labels").Add(t.Context(), label), db.Related(item, "labels").Add(t.Context(), label),
		db.Related(label, "items").Remove(t.Context(), item),
	); err != nil {
		t.Fatal(err)
	}
	want("links", "linking labels true [1]", "linked items false [1]")
	if _, err := db.Delete(t.Context(), item); err != nil {
		t.Fatal(err)
	}
	want("a cascade", "deleting 1", "deleting 2", "deleting 3", "deleted reply 1")
}

func TestErrorsOfReceiversUndoTheWrite(t *testing.T) {
	t.Parallel()
	db := shop(t)
	wrong := errors.New("wrong")
	before := signals.BeforeSave(db, func(context.Context, signals.SaveEvent[Maker]) error { return wrong })
	if err := db.Create(t.Context(), &Maker{Name: "a"}); !errors.Is(err, wrong) {
		t.Errorf("before: %v", err)
	}
	before()
	signals.AfterSave(db, func(_ context.Context, e signals.SaveEvent[Maker]) error {
		if e.Object.Name == "b" {
			return wrong
		}
		return nil
	})
	if err := db.CreateAll(t.Context(), []*Maker{{Name: "a"}, {Name: "b"}}); !errors.Is(err, wrong) {
		t.Errorf("after: %v", err)
	}
	if n := count(t, db, "shop_maker"); n != 0 {
		t.Errorf("%d rows were kept", n)
	}
}

func TestReceiversOfTypesThatAreNoModels(t *testing.T) {
	t.Parallel()
	db := shop(t)
	signals.AfterSave(db, func(context.Context, signals.SaveEvent[Status]) error { return nil })
	for _, p := range db.Check() {
		if p.ID == "orm.E074" && strings.Contains(p.Message, "orm_test.Status") {
			return
		}
	}
	t.Error("no problem is reported")
}
