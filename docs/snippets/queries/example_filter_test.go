package queries_test

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

func Example() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Books
		books := orm.From(db, q).
			Filter(q.OnShelf.Eq(true), q.Year.Gte(1900)).
			Exclude(q.Title.StartsWith("The ")).
			OrderBy(q.Year.Desc(), q.Title.Asc()).
			Limit(10)
		titles(books.All(ctx))
		return books
	})
	// Output:
	// Nils Holgersson
	// SQLite: FROM "catalog_book" AS t0 WHERE t0."on_shelf" = ? AND t0."year" >= ? AND NOT (instr(t0."title", ?) = 1) ORDER BY t0."year" DESC, t0."title" LIMIT 10
	// PostgreSQL: FROM "catalog_book" AS t0 WHERE t0."on_shelf" = ? AND t0."year" >= ? AND NOT (t0."title" LIKE ?) ORDER BY t0."year" DESC, t0."title" LIMIT 10
	// MariaDB: FROM "catalog_book" AS t0 WHERE t0."on_shelf" = ? AND t0."year" >= ? AND NOT ((t0."title" LIKE ? ESCAPE '!' AND t0."title" LIKE BINARY ? ESCAPE '!')) ORDER BY t0."year" DESC, t0."title" LIMIT 10
}

func Example_or() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Books
		found := orm.From(db, q).Filter(orm.Or(
			q.Title.IContains("berling"),
			q.Author().Name.IContains("HAMSUN").And(q.OnShelf.Eq(true)),
		))
		titles(found.All(ctx))
		return found
	})
	// Output:
	// Gösta Berling, Hunger
	// SQLite: FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE (CASE WHEN octet_length(t0."title") <> length(t0."title") THEN instr(quintet_fold(t0."title"), quintet_fold(?)) > 0 ELSE t0."title" LIKE ? ESCAPE '\' END OR CASE WHEN octet_length(t1."name") <> length(t1."name") THEN instr(quintet_fold(t1."name"), quintet_fold(?)) > 0 ELSE t1."name" LIKE ? ESCAPE '\' END AND t0."on_shelf" = ?) ORDER BY t0."title"
	// PostgreSQL: FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE (CASE WHEN octet_length(t0."title") <> length(t0."title") THEN strpos(upper(replace(lower(normalize(t0."title") COLLATE "und-x-icu"), U&'\0131', U&'\E131') COLLATE "und-x-icu"), upper(replace(lower(normalize(?::text) COLLATE "und-x-icu"), U&'\0131', U&'\E131') COLLATE "und-x-icu")) > 0 ELSE lower(t0."title" COLLATE "C") LIKE ? END OR CASE WHEN octet_length(t1."name") <> length(t1."name") THEN strpos(upper(replace(lower(normalize(t1."name") COLLATE "und-x-icu"), U&'\0131', U&'\E131') COLLATE "und-x-icu"), upper(replace(lower(normalize(?::text) COLLATE "und-x-icu"), U&'\0131', U&'\E131') COLLATE "und-x-icu")) > 0 ELSE lower(t1."name" COLLATE "C") LIKE ? END AND t0."on_shelf" = ?) ORDER BY t0."title"
	// MariaDB: FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE (CASE WHEN LENGTH(t0."title") = CHAR_LENGTH(t0."title") THEN t0."title" COLLATE utf8mb4_general_ci LIKE ? ESCAPE '!' ELSE REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(t0."title" COLLATE utf8mb4_bin, 'İ', 'i̇'), 'ŉ', 'ʼn'), 'ﬁ', 'fi'), 'ﬂ', 'fl'), 'ﬃ', 'ffi'), 'ﬄ', 'ffl') REGEXP ? END OR CASE WHEN LENGTH(t1."name") = CHAR_LENGTH(t1."name") THEN t1."name" COLLATE utf8mb4_general_ci LIKE ? ESCAPE '!' ELSE REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(t1."name" COLLATE utf8mb4_bin, 'ß', 'ss'), 'ŉ', 'ʼn'), 'ẖ', 'ẖ'), 'ẚ', 'aʾ'), 'ẞ', 'ss'), 'ﬅ', 'st'), 'ﬆ', 'st') REGEXP ? END AND t0."on_shelf" = ?) ORDER BY t0."title"
}

func Example_reuse() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	onShelf := orm.From(db, q).Filter(q.OnShelf.Eq(true))
	old := onShelf.Filter(q.Year.Lt(1900)) // onShelf itself is unchanged
	titles(onShelf.All(ctx))
	titles(old.All(ctx))
	// Output:
	// Hunger, Nils Holgersson
	// Hunger
}

func Example_null() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Wishes
		must(db.Create(ctx, &catalog.Wish{Title: "Pan", Email: "ada@example.com"}))
		not := orm.From(db, q).Filter(q.Reason.Ne("A gift"))
		wishes, err := not.All(ctx)
		must(err)
		for _, wish := range wishes {
			fmt.Println(wish)
		}
		return not
	})
	// Output:
	// Pan
	// SQLite, PostgreSQL, MariaDB: FROM "catalog_wish" AS t0 WHERE NOT (t0."reason" = ?) ORDER BY t0."asked_at" DESC
}

func Example_filterRelation() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Books
		swedish := orm.From(db, q).Filter(q.Author().Name.Eq("Selma Lagerlöf"))
		titles(swedish.All(ctx))
		return swedish
	})
	// Output:
	// Gösta Berling, Nils Holgersson
	// SQLite, PostgreSQL, MariaDB: FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE t1."name" = ? ORDER BY t0."title"
}

func Example_toMany() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Authors
		authors := orm.From(db, q)
		sameBook := authors.Filter(q.Books().Year.Lt(1900), q.Books().OnShelf.Eq(true))
		names(sameBook.All(ctx))
		return sameBook
	})
	// Output:
	// Knut Hamsun
	// SQLite, PostgreSQL, MariaDB: FROM "catalog_author" AS t0 WHERE EXISTS (SELECT 1 FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."year" < ? AND t1."on_shelf" = ?) ORDER BY t0."name"
}

func Example_toManyTwice() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Authors
		authors := orm.From(db, q)
		anyBook := authors.Filter(q.Books().Year.Lt(1900)).Filter(q.Books().OnShelf.Eq(true))
		names(anyBook.All(ctx))
		return anyBook
	})
	// Output:
	// Knut Hamsun, Selma Lagerlöf
	// SQLite, PostgreSQL, MariaDB: FROM "catalog_author" AS t0 WHERE EXISTS (SELECT 1 FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."year" < ?) AND EXISTS (SELECT 1 FROM "catalog_book" AS t2 WHERE t2."author_id" = t0."id" AND t2."on_shelf" = ?) ORDER BY t0."name"
}

func Example_excludeToMany() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Authors
		none := orm.From(db, q).Exclude(q.Books().Year.Gt(1900))
		names(none.All(ctx))
		return none
	})
	// Output:
	// Knut Hamsun
	// SQLite, PostgreSQL, MariaDB: FROM "catalog_author" AS t0 WHERE NOT (EXISTS (SELECT 1 FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."year" > ?)) ORDER BY t0."name"
}

func Example_existsIn() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q, b := catalog.Authors, catalog.Books
		wrote := orm.From(db, b).Filter(b.AuthorID.EqOuter(q.ID), b.Year.Eq(1890))
		others := orm.From(db, q).Exclude(orm.Exists(wrote))
		names(others.All(ctx))
		return others
	})
	// Output:
	// Selma Lagerlöf
	// SQLite, PostgreSQL, MariaDB: FROM "catalog_author" AS t0 WHERE NOT (EXISTS (SELECT 1 FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."year" = ?)) ORDER BY t0."name"
}

func Example_selectRelated() {
	ctx := context.Background()
	db := open(ctx)
	observed(ctx, func(ctx context.Context) {
		q := catalog.Books
		books, err := orm.From(db, q).
			Filter(q.Slug.Eq("nils")).
			SelectRelated(q.Author()). // the same statement, joined
			Prefetch(q.Subjects()).    // one more statement for all rows
			All(ctx)
		must(err)
		fmt.Println(books[0].Title, "by", books[0].Author.Name, "about", books[0].Subjects)
	})
	// Output:
	// SELECT t0."id", t0."title", t0."slug", t0."summary", t0."year", t0."on_shelf", t0."author_id", +t0."added_at", t1."id", t1."name" FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE t0."slug" = ? ORDER BY t0."title"
	// SELECT t0."id", t0."name", t1."book_id" FROM "catalog_subject" AS t0 JOIN "catalog_book_subjects" AS t1 ON t1."subject_id" = t0."id" WHERE t1."book_id" IN (?)
	// Nils Holgersson by Selma Lagerlöf about [Novel Travel]
}

func Example_prefetchQuery() {
	ctx := context.Background()
	db := open(ctx)
	q, s := catalog.Books, catalog.Subjects
	subjects := orm.From(db, s).Filter(s.Name.StartsWith("T"))
	books, err := orm.From(db, q).PrefetchQuery(q.Subjects(), subjects).All(ctx)
	must(err)
	for _, book := range books {
		fmt.Println(book.Title, book.Subjects)
	}
	// Output:
	// Gösta Berling []
	// Hunger []
	// Nils Holgersson [Travel]
}

func Example_loadReverse() {
	ctx := context.Background()
	db := open(ctx)
	authors, err := orm.From(db, catalog.Authors).All(ctx)
	must(err)
	books, err := orm.LoadReverse(ctx, db, authors, catalog.AuthorCols.Books)
	must(err)
	for _, author := range authors {
		fmt.Println(author, len(books[author.ID]))
	}
	// Output:
	// Knut Hamsun 1
	// Selma Lagerlöf 2
}

func Example_dynamic() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		books := dynamic.From(db, "catalog.Book").
			Where("author__name__icontains", "lagerlöf").
			Filter(dynamic.Or(dynamic.Is("year__lt", 1900), dynamic.Is("subjects__name", "Travel"))).
			OrderBy("-year")
		for book, err := range books.Iter(ctx) {
			must(err)
			if book != nil {
				fmt.Println(book)
			}
		}
		return books
	})
	// Output:
	// Nils Holgersson
	// Gösta Berling
	// SQLite: FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE (octet_length(t1."name") <> length(t1."name") AND instr(quintet_fold(t1."name"), quintet_fold(?)) > 0) AND (t0."year" < ? OR EXISTS (SELECT 1 FROM "catalog_book_subjects" AS t2 JOIN "catalog_subject" AS t3 ON t3."id" = t2."subject_id" WHERE t2."book_id" = t0."id" AND t3."name" = ?)) ORDER BY t0."year" DESC
	// PostgreSQL: FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE (octet_length(t1."name") <> length(t1."name") AND strpos(upper(replace(lower(normalize(t1."name") COLLATE "und-x-icu"), U&'\0131', U&'\E131') COLLATE "und-x-icu"), upper(replace(lower(normalize(?::text) COLLATE "und-x-icu"), U&'\0131', U&'\E131') COLLATE "und-x-icu")) > 0) AND (t0."year" < ? OR EXISTS (SELECT 1 FROM "catalog_book_subjects" AS t2 JOIN "catalog_subject" AS t3 ON t3."id" = t2."subject_id" WHERE t2."book_id" = t0."id" AND t3."name" = ?)) ORDER BY t0."year" DESC
	// MariaDB: FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(t1."name" COLLATE utf8mb4_bin, 'ẚ', 'aʾ'), 'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl'), 'ﬃ', 'ffi'), 'ﬄ', 'ffl') REGEXP ? AND (t0."year" < ? OR EXISTS (SELECT 1 FROM "catalog_book_subjects" AS t2 JOIN "catalog_subject" AS t3 ON t3."id" = t2."subject_id" WHERE t2."book_id" = t0."id" AND t3."name" = ?)) ORDER BY t0."year" DESC
}
