package queries_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/docs/snippets/queries"
	"github.com/quintetgo/quintet/orm"
)

func ExampleAuthorsJoined() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()

	statements := 0
	counted := orm.WithObserver(ctx, func(orm.Statement) { statements++ })
	names, err := queries.AuthorsOneByOne(counted, db)
	must(err)
	fmt.Println(len(names), "authors,", statements, "statements")

	statements = 0
	names, err = queries.AuthorsJoined(counted, db)
	must(err)
	fmt.Println(len(names), "authors,", statements, "statement")
	// Output:
	// 3 authors, 4 statements
	// 3 authors, 1 statement
}

// The books of a year are found by a scan of the table, and the one with a slug by its unique index.
func Example_indexes() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()

	q := catalog.Books
	for _, condition := range []orm.Condition{q.Year.Eq(1906), q.Slug.Eq("nils")} {
		plan, err := orm.From(db, q).Filter(condition).OrderBy().Explain(ctx)
		must(err)
		fmt.Println(plan[strings.LastIndex(plan, "\t")+1:]) // the last column of the last line
	}
	// Output:
	// SCAN t0
	// SEARCH t0 USING INDEX catalog_book_slug_uniq (slug=?)
}
