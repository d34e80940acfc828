package orm_test

import (
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// library is a database with a few rows, whose keys are the numbers given here.
//
//	authors     1 Åsa (Nord), 2 Béla (Süd), 3 中村 (none)
//	categories  1 root, 2 child of 1
//	tags        1 go, 2 orm, 3 web
//	posts       1 "Åland"      by Åsa,  edited by Béla, category 2, tags go orm
//	            2 "100% _sure_" by Béla, category 1, tags orm
//	            3 "中国 notes"   by 中村, tags none
//	            4 "aland"      by Åsa,  edited by Åsa, tags go web
//	comments    1 on 1 "nice" approved by Béla · 2 on 1 "spam" · 3 on 2 "spam" approved · 4 on 4 "nice", no author
//	covers      1 of 1
func library(t testing.TB) *orm.DB {
	t.Helper()
	db := ormtest.Open(t, people.App{}, fixture.App{})
	id := func(n int64) *int64 { return &n }
	text := func(s string) *string { return &s }
	score := 4.5
	seen := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
	east := time.FixedZone("east", 5*3600)
	at := time.Date(2026, 1, 1, 3, 0, 0, 123456789, east) // still 2025 in UTC
	for _, obj := range []any{
		&people.Company{Name: "Nord", Country: "fi"},
		&people.Company{Name: "Süd", Country: "hu"},
		&people.Author{Name: "Åsa", Email: text("asa@example.com"), CompanyID: id(1)},
		&people.Author{Name: "Béla", CompanyID: id(2)},
		&people.Author{Name: "中村"},
		&fixture.Category{Name: "root"},
		&fixture.Category{Name: "leaf", ParentID: id(1)},
		&fixture.Tag{Name: "go", Slug: "go"},
		&fixture.Tag{Name: "orm", Slug: "orm"},
		&fixture.Tag{Name: "web", Slug: "web"},
		&fixture.Post{
			Title: "Åland", Body: "Österreich", Status: fixture.Live, Level: 1, Views: 10, Likes: 3, Score: &score, Published: true,
			CreatedAt: at, Day: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), SeenAt: &seen,
			Extra: map[string]any{"lang": "sv", "n": 3}, AuthorID: 1, EditorID: id(2), CategoryID: id(2),
		},
		&fixture.Post{
			Title: "100% _sure_", Body: `back\slash`, Status: fixture.Draft, Level: 2, Views: 5, Likes: 5, Published: true,
			CreatedAt: time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC), Day: time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC), AuthorID: 2, CategoryID: id(1),
		},
		&fixture.Post{
			Title: "中国 notes", Status: fixture.Live, Level: 3, Views: 0, Likes: 7, CreatedAt: time.Date(2026, 7, 5, 10, 20, 30, 0, time.UTC),
			Day: time.Date(2026, 7, 5, 0, 0, 0, 0, time.UTC), AuthorID: 3,
		},
		&fixture.Post{
			Title: "aland", Body: "x", Status: fixture.Draft, Level: 3, Views: 100, Likes: 1, Published: true, CreatedAt: time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC),
			Day: time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC), AuthorID: 1, EditorID: id(1),
		},
		&fixture.Comment{Text: "nice", Approved: true, Ups: 2, Downs: 1, PostID: 1, AuthorID: id(2)},
		&fixture.Comment{Text: "spam", Note: text("hm"), Ups: 0, Downs: 4, PostID: 1},
		&fixture.Comment{Text: "spam", Approved: true, Ups: 1, Downs: 1, PostID: 2},
		&fixture.Comment{Text: "nice", Ups: 5, PostID: 4},
		&fixture.Cover{File: "a.png", PostID: 1},
	} {
		if err := db.SkipValidation().Create(t.Context(), obj); err != nil {
			t.Fatalf("%+v: %v", obj, err)
		}
	}
	for post, tags := range map[int64][]any{1: {int64(1), int64(2)}, 2: {int64(2)}, 4: {int64(1), int64(3)}} {
		if err := db.Related(&fixture.Post{ID: post}, "tags").Add(t.Context(), tags...); err != nil {
			t.Fatal(err)
		}
	}
	return db
}
