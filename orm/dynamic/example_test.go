package dynamic_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/schema"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Author and Book are the models of the examples.
type Author struct {
	ID   int64
	Name string
}

func (a Author) String() string { return a.Name }

type Book struct {
	ID       int64
	Title    string
	Year     int
	Pages    int
	AuthorID int64
	Author   *Author
	Subjects []Subject `gorm:"many2many:catalog_book_subjects"`
}

func (b *Book) Fields(f *orm.Fields) {
	orm.FK(f, &b.Author).OnDelete(orm.Cascade).Related("books")
	orm.M2M(f, &b.Subjects).Related("books")
}

func (b Book) String() string { return b.Title }

type Subject struct {
	ID   int64
	Name string
}

type catalog struct{}

func (catalog) Name() string  { return "catalog" }
func (catalog) Models() []any { return []any{&Author{}, &Subject{}, &Book{}} }

// open returns a database with four books, and a function that removes it.
func open() (*orm.DB, func()) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "catalog")
	if err != nil {
		log.Fatal(err)
	}
	db := orm.MustOpen("sqlite:///"+filepath.Join(dir, "catalog.sqlite3"), sqlite.Driver)
	err = errors.Join(migrate.Register(db, catalog{}), migrate.CreateTables(ctx, db))
	selma, tove := &Author{Name: "Selma Lagerlöf"}, &Author{Name: "Tove Jansson"}
	novel, travel := &Subject{Name: "Novel"}, &Subject{Name: "Travel"}
	for _, obj := range []any{selma, tove, novel, travel} {
		err = errors.Join(err, db.Create(ctx, obj))
	}
	for _, b := range []struct {
		book     Book
		subjects []any
	}{
		{Book{Title: "Gösta Berlings saga", Year: 1891, Pages: 420, Author: selma}, []any{novel}},
		{Book{Title: "Nils Holgersson", Year: 1906, Pages: 480, Author: selma}, []any{novel, travel}},
		{Book{Title: "Sommarboken", Year: 1972, Pages: 160, Author: tove}, []any{novel}},
		{Book{Title: "Resa med lätt bagage", Year: 1987, Pages: 180, Author: tove}, []any{travel}},
	} {
		err = errors.Join(err, db.Create(ctx, &b.book), db.Related(&b.book, "subjects").Add(ctx, b.subjects...))
	}
	if err != nil {
		log.Fatal(err)
	}
	return db, func() { _ = db.Close(); _ = os.RemoveAll(dir) }
}

// printAll prints the result of All.
func printAll(objects []any, err error) {
	if err != nil {
		log.Fatal(err)
	}
	for _, obj := range objects {
		fmt.Println(obj)
	}
}

func ExampleFrom() {
	db, done := open()
	defer done()

	printAll(dynamic.From(db, "catalog.Book").Where("author__name__startswith", "Tove").OrderBy("-year").All(context.Background()))
	// Output:
	// Resa med lätt bagage
	// Sommarboken
}

func ExampleOr() {
	db, done := open()
	defer done()

	old, travel := dynamic.Is("year__lt", 1900), dynamic.Is("subjects__name", "Travel")
	books := dynamic.From(db, "catalog.Book").OrderBy("year")
	printAll(books.Filter(dynamic.Or(old, travel)).All(context.Background()))
	// Output:
	// Gösta Berlings saga
	// Nils Holgersson
	// Resa med lätt bagage
}

func ExampleNot() {
	db, done := open()
	defer done()

	short := dynamic.Is("pages__lt", 200)
	printAll(dynamic.From(db, "catalog.Book").Filter(dynamic.Not(short)).OrderBy("title").All(context.Background()))
	// Output:
	// Gösta Berlings saga
	// Nils Holgersson
}

// Authors of a long book: OuterRef refers to the row of the outer query.
func ExampleExists() {
	db, done := open()
	defer done()

	longer := dynamic.From(db, "catalog.Book").Where("author", dynamic.OuterRef("id")).Where("pages__gt", 300)
	printAll(dynamic.From(db, "catalog.Author").Filter(dynamic.Exists(longer)).All(context.Background()))
	// Output: Selma Lagerlöf
}

// Within one Filter the conditions on a relation to many hold for the same related object.
func ExampleQuery_Filter() {
	db, done := open()
	defer done()
	ctx := context.Background()

	authors := dynamic.From(db, "catalog.Author")
	same, err := authors.Filter(dynamic.Is("books__year__lt", 1900), dynamic.Is("books__pages__gt", 450)).Count(ctx)
	if err != nil {
		log.Fatal(err)
	}
	separate, err := authors.Where("books__year__lt", 1900).Where("books__pages__gt", 450).Count(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(same, separate)
	// Output: 0 1
}

func ExampleQuery_Prefetch() {
	db, done := open()
	defer done()

	books, err := dynamic.From(db, "catalog.Book").SelectRelated("author").Prefetch("subjects").Where("year", 1906).All(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	book := books[0].(*Book)
	fmt.Println(book.Author.Name, len(book.Subjects))
	// Output: Selma Lagerlöf 2
}

func ExampleQuery_Annotate() {
	db, done := open()
	defer done()

	rows, err := dynamic.From(db, "catalog.Author").
		Annotate("novels", dynamic.Count("books").Where(dynamic.Is("books__subjects__name", "Novel"))).
		OrderBy("-novels").
		Values(context.Background(), "name", "novels")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rows)
	// Output: [map[name:Selma Lagerlöf novels:2] map[name:Tove Jansson novels:1]]
}

func ExampleQuery_GroupBy() {
	db, done := open()
	defer done()

	type line struct {
		Author string `orm:"author__name"`
		Books  int
		Total  int
	}
	query := dynamic.From(db, "catalog.Book").GroupBy("author__name").
		Annotate("books", dynamic.Count("id")).
		Annotate("total", dynamic.Sum("pages")).
		OrderBy("author__name")
	lines, err := dynamic.Select[line](context.Background(), query)
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range lines {
		fmt.Println(l.Author, l.Books, l.Total)
	}
	// Output:
	// Selma Lagerlöf 2 900
	// Tove Jansson 2 340
}

func ExampleQuery_Aggregate() {
	db, done := open()
	defer done()

	values, err := dynamic.From(db, "catalog.Book").Aggregate(context.Background(), map[string]dynamic.Annotation{
		"books": dynamic.Count(""), "first": dynamic.Min("year"), "last": dynamic.Max("year"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(values["books"], values["first"], values["last"])
	// Output: 4 1891 1987
}

func ExamplePaginate() {
	db, done := open()
	defer done()

	page, err := dynamic.Paginate(context.Background(), dynamic.From(db, "catalog.Book").OrderBy("title"), 2, 3)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(page.Items, page.Number, "of", page.Pages, page.HasNext())
	// Output: [Sommarboken] 2 of 2 false
}

// Expressions are computed by the database.
func ExampleF() {
	db, done := open()
	defer done()
	ctx := context.Background()

	books := dynamic.From(db, "catalog.Book")
	n, err := books.Where("year__gt", dynamic.F("pages").Mul(10)).Update(ctx, map[string]any{"pages": dynamic.F("pages").Add(5)})
	if err != nil {
		log.Fatal(err)
	}
	values, err := books.Where("title", "Sommarboken").Values(ctx, "pages")
	fmt.Println(n, values, err)
	// Output: 2 [map[pages:165]] <nil>
}

// The error of a wrong name suggests similar ones. A view may return it: its HTTP status is 400.
func ExampleQuery_Where() {
	db, done := open()
	defer done()

	_, err := dynamic.From(db, "catalog.Book").Where("author__nmae", "Tove").All(context.Background())
	_, isLookup := errors.AsType[*schema.LookupError](err)
	fmt.Println(isLookup)
	fmt.Println(err)
	// Output:
	// true
	// orm: Book: lookup "author__nmae": no field "nmae" in catalog.Author; did you mean "name"? Choices: books, id, name
}
