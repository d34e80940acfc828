package queries_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/docs/snippets/queries"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// open returns a new database in memory with the books of the examples.
func open(ctx context.Context) *orm.DB {
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	must(migrate.Up(ctx, db, catalog.App{}))
	must(stock(ctx, db))
	return db
}

// stock stores two authors, two subjects and three books.
func stock(ctx context.Context, db *orm.DB) error {
	novel, travel := &catalog.Subject{Name: "Novel"}, &catalog.Subject{Name: "Travel"}
	if err := db.CreateAll(ctx, []*catalog.Subject{novel, travel}); err != nil {
		return err
	}
	for _, b := range []struct {
		author, title, slug string
		year                int
		onShelf             bool
		subjects            []any
	}{
		{"Selma Lagerlöf", "Gösta Berling", "gosta-berling", 1891, false, []any{novel}},
		{"Selma Lagerlöf", "Nils Holgersson", "nils", 1906, true, []any{novel, travel}},
		{"Knut Hamsun", "Hunger", "hunger", 1890, true, []any{novel}},
	} {
		book := &catalog.Book{Title: b.title, Slug: b.slug, Year: b.year, OnShelf: b.onShelf}
		if err := queries.Acquire(ctx, db, b.author, book, b.subjects...); err != nil {
			return err
		}
	}
	return nil
}

// must ends the program after an error. Databases of dialects.Each that are not connected run nothing, which is none.
func must(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

// titles prints the titles of books on one line.
func titles(books []*catalog.Book, err error) {
	if must(err); err != nil {
		return
	}
	var list []string
	for _, book := range books {
		list = append(list, book.Title)
	}
	fmt.Println(strings.Join(list, ", "))
}

// everywhere runs fn with the books of the examples, and prints the SQL of the query that it returns on every database.
func everywhere(fn func(ctx context.Context, db *orm.DB) dialects.Statement) {
	ctx := context.Background()
	dialects.Each(ctx, open(ctx), catalog.App{}, fn)
}

// sent runs fn with the books of the examples, prints its result, and the statement that every database is sent.
func sent(fn func(ctx context.Context, db *orm.DB) (any, error)) {
	ctx := context.Background()
	dialects.Sent(ctx, open(ctx), catalog.App{}, fn)
}

// observed prints the statements of a function.
func observed(ctx context.Context, fn func(ctx context.Context)) {
	fn(orm.WithObserver(ctx, func(s orm.Statement) { fmt.Println(s.SQL) }))
}

// names prints the names of authors on one line.
func names(authors []*catalog.Author, err error) {
	if must(err); err != nil {
		return
	}
	var list []string
	for _, author := range authors {
		list = append(list, author.Name)
	}
	fmt.Println(strings.Join(list, ", "))
}
