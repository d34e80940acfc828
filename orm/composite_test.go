package orm_test

import (
	"errors"
	"testing"

	"github.com/quintetgo/quintet/orm"
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
