package queries_test

import (
	"context"

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
	sent(func(ctx context.Context, db *orm.DB) (any, error) {
		type line struct {
			Title string
			Age   string
		}
		q := catalog.Books
		age := orm.When(q.Year.Lt(1891), "old").When(q.Year.Lt(1900), "late").Else("new")
		books := orm.From(db, q).Annotate("age", age).OrderBy(q.Year.Asc())
		lines, err := orm.Select[line](ctx, books)
		return lines, err
	})
	// Output:
	// [{Hunger old} {Gösta Berling late} {Nils Holgersson new}]
	// SQLite, MariaDB: SELECT t0."title", CASE WHEN t0."year" < ? THEN ? WHEN t0."year" < ? THEN ? ELSE ? END FROM "catalog_book" AS t0 ORDER BY t0."year"
	// PostgreSQL: SELECT t0."title", CASE WHEN t0."year" < ? THEN ?::text WHEN t0."year" < ? THEN ?::text ELSE ?::text END FROM "catalog_book" AS t0 ORDER BY t0."year"
}

func Example_scalar() {
	sent(func(ctx context.Context, db *orm.DB) (any, error) {
		type line struct{ Name, Latest string }
		q, b := catalog.Authors, catalog.Books
		latest := orm.From(db, b).Filter(b.AuthorID.EqOuter(q.ID)).OrderBy(b.Year.Desc())
		lines, err := orm.Select[line](ctx, orm.From(db, q).
			Annotate("latest", orm.Scalar(latest, b.Title)).
			OrderBy(q.Name.Asc()))
		return lines, err
	})
	// Output:
	// [{Knut Hamsun Hunger} {Selma Lagerlöf Nils Holgersson}]
	// SQLite, PostgreSQL, MariaDB: SELECT t0."name", (SELECT t1."title" FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" ORDER BY t1."year" DESC LIMIT 1) FROM "catalog_author" AS t0 ORDER BY t0."name"
}

func Example_window() {
	sent(func(ctx context.Context, db *orm.DB) (any, error) {
		type line struct {
			Title string
			Place int
		}
		q := catalog.Books
		place := functions.RowNumber().Over(orm.Window{}.PartitionBy(q.AuthorID).OrderBy(q.Year.Desc()))
		lines, err := orm.Select[line](ctx, orm.From(db, q).Annotate("place", place).OrderBy(q.Title.Asc()))
		return lines, err
	})
	// Output:
	// [{Gösta Berling 2} {Hunger 1} {Nils Holgersson 1}]
	// SQLite, PostgreSQL, MariaDB: SELECT t0."title", ROW_NUMBER() OVER (PARTITION BY t0."author_id" ORDER BY t0."year" DESC) FROM "catalog_book" AS t0 ORDER BY t0."title"
}

func Example_filteredRelation() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Authors
		old := orm.From(db, q).
			FilteredRelation("early", q.Books(), q.Books().Year.Lt(1900)).
			Where("early__on_shelf", true)
		names(old.All(ctx))
		return old
	})
	// Output:
	// Knut Hamsun
	// SQLite, PostgreSQL, MariaDB: FROM "catalog_author" AS t0 WHERE EXISTS (SELECT 1 FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."on_shelf" = ? AND t1."year" < ?) ORDER BY t0."name"
}

func Example_stringAgg() {
	sent(func(ctx context.Context, db *orm.DB) (any, error) {
		type line struct{ Name, Titles string }
		q := catalog.Authors
		lines, err := orm.Select[line](ctx, orm.From(db, q).
			Annotate("titles", q.Books().Title.StringAgg(", ").OrderBy(q.Books().Year.Asc()).Default("none")).
			OrderBy(q.Name.Asc()))
		return lines, err
	})
	// Output:
	// [{Knut Hamsun Hunger} {Selma Lagerlöf Gösta Berling, Nils Holgersson}]
	// SQLite: SELECT t0."name", COALESCE((SELECT group_concat(t1."title", ', ' ORDER BY t1."year") FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id"), ?) FROM "catalog_author" AS t0 ORDER BY t0."name"
	// PostgreSQL: SELECT t0."name", COALESCE((SELECT STRING_AGG(t1."title", E', ' ORDER BY t1."year") FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id"), ?::text) FROM "catalog_author" AS t0 ORDER BY t0."name"
	// MariaDB: SELECT t0."name", COALESCE((SELECT GROUP_CONCAT(t1."title" ORDER BY t1."year" SEPARATOR X'2c20') FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id"), ?) FROM "catalog_author" AS t0 ORDER BY t0."name"
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
