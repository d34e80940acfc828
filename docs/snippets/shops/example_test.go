package shops_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/shops"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
	"github.com/quintetgo/quintet/orm/tenant"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// open returns a new database in memory.
func open(ctx context.Context) *orm.DB {
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	must(migrate.Register(db, shops.App{}))
	must(migrate.CreateTables(ctx, db))
	return db
}

// stock returns a database with two published articles and a draft.
func stock(ctx context.Context) *orm.DB {
	db := open(ctx)
	sunday := monday.AddDate(0, 0, -1)
	must(db.CreateAll(ctx, []*shops.Article{
		{Title: "Nuages", PublishedAt: &sunday}, {Title: "Djangology", PublishedAt: &monday}, {Title: "Draft"},
	}))
	return db
}

// must ends the program after an error. Databases of dialects.Each that are not connected run nothing, which is none.
func must(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

// show prints rows unless there is an error.
func show[T any](rows []*T, err error) {
	if must(err); err == nil {
		fmt.Println(rows)
	}
}

func Example() {
	ctx := context.Background()
	dialects.Each(ctx, stock(ctx), shops.App{}, func(ctx context.Context, db *orm.DB) dialects.Statement {
		articles := orm.From(db, shops.Articles)
		show(articles.All(ctx))
		return articles
	})
	// Output:
	// [Djangology Nuages]
	// SQLite, PostgreSQL, MariaDB: FROM "shops_article" AS t0 WHERE t0."deleted_at" IS NULL AND t0."published_at" IS NOT NULL ORDER BY t0."title"
}

func Example_unscoped() {
	ctx := context.Background()
	db := stock(ctx)
	articles := orm.From(db, shops.Articles)
	show(articles.Unscoped("published").All(ctx))
	// Output:
	// [Djangology Draft Nuages]
}

func Example_namedScope() {
	ctx := context.Background()
	db := stock(ctx)
	show(orm.From(db, shops.Articles).Scope(shops.Since(monday)).All(ctx))
	// Output:
	// [Djangology]
}

func Example_softDelete() {
	ctx := context.Background()
	db := stock(ctx)
	q := shops.Articles
	nuages, err := orm.From(db, q).Filter(q.Title.Eq("Nuages")).Get(ctx)
	must(err)
	_, err = db.Delete(ctx, nuages)
	must(err)
	show(orm.From(db, q).All(ctx))
	show(orm.From(db, q).WithDeleted().Filter(q.DeletedAt.IsNull(false)).All(ctx))
	_, err = db.Restore(ctx, nuages)
	must(err)
	show(orm.From(db, q).All(ctx))
	_, err = db.HardDelete(ctx, nuages)
	must(err)
	show(orm.From(db, q).WithDeleted().All(ctx))
	// Output:
	// [Djangology]
	// [Nuages]
	// [Djangology Nuages]
	// [Djangology]
}

func Example_tenant() {
	ctx := context.Background()
	db := open(ctx)
	north, south := &shops.Shop{Name: "North"}, &shops.Shop{Name: "South"}
	must(db.CreateAll(ctx, []*shops.Shop{north, south}))

	inNorth := tenant.With(ctx, north)
	guitar := &shops.Product{Name: "Guitar"}
	must(db.Create(inNorth, guitar)) // belongs to North
	must(db.Create(tenant.With(ctx, south), &shops.Product{Name: "Violin"}))

	q := shops.Products
	show(orm.From(db, q).All(inNorth))
	show(orm.From(db, q).All(tenant.WithAll(ctx)))
	_, err := orm.From(db, q).All(ctx)
	fmt.Println(err)
	fmt.Println(db.Save(tenant.With(ctx, south), guitar))
	// Output:
	// [Guitar]
	// [Guitar Violin]
	// orm: the rows of shops.Product belong to tenants, and the context has none; use a context of tenant.With or tenant.WithAll
	// orm: this shops.Product belongs to the tenant 1, and the context to the tenant 2
}

func Example_signals() {
	ctx := context.Background()
	db := stock(ctx)
	shops.Log(db)
	article := &shops.Article{Title: "Swing 39", PublishedAt: &monday}
	must(db.Create(ctx, article))
	_, err := db.Delete(ctx, article)
	must(err)
	_, err = orm.From(db, shops.Articles).Update(ctx, shops.Articles.Title.Set("All alike"))
	must(err)
	changes, err := orm.From(db, shops.Changes).OrderByNames("id").All(ctx)
	must(err)
	for _, change := range changes {
		fmt.Println(change.Text)
	}
	// Output:
	// created Swing 39
	// deleted Swing 39, marked: true
}
