package fulltext

import (
	"errors"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

func testConditions(t *testing.T, db *orm.DB) {
	library(t, db, "red apple", "green apple", "red pear|with an apple", "plum")
	apple, red := books.Search("apple"), books.Search("red")
	for name, test := range map[string]struct {
		cond orm.Condition
		want string
	}{
		"and":         {orm.And(apple, red), "1 3"},
		"or":          {orm.Or(red, title.Search("plum")), "1 3 4"},
		"not":         {orm.Not(apple), "4"},
		"not nothing": {orm.Not(books.Search("")), "1 2 3 4"},
		"xor":         {orm.Xor(apple, red), "2"},
		"untyped":     {dynamic.Is("search", "apple"), "1 2 3"},
		"of a field":  {dynamic.Is("title__search", "apple"), "1 2"},
		"of a column": {orm.Is(title, "search", "apple"), "1 2"},
		"with others": {orm.And(apple, title.Ne("red apple")), "2 3"},
		"in a query":  {columns.ColumnAt[int64](books, "pk").InQuery(orm.Objects[Book](db).Filter(red)), "1 3"},
		"as a value":  {orm.Bool(apple).Eq(false), "4"},
	} {
		if got := found(t, db, test.cond); got != test.want {
			t.Errorf("%s: got [%s], want [%s]", name, got, test.want)
		}
	}
	ctx := t.Context()
	q := orm.Objects[Book](db)
	if n, err := q.Filter(apple).Count(ctx); n != 3 || err != nil {
		t.Errorf("counted %d, error %v", n, err)
	}
	if yes, err := q.Filter(apple).Exists(ctx); !yes || err != nil {
		t.Errorf("exists: %v, error %v", yes, err)
	}
	if got := keys(t, q.Filter(apple).Union(q.Filter(books.Search("plum"))).Dynamic().OrderBy("pk")); got != "1 2 3 4" {
		t.Errorf("union: got [%s]", got)
	}
	if n, err := q.Filter(books.Search("pear")).Update(ctx, title.Set("blue pear")); n != 1 || err != nil {
		t.Errorf("updated %d, error %v", n, err)
	}
	if n, err := q.Filter(books.Search("blue")).Delete(ctx); n != 1 || err != nil {
		t.Errorf("deleted %d, error %v", n, err)
	}
	if got := found(t, db, apple); got != "1 2" {
		t.Errorf("after the deletion: got [%s]", got)
	}
}

func testRelations(t *testing.T, db *orm.DB) {
	library(t, db, "one", "two", "three")
	ctx := t.Context()
	list := []*Author{{Name: "Ann Lee"}, {Name: "Bob Lee"}, {Name: "Cy Young"}}
	if err := db.CreateAll(ctx, list); err != nil {
		t.Fatal(err)
	}
	for i, author := range list[:2] {
		q := orm.Objects[Book](db).Where("pk", i+1)
		if n, err := q.Update(ctx, columns.ColumnAt[int64](books, "author_id").Set(author.ID)); n != 1 || err != nil {
			t.Fatalf("updated %d, error %v", n, err)
		}
	}
	var third Book
	third.ID = 3
	if err := db.Related(&third, "others").Add(ctx, list[1], list[2]); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		cond orm.Condition
		want string
	}{
		"foreign key":          {ofBook.Search("lee"), "1 2"},
		"not":                  {orm.Not(ofBook.Search("ann")), "2 3"},
		"by its field":         {columns.StringAt(ofBook, "name").Search("ann"), "1"},
		"many-to-many":         {others.Search("young"), "3"},
		"one of several":       {orm.And(others.Search("young"), others.Search("lee")), ""},
		"not many-to-many":     {orm.Not(others.Search("young")), "1 2"},
		"untyped":              {dynamic.Is("others__search", "bob"), "3"},
		"own and related":      {orm.Or(books.Search("three"), ofBook.Search("bob")), "2 3"},
		"further":              {dynamic.Is("author__books__search", "two"), "2"},
		"nothing to search":    {ofBook.Search("!"), ""},
		"excluded in relation": {ofBook.Search("lee -ann"), "2"},
	} {
		if got := found(t, db, test.cond); got != test.want {
			t.Errorf("%s: got [%s], want [%s]", name, got, test.want)
		}
	}
	written := dynamic.From(db, "search.Author").Filter(byAuthor.Search("two"))
	if got := keys(t, written); got != "2" {
		t.Errorf("authors of a book: got [%s]", got)
	}
	q := dynamic.From(db, "search.Book").OrderByExpressions(ofBook.SearchRank("ann").Desc(), dynamic.F("pk").Desc())
	if got := keys(t, q); got != "1 3 2" {
		t.Errorf("by the rank of the author: got [%s]", got)
	}
	counted := orm.Objects[Author](db).Annotate("n", byAuthor.CountIf(byAuthor.Search("one"))).Dynamic()
	if got := keys(t, counted.Where("n", 1)); got != "1" {
		t.Errorf("authors with a book that is found: got [%s]", got)
	}
}

func testRanks(t *testing.T, db *orm.DB) {
	library(t, db, "filler one", "go", "go go|go go go go go go and something else", "filler two", "filler three go and much else that is not searched for")
	q := dynamic.From(db, "search.Book").Annotate("rank", books.SearchRank("go")).
		OrderByExpressions(dynamic.F("rank").Desc(), dynamic.F("pk").Asc())
	rows, err := q.Values(t.Context(), "pk", "rank")
	if err != nil {
		t.Fatal(err)
	}
	positive := 0
	for i, row := range rows {
		rank, ok := row["rank"].(float64)
		if !ok || rank < 0 {
			t.Errorf("the rank of book %v is %v (%T)", row["pk"], row["rank"], row["rank"])
		}
		if i == 0 && row["pk"] != int64(3) {
			t.Errorf("the best match is book %v, not 3", row["pk"])
		}
		if rank > 0 {
			positive++
		}
	}
	if positive != 3 || len(rows) != 5 {
		t.Errorf("%d of %d books have a rank; want 3 of 5", positive, len(rows))
	}
	if got := keys(t, q.Where("rank__gt", 0).OrderBy("pk")); got != "2 3 5" {
		t.Errorf("books with a rank: got [%s]", got)
	}
	both := title.SearchRank("three").Mul(4).AddExpr(books.SearchRank("two"))
	if got := keys(t, dynamic.From(db, "search.Book").OrderByExpressions(both.Desc(), dynamic.F("pk").Asc()).Limit(1)); got != "5" {
		t.Errorf("by two ranks: got [%s]", got)
	}
	if got := keys(t, dynamic.From(db, "search.Book").OrderByExpressions(dynamic.SearchRank("title__search", "two").Desc()).Limit(1)); got != "4" {
		t.Errorf("untyped: got [%s]", got)
	}
}

func testErrors(t *testing.T, db *orm.DB) {
	library(t, db)
	for _, test := range []struct {
		model, path string
		value       any
		want        string
	}{
		{"Note", "search", "x", `search.Note has no index for full-text search; add one to Meta and run makemigrations: ` +
			`Indexes: []orm.Index{{Fields: []string{"text"}, Search: true}}`},
		{"Note", "text__search", "x", `search.Note.text has no index for full-text search; add one to Meta and run makemigrations: ` +
			`Indexes: []orm.Index{{Fields: []string{"text"}, Search: true}}`},
		{"Book", "body__search", "x", `search.Book.body has no index`},
		{"Note", "number__search", "x", `"search" does not fit "number"`},
		{"Book", "search", 7, "search takes a text, not 7"},
		{"Book", "search__exact", "x", `no field "search"`},
		{"Book", "title__lower__search", "x", "search"},
	} {
		_, err := dynamic.From(db, "search."+test.model).Where(test.path, test.value).Count(t.Context())
		var lookup *schema.LookupError
		if !errors.As(err, &lookup) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s: error %v, want %s", test.model, test.path, err, test.want)
		}
	}
	for path, want := range map[string]string{
		"others__search": "the path leads to several rows", "title": "a rank is that of the lookup search", "nothing__search": `no field "nothing"`,
	} {
		_, err := dynamic.From(db, "search.Book").OrderByExpressions(dynamic.SearchRank(path, "x").Asc()).PKs(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the rank of %s: error %v, want %s", path, err, want)
		}
	}
	if _, err := orm.Objects[Author](db).Filter(books.Search("x")).Count(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "a query on fulltext.Author takes the columns of fulltext.Author") {
		t.Errorf("a search of another model: error %v", err)
	}
}
