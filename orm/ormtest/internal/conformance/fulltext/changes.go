package fulltext

import (
	"context"
	"errors"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

// testChangedRows changes rows in every way in which the database is written to; the index has to follow.
func testChangedRows(t *testing.T, db *orm.DB) {
	library(t, db, "first", "second|two", "third")
	ctx := t.Context()
	check := func(what, text, want string) {
		t.Helper()
		if got := found(t, db, books.Search(text)); got != want {
			t.Errorf("%s: %q finds [%s], want [%s]", what, text, got, want)
		}
	}
	book := &Book{Title: "fourth"}
	if err := db.Create(ctx, book); err != nil || book.ID != 4 {
		t.Fatalf("created book %d, error %v", book.ID, err)
	}
	check("created", "fourth", "4")
	body := "new text"
	book.Title, book.Body = "renamed", &body
	if err := db.Save(ctx, book); err != nil {
		t.Fatal(err)
	}
	check("saved", "fourth", "")
	check("saved", "renamed text", "4")
	book.Body = nil
	if err := db.SaveFields(ctx, book, "body"); err != nil {
		t.Fatal(err)
	}
	check("saved as NULL", "text", "")
	check("saved as NULL", "renamed", "4")
	if n, err := orm.Objects[Book](db).Where("pk__lte", 2).Update(ctx, title.Set("same")); n != 2 || err != nil {
		t.Fatalf("updated %d, error %v", n, err)
	}
	check("updated", "same", "1 2")
	check("updated", "two", "2")
	check("updated", "second", "")
	changed := []*Book{{ID: 1, Title: "upserted"}, {ID: 9, Title: "upserted too"}}
	if err := db.Upsert(ctx, changed, orm.Conflict{On: []string{"id"}, Update: []string{"title"}}); err != nil {
		t.Fatal(err)
	}
	check("upserted", "upserted", "1 9")
	changed[0].Title, changed[1].Title = "saved one", "saved two"
	if err := db.SaveAll(ctx, changed, "title"); err != nil {
		t.Fatal(err)
	}
	check("saved together", "saved", "1 9")
	check("saved together", "upserted", "")
	if n, err := orm.Objects[Book](db).Where("pk", 9).Delete(ctx); n != 1 || err != nil {
		t.Fatalf("deleted %d, error %v", n, err)
	}
	check("deleted", "saved", "1")
	if _, err := db.Exec(ctx, "UPDATE search_book SET title = 'by hand' WHERE id = 1"); err != nil {
		t.Fatal(err)
	}
	check("changed by hand", "hand", "1")
	refused := db.Atomic(ctx, func(ctx context.Context) error {
		if err := db.Create(ctx, &Book{Title: "never"}); err != nil {
			return err
		}
		return errRefused
	})
	if !errors.Is(refused, errRefused) {
		t.Fatal(refused)
	}
	check("rolled back", "never", "")
	if got := gormTitle(t, db); got != "by hand" {
		t.Errorf("GORM reads the title %q", got)
	}
}

var errRefused = errors.New("refused")

// gormTitle reads a book with GORM, which selects every column that the table shows.
func gormTitle(t *testing.T, db *orm.DB) string {
	t.Helper()
	var b Book
	if err := db.Gorm(t.Context()).Table("search_book").Where("id = 1").First(&b).Error; err != nil {
		t.Fatal(err)
	}
	return b.Title
}
