package queries_test

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

func Example() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	books := orm.From(db, q).
		Filter(q.OnShelf.Eq(true), q.Year.Gte(1900)).
		Exclude(q.Title.StartsWith("The ")).
		OrderBy(q.Year.Desc(), q.Title.Asc()).
		Limit(10)
	titles(books.All(ctx))
	sql(books)
	// Output:
	// Nils Holgersson
	// FROM "catalog_book" AS t0 WHERE t0."on_shelf" = ? AND t0."year" >= ? AND NOT (instr(t0."title", ?) = 1) ORDER BY t0."year" DESC, t0."title" LIMIT 10
	// -- []interface {}{true, 1900, "The "}
}

func Example_or() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	found := orm.From(db, q).Filter(orm.Or(
		q.Title.IContains("berling"),
		q.Author().Name.IContains("HAMSUN").And(q.OnShelf.Eq(true)),
	))
	titles(found.All(ctx))
	sql(found)
	// Output:
	// Gösta Berling, Hunger
	// FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE (CASE WHEN octet_length(t0."title") <> length(t0."title") THEN instr(quintet_fold(t0."title"), quintet_fold(?)) > 0 ELSE t0."title" LIKE ? ESCAPE '\' END OR CASE WHEN octet_length(t1."name") <> length(t1."name") THEN instr(quintet_fold(t1."name"), quintet_fold(?)) > 0 ELSE t1."name" LIKE ? ESCAPE '\' END AND t0."on_shelf" = ?) ORDER BY t0."title"
	// -- []interface {}{"berling", "%berling%", "HAMSUN", "%HAMSUN%", true}
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
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Wishes
	must(db.Create(ctx, &catalog.Wish{Title: "Pan", Email: "ada@example.com"}))
	not := orm.From(db, q).Filter(q.Reason.Ne("A gift"))
	n, err := not.Count(ctx)
	must(err)
	fmt.Println(n)
	sql(not)
	// Output:
	// 1
	// FROM "catalog_wish" AS t0 WHERE NOT (t0."reason" = ?) ORDER BY t0."asked_at" DESC
	// -- []interface {}{"A gift"}
}

func Example_filterRelation() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	swedish := orm.From(db, q).Filter(q.Author().Name.Eq("Selma Lagerlöf"))
	titles(swedish.All(ctx))
	sql(swedish)
	// Output:
	// Gösta Berling, Nils Holgersson
	// FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE t1."name" = ? ORDER BY t0."title"
	// -- []interface {}{"Selma Lagerlöf"}
}

func Example_toMany() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Authors
	authors := orm.From(db, q)

	sameBook := authors.Filter(q.Books().Year.Lt(1900), q.Books().OnShelf.Eq(true))
	names(sameBook.All(ctx))
	sql(sameBook)

	anyBook := authors.Filter(q.Books().Year.Lt(1900)).Filter(q.Books().OnShelf.Eq(true))
	names(anyBook.All(ctx))
	sql(anyBook)
	// Output:
	// Knut Hamsun
	// FROM "catalog_author" AS t0 WHERE EXISTS (SELECT 1 FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."year" < ? AND t1."on_shelf" = ?) ORDER BY t0."name"
	// -- []interface {}{1900, true}
	// Knut Hamsun, Selma Lagerlöf
	// FROM "catalog_author" AS t0 WHERE EXISTS (SELECT 1 FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."year" < ?) AND EXISTS (SELECT 1 FROM "catalog_book" AS t2 WHERE t2."author_id" = t0."id" AND t2."on_shelf" = ?) ORDER BY t0."name"
	// -- []interface {}{1900, true}
}

func Example_excludeToMany() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Authors
	none := orm.From(db, q).Exclude(q.Books().Year.Gt(1900))
	names(none.All(ctx))
	sql(none)
	// Output:
	// Knut Hamsun
	// FROM "catalog_author" AS t0 WHERE NOT (EXISTS (SELECT 1 FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."year" > ?)) ORDER BY t0."name"
	// -- []interface {}{1900}
}

func Example_existsIn() {
	ctx := context.Background()
	db := open(ctx)
	q, b := catalog.Authors, catalog.Books
	wrote := orm.From(db, b).Filter(b.AuthorID.EqOuter(q.ID), b.Year.Eq(1890))
	others := orm.From(db, q).Exclude(orm.Exists(wrote))
	names(others.All(ctx))
	sql(others)
	// Output:
	// Selma Lagerlöf
	// FROM "catalog_author" AS t0 WHERE NOT (EXISTS (SELECT 1 FROM "catalog_book" AS t1 WHERE t1."author_id" = t0."id" AND t1."year" = ?)) ORDER BY t0."name"
	// -- []interface {}{1890}
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
	ctx := context.Background()
	db := open(ctx)
	books := dynamic.From(db, "catalog.Book").
		Where("author__name__icontains", "lagerlöf").
		Filter(dynamic.Or(dynamic.Is("year__lt", 1900), dynamic.Is("subjects__name", "Travel"))).
		OrderBy("-year")
	all, err := books.All(ctx)
	must(err)
	fmt.Println(all)
	sql(books)
	// Output:
	// [Nils Holgersson Gösta Berling]
	// FROM "catalog_book" AS t0 JOIN "catalog_author" AS t1 ON t1."id" = t0."author_id" WHERE (octet_length(t1."name") <> length(t1."name") AND instr(quintet_fold(t1."name"), quintet_fold(?)) > 0) AND (t0."year" < ? OR EXISTS (SELECT 1 FROM "catalog_book_subjects" AS t2 JOIN "catalog_subject" AS t3 ON t3."id" = t2."subject_id" WHERE t2."book_id" = t0."id" AND t3."name" = ?)) ORDER BY t0."year" DESC
	// -- []interface {}{"lagerlöf", 1900, "Travel"}
}
