package orm_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

type Seat struct {
	Row    int `gorm:"primaryKey;autoIncrement:false"`
	Number int `gorm:"primaryKey;autoIncrement:false"`
	Guest  string
}

func TestCompositeKeys(t *testing.T) {
	t.Parallel()
	db := shop(t)
	if err := db.Register("hall", &Seat{}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), `CREATE TABLE hall_seat ("row" bigint NOT NULL, number bigint NOT NULL, guest text NOT NULL, PRIMARY KEY ("row", number))`); err != nil {
		t.Fatal(err)
	}
	create(t, db.SkipValidation(), &Seat{Row: 1, Number: 0, Guest: "a"}, &Seat{Row: 1, Number: 2, Guest: "b"}, &Seat{Row: 2, Number: 2, Guest: "c"})
	if err := db.Save(t.Context(), &Seat{Row: 1, Number: 2, Guest: "B"}); err != nil {
		t.Error(err)
	}
	seat := &Seat{Row: 1, Number: 2}
	if err := db.Refresh(t.Context(), seat); err != nil || seat.Guest != "B" {
		t.Errorf("%+v %v", seat, err)
	}
	if done, err := db.Delete(t.Context(), seat); err != nil || done.Total != 1 || count(t, db, "hall_seat") != 2 {
		t.Errorf("%v %v", done, err)
	}
	if err := db.Save(t.Context(), seat); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("a deleted row: got %v", err)
	}
	var broken *orm.IntegrityError
	if err := db.Create(t.Context(), &Seat{Row: 2, Number: 2, Guest: "d"}); !errors.As(err, &broken) || len(broken.Fields) != 2 {
		t.Errorf("the same key: got %v", err)
	}
}

// Changes of some rows do not affect others with the same value in the first column of the key.
func TestQueriesDistinguishCompositeKeys(t *testing.T) {
	t.Parallel()
	db := shop(t)
	if err := db.Register("hall", &Box{}, &Place{}); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`CREATE TABLE hall_box (id integer PRIMARY KEY, name text NOT NULL)`,
		`CREATE TABLE hall_place ("row" bigint NOT NULL, number bigint NOT NULL, guest text NOT NULL, box_id bigint NOT NULL, PRIMARY KEY ("row", number))`,
	} {
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	create(t, db, &Box{ID: 1, Name: "left"}, &Box{ID: 2, Name: "right"})
	create(t, db, &Place{Row: 1, Number: 1, Guest: "a", BoxID: 1}, &Place{Row: 1, Number: 2, Guest: "b", BoxID: 2}, &Place{Row: 1, Number: 3, Guest: "c", BoxID: 2}, &Place{Row: 2, Number: 2, Guest: "d", BoxID: 2})
	places := orm.Objects[Place](db).OrderByNames("row", "number")
	guests := func() string {
		all, err := places.All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, place := range all {
			text += place.Guest
		}
		return text
	}
	model, err := db.Model("hall.Place")
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]any{"guest": "X"}
	if n, err := dynamic.From(db, model).Where("box__name", "left").Update(t.Context(), set); err != nil || n != 1 || guests() != "Xbcd" {
		t.Errorf("by a related row: %d, %v, %s", n, err, guests())
	}
	if n, err := dynamic.From(db, model).OrderBy("-number").Limit(1).Update(t.Context(), set); err != nil || n != 1 || guests() != "XbXd" {
		t.Errorf("by a limit: %d, %v, %s", n, err, guests())
	}
	if n, err := places.Distinct().Count(t.Context()); err != nil || n != 4 {
		t.Errorf("distinct: %d, %v", n, err)
	}
	if n, err := dynamic.From(db, model).Where("box__name", "left").Delete(t.Context()); err != nil || n != 1 || guests() != "bXd" {
		t.Errorf("deleted: %d, %v, %s", n, err, guests())
	}
	if _, err := db.Delete(t.Context(), &Box{ID: 1}); err != nil || guests() != "bXd" {
		t.Errorf("cascade: %v, %s", err, guests())
	}
	for _, lookup := range []string{"pk", "pk__in", "pk__exact", "box__places", "box__places__pk"} {
		var value any = 1
		if lookup == "pk__in" {
			value = []int{1}
		}
		if _, err := places.Where(lookup, value).All(t.Context()); err == nil || !strings.Contains(err.Error(), "row and number") {
			t.Errorf("%s: %v, want an error that names the columns", lookup, err)
		}
	}
	if _, err := orm.Objects[Box](db).Where("id__in", dynamic.From(db, model)).All(t.Context()); err == nil {
		t.Error("a query inside of another stands for its first column")
	}
	for lookup, want := range map[string]int64{"row": 2, "box": 0, "box__places__row": 3, "box__places__isnull": 3} {
		var value any = 1
		if lookup == "box__places__isnull" {
			value = false
		}
		if n, err := places.Where(lookup, value).Distinct().Count(t.Context()); err != nil || n != want {
			t.Errorf("%s: %d, %v, want %d", lookup, n, err, want)
		}
	}
}

type Box struct {
	ID   int64
	Name string
}

type Place struct {
	Row    int `gorm:"primaryKey;autoIncrement:false"`
	Number int `gorm:"primaryKey;autoIncrement:false"`
	Guest  string
	BoxID  int64
	Box    *Box
}

func (p *Place) Fields(f *orm.Fields) { orm.FK(f, &p.Box).OnDelete(orm.Cascade).Related("places") }
