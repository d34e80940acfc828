package queries_test

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/functions"
)

func Example_functions() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Books
		long := orm.From(db, q).
			Filter(functions.Length(q.Title).Gt(6)).
			OrderBy(functions.Lower(q.Title).Desc())
		titles(long.All(ctx))
		return long
	})
	// Output:
	// Nils Holgersson, Gösta Berling
	// SQLite: FROM "catalog_book" AS t0 WHERE LENGTH(t0."title") > ? ORDER BY quintet_lower(t0."title") DESC
	// PostgreSQL: FROM "catalog_book" AS t0 WHERE LENGTH(t0."title") > ? ORDER BY LOWER(t0."title" COLLATE "und-x-icu") DESC
	// MariaDB: FROM "catalog_book" AS t0 WHERE CHAR_LENGTH(t0."title") > ? ORDER BY LOWER(t0."title") DESC
}

func Example_case() {
	ctx := context.Background()
	db := open(ctx)
	type line struct {
		Title string
		Age   string
	}
	q := catalog.Books
	age := orm.When(q.Year.Lt(1891), "old").When(q.Year.Lt(1900), "late").Else("new")
	books := orm.From(db, q).Annotate("age", age).OrderBy(q.Year.Asc())
	lines, err := orm.Select[line](ctx, books)
	must(err)
	fmt.Println(lines)
	// Output:
	// [{Hunger old} {Gösta Berling late} {Nils Holgersson new}]
}

func Example_scalar() {
	ctx := context.Background()
	db := open(ctx)
	type line struct{ Name, Latest string }
	q, b := catalog.Authors, catalog.Books
	latest := orm.From(db, b).Filter(b.AuthorID.EqOuter(q.ID)).OrderBy(b.Year.Desc())
	lines, err := orm.Select[line](ctx, orm.From(db, q).
		Annotate("latest", orm.Scalar(latest, b.Title)).
		OrderBy(q.Name.Asc()))
	must(err)
	fmt.Println(lines)
	// Output:
	// [{Knut Hamsun Hunger} {Selma Lagerlöf Nils Holgersson}]
}

func Example_window() {
	ctx := context.Background()
	db := open(ctx)
	type line struct {
		Title string
		Place int
	}
	q := catalog.Books
	place := functions.RowNumber().Over(orm.Window{}.PartitionBy(q.AuthorID).OrderBy(q.Year.Desc()))
	lines, err := orm.Select[line](ctx, orm.From(db, q).Annotate("place", place).OrderBy(q.Title.Asc()))
	must(err)
	fmt.Println(lines)
	// Output:
	// [{Gösta Berling 2} {Hunger 1} {Nils Holgersson 1}]
}

func Example_filteredRelation() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Authors
	old := orm.From(db, q).
		FilteredRelation("early", q.Books(), q.Books().Year.Lt(1900)).
		Where("early__on_shelf", true)
	names(old.All(ctx))
	// Output:
	// Knut Hamsun
}

func Example_stringAgg() {
	ctx := context.Background()
	db := open(ctx)
	type line struct{ Name, Titles string }
	q := catalog.Authors
	lines, err := orm.Select[line](ctx, orm.From(db, q).
		Annotate("titles", q.Books().Title.StringAgg(", ").OrderBy(q.Books().Year.Asc()).Default("none")).
		OrderBy(q.Name.Asc()))
	must(err)
	fmt.Println(lines)
	// Output:
	// [{Knut Hamsun Hunger} {Selma Lagerlöf Gösta Berling, Nils Holgersson}]
}

func Example_nulls() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Books
		xor := orm.From(db, q).
			Filter(orm.Xor(q.OnShelf.Eq(true), q.Year.Gt(1900))).
			OrderBy(functions.NullIf(q.Year, orm.Value(1890)).Asc().NullsLast())
		titles(xor.All(ctx))
		return xor
	})
	// Output:
	// Hunger
	// SQLite: FROM "catalog_book" AS t0 WHERE (0 + CASE WHEN t0."on_shelf" = ? THEN 1 ELSE 0 END + CASE WHEN t0."year" > ? THEN 1 ELSE 0 END) % 2 = 1 ORDER BY NULLIF(t0."year", ?) NULLS LAST
	// PostgreSQL: FROM "catalog_book" AS t0 WHERE (0 + CASE WHEN t0."on_shelf" = ? THEN 1 ELSE 0 END + CASE WHEN t0."year" > ? THEN 1 ELSE 0 END) % 2 = 1 ORDER BY NULLIF(t0."year", ?::bigint) NULLS LAST
	// MariaDB: FROM "catalog_book" AS t0 WHERE (0 + CASE WHEN t0."on_shelf" = ? THEN 1 ELSE 0 END + CASE WHEN t0."year" > ? THEN 1 ELSE 0 END) % 2 = 1 ORDER BY NULLIF(t0."year", ?) IS NULL, NULLIF(t0."year", ?)
}
