package tenant_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/tenant"
)

// Badge has a code that is unique in each shop.
type Badge struct {
	ID     int64
	Code   string `gorm:"size:10"`
	Text   string `gorm:"size:20"`
	ShopID int64
	Shop   *Shop
}

func (b *Badge) Fields(f *orm.Fields) { orm.FK(f, &b.Shop).OnDelete(orm.Cascade).Related("badges") }

func (Badge) Meta() orm.Meta {
	return orm.Meta{Tenant: "shop", Unique: []orm.Unique{{Name: "badge_code", Fields: []string{"shop", "code"}}}}
}

type badges struct{}

func (badges) Name() string  { return "badges" }
func (badges) Models() []any { return []any{&Shop{}, &Item{}, &Label{}, &Badge{}} }

// TestBulkWritesOfTenants checks that writes of several objects reach no row of another tenant.
func TestBulkWritesOfTenants(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, badges{})
	all := tenant.WithAll(t.Context())
	north, south := &Shop{Name: "north"}, &Shop{Name: "south"}
	for _, shop := range []*Shop{north, south} {
		if err := db.Create(all, shop); err != nil {
			t.Fatal(err)
		}
	}
	inNorth, inSouth := tenant.With(t.Context(), north.ID), tenant.With(t.Context(), south.ID)
	theirs := &Badge{Code: "a", Text: "theirs"}
	if err := db.Create(inSouth, theirs); err != nil {
		t.Fatal(err)
	}
	on := orm.Conflict{On: []string{"shop", "code"}}
	for _, text := range []string{"first", "second"} {
		if err := db.Upsert(inNorth, []*Badge{{Code: "a", Text: text}}, on); err != nil {
			t.Fatal(err)
		}
	}
	ours, err := orm.Objects[Badge](db).Get(inNorth)
	if err != nil || ours.Text != "second" || ours.ShopID != north.ID {
		t.Fatalf("upserted %+v, %v", ours, err)
	}
	forged := *theirs
	forged.Text, forged.ShopID = "forged", north.ID
	foreign := *theirs
	foreign.Text = "foreign"
	for what, err := range map[string]error{
		"an upsert by the key":          db.Upsert(inNorth, []*Badge{{ID: theirs.ID, Code: "b", Text: "x"}}, orm.Conflict{On: []string{"id"}}),
		"an upsert of another tenant's": db.Upsert(inNorth, []*Badge{&foreign}, on),
		"SaveAll of another tenant's":   db.SaveAll(inNorth, []*Badge{ours, &foreign}),
		"SaveAll with another's key":    db.SaveAll(inNorth, []*Badge{ours, &forged}),
		"SaveAll of a column":           db.SaveAll(inNorth, []*Badge{&forged}, "text"),
		"SaveAll without a tenant":      db.SaveAll(t.Context(), []*Badge{ours}),
		"an upsert without a tenant":    db.Upsert(t.Context(), []*Badge{{Code: "c"}}, on),
		"CreateAll of another tenant's": db.CreateAll(inNorth, []*Badge{{Code: "d", Text: "x", ShopID: south.ID}}),
		"CreateMissing of another's":    db.CreateMissing(inNorth, []*Badge{{Code: "e", Text: "x", ShopID: south.ID}}),
	} {
		if err == nil {
			t.Errorf("%s was accepted", what)
		}
		// A visitor must not learn that the object exists.
		if _, other := errors.AsType[*fault.TenantError](err); other && web.Status(err) != http.StatusNotFound {
			t.Errorf("%s has the status %d", what, web.Status(err))
		}
		if _, other := errors.AsType[*fault.TenantError](err); !other && strings.Contains(what, "of another") && !strings.Contains(what, "upsert") {
			t.Errorf("%s: %v is no TenantError", what, err)
		}
	}
	rows, err := orm.Objects[Badge](db).OrderByNames("shop_id").All(all)
	texts := make([]string, len(rows))
	for i, row := range rows {
		texts[i] = row.Text
	}
	if got := strings.Join(texts, " "); got != "second theirs" || err != nil {
		t.Errorf("the rows are %s, %v", got, err)
	}
}
