package tenant_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/tenant"
)

// Shop is a tenant.
type Shop struct {
	ID    int64
	Name  string `gorm:"size:40"`
	Items []Item
}

// Item belongs to a shop, and may be hidden.
type Item struct {
	ID     int64
	Name   string `gorm:"size:40"`
	Hidden bool
	Views  int64
	ShopID int64
	Shop   *Shop
	Labels []Label `gorm:"many2many:stock_item_label"`
}

// Label belongs to a shop too, and is marked when it is deleted.
type Label struct {
	ID     int64
	Name   string `gorm:"size:40"`
	ShopID int64
	Shop   *Shop
	orm.SoftDelete
}

// Town has no scope.
type Town struct {
	ID    int64
	Name  string `gorm:"size:40"`
	Views int64
}

func (i *Item) Fields(f *orm.Fields) { orm.FK(f, &i.Shop).OnDelete(orm.Cascade).Related("items") }

func (l *Label) Fields(f *orm.Fields) { orm.FK(f, &l.Shop).OnDelete(orm.Cascade).Related("labels") }

func (Item) Meta() orm.Meta {
	return orm.Meta{Tenant: "shop", Ordering: []string{"id"}, Scopes: []orm.Scope{
		orm.DefaultScope("visible", func(ctx context.Context) (orm.Condition, error) {
			if ctx.Value(seesHidden{}) != nil {
				return orm.Condition{}, nil
			}
			return dynamic.Is("hidden", false), nil
		}),
	}}
}

func (Label) Meta() orm.Meta { return orm.Meta{Tenant: "shop"} }

type seesHidden struct{}

type stock struct{}

func (stock) Name() string  { return "stock" }
func (stock) Models() []any { return []any{&Shop{}, &Item{}, &Label{}, &Town{}} }

const (
	shops   = 4
	visible = 5 // items of each shop, with one label each
	hidden  = 2
)

// open returns a database of some shops that have the same items.
func open(t *testing.T) (*orm.DB, []*Shop) {
	t.Helper()
	db := ormtest.Open(t, stock{})
	var all []*Shop
	for i := range shops {
		shop := &Shop{Name: fmt.Sprint("shop ", i)}
		if err := db.Create(t.Context(), shop); err != nil {
			t.Fatal(err)
		}
		all = append(all, shop)
		ctx := tenant.With(t.Context(), shop)
		for j := range visible + hidden {
			item, label := &Item{Name: fmt.Sprint("item ", j), Hidden: j >= visible}, &Label{Name: fmt.Sprint("label ", j)}
			if err := db.Create(ctx, item); err != nil {
				t.Fatal(err)
			}
			if err := db.Create(ctx, label); err != nil {
				t.Fatal(err)
			}
			if err := db.Related(item, "labels").Add(ctx, label); err != nil {
				t.Fatal(err)
			}
		}
	}
	return db, all
}

// visitor runs queries as one tenant, or as all of them, and checks that the rows are theirs.
type visitor struct {
	db    *orm.DB
	shop  *Shop // nil for all
	sees  bool  // hidden items
	items dynamic.Query
}

func (v visitor) context(ctx context.Context) context.Context {
	if v.sees {
		ctx = context.WithValue(ctx, seesHidden{}, true)
	}
	if v.shop == nil {
		return tenant.WithAll(ctx)
	}
	return tenant.With(ctx, v.shop.ID)
}

// want returns how many items the visitor finds.
func (v visitor) want(lifted bool) int {
	n := visible
	if v.sees || lifted {
		n += hidden
	}
	if v.shop == nil {
		n *= shops
	}
	return n
}

func (v visitor) owns(items []*Item) error {
	for _, item := range items {
		if v.shop != nil && item.ShopID != v.shop.ID {
			return fmt.Errorf("the item %d of the shop %d was found", item.ID, item.ShopID)
		}
		for _, label := range item.Labels {
			if label.ShopID != item.ShopID {
				return fmt.Errorf("the label %d of the shop %d was found", label.ID, label.ShopID)
			}
		}
	}
	return nil
}

// run runs one of several kinds of queries.
func (v visitor) run(ctx context.Context, kind int) error {
	ctx = v.context(ctx)
	switch kind {
	case 0:
		n, err := v.items.Count(ctx)
		return expect(int(n), v.want(false), err)
	case 1:
		n, err := v.items.Unscoped("visible").Count(ctx)
		return expect(int(n), v.want(true), err)
	case 2:
		all, err := v.items.Where("name__in", []string{"item 0", "item 1"}).Prefetch("labels").All(ctx)
		return v.check(all, 2, err)
	case 3:
		all, err := v.items.Where("labels__name", "label 1").SelectRelated("shop").All(ctx)
		return v.check(all, 1, err)
	case 4:
		values, err := dynamic.From(v.db, "stock.Shop").Where("items__name", "item 2").Values(ctx, "id")
		want := shops
		if v.shop != nil {
			want = 1
		}
		return expect(len(values), want, err)
	case 5:
		n, err := v.items.Where("name", "item 3").Update(ctx, map[string]any{"views": kind})
		want := shops
		if v.shop != nil {
			want = 1
		}
		return expect(int(n), want, err)
	case 6:
		n, err := dynamic.From(v.db, "stock.Town").Where("name", "nowhere").Count(ctx)
		return expect(int(n), 0, err)
	}
	found, err := v.items.Where("hidden", true).Exists(ctx)
	if err == nil && found != v.sees {
		err = fmt.Errorf("hidden items: got %v, want %v", found, v.sees)
	}
	return err
}

func (v visitor) check(objects []any, each int, err error) error {
	if err != nil {
		return err
	}
	items := make([]*Item, len(objects))
	for i, object := range objects {
		items[i] = object.(*Item)
	}
	if v.shop == nil {
		each *= shops
	}
	if err := expect(len(items), each, nil); err != nil {
		return err
	}
	return v.owns(items)
}

func expect(got, want int, err error) error {
	if err == nil && got != want {
		err = fmt.Errorf("got %d, want %d", got, want)
	}
	return err
}

// kinds is how many kinds of queries a visitor runs.
const kinds = 8

// The plans of queries are kept and shared by all tenants. Many visitors run the same few queries at once.
func TestTenantsSharePlans(t *testing.T) {
	t.Parallel()
	db, all := open(t)
	items := dynamic.From(db, "stock.Item")
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(worker)))
			for range 100 {
				v := visitor{db: db, items: items, sees: r.IntN(2) == 0}
				if n := r.IntN(shops + 1); n < shops {
					v.shop = all[n]
				}
				kind := r.IntN(kinds)
				if err := v.run(t.Context(), kind); err != nil {
					t.Errorf("query %d of %+v: %v", kind, v.shop, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if _, err := items.Count(t.Context()); err == nil {
		t.Error("a query without a tenant uses the plan of one with a tenant")
	}
}

// A query on a model with scopes is not compiled each time, and a model without any is not slower because another one has
// scopes.
func TestScopedQueriesHavePlans(t *testing.T) { // not parallel: it counts allocations
	db, all := open(t)
	ctx := tenant.With(t.Context(), all[0])
	allocations := func(q dynamic.Query) float64 {
		return testing.AllocsPerRun(50, func() {
			if _, err := q.Count(ctx); err != nil {
				t.Fatal(err)
			}
		})
	}
	towns := dynamic.From(db, "stock.Town")
	plain := allocations(towns.Where("views", 1))
	scoped := allocations(dynamic.From(db, "stock.Item").Where("views", 1))
	compiled := allocations(towns.Annotate("more", dynamic.F("views").Add(1)).Where("more", 2)) // has no plan
	if plain > compiled-20 || scoped > compiled {
		t.Errorf("a query allocates %.0f times, one with scopes %.0f times, and one that is compiled %.0f times", plain, scoped, compiled)
	}
	t.Log(plain, scoped, compiled)
}
