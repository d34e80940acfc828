package orm_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
	"github.com/quintetgo/quintet/orm/schema"
)

func TestSelectRelated(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Posts
	posts, err := orm.From(db, q).SelectRelated(q.Author().Company(), q.Editor(), q.Category().Parent(), q.Cover()).OrderBy(q.ID.Asc()).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first, third := posts[0], posts[2]
	switch {
	case first.Author == nil || first.Author.Name != "Åsa" || *first.Author.Email != "asa@example.com":
		t.Errorf("author of 1: %+v", first.Author)
	case first.Author.Company == nil || first.Author.Company.Name != "Nord":
		t.Errorf("company of the author of 1: %+v", first.Author.Company)
	case first.Editor == nil || first.Editor.Name != "Béla" || first.Editor.Company != nil:
		t.Errorf("editor of 1: %+v", first.Editor)
	case first.Category == nil || first.Category.Name != "leaf" || first.Category.Parent == nil || first.Category.Parent.Name != "root":
		t.Errorf("category of 1: %+v", first.Category)
	case first.Cover == nil || first.Cover.File != "a.png":
		t.Errorf("cover of 1: %+v", first.Cover)
	case third.Author == nil || third.Author.Name != "中村" || third.Author.Company != nil:
		t.Errorf("author of 3: %+v", third.Author)
	case third.Editor != nil || third.Category != nil || third.Cover != nil:
		t.Errorf("3 has %+v, %+v, %+v", third.Editor, third.Category, third.Cover)
	case posts[3].Author == nil || posts[3].Author.ID != 1:
		t.Errorf("author of 4: %+v", posts[3].Author)
	}
	if first.Status != fixture.Live || first.Level != 1 || first.Score == nil || *first.Score != 4.5 || first.SeenAt == nil || first.Extra["lang"] != "sv" {
		t.Errorf("fields of 1: %+v", first)
	}
	if first.CreatedAt.Location().String() != "UTC" || first.CreatedAt.Hour() != 22 || first.CreatedAt.Nanosecond() != 123456000 {
		t.Errorf("time of 1: %v", first.CreatedAt)
	}
	if third.Score != nil || third.SeenAt != nil || third.Extra != nil {
		t.Errorf("fields of 3: %+v", third)
	}
}

func TestPrefetch(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Posts
	posts, err := orm.From(db, q).
		SelectRelated(q.Author()).
		Prefetch(q.Tags(), q.Comments().Author().Company(), q.Author().Company(), q.Editor(), q.Cover()).
		OrderBy(q.ID.Asc()).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tags := func(p *fixture.Post) string {
		var names []string
		for _, tag := range p.Tags {
			names = append(names, tag.Name)
		}
		return strings.Join(names, " ")
	}
	if tags(posts[0]) != "go orm" || tags(posts[1]) != "orm" || tags(posts[2]) != "" || tags(posts[3]) != "go web" {
		t.Errorf("tags: %q %q %q %q", tags(posts[0]), tags(posts[1]), tags(posts[2]), tags(posts[3]))
	}
	if posts[2].Tags == nil || posts[2].Comments == nil {
		t.Error("a post without tags or comments has nil slices, as if they had not been loaded")
	}
	if n := len(posts[0].Comments); n != 2 {
		t.Fatalf("post 1 has %d comments", n)
	}
	author := posts[0].Comments[0].Author
	if author == nil || author.Name != "Béla" || author.Company == nil || author.Company.Name != "Süd" {
		t.Errorf("author of comment 1: %+v", author)
	}
	if posts[0].Comments[1].Author != nil {
		t.Error("comment 2 has an author")
	}
	if posts[0].Author.Company == nil || posts[2].Author.Company != nil {
		t.Error("prefetch did not continue from a selected relation")
	}
	if posts[0].Editor == nil || posts[0].Editor.Name != "Béla" || posts[1].Editor != nil {
		t.Errorf("editors: %+v, %+v", posts[0].Editor, posts[1].Editor)
	}
	if posts[0].Cover == nil || posts[1].Cover != nil {
		t.Errorf("covers: %+v, %+v", posts[0].Cover, posts[1].Cover)
	}
}

func TestPrefetchFromQuery(t *testing.T) {
	t.Parallel()
	db := library(t)
	q, c := fixture.Posts, fixture.Comments
	approved := orm.From(db, c).Filter(c.Approved.Eq(true)).SelectRelated(c.Author())
	posts, err := orm.From(db, q).PrefetchQuery(q.Comments(), approved).OrderBy(q.ID.Asc()).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(posts[0].Comments) != 1 || posts[0].Comments[0].Author == nil || len(posts[3].Comments) != 0 {
		t.Errorf("comments: %+v, %+v", posts[0].Comments, posts[3].Comments)
	}
	if _, err := orm.From(db, q).PrefetchQuery(q.Comments(), orm.From(db, fixture.Tags)).All(t.Context()); err == nil {
		t.Error("a query on another model was accepted")
	}
	if _, err := orm.From(db, q).PrefetchQuery(q.Comments(), approved.Limit(1)).All(t.Context()); err == nil {
		t.Error("a query with a limit was accepted")
	}
}

func TestPrefetchTree(t *testing.T) {
	t.Parallel()
	db := library(t)
	roots, err := dynamic.From(db, &fixture.Category{}).Where("parent", nil).Prefetch("children").All(t.Context())
	if err != nil || len(roots) != 1 {
		t.Fatalf("%v, %v", roots, err)
	}
	root := roots[0].(*fixture.Category)
	if len(root.Children) != 1 || root.Children[0].Name != "leaf" {
		t.Errorf("children: %+v", root.Children)
	}
}

func TestPrefetchManyParents(t *testing.T) {
	t.Parallel()
	db := library(t)
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		for i := range 1200 {
			if err := db.SkipValidation().Create(ctx, &fixture.Comment{Text: "more", PostID: int64(i%4 + 1)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	comments, err := orm.From(db, fixture.Comments).Prefetch(fixture.Comments.Post().Tags()).All(t.Context())
	if err != nil || len(comments) != 1204 {
		t.Fatalf("%d comments, %v", len(comments), err)
	}
	for _, c := range comments {
		if c.Post == nil || c.Post.ID != c.PostID {
			t.Fatalf("comment %d: %+v", c.ID, c.Post)
		}
	}
	if comments[0].Post != comments[1].Post {
		t.Error("two comments on one post have two posts")
	}
}

func TestLoadReverse(t *testing.T) {
	t.Parallel()
	db := library(t)
	authors, err := orm.From(db, people.Authors).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	posts, err := orm.LoadReverse(t.Context(), db, authors, fixture.PostsOf)
	if err != nil {
		t.Fatal(err)
	}
	if len(posts[int64(1)]) != 2 || len(posts[int64(2)]) != 1 || posts[int64(3)][0].ID != 3 {
		t.Errorf("posts: %+v", posts)
	}
	if _, err := orm.LoadReverse(t.Context(), db, []*fixture.Post{{ID: 1}}, fixture.PostCols.Author); err == nil {
		t.Error("LoadReverse accepted a relation to one object")
	}
	byTag, err := orm.LoadReverse(t.Context(), db, []*fixture.Tag{{ID: 1}}, fixture.TagCols.Posts)
	if err != nil || byTag[int64(1)] == nil {
		t.Errorf("posts of a tag: %v, %v", byTag, err)
	}
	covers, err := orm.LoadReverse(t.Context(), db, []*fixture.Post{{ID: 1}, {ID: 2}}, fixture.PostCols.Cover)
	if err != nil || len(covers[int64(1)]) != 1 || covers[int64(1)][0].PostID != 1 || len(covers[int64(2)]) != 0 {
		t.Errorf("covers of posts, one-to-one: %v, %v", covers, err)
	}
}

func TestRelatedErrors(t *testing.T) {
	t.Parallel()
	db := library(t)
	tests := []struct {
		query dynamic.Query
		want  string
	}{
		{dynamic.From(db, "shelf.post").SelectRelated("auhtor"), `did you mean "author"?`},
		{dynamic.From(db, "shelf.post").SelectRelated("tags"), "use Prefetch"},
		{dynamic.From(db, "shelf.post").SelectRelated("title"), "is not a relation"},
		{dynamic.From(db, "shelf.post").Prefetch("comment"), `did you mean "comments"?`},
		{dynamic.From(db, "people.author").Prefetch("posts"), "LoadReverse"},
		{dynamic.From(db, "people.author").None().Prefetch("pots"), `did you mean "posts"?`},
	}
	for _, tt := range tests {
		_, err := tt.query.All(t.Context())
		if _, ok := errors.AsType[*schema.LookupError](err); !ok || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want a LookupError with %q", err, tt.want)
		}
	}
}

func TestIterStopsEarly(t *testing.T) {
	t.Parallel()
	db := library(t)
	var seen []int64
	for post, err := range orm.From(db, fixture.Posts).OrderByNames("id").Iter(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if seen = append(seen, post.ID); len(seen) == 2 {
			break
		}
	}
	if !slices.Equal(seen, []int64{1, 2}) {
		t.Errorf("saw %v", seen)
	}
	for post, err := range orm.From(db, fixture.Posts).Where("nothing", 1).Iter(t.Context()) {
		if post != nil || err == nil {
			t.Errorf("got %v, %v", post, err)
		}
	}
}

func TestQueryInTransaction(t *testing.T) {
	t.Parallel()
	db := library(t)
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if err := db.SkipValidation().Create(ctx, &fixture.Tag{Name: "new", Slug: "new"}); err != nil {
			return err
		}
		n, err := orm.From(db, fixture.Tags).Count(ctx)
		if err != nil || n != 4 {
			t.Errorf("inside: %d, %v", n, err)
		}
		posts, err := orm.From(db, fixture.Posts).Prefetch(fixture.Posts.Tags(), fixture.Posts.Comments()).All(ctx)
		if err != nil || len(posts) != 4 {
			t.Errorf("prefetch inside: %d, %v", len(posts), err)
		}
		return errors.New("undo")
	})
	if err == nil {
		t.Fatal("got no error")
	}
	if n, err := orm.From(db, fixture.Tags).Count(t.Context()); err != nil || n != 3 {
		t.Errorf("after: %d, %v", n, err)
	}
}

func TestWritesWhileReading(t *testing.T) {
	t.Parallel()
	db := library(t)
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		for post, err := range orm.From(db, fixture.Posts).OrderByNames("id").Iter(ctx) {
			if err != nil {
				return err
			}
			if err := db.SkipValidation().Create(ctx, &fixture.Comment{Text: post.Title, PostID: post.ID}); err != nil {
				return err
			}
			if n, err := orm.From(db, fixture.Comments).Filter(fixture.Comments.PostID.Eq(post.ID)).Count(ctx); err != nil || n == 0 {
				t.Errorf("post %d has %d comments, %v", post.ID, n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := orm.From(db, fixture.Comments).Count(t.Context()); err != nil || n != 8 {
		t.Errorf("%d comments, %v", n, err)
	}
}
