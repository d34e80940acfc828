package queries_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/docs/snippets/queries"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/schema"
)

// library returns a database with two authors and three books.
func library(t *testing.T) *orm.DB {
	t.Helper()
	db := ormtest.Open(t, catalog.App{})
	novel, travel := &catalog.Subject{Name: "Novel"}, &catalog.Subject{Name: "Travel"}
	if err := db.CreateAll(t.Context(), []*catalog.Subject{novel, travel}); err != nil {
		t.Fatal(err)
	}
	books := []struct {
		author, title, slug string
		year                int
		onShelf             bool
	}{
		{"Selma Lagerlöf", "Gösta Berling", "gosta-berling", 1891, false},
		{"Selma Lagerlöf", "Nils Holgersson", "nils", 1906, true},
		{"Knut Hamsun", "Hunger", "hunger", 1890, true},
	}
	for _, b := range books {
		book := &catalog.Book{Title: b.title, Slug: b.slug, Year: b.year, OnShelf: b.onShelf}
		if err := queries.Acquire(t.Context(), db, b.author, book, novel, travel.ID); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestFinding(t *testing.T) {
	t.Parallel()
	db := library(t)
	ctx := t.Context()
	if titles, err := queries.Recent(ctx, db); err != nil || !slices.Equal(titles, []string{"Nils Holgersson"}) {
		t.Errorf("Recent: %v, %v", titles, err)
	}
	if all, old, err := queries.Combine(ctx, db, "LAGERLÖF"); err != nil || all != 1 || old != 0 {
		t.Errorf("Combine: %d, %d, %v", all, old, err)
	}
	if same, separate, err := queries.SameOrAny(ctx, db); err != nil || same != 1 || separate != 2 {
		t.Errorf("SameOrAny: %d, %d, %v", same, separate, err)
	}
	if n, err := queries.ByName(ctx, db); err != nil || n != 2 {
		t.Errorf("ByName: %d, %v", n, err)
	}
	if n, err := queries.Mixed(db).Count(ctx); err != nil || n != 3 {
		t.Errorf("Mixed: %d, %v", n, err)
	}
	if n, err := queries.Without(ctx, db, 1890); err != nil || n != 1 {
		t.Errorf("Without: %d, %v", n, err)
	}
}

func TestLoading(t *testing.T) {
	t.Parallel()
	db := library(t)
	for name, load := range map[string]int{"Loaded": 2, "Few": 1} {
		books, err := queries.Loaded(t.Context(), db)
		if name == "Few" {
			books, err = queries.Few(t.Context(), db)
		}
		if err != nil || len(books) != 3 || len(books[0].Subjects) != load {
			t.Errorf("%s: %v, %v", name, books, err)
		}
	}
	var titles []string
	if err := queries.Shelves(t.Context(), db, func(title string) { titles = append(titles, title) }); err != nil || len(titles) != 3 {
		t.Errorf("Shelves: %v, %v", titles, err)
	}
}

func TestSumming(t *testing.T) {
	t.Parallel()
	db := library(t)
	if year, err := queries.Oldest(t.Context(), db); err != nil || year != 1890 {
		t.Errorf("Oldest: %d, %v", year, err)
	}
	lines, err := queries.Report(t.Context(), db)
	if err != nil || len(lines) != 2 || lines[0] != (queries.Line{Author: "Selma Lagerlöf", Books: 2, Latest: 1906}) {
		t.Errorf("Report: %+v, %v", lines, err)
	}
	busy, err := queries.Busy(t.Context(), db)
	if err != nil || len(busy) != 1 || busy[0].Name != "Selma Lagerlöf" {
		t.Errorf("Busy: %v, %v", busy, err)
	}
}

func TestChanging(t *testing.T) {
	t.Parallel()
	db, ctx := library(t), t.Context()
	q := catalog.Books
	var told string
	if err := queries.Lend(ctx, db, "hunger", func(title string) error { told = title; return nil }); err != nil || told != "Hunger" {
		t.Errorf("Lend: %q, %v", told, err)
	}
	if text := queries.Explain(queries.Lend(ctx, db, "hunger", nil)); text != "not there" {
		t.Errorf("Lend again: %s", text)
	}
	hunger, err := orm.From(db, q).Filter(q.Slug.Eq("hunger")).SelectRelated(q.Author()).Get(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := queries.Rename(ctx, db, hunger, "Sult"); err != nil {
		t.Error(err)
	}
	if text, err := queries.Remove(ctx, db, hunger.Author); err != nil || text != "1 books refer to the author" {
		t.Errorf("Remove: %s, %v", text, err)
	}
	again := &catalog.Book{Title: "Hunger", Slug: "hunger", Year: 1890, Author: hunger.Author}
	if text := queries.Explain(db.Create(ctx, again)); text != "exists already: [slug]" {
		t.Errorf("a second slug: %s", text)
	}
	if n, err := queries.Correct(ctx, db); err != nil || n != 0 {
		t.Errorf("Correct: %d, %v", n, err)
	}
	if titles, err := queries.Plain(ctx, db); err != nil || !slices.Equal(titles, []string{"Gösta Berling", "Nils Holgersson", "Sult"}) {
		t.Errorf("Plain: %v, %v", titles, err)
	}
}

// TestLookupsOfTheGuide wants the guide's table to name every lookup and part there is.
func TestLookupsOfTheGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../queries.md")
	if err != nil {
		t.Fatal(err)
	}
	for kind := schema.KindBigInt; kind <= schema.KindManyToMany; kind++ {
		for _, name := range append(schema.Lookups(kind), schema.Transforms(kind)...) {
			if !strings.Contains(string(guide), "`"+name+"`") {
				t.Errorf("queries.md does not name the lookup %q", name)
			}
		}
	}
}
