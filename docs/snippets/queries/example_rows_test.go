package queries_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
)

func Example_combine() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Books
		old := orm.From(db, q).Filter(q.Year.Lt(1900))
		onShelf := orm.From(db, q).Filter(q.OnShelf.Eq(true))
		titles(old.Union(onShelf).OrderBy(q.Year.Asc()).Limit(2).All(ctx))
		titles(old.Intersection(onShelf).All(ctx))
		titles(old.Difference(onShelf).All(ctx))
		return old.Difference(onShelf)
	})
	// Output:
	// Hunger, Gösta Berling
	// Hunger
	// Gösta Berling
	// SQLite, PostgreSQL, MariaDB: FROM (SELECT t1."id", t1."title", t1."slug", t1."summary", t1."year", t1."on_shelf", t1."author_id", t1."added_at" FROM "catalog_book" AS t1 WHERE t1."year" < ? EXCEPT SELECT t2."id", t2."title", t2."slug", t2."summary", t2."year", t2."on_shelf", t2."author_id", t2."added_at" FROM "catalog_book" AS t2 WHERE t2."on_shelf" = ?) AS t0 ORDER BY t0."title"
}

func Example_distinctOn() {
	everywhere(func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := catalog.Books
		latest := orm.From(db, q).OrderBy(q.Year.Desc()).DistinctOn(q.AuthorID)
		titles(latest.All(ctx))
		return latest
	})
	// Output:
	// Nils Holgersson, Hunger
	// SQLite, PostgreSQL, MariaDB: FROM (SELECT t1."id", t1."title", t1."slug", t1."summary", t1."year", t1."on_shelf", t1."author_id", t1."added_at", ROW_NUMBER() OVER (PARTITION BY t1."author_id" ORDER BY t1."year" DESC) AS "value rank" FROM "catalog_book" AS t1) AS t0 WHERE t0."value rank" = 1 ORDER BY t0."year" DESC
}

func Example_only() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	book, err := orm.From(db, q).Only(q.Title, q.Slug).Filter(q.Slug.Eq("hunger")).Get(ctx)
	must(err)
	book.Title = "Sult"
	must(db.Save(ctx, book)) // leaves the other columns as they are
	fmt.Println(orm.DeferredFields(book))
	must(db.Refresh(ctx, book))
	fmt.Println(book.Title, book.Year, orm.DeferredFields(book))
	// Output:
	// [summary year on_shelf added_at]
	// Sult 1890 []
}

func Example_objectsWithValues() {
	ctx := context.Background()
	db := open(ctx)
	type entry struct {
		*catalog.Author
		Titles int64
	}
	q := catalog.Authors
	entries, err := orm.Select[entry](ctx, orm.From(db, q).
		Annotate("titles", q.Books().Count()).
		OrderByNames("-titles"))
	must(err)
	for _, e := range entries {
		fmt.Println(e.Name, e.Titles)
	}
	// Output:
	// Selma Lagerlöf 2
	// Knut Hamsun 1
}

func Example_paginateAfter() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	books := orm.From(db, q).OrderBy(q.Year.Desc())
	first, err := orm.PaginateAfter(ctx, books, "", 2)
	titles(first.Items, err)
	second, err := orm.PaginateAfter(ctx, books, first.Next, 2)
	titles(second.Items, err)
	fmt.Println(second.Next == "", second.Previous == "")
	_, err = orm.PaginateAfter(ctx, books, "unknown", 2)
	fmt.Println(err)
	// Output:
	// Nils Holgersson, Gösta Berling
	// Hunger
	// true false
	// orm: the cursor of the page is not valid: it was changed or cut off
}

func Example_inChunks() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	for books, err := range orm.From(db, q).Filter(q.OnShelf.Eq(false)).InChunks(ctx, 500) {
		must(err)
		for _, book := range books {
			book.OnShelf = true
			must(db.SaveFields(ctx, book, "on_shelf"))
		}
		fmt.Println(len(books), "returned")
	}
	// Output:
	// 1 returned
}

func Example_byUnique() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	books, err := orm.ByUnique(ctx, orm.From(db, q), q.Slug, "hunger", "nils", "lost")
	must(err)
	fmt.Println(len(books), books["nils"].Title)
	// Output:
	// 2 Nils Holgersson
}

func Example_load() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	books, err := orm.From(db, q).OrderBy(q.Year.Asc()).All(ctx)
	must(err)
	must(orm.Load(ctx, db, books, q.Author(), q.Subjects()))
	fmt.Println(books[0].Author, books[0].Subjects)
	// Output:
	// Knut Hamsun [Novel]
}

func Example_forUpdate() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	lend := func(ctx context.Context) error {
		book, err := orm.From(db, q).Filter(q.Slug.Eq("hunger")).ForUpdate().Get(ctx)
		if err != nil {
			return err
		}
		if !book.OnShelf {
			return errors.New("the book is lent already")
		}
		book.OnShelf = false
		return db.SaveFields(ctx, book, "on_shelf")
	}
	fmt.Println(db.Atomic(ctx, lend))
	fmt.Println(db.Atomic(ctx, lend))
	fmt.Println(lend(ctx))
	// Output:
	// <nil>
	// the book is lent already
	// orm: catalog.Book: ForUpdate locks rows until a transaction ends, and this context has none; run the query in db.Atomic, with the context that it passes
}

func Example_raw() {
	ctx := context.Background()
	db := open(ctx)
	books, err := orm.Raw[catalog.Book](db, "SELECT * FROM catalog_book WHERE year > ? ORDER BY year", 1890).
		Prefetch(catalog.Books.Author()).
		All(ctx)
	must(err)
	for _, book := range books {
		fmt.Println(book.Title, "by", book.Author)
	}
	type decade struct {
		Decade int
		Books  int
	}
	decades, err := orm.RawSelect[decade](ctx, db,
		"SELECT year / 10 * 10 AS decade, count(*) AS books FROM catalog_book GROUP BY 1 ORDER BY 1")
	must(err)
	fmt.Println(decades)
	// Output:
	// Gösta Berling by Selma Lagerlöf
	// Nils Holgersson by Selma Lagerlöf
	// [{1890 2} {1900 1}]
}
