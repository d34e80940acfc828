package orm_test

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestGormSharesTablesAndTransactions(t *testing.T) {
	t.Parallel()
	db := shop(t)
	selmer := &Maker{Name: "Selmer"}
	create(t, db, selmer)
	it := item(selmer, "Guitar")
	create(t, db, it)
	label := &Label{Name: "wood"}
	create(t, db, label)
	if err := db.Gorm(t.Context()).Model(it).Association("Labels").Append(label); err != nil {
		t.Fatal(err)
	}
	var found Item
	if err := db.Gorm(t.Context()).Preload("Maker").Preload("Labels").First(&found, "title = ?", "Guitar").Error; err != nil {
		t.Fatal(err)
	}
	if found.Maker == nil || found.Maker.Name != "Selmer" || len(found.Labels) != 1 || found.Extra != nil {
		t.Errorf("found %+v", found)
	}
	wrong := errors.New("wrong")
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if err := db.Gorm(ctx).Create(&Maker{Name: "Gibson"}).Error; err != nil {
			return err
		}
		var n int64
		if err := db.Gorm(ctx).Model(&Maker{}).Count(&n).Error; err != nil || n != 2 {
			t.Errorf("%d makers inside (%v)", n, err)
		}
		return wrong
	})
	if !errors.Is(err, wrong) || count(t, db, "shop_maker") != 1 {
		t.Errorf("%v", err)
	}
	if err := db.Gorm(t.Context()).Create(&Maker{Name: "Gibson"}).Error; err != nil || count(t, db, "shop_maker") != 2 {
		t.Error(err)
	}
}

func TestGormIsFirstUsedInsideATransaction(t *testing.T) {
	t.Parallel()
	db := shop(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	err := db.Atomic(ctx, func(ctx context.Context) error { return db.Gorm(ctx).Create(&Maker{Name: "Gibson"}).Error })
	if err != nil || count(t, db, "shop_maker") != 1 {
		t.Error(err)
	}
}
