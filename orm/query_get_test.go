package orm_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/fixture"
)

func TestGet(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Posts
	if p, err := orm.From(db, q).Filter(q.Title.Eq("Åland")).Get(t.Context()); err != nil || p.ID != 1 {
		t.Errorf("got %v, %v", p, err)
	}
	_, err := orm.From(db, q).Filter(q.Title.Eq("gone")).Get(t.Context())
	var status interface{ HTTPStatus() int }
	if !errors.Is(err, orm.ErrNotFound) || !errors.As(err, &status) || status.HTTPStatus() != http.StatusNotFound {
		t.Errorf("error %v", err)
	}
	if _, err := orm.From(db, q).Get(t.Context()); !errors.Is(err, orm.ErrMultiple) {
		t.Errorf("error %v", err)
	}
	if _, err := orm.From(db, q).None().First(t.Context()); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if obj, err := dynamic.From(db, "shelf.post").Where("pk", 2).Get(t.Context()); err != nil || obj.(*fixture.Post).ID != 2 {
		t.Errorf("got %v, %v", obj, err)
	}
}

func TestQueryErrors(t *testing.T) {
	t.Parallel()
	db := library(t)
	posts := dynamic.From(db, "shelf.post")
	tests := []struct {
		query dynamic.Query
		want  string
	}{
		{posts.Where("auhtor__name", "x"), `no field "auhtor"; did you mean "author"`},
		{posts.Where("author__nam", "x"), `did you mean "name"`},
		{posts.Where("title__icontain", "x"), `unknown lookup "icontain"; did you mean`},
		{posts.Where("title__year", 1), "title__year"},
		{posts.Where("id__gt", "abc"), `"abc" is not a whole number`},
		{posts.Where("id", 1.5), "is not a whole number"},
		{posts.Where("title", 3), "takes text"},
		{posts.Where("title__icontains", 3), "icontains takes text, not 3 (int)"},
		{posts.Where("published", "maybe"), `"maybe" is not true or false`},
		{posts.Where("created_at", "yesterday"), `"yesterday" is not a date and time`},
		{posts.Where("created_at__year", "x"), `"x" is not a whole number`},
		{posts.Where("created_at__date", "x"), `"x" is not a date`},
		{posts.Where("id__in", 3), "in takes a list, not 3 (int)"},
		{posts.Where("id__in", []string{"1", "x"}), `"x" is not a whole number`},
		{posts.Where("id__range", []int{1}), "range takes two values, not 1"},
		{posts.Where("id__isnull", "perhaps"), "isnull takes true or false"},
		{posts.Where("id__gt", nil), "nil is a value for"},
		{posts.Where("published__gt", true), "does not fit"},
		{posts.Where("author", "x"), `"x" is not a whole number`},
		{posts.Where("", 1), "no field"},
		{posts.Where("title__regex", "("), "missing closing )"},
		{posts.Where("category__"+strings.Repeat("parent__", 40)+"name", "x"), "the path follows"},
		{posts.OrderBy(strings.Repeat("author__posts__", 40) + "id"), "the path follows"},
		{posts.Where("title__", 1), "title__"},
		{posts.Where("id; DROP TABLE shelf_post", 1), "no field"},
		{posts.Where(`title" = "title`, 1), "no field"},
		{posts.OrderBy("-vews"), `did you mean "views"`},
		{posts.OrderBy("title desc"), "no field"},
		{posts.OrderBy("title__icontains"), "a value is expected here, without a lookup"},
		{posts.OrderBy(""), "no field"},
		{posts.Where("views__gt", dynamic.F("nothing")), `no field "nothing"`},
		{posts.Where("views__gt", dynamic.F("comments__ups")), "several rows"},
		{posts.Where("views__gt", dynamic.F("title").Add(1)), "takes numbers"},
		{posts.Where("id", dynamic.OuterRef("id")), "only for queries inside another"},
		{posts.Limit(-1), "cannot be negative"},
		{posts.Offset(-1), "cannot be negative"},
		{posts.Annotate("views", dynamic.Count("comments")), "has a field"},
		{posts.Annotate("a__b", dynamic.Count("comments")), `the name is a word`},
		{posts.Annotate("n", dynamic.Count("comments")).Where("n__contains", 3), `has no lookup "contains"`},
		{posts.Annotate("n", dynamic.Count("comments")).Where("n", "x"), "not a whole number"},
		{dynamic.From(db, "shelf.pots"), `did you mean "shelf.Post"`},
		{dynamic.From(db, http.Client{}), "http.Client"},
		{orm.From(db, fixture.Categories.Parent()).Dynamic(), "starts at the model itself"},
		{orm.Objects[http.Client](db).Dynamic(), "http.Client"},
		{posts.Filter(dynamic.Exists(dynamic.From(db, "shelf.pots"))), `did you mean "shelf.Post"`},
		{posts.Where("author__in", dynamic.From(db, "people.author").Limit(-1)), "cannot be negative"},
		{posts.Where("author__in", dynamic.From(db, "people.author").GroupBy("id", "name")), "selects one value, not 2"},
		{orm.From(nil, fixture.Posts).OrderByNames("id").Dynamic(), "received no database"},
	}
	for i, tt := range tests {
		for name, run := range map[string]func() error{
			"All":   func() error { _, err := tt.query.All(t.Context()); return err },
			"SQL":   func() error { _, _, err := tt.query.SQL(); return err },
			"Count": func() error { _, err := tt.query.Count(t.Context()); return err },
		} {
			err := run()
			if _, _, all := tt.query.OrderBy().SQL(); name == "Count" && err == nil && all == nil {
				continue // a count has no order that could be wrong
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%d %s: error %v does not mention %q", i, name, err, tt.want)
			}
		}
	}
	_, err := posts.Where("id__gt", "abc").All(t.Context())
	var status interface{ HTTPStatus() int }
	if !errors.As(err, &status) || status.HTTPStatus() != http.StatusBadRequest {
		t.Errorf("%v does not answer 400", err)
	}
}

func TestPaginate(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := orm.From(db, fixture.Posts).OrderByNames("level")
	page, err := orm.Paginate(t.Context(), q, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	if page.Total != 4 || page.Pages != 2 || len(page.Items) != 1 || page.Items[0].ID != 4 || page.HasNext() || !page.HasPrevious() || page.First() != 4 || page.Last() != 4 {
		t.Errorf("page %+v", page)
	}
	var missing *orm.PageError
	if _, err := orm.Paginate(t.Context(), q, 3, 3); !errors.As(err, &missing) || missing.HTTPStatus() != http.StatusNotFound {
		t.Errorf("page 3: %v", err)
	}
	if page, err = orm.Paginate(t.Context(), q.None(), 0, 0); err != nil || page.Pages != 1 || page.Number != 1 || page.First() != 0 {
		t.Errorf("no rows: %+v, %v", page, err)
	}
	if untyped, err := dynamic.Paginate(t.Context(), q.Dynamic(), 1, 3); err != nil || len(untyped.Items) != 3 {
		t.Errorf("untyped: %+v, %v", untyped, err)
	}
	for _, tt := range []struct {
		number, pages int
		want          []int
	}{
		{1, 1, []int{1}},
		{3, 5, []int{1, 2, 3, 4, 5}},
		{1, 20, []int{1, 2, 3, 4, 0, 19, 20}},
		{50, 100, []int{1, 2, 0, 47, 48, 49, 50, 51, 52, 53, 0, 99, 100}},
	} {
		page := orm.Page[fixture.Post]{Number: tt.number, Pages: tt.pages}
		if got := page.Range(); !slices.Equal(got, tt.want) {
			t.Errorf("page %d of %d: %v, want %v", tt.number, tt.pages, got, tt.want)
		}
	}
}

func TestByKey(t *testing.T) {
	t.Parallel()
	db := library(t)
	found, err := orm.ByKey(t.Context(), orm.From(db, fixture.Posts), int64(1), 3, 99)
	if err != nil || len(found) != 2 || found[3].ID != 3 {
		t.Errorf("got %v, %v", found, err)
	}
	untyped, err := dynamic.From(db, "shelf.post").ByKey(t.Context(), 1, 3, 99)
	if err != nil || len(untyped) != 2 {
		t.Errorf("got %v, %v", untyped, err)
	}
}

func TestGetOrCreate(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Tags
	var wait sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for range 8 {
		wait.Go(func() {
			tag, created, err := orm.GetOrCreate(t.Context(), orm.From(db, q).Filter(q.Name.Eq("raced")), func() *fixture.Tag { return &fixture.Tag{Name: "raced", Slug: "raced"} })
			if err != nil || tag.Name != "raced" {
				t.Errorf("got %v, %v", tag, err)
			}
			if created {
				mu.Lock()
				made++
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if made != 1 {
		t.Errorf("created %d times", made)
	}
	tag, created, err := orm.UpdateOrCreate(t.Context(), orm.From(db, q).Filter(q.Name.Eq("raced")), func(t *fixture.Tag) { t.Slug = "changed" })
	if err != nil || created || tag.Slug != "changed" {
		t.Errorf("got %v, %v, %v", tag, created, err)
	}
	fresh, created, err := orm.UpdateOrCreate(t.Context(), orm.From(db, q).Filter(q.Name.Eq("fresh")), func(t *fixture.Tag) { t.Name, t.Slug = "fresh", "fresh" })
	if err != nil || !created || fresh.ID == 0 {
		t.Errorf("got %v, %v, %v", fresh, created, err)
	}
}
