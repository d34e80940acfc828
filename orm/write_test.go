package orm_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
)

func TestCreateAndRefresh(t *testing.T) {
	t.Parallel()
	db := shop(t)
	selmer := &Maker{Name: "Selmer"}
	create(t, db, selmer)
	if selmer.ID != 1 {
		t.Errorf("key is %d", selmer.ID)
	}
	zone := time.FixedZone("", -4*3600)
	in := item(selmer, "Guitar")
	in.Price, in.Extra, in.Options = 12.5, map[string]int{"a": 1}, orm.NewJSON([]string{"x", "y"})
	in.Day, in.Took = time.Date(2026, 7, 1, 23, 0, 0, 0, zone), 90*time.Second
	before := time.Now()
	create(t, db, in)
	if in.MakerID != selmer.ID {
		t.Errorf("maker_id is %d", in.MakerID)
	}
	if in.CreatedAt.Before(before.Add(-time.Second)) || !in.CreatedAt.Equal(in.UpdatedAt) {
		t.Errorf("created %v, updated %v", in.CreatedAt, in.UpdatedAt)
	}
	out := &Item{ID: in.ID}
	if err := db.Refresh(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	if !out.CreatedAt.Equal(in.CreatedAt) || out.CreatedAt.Location() != time.UTC {
		t.Errorf("created_at came back as %v, want %v in UTC", out.CreatedAt, in.CreatedAt)
	}
	if got := out.Day.Format(time.DateOnly); got != "2026-07-01" {
		t.Errorf("day came back as %s", got)
	}
	if out.Took != in.Took || out.Price != in.Price || !reflect.DeepEqual(out.Extra, in.Extra) || !slices.Equal(out.Options.Data, in.Options.Data) || out.SpareID != nil || out.Status != "live" {
		t.Errorf("came back as %+v", out)
	}
	out.SpareID = &in.ID
	out.Title = ""
	if err := db.SkipValidation().SaveFields(t.Context(), out, "spare", "title"); err != nil {
		t.Fatal(err)
	}
	again := &Item{ID: in.ID}
	if err := db.Refresh(t.Context(), again); err != nil || again.SpareID == nil || *again.SpareID != in.ID || again.Title != "" || again.Code != "" {
		t.Errorf("%+v %v", again, err)
	}
	if !again.UpdatedAt.After(in.UpdatedAt) {
		t.Error("updated_at did not move")
	}
}

func TestZerosAreStored(t *testing.T) {
	t.Parallel()
	db := shop(t)
	selmer := &Maker{Name: "Selmer"}
	create(t, db, selmer)
	it := item(selmer, "Guitar")
	it.Price = 5
	create(t, db, it)
	it.Price = 0
	if err := db.Save(t.Context(), it); err != nil {
		t.Fatal(err)
	}
	it.Price = 7
	if err := db.Refresh(t.Context(), it); err != nil || it.Price != 0 {
		t.Errorf("price is %v (%v), want 0", it.Price, err)
	}
	fresh, err := orm.New[Item](db)
	if err != nil || fresh.Status != "draft" {
		t.Errorf("New returned status %q (%v)", fresh.Status, err)
	}
}

func TestSaveOfMissingRows(t *testing.T) {
	t.Parallel()
	db := shop(t)
	err := db.Save(t.Context(), &Maker{ID: 7, Name: "x"})
	var missing *orm.NotFoundError
	if !errors.Is(err, orm.ErrNotFound) || !errors.As(err, &missing) || missing.HTTPStatus() != 404 || missing.PK != int64(7) {
		t.Errorf("Save of an absent row: %v", err)
	}
	if count(t, db, "shop_maker") != 0 {
		t.Error("Save inserted a row")
	}
	if err := db.Save(t.Context(), &Maker{Name: "x"}); err == nil || !strings.Contains(err.Error(), "use Create") {
		t.Errorf("Save without a key: %v", err)
	}
	if err := db.Refresh(t.Context(), &Maker{ID: 9}); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("Refresh of an absent row: %v", err)
	}
	if _, err := db.Delete(t.Context(), &Maker{ID: 9}); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("Delete of an absent row: %v", err)
	}
	if err := db.Create(t.Context(), Maker{Name: "x"}); err == nil || !strings.Contains(err.Error(), "pointer") {
		t.Errorf("Create of a value: %v", err)
	}
	if err := db.SaveFields(t.Context(), &Maker{ID: 9}, "nmae"); err == nil || !strings.Contains(err.Error(), `did you mean "name"?`) {
		t.Errorf("SaveFields with a wrong name: %v", err)
	}
}

func TestValidation(t *testing.T) {
	t.Parallel()
	db := shop(t)
	err := db.Create(t.Context(), &Item{Title: strings.Repeat("ä", 31), Code: "no slug", Status: "sold", Price: -1})
	var invalid *orm.ValidationError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v", err)
	}
	want := map[string]string{
		"title": "at most 30 characters (this has 31)", "code": "hyphens", "status": `“sold” is not one of the choices`,
		"price": "at least 0", "maker": "required",
	}
	for name, text := range want {
		if got := fmt.Sprint(invalid.Fields[name]); !strings.Contains(got, text) {
			t.Errorf("%s: got %q, want %q", name, got, text)
		}
	}
	if len(invalid.Fields) != len(want) {
		t.Errorf("got %v", invalid.Fields)
	}
	if invalid.HTTPStatus() != 422 || !strings.HasPrefix(invalid.Error(), "orm: shop.Item is not valid: code: ") {
		t.Error(invalid)
	}
	selmer := &Maker{Name: "Selmer"}
	create(t, db, selmer)
	same := item(selmer, "abc")
	same.Code = "abc"
	if err := db.Create(t.Context(), same); !errors.As(err, &invalid) || len(invalid.Fields["code"]) != 1 || len(invalid.Fields) != 1 {
		t.Errorf("Clean: got %v", err)
	}
	if err := db.SkipValidation().Create(t.Context(), same); err != nil {
		t.Errorf("skipping validation: %v", err)
	}
}

func TestIntegrityErrorNamesTheField(t *testing.T) {
	t.Parallel()
	db := shop(t)
	create(t, db, &Maker{Name: "Selmer"})
	err := db.Create(t.Context(), &Maker{Name: "Selmer"})
	var broken *orm.IntegrityError
	if !errors.As(err, &broken) || broken.Kind != orm.IntegrityUnique || broken.Model.String() != "shop.Maker" || !slices.Equal(broken.Fields, []string{"name"}) {
		t.Errorf("got %v", err)
	}
	dangling := item(nil, "Guitar")
	dangling.MakerID = 99
	if err := db.Create(t.Context(), dangling); !errors.As(err, &broken) || broken.Kind != orm.IntegrityForeignKey {
		t.Errorf("dangling key: got %v", err)
	}
	if count(t, db, "shop_item") != 0 {
		t.Error("the row was stored")
	}
}

func TestLoadedRelationMatchesKey(t *testing.T) {
	t.Parallel()
	db := shop(t)
	a, b := &Maker{Name: "a"}, &Maker{Name: "b"}
	create(t, db, a, b)
	it := item(a, "Guitar")
	create(t, db, it)
	it.MakerID = b.ID
	err := db.Save(t.Context(), it)
	if !errors.Is(err, orm.ErrRelationMismatch) || !strings.Contains(err.Error(), "MakerID is 2 but Maker has the key 1") {
		t.Errorf("got %v", err)
	}
	it.Maker = nil
	if err := db.Save(t.Context(), it); err != nil {
		t.Error(err)
	}
	if err := db.Create(t.Context(), item(&Maker{Name: "c"}, "x")); err == nil || !strings.Contains(err.Error(), "create it first") {
		t.Errorf("unsaved relation: got %v", err)
	}
	it.Maker = b
	if err := db.Save(t.Context(), it); err != nil || it.MakerID != b.ID {
		t.Error(err)
	}
	it.MakerID = a.ID
	it.Maker = nil
	if err := db.Save(t.Context(), it); err != nil {
		t.Error(err)
	}
	stale := &Item{ID: it.ID, MakerID: b.ID, Maker: b}
	if err := db.Refresh(t.Context(), stale); err != nil || stale.Maker != nil || stale.MakerID != a.ID {
		t.Errorf("Refresh kept the old object: %+v %v", stale.Maker, err)
	}
}

func TestHooks(t *testing.T) {
	t.Parallel()
	db := shop(t)
	selmer := &Maker{Name: "Selmer"}
	create(t, db, selmer)
	var calls []string
	it := item(selmer, "Guitar")
	it.hooks = &calls
	create(t, db, it)
	if err := db.Save(t.Context(), it); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Delete(t.Context(), it); err != nil {
		t.Fatal(err)
	}
	want := []string{"before save", "after save", "before save", "after save", "before delete", "after delete"}
	if !slices.Equal(calls, want) {
		t.Errorf("got %v, want %v", calls, want)
	}
	if err := db.Create(t.Context(), item(selmer, "fail late")); err == nil {
		t.Error("the error of AfterSave was lost")
	}
	if count(t, db, "shop_item") != 0 {
		t.Error("a failing AfterSave did not undo the insert")
	}
}

func TestCreateAll(t *testing.T) {
	t.Parallel()
	db := shop(t)
	selmer := &Maker{Name: "Selmer"}
	create(t, db, selmer)
	var items []*Item
	for i := range 1203 {
		it := item(selmer, "Guitar")
		it.Took = time.Duration(i)
		items = append(items, it)
	}
	items[700].ID = 90000
	if err := db.CreateAll(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 499, 500, 700, 701, 1202} {
		got := &Item{ID: items[i].ID}
		if err := db.Refresh(t.Context(), got); err != nil || got.Took != time.Duration(i) {
			t.Errorf("item %d has key %d, which holds %d (%v)", i, items[i].ID, got.Took, err)
		}
	}
	if err := db.CreateAll(t.Context(), []*Maker{{Name: "a"}, {Name: "a"}}); err == nil || count(t, db, "shop_maker") != 1 {
		t.Errorf("a failing CreateAll left rows: %v", err)
	}
	if err := db.CreateAll(t.Context(), []Maker{}); err != nil {
		t.Error(err)
	}
	if err := db.CreateAll(t.Context(), []any{&Maker{Name: "m"}, &Label{Name: "l"}}); err == nil {
		t.Error("objects of two models were accepted")
	}
}

func TestNormalize(t *testing.T) {
	t.Parallel()
	db := shop(t)
	label := &Label{Name: " wood "}
	create(t, db, label)
	if label.Name != "wood" {
		t.Errorf("stored %q", label.Name)
	}
	var invalid *orm.ValidationError
	if err := db.Create(t.Context(), &Label{Name: "  "}); !errors.As(err, &invalid) || len(invalid.Fields["name"]) != 1 {
		t.Errorf("a name of blanks: got %v", err)
	}
	label.Name = " iron"
	if err := db.SkipValidation().SaveFields(t.Context(), label, "name"); err != nil || label.Name != "iron" {
		t.Errorf("%q %v", label.Name, err)
	}
}
