// Package fulltext compares what full-text search finds on every database: the same rows for the same texts.
package fulltext

import (
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/migrate"
)

type app struct{}

func (app) Name() string  { return "search" }
func (app) Models() []any { return []any{&Author{}, &Book{}, &Note{}} }

// Author is searched through the relations of books.
type Author struct {
	ID   int64
	Name string `gorm:"size:80"`
}

// Meta implements orm's Metaer.
func (Author) Meta() orm.Meta {
	return orm.Meta{Indexes: []orm.Index{{Fields: []string{"name"}, Search: true}}}
}

// Book has an index of two fields and one of a single field.
type Book struct {
	ID       int64
	Title    string  `gorm:"size:200"`
	Body     *string `gorm:"type:text"`
	AuthorID *int64
	Author   *Author
	Others   []Author `gorm:"many2many:search_book_others"`
}

// Fields implements orm's Fielder.
func (b *Book) Fields(f *orm.Fields) {
	orm.FK(f, &b.Author).OnDelete(orm.SetNull).Related("books")
	orm.M2M(f, &b.Others).Related("other_books")
}

// Meta implements orm's Metaer.
func (Book) Meta() orm.Meta {
	return orm.Meta{Indexes: []orm.Index{
		{Fields: []string{"title", "body"}, Search: true}, {Fields: []string{"title"}, Search: true},
	}}
}

// Note has no index.
type Note struct {
	ID     int64
	Text   string `gorm:"type:text"`
	Number int64
}

// Paths of the models, as generated columns have them.
//
//nolint:gochecknoglobals // as in generated code
var (
	books    = columns.RelOf((*Book)(nil))
	authors  = columns.RelOf((*Author)(nil))
	title    = columns.StringAt(books, "title")
	ofBook   = columns.Follow(books, "author")
	others   = columns.Follow(books, "others")
	byAuthor = columns.Follow(authors, "books")
)

// Run runs the tests, each on an empty database that open returns.
func Run(t *testing.T, open func(t testing.TB) *orm.DB) {
	t.Helper()
	if !supported(t, open(t)) {
		return
	}
	for _, test := range []struct {
		name string
		run  func(t *testing.T, db *orm.DB)
	}{
		{"texts", testTexts},
		{"languages", testLanguages},
		{"large texts", testLargeTexts},
		{"hostile texts", testHostile},
		{"conditions", testConditions},
		{"relations", testRelations},
		{"ranks", testRanks},
		{"changed rows", testChangedRows},
		{"errors", testErrors},
		{"migrations", testMigrations},
		{"altered fields", testAlteredFields},
		{"rebuilt tables", testRebuilt},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// supported reports whether the database of this program has full-text search. One that lacks it has to refuse the models,
// with a remedy.
func supported(t *testing.T, db *orm.DB) bool {
	t.Helper()
	if err := migrate.Register(db, app{}); err != nil {
		t.Fatal(err)
	}
	problems := slices.DeleteFunc(db.Check(), func(p check.Problem) bool { return p.ID != "orm.E059" })
	searcher, ok := db.Dialect().(search.Searcher)
	if ok && searcher.CheckSearch(dialect.TypeBigInt) == nil {
		if len(problems) > 0 {
			t.Errorf("the database has full-text search, and the check reports %v", problems)
		}
		return true
	}
	if len(problems) != 3 || problems[0].Level != check.Error || !strings.Contains(problems[0].Message, "search_author_name_search") {
		t.Errorf("the database has no full-text search, and the check reports %v", problems)
	}
	return false
}

// library returns the database with the tables of the models and these books, without authors.
func library(t *testing.T, db *orm.DB, titles ...string) *orm.DB {
	t.Helper()
	if err := migrate.Register(db, app{}); err != nil {
		t.Fatal(err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	list := make([]*Book, len(titles))
	for i, text := range titles {
		name, body, found := strings.Cut(text, "|")
		list[i] = &Book{Title: name}
		if found {
			list[i].Body = &body
		}
	}
	if err := db.CreateAll(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	return db
}

// found returns the numbers of the books that conditions select, in a text such as "1 3".
func found(t *testing.T, db *orm.DB, conds ...orm.Condition) string {
	t.Helper()
	return keys(t, dynamic.From(db, "search.Book").Filter(conds...).OrderBy("pk"))
}

func keys(t *testing.T, q dynamic.Query) string {
	t.Helper()
	pks, err := q.PKs(t.Context())
	if err != nil {
		text, args, _ := q.SQL()
		t.Fatalf("%v\n%s %q", err, text, args)
	}
	return list(pks)
}
