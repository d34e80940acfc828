package orm_test

import (
	"context"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

func TestObserve(t *testing.T) {
	t.Parallel()
	db := shop(t)
	var all, own []string
	stop := db.Observe(func(s orm.Statement) {
		verb, _, _ := strings.Cut(s.SQL, " ")
		all = append(all, verb)
	})
	ctx := orm.WithObserver(t.Context(), func(s orm.Statement) { own = append(own, s.SQL) })
	create(t, db, &Maker{Name: "a"})
	err := db.Atomic(ctx, func(ctx context.Context) error { return db.Save(ctx, &Maker{ID: 1, Name: "b"}) })
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Create(ctx, &Maker{Name: "b"}); err == nil {
		t.Error("no error")
	}
	count(t, db, "shop_maker")
	stop()
	count(t, db, "shop_maker")
	if got := strings.Join(all, " "); got != "INSERT UPDATE INSERT SELECT" {
		t.Errorf("the database saw %s", got)
	}
	if len(own) != 2 || own[0] != `UPDATE "shop_maker" SET "name" = ? WHERE "id" = ?` {
		t.Errorf("the context saw %q", own)
	}
}
