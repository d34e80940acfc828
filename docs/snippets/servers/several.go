package servers

import (
	"context"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/postgres"
	"github.com/quintetgo/quintet/orm/router"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Customer is in the default database.
type Customer struct {
	ID   int64
	Name string `gorm:"size:80"`
}

// Visit is in the database with the alias logs.
type Visit struct {
	ID         int64
	Path       string `gorm:"size:200"`
	CustomerID int64
	Customer   *Customer
}

// Fields configures the relation to a model in another database.
func (v *Visit) Fields(f *orm.Fields) {
	orm.FK(f, &v.Customer).NoConstraint().OnDelete(orm.DoNothing)
}

type shop struct{}

func (shop) Name() string  { return "shop" }
func (shop) Models() []any { return []any{&Customer{}} }

type audit struct{}

func (audit) Name() string  { return "audit" }
func (audit) Models() []any { return []any{&Visit{}} }

func openSeveral(s framework.Settings) (*orm.DB, error) {
	db, err := orm.Open(s.DatabaseURL, postgres.Driver, sqlite.Driver)
	if err != nil {
		return nil, err
	}
	if err := db.AddDatabases(s.Databases(), postgres.Driver, sqlite.Driver); err != nil {
		return nil, err
	}
	db.Route(router.Map{
		"audit":      {"logs"},
		"shop.Order": {"default", "archive"},
	})
	return db, nil
}

func visitsOf(ctx context.Context, db *orm.DB, name string) ([]*Visit, error) {
	customers, err := orm.Objects[Customer](db).Where("name", name).All(ctx)
	if err != nil {
		return nil, err
	}
	keys := make([]int64, len(customers))
	for i, c := range customers {
		keys[i] = c.ID
	}
	return orm.Objects[Visit](db).Where("customer_id__in", keys).PrefetchNames("customer").All(ctx)
}

func recordTwice(ctx context.Context, db *orm.DB, v Visit) error {
	return db.For(&Visit{}).Atomic(ctx, func(ctx context.Context) error {
		second := v
		if err := db.Create(ctx, &v); err != nil {
			return err
		}
		return db.Create(ctx, &second)
	})
}
