package orm_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
)

func TestValues(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Posts
	type row struct {
		Title    string
		Author   string `orm:"author__name"`
		Company  string `orm:"author__company__name"`
		Score    *float64
		Status   fixture.Status
		Comments int64     `orm:"said"`
		Made     time.Time `orm:"created_at"`
		Year     int       `orm:"created_at__year"`
		Ignored  string    `orm:"-"`
	}
	rows, err := orm.Select[row](t.Context(), orm.From(db, q).Annotate("said", q.Comments().Count()).OrderBy(q.ID.Asc()))
	if err != nil {
		t.Fatal(err)
	}
	score := 4.5
	want := row{
		Title: "Åland", Author: "Åsa", Company: "Nord", Score: &score, Status: fixture.Live, Comments: 2,
		Made: time.Date(2025, 12, 31, 22, 0, 0, 123456000, time.UTC), Year: 2025,
	}
	if !reflect.DeepEqual(rows[0], want) {
		t.Errorf("got %+v, want %+v", rows[0], want)
	}
	if rows[2].Company != "" || rows[2].Score != nil {
		t.Errorf("NULLs became %+v", rows[2])
	}
}

func TestValuesByName(t *testing.T) {
	t.Parallel()
	db := library(t)
	rows, err := dynamic.From(db, "shelf.post").OrderBy("id").Values(t.Context(), "title", "score", "published", "day", "author_id", "extra__lang")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"title": "Åland", "score": 4.5, "published": true, "day": time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), "author_id": int64(1), "extra__lang": "sv",
	}
	if !reflect.DeepEqual(rows[0], want) {
		t.Errorf("got %#v, want %#v", rows[0], want)
	}
	if rows[1]["score"] != nil {
		t.Errorf("NULL is %#v", rows[1]["score"])
	}
	all, err := dynamic.From(db, "shelf.tag").Values(t.Context())
	if err != nil || !reflect.DeepEqual(all[0], map[string]any{"id": int64(1), "name": "go", "slug": "go"}) {
		t.Errorf("all fields: %#v, %v", all[0], err)
	}
	distinct, err := dynamic.From(db, "shelf.comment").Distinct().OrderBy("text").Values(t.Context(), "text")
	if err != nil || len(distinct) != 2 {
		t.Errorf("distinct: %v, %v", distinct, err)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Posts
	type row struct {
		Name  string `orm:"author__name"`
		Posts int64
		Views int64 `orm:"viewed"`
		Last  time.Time
		Said  int64
	}
	grouped := orm.From(db, q).GroupBy(q.Author().Name).
		Annotate("posts", q.ID.Count()).Annotate("viewed", q.Views.Sum()).Annotate("last", q.CreatedAt.Max()).Annotate("said", q.Comments().Count())
	rows, err := orm.Select[row](t.Context(), grouped.OrderByNames("-posts", "author__name"))
	if err != nil {
		t.Fatal(err)
	}
	want := []row{
		{"Åsa", 2, 110, time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC), 3},
		{"Béla", 1, 5, time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC), 1},
		{"中村", 1, 0, time.Date(2026, 7, 5, 10, 20, 30, 0, time.UTC), 0},
	}
	if !slices.Equal(rows, want) {
		t.Errorf("got %+v, want %+v", rows, want)
	}
	few, err := grouped.Dynamic().Where("posts__gt", 1).Where("author__name__icontains", "å").Values(t.Context())
	if err != nil || len(few) != 1 || few[0]["author__name"] != "Åsa" {
		t.Errorf("groups with a condition: %v, %v", few, err)
	}
	if n, err := grouped.Count(t.Context()); err != nil || n != 3 {
		t.Errorf("Count of groups = %d, %v", n, err)
	}
	if _, err := grouped.All(t.Context()); err == nil {
		t.Error("groups were returned as objects")
	}
}

func TestAggregates(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Posts
	posts := orm.From(db, q)
	if sum, err := orm.Aggregate(t.Context(), posts.Filter(q.Published.Eq(true)), q.Views.Sum()); err != nil || sum != 115 {
		t.Errorf("sum = %v, %v", sum, err)
	}
	if mean, err := orm.Aggregate(t.Context(), posts, q.Likes.Avg()); err != nil || mean != 4 {
		t.Errorf("avg = %v, %v", mean, err)
	}
	if last, err := orm.Aggregate(t.Context(), posts, q.CreatedAt.Max()); err != nil || !last.Equal(time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("max = %v, %v", last, err)
	}
	if sum, err := orm.Aggregate(t.Context(), posts.None(), q.Views.Sum()); err != nil || sum != 0 {
		t.Errorf("sum of nothing = %v, %v", sum, err)
	}
	values, err := dynamic.From(db, "shelf.post").Where("views__gt", 0).Aggregate(t.Context(), map[string]dynamic.Annotation{
		"n": dynamic.Count(""), "authors": dynamic.Count("author").Distinct(), "live": dynamic.Count("id").Where(dynamic.Is("status", "live")),
		"least": dynamic.Min("title"), "comments": dynamic.Count("comments"), "scored": dynamic.Count("score"),
	})
	want := map[string]any{"n": int64(3), "authors": int64(2), "live": int64(1), "least": "100% _sure_", "comments": int64(4), "scored": int64(1)}
	if err != nil || !reflect.DeepEqual(values, want) {
		t.Errorf("got %v, %v; want %v", values, err, want)
	}
	for name, bad := range map[string]dynamic.Annotation{
		"a sum of text": dynamic.Sum("title"), "an unknown field": dynamic.Sum("vews"), "a mean of to-many": dynamic.Avg("comments__ups"),
	} {
		if _, err := dynamic.From(db, "shelf.post").Aggregate(t.Context(), map[string]dynamic.Annotation{"x": bad}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := dynamic.From(db, "shelf.post").Annotate("x", dynamic.Count("author")).All(t.Context()); err == nil {
		if _, err := dynamic.From(db, "shelf.post").Annotate("x", dynamic.Count("author")).Where("x", 1).All(t.Context()); err == nil {
			t.Error("an aggregate of one value was accepted")
		}
	}
	author, err := orm.From(db, people.Authors).Annotate("n", fixture.PostsOf(people.Authors).Tags().Count()).OrderByNames("-n").First(t.Context())
	if err != nil || author.Name != "Åsa" {
		t.Errorf("author with most tags: %v, %v", author, err)
	}
}

func TestUpdateAndDelete(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := fixture.Posts
	posts := orm.From(db, q)
	get := func(id int64) *fixture.Post {
		t.Helper()
		p, err := posts.Filter(q.ID.Eq(id)).Get(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	n, err := posts.Filter(q.Published.Eq(true)).Update(t.Context(), q.Views.SetTo(q.Views.Add(1)), q.Status.Set(fixture.Draft), q.Score.SetNull())
	if err != nil || n != 3 {
		t.Fatalf("updated %d, %v", n, err)
	}
	if p := get(1); p.Views != 11 || p.Status != fixture.Draft || p.Score != nil {
		t.Errorf("1 is %+v", p)
	}
	if p := get(3); p.Views != 0 || p.Status != fixture.Live {
		t.Errorf("3 is %+v", p)
	}
	n, err = posts.Filter(q.Author().Name.Eq("Åsa"), q.Comments().Text.Eq("nice")).OrderBy(q.ID.Asc()).Limit(1).Update(t.Context(), q.Title.Set(""), q.Published.Set(false))
	if err != nil || n != 1 {
		t.Fatalf("updated %d, %v", n, err)
	}
	if get(1).Title != "" || get(4).Title != "aland" {
		t.Errorf("titles %q, %q", get(1).Title, get(4).Title)
	}
	n, err = dynamic.From(db, "shelf.post").Where("id", 2).Update(t.Context(), map[string]any{"author": &people.Author{ID: 3}, "views": dynamic.F("likes").Mul(2), "day": "2030-01-02"})
	if err != nil || n != 1 || get(2).AuthorID != 3 || get(2).Views != 10 || get(2).Day.Year() != 2030 {
		t.Errorf("updated %d, %v: %+v", n, err, get(2))
	}
	for name, bad := range map[string]map[string]any{
		"unknown": {"titel": "x"}, "null": {"title": nil}, "many": {"tags": 1}, "type": {"views": "many"}, "related": {"views": dynamic.F("author__id")}, "none": {},
	} {
		if _, err := dynamic.From(db, "shelf.post").Update(t.Context(), bad); err == nil {
			t.Errorf("%s: %v was taken", name, bad)
		}
	}
	if n, err = posts.Filter(q.Comments().Text.Eq("spam")).Delete(t.Context()); err != nil || n != 2 {
		t.Fatalf("deleted %d, %v", n, err)
	}
	if got := keys(t, posts.Dynamic()); !slices.Equal(got, []int64{3, 4}) {
		t.Errorf("left are %v", got)
	}
	if n, err := orm.From(db, fixture.Comments).Count(t.Context()); err != nil || n != 1 {
		t.Errorf("%d comments are left, %v", n, err)
	}
}
