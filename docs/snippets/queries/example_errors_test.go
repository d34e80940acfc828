package queries_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
)

func Example_notFound() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	_, err := orm.From(db, q).Filter(q.Slug.Eq("absent")).Get(ctx)
	fmt.Println(errors.Is(err, orm.ErrNotFound), err)
	_, err = orm.From(db, q).Filter(q.OnShelf.Eq(true)).Get(ctx)
	fmt.Println(errors.Is(err, orm.ErrMultiple), err)
	// Output:
	// true orm: no catalog.Book found
	// true orm: more than one row found: catalog.Book
}

func Example_wrongName() {
	ctx := context.Background()
	db := open(ctx)
	_, err := orm.From(db, catalog.Books).Where("autor__name", "Hamsun").All(ctx)
	fmt.Println(err)
	_, err = orm.From(db, catalog.Books).Where("year__gte", "soon").All(ctx)
	fmt.Println(err)
	_, err = orm.From(db, catalog.Books).Where("year__contains", "19").All(ctx)
	fmt.Println(err)
	// Output:
	// orm: Book: lookup "autor__name": no field "autor"; did you mean "author"? Choices: added_at, author, author_id, id, on_shelf, slug, subjects, summary, title, year
	// orm: Book: lookup "year__gte": "soon" is not a whole number
	// orm: Book: lookup "year__contains": "contains" does not fit "year", which is a whole number; choices: exact, in, gt, gte, lt, lte, range, isnull
}

func Example_wrongModel() {
	ctx := context.Background()
	db := open(ctx)
	_, err := orm.From(db, catalog.Books).Filter(catalog.Authors.Name.Eq("Knut Hamsun")).All(ctx)
	fmt.Println(err)
	// Output:
	// orm: a query on catalog.Book takes the columns of catalog.Book, and "name__exact" starts at catalog.Author
}

func Example_unique() {
	ctx := context.Background()
	db := open(ctx)
	err := db.Create(ctx, &catalog.Subject{Name: "Novel"})
	if broken, ok := errors.AsType[*orm.IntegrityError](err); ok {
		fmt.Println(broken.Kind == orm.IntegrityUnique, broken.Fields)
	}
	fmt.Println(err)
	// Output:
	// true [name]
	// orm: unique constraint violated in catalog.Subject (name): UNIQUE constraint failed: catalog_subject.name
}

func Example_invalid() {
	ctx := context.Background()
	db := open(ctx)
	err := db.Create(ctx, &catalog.Book{Title: "Codex", Slug: "codex", Year: 1200, AuthorID: 1})
	if invalid, ok := errors.AsType[*orm.ValidationError](err); ok {
		for field, messages := range invalid.Fields {
			fmt.Println(field, messages)
		}
	}
	fmt.Println(err)
	// Output:
	// year [This must be at least 1450.]
	// orm: catalog.Book is not valid: year: This must be at least 1450.
}

func Example_protected() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Authors
	author, err := orm.From(db, q).Filter(q.Name.StartsWith("Knut")).Get(ctx)
	must(err)
	_, err = db.Delete(ctx, author)
	fmt.Println(err)
	// Output:
	// orm: cannot be deleted because other objects refer to it: catalog.Book.author (Hunger)
}

func Example_notLoaded() {
	ctx := context.Background()
	db := open(ctx)
	q := catalog.Books
	book, err := orm.From(db, q).Filter(q.Slug.Eq("hunger")).Get(ctx)
	must(err)
	fmt.Println(book.Author == nil, book.AuthorID > 0)
	// Output:
	// true true
}
