package orm_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// The generated columns of the models, as a project's own package has them.
var (
	Posts    = fixture.Posts
	Tags     = fixture.Tags
	Comments = fixture.Comments
	Authors  = people.Authors
)

// openPosts returns a database with three posts, and a function that removes it.
func openPosts() (*orm.DB, func()) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "posts")
	must(err)
	db := orm.MustOpen("sqlite:///"+filepath.Join(dir, "posts.sqlite3"), sqlite.Driver)
	must(errors.Join(migrate.Register(db, people.App{}, fixture.App{}), migrate.CreateTables(ctx, db)))
	ada, bob := &people.Author{Name: "Ada"}, &people.Author{Name: "Bob"}
	for _, obj := range []any{
		ada, bob,
		&fixture.Post{Title: "Compilers", Body: "…", Status: fixture.Live, Views: 90, Likes: 7, Author: ada},
		&fixture.Post{Title: "Databases", Body: "…", Status: fixture.Live, Views: 40, Likes: 60, Author: ada},
		&fixture.Post{Title: "Drafts", Body: "…", Status: fixture.Draft, Author: bob},
		&fixture.Tag{Name: "go", Slug: "go"},
		&fixture.Comment{Text: "Thanks!", Approved: true, Ups: 3, PostID: 1},
		&fixture.Comment{Text: "First", PostID: 1},
	} {
		must(db.SkipValidation().Create(ctx, obj))
	}
	must(db.Related(&fixture.Post{ID: 1}, "tags").Add(ctx, 1))
	return db, func() { _ = db.Close(); _ = os.RemoveAll(dir) }
}

func printTitles(posts []*fixture.Post, err error) {
	must(err)
	for _, p := range posts {
		fmt.Println(p.Title)
	}
}

// Columns of related models continue the path of the relation.
func ExampleQuery_Filter() {
	db, done := openPosts()
	defer done()

	posts := orm.From(db, Posts).OrderBy(Posts.Title.Asc())
	printTitles(posts.Filter(Posts.Author().Name.Eq("Ada"), Posts.Status.Eq(fixture.Live)).All(context.Background()))
	printTitles(posts.Filter(Posts.Tags().Name.In("go", "orm")).All(context.Background()))
	// Output:
	// Compilers
	// Databases
	// Compilers
}

func ExampleOr() {
	db, done := openPosts()
	defer done()

	popular := orm.Or(Posts.Views.Gte(80), Posts.Likes.Gte(50))
	posts := orm.From(db, Posts).OrderBy(Posts.Views.Desc())
	printTitles(posts.Filter(popular).All(context.Background()))
	printTitles(posts.Exclude(popular).All(context.Background()))
	// Output:
	// Compilers
	// Databases
	// Drafts
}

// EqOuter compares a column of the inner query with one of the outer query.
func ExampleExists() {
	db, done := openPosts()
	defer done()

	drafts := orm.From(db, Posts).Filter(Posts.AuthorID.EqOuter(Authors.ID), Posts.Status.Eq(fixture.Draft))
	author, err := orm.From(db, Authors).Filter(orm.Exists(drafts)).Get(context.Background())
	must(err)
	fmt.Println(author.Name)
	// Output: Bob
}

func ExampleQuery_Prefetch() {
	db, done := openPosts()
	defer done()

	post, err := orm.From(db, Posts).SelectRelated(Posts.Author()).Prefetch(Posts.Comments(), Posts.Tags()).Filter(Posts.ID.Eq(1)).Get(context.Background())
	must(err)
	fmt.Println(post.Author.Name, len(post.Comments), post.Tags[0].Name)
	// Output: Ada 2 go
}

// The query of a prefetch selects and orders the related objects.
func ExampleQuery_PrefetchQuery() {
	db, done := openPosts()
	defer done()

	approved := orm.From(db, Comments).Filter(Comments.Approved.Eq(true))
	post, err := orm.From(db, Posts).PrefetchQuery(Posts.Comments(), approved).Filter(Posts.ID.Eq(1)).Get(context.Background())
	must(err)
	fmt.Println(len(post.Comments), post.Comments[0].Text)
	// Output: 1 Thanks!
}

// Annotations can be used by lookups and OrderByNames.
func ExampleQuery_Annotate() {
	db, done := openPosts()
	defer done()

	discussed := orm.From(db, Posts).Annotate("comments_approved", Posts.Comments().CountIf(Posts.Comments().Approved.Eq(true)))
	printTitles(discussed.Where("comments_approved__gte", 1).All(context.Background()))
	// Output: Compilers
}

func ExampleAggregate() {
	db, done := openPosts()
	defer done()

	views, err := orm.Aggregate(context.Background(), orm.From(db, Posts).Filter(Posts.Author().Name.Eq("Ada")), Posts.Views.Sum())
	must(err)
	fmt.Println(views)
	// Output: 130
}

// Groups are read into a struct of the caller.
func ExampleSelect() {
	db, done := openPosts()
	defer done()

	type line struct {
		Author string `orm:"author__name"`
		Posts  int
		Most   int64
	}
	lines, err := orm.Select[line](context.Background(), orm.From(db, Posts).
		GroupBy(Posts.Author().Name).
		Annotate("posts", Posts.ID.Count()).
		Annotate("most", Posts.Views.Max()).
		OrderByNames("author__name"))
	must(err)
	fmt.Println(lines)
	// Output: [{Ada 2 90} {Bob 1 0}]
}

func ExampleByKey() {
	db, done := openPosts()
	defer done()

	posts, err := orm.ByKey(context.Background(), orm.From(db, Posts), int64(2), int64(99))
	must(err)
	fmt.Println(len(posts), posts[2].Title)
	// Output: 1 Databases
}

// The author's package cannot have a field for the posts of another package.
func ExampleLoadReverse() {
	db, done := openPosts()
	defer done()
	ctx := context.Background()

	authors, err := orm.From(db, Authors).All(ctx)
	must(err)
	posts, err := orm.LoadReverse(ctx, db, authors, fixture.PostsOf)
	must(err)
	for _, author := range authors {
		fmt.Println(author.Name, len(posts[author.ID]))
	}
	// Output:
	// Ada 2
	// Bob 1
}

// Values may be computed from the row's own columns.
func ExampleQuery_Update() {
	db, done := openPosts()
	defer done()
	ctx := context.Background()

	n, err := orm.From(db, Posts).Filter(Posts.Status.Eq(fixture.Live)).Update(ctx, Posts.Views.SetTo(Posts.Views.Add(10)), Posts.Score.SetNull())
	must(err)
	post, err := orm.From(db, Posts).First(ctx)
	must(err)
	fmt.Println(n, post.Views)
	// Output: 2 100
}

// A query for one row returns an error if there is none, or several.
func ExampleQuery_Get() {
	db, done := openPosts()
	defer done()
	ctx := context.Background()

	_, err := orm.From(db, Posts).Filter(Posts.Title.Eq("Poems")).Get(ctx)
	fmt.Println(errors.Is(err, orm.ErrNotFound), err)
	_, err = orm.From(db, Posts).Filter(Posts.Status.Eq(fixture.Live)).Get(ctx)
	fmt.Println(errors.Is(err, orm.ErrMultiple), err)
	// Output:
	// true orm: no shelf.Post found
	// true orm: more than one row found: shelf.Post
}
