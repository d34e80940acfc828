package queries_test

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
)

func Example_aggregate() {
	sent(func(ctx context.Context, db *orm.DB) (any, error) {
		q := catalog.Books
		onShelf := orm.From(db, q).Filter(q.OnShelf.Eq(true))
		oldest, err := orm.Aggregate(ctx, onShelf, q.Year.Min())
		return oldest, err
	})
	// Output:
	// 1890
	// SQLite, PostgreSQL, MariaDB: SELECT MIN(t0."year") FROM "catalog_book" AS t0 WHERE t0."on_shelf" = ?
}

func Example_annotate() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Authors
		busy := orm.From(db, q).
			Annotate("lent", q.Books().CountIf(q.Books().OnShelf.Eq(false))).
			Where("lent__gte", 1).
			OrderByNames("-lent", "name")
		names(busy.All(ctx))
		return busy
	})
	// Output:
	// Selma Lagerlöf
	// SQLite, PostgreSQL, MariaDB: FROM "catalog_author" AS t0 WHERE (SELECT COUNT(*) FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."on_shelf" = ?) >= ? ORDER BY (SELECT COUNT(*) FROM "catalog_book" AS t2 WHERE t2."author_id" = t0."id" AND t2."on_shelf" = ?) DESC, t0."name"
}

func Example_groupBy() {
	sent(func(ctx context.Context, db *orm.DB) (any, error) {
		type line struct {
			Author string `orm:"author__name"`
			Books  int64
			Latest int
		}
		q := catalog.Books
		lines, err := orm.Select[line](ctx, orm.From(db, q).
			GroupBy(q.Author().Name).
			Annotate("books", q.ID.Count()).
			Annotate("latest", q.Year.Max()).
			OrderByNames("-books", "author__name"))
		return lines, err
	})
	// Output:
	// [{Selma Lagerlöf 2 1906} {Knut Hamsun 1 1890}]
	// SQLite, PostgreSQL, MariaDB: SELECT t1."name", COUNT(t0."id"), MAX(t0."year") FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" GROUP BY t1."name" ORDER BY 2 DESC, t1."name"
}

func Example_paginate() {
	ctx := context.Background()
	db := open(ctx)
	page, err := orm.Paginate(ctx, orm.From(db, catalog.Books), 2, 2)
	must(err)
	fmt.Println("page", page.Number, "of", page.Pages, "with", page.Items[0].Title)
	_, err = orm.Paginate(ctx, orm.From(db, catalog.Books), 3, 2)
	fmt.Println(err)
	// Output:
	// page 2 of 2 with Nils Holgersson
	// orm: there is no page 3; the last one is 2
}

func Example_iter() {
	ctx := context.Background()
	db := open(ctx)
	for book, err := range orm.From(db, catalog.Books).Iter(ctx) {
		must(err)
		fmt.Println(book.Title)
	}
	// Output:
	// Gösta Berling
	// Hunger
	// Nils Holgersson
}

func Example_update() {
	sent(func(ctx context.Context, db *orm.DB) (any, error) {
		q := catalog.Books
		n, err := orm.From(db, q).
			Filter(q.Year.Lt(1900)).
			Update(ctx, q.Year.SetTo(q.Year.Add(1000)), q.OnShelf.Set(false))
		must(err)
		if n > 0 {
			fmt.Println(n, "changed")
		}
		return nil, err
	})
	// Output:
	// 2 changed
	// SQLite: UPDATE "catalog_book" AS t0 SET "year" = quintet_within((t0."year" + ?), 1, ?, ?, ?), "on_shelf" = ? WHERE t0."year" < ?
	// PostgreSQL: UPDATE "catalog_book" AS t0 SET "year" = (CAST(t0."year" AS bigint) + CAST(? AS bigint)), "on_shelf" = ? WHERE t0."year" < ?
	// MariaDB: UPDATE "catalog_book" AS t0 SET "year" = (t0."year" + ?), "on_shelf" = ? WHERE t0."year" < ?
}
