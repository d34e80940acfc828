package orm_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/schema"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The SQL of queries of every shape. A change of it is a change for the database's plans and statement caches.
func TestSQL(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, people.App{}, fixture.App{})
	q := fixture.Posts
	c := q.Comments()
	posts := orm.From(db, q)
	tags, authors := orm.From(db, fixture.Tags), orm.From(db, people.Authors)
	cases := []struct {
		name  string
		query interface{ SQL() (string, []any, error) }
	}{
		{"plain", tags},
		{"filter, order, slice", tags.Filter(fixture.Tags.Name.Eq("go")).OrderBy(fixture.Tags.ID.Desc()).Limit(20).Offset(40)},
		{"offset alone", tags.OrderByNames().Offset(5)},
		{"lookups of text", tags.Where("name__contains", "a").Where("name__icontains", "a").Where("name__istartswith", "a").Where("name__iendswith", "a").Where("name__iexact", "a").Where("name__regex", "a")},
		{"in is padded", tags.Filter(fixture.Tags.ID.In(1, 2, 3, 4, 5, 6, 7, 8, 9))},
		{"in of many", tags.Dynamic().Where("id__in", many(300)).OrderBy()},
		{"year and date", authors.Dynamic().Where("posts__created_at__year", 2026).Where("posts__created_at__date__gt", "2026-01-01")},
		{"not null foreign key joins", posts.Dynamic().Where("author__name", "x").OrderBy("author__name")},
		{"null foreign key joins left", posts.Dynamic().Where("editor__name", "x").OrderBy("-editor__company__name")},
		{"key of a relation needs no join", posts.Dynamic().Where("author__id", 1).Where("editor__isnull", true)},
		{"one exists for one call", authors.Filter(fixture.PostsOf(people.Authors).Title.Eq("x"), fixture.PostsOf(people.Authors).Views.Gt(1))},
		{"two exists for two calls", tags.Filter(fixture.Tags.Posts().Title.Eq("x")).Filter(fixture.Tags.Posts().Views.Gt(1))},
		{"many to many by key reads the through table only", tags.Filter(fixture.Tags.Posts().ID.Eq(1))},
		{"exclude", tags.Exclude(fixture.Tags.Posts().Score.Gt(1))},
		{"exclude NULLs", authors.Exclude(people.Authors.Email.Eq("x"), people.Authors.Name.Eq("y"))},
		{"mixed or beside a to-many condition", tags.Filter(fixture.Tags.Posts().Views.Eq(1).Or(fixture.Tags.Name.Eq("x")), fixture.Tags.Posts().Likes.Eq(2))},
		{"select related", orm.From(db, fixture.Comments).SelectRelated(fixture.Comments.Author().Company())},
		{"annotate", tags.Annotate("n", fixture.Tags.Posts().Count()).Where("n__gt", 3).OrderByNames("-n")},
		{"count with a condition", tags.Annotate("n", fixture.Tags.Posts().CountIf(fixture.Tags.Posts().Published.Eq(true))).OrderByNames("n")},
		{"groups", posts.GroupBy(q.Author().Name).Annotate("n", q.ID.Count()).Annotate("said", c.Count()).Where("n__gt", 1)},
		{"order by to-many", authors.OrderByNames("-posts__created_at")},
		{"order by relation", orm.From(db, fixture.Comments).OrderBy(fixture.Comments.Author().Asc())},
		{"exists", authors.Filter(orm.Exists(posts.Filter(q.AuthorID.EqOuter(people.Authors.ID))))},
		{"subquery", tags.Filter(fixture.Tags.Posts().Author().InQuery(authors.Filter(people.Authors.Name.Eq("x")).OrderByNames()))},
		{"json", posts.GroupBy(q.ID).Where("extra__a__0__b", "x").Where("extra__has_key", "k")},
	}
	got := &txtar.Archive{Comment: []byte("Statements of queries; see TestSQL.\n")}
	for _, tt := range cases {
		text, args, err := tt.query.SQL()
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		for _, clause := range []string{" FROM ", " WHERE ", " LEFT JOIN ", " JOIN ", " GROUP BY ", " HAVING ", " ORDER BY ", " LIMIT "} {
			text = strings.ReplaceAll(text, clause, "\n"+clause[1:])
		}
		text = strings.ReplaceAll(text, "LEFT\nJOIN", "LEFT JOIN")
		got.Files = append(got.Files, txtar.File{Name: tt.name, Data: fmt.Appendf(nil, "%s\n%.120v\n", text, fmt.Sprint(args))})
	}
	const golden = "testdata/sql.txtar"
	if *update {
		if err := os.WriteFile(golden, txtar.Format(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Files) != len(got.Files) {
		t.Fatalf("%s has %d cases, want %d; run with -update", golden, len(want.Files), len(got.Files))
	}
	for i, f := range got.Files {
		if w := want.Files[i]; w.Name != f.Name || string(w.Data) != string(f.Data) {
			t.Errorf("%s:\n%s\nwant %s:\n%s", f.Name, f.Data, w.Name, w.Data)
		}
	}
}

// literals are the texts that statements hold by themselves.
var literals = regexp.MustCompile(`strftime\('[%A-Za-z:-]+', |ESCAPE '\\'|'\\u0000'`)

// Whatever comes from outside as a name or value, the answer is a LookupError or a statement that the database runs and
// that holds nothing of it as text.
func FuzzLookup(f *testing.F) {
	for _, seed := range [][3]string{
		{"title__icontains", "x", "-created_at"},
		{"author__company__name", "å", "author"},
		{"id__in", "1,2,x", "?"},
		{"id__range", "1,2", "pk"},
		{"comments__isnull", "true", "-comments__ups"},
		{"created_at__year__gte", "2026", "created_at__month"},
		{"day", "2026-02-30", "+id"},
		{`title" OR 1=1 --`, "'; DROP TABLE shelf_post; --", `id"; --`},
		{"extra__a__0", "1", "extra__a"},
		{"tags__posts__tags__name__iregex", "(", ""},
		{"__", "__", "__"},
		{"pk__pk", "1", "--id"},
		{"title__regex", "[", "title__exact"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	db := library(f)
	f.Fuzz(func(t *testing.T, lookup, value, order string) {
		q := dynamic.From(db, "shelf.post").Where(lookup, value).OrderBy(order)
		text, _, err := q.SQL()
		if err != nil {
			if _, ok := errors.AsType[*schema.LookupError](err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if strings.ContainsAny(literals.ReplaceAllString(text, ""), ";'") {
			t.Fatalf("%q", text)
		}
		if _, err := q.All(t.Context()); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if _, err := q.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
