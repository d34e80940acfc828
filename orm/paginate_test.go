package orm_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/internal/fixture"
)

func TestElidedPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number, pages  int
		eachSide, ends int
		want           string
	}{
		{1, 1, 3, 2, "[1]"},
		{1, 10, 3, 2, "[1 2 3 4 5 6 7 8 9 10]"},
		{1, 11, 3, 2, "[1 2 3 4 0 10 11]"},
		{7, 50, 3, 2, "[1 2 3 4 5 6 7 8 9 10 0 49 50]"},
		{8, 50, 3, 2, "[1 2 0 5 6 7 8 9 10 11 0 49 50]"},
		{25, 50, 3, 2, "[1 2 0 22 23 24 25 26 27 28 0 49 50]"},
		{43, 50, 3, 2, "[1 2 0 40 41 42 43 44 45 46 0 49 50]"},
		{44, 50, 3, 2, "[1 2 0 41 42 43 44 45 46 47 48 49 50]"},
		{50, 50, 3, 2, "[1 2 0 47 48 49 50]"},
		{10, 20, 1, 1, "[1 0 9 10 11 0 20]"},
		{10, 20, 0, 0, "[0 10 0]"},
		{10, 20, -4, -1, "[0 10 0]"},
		{10, 20, 99, 99, "[1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20]"},
		{500_000_000, 1_000_000_000, 1, 1, "[1 0 499999999 500000000 500000001 0 1000000000]"},
	} {
		page := &orm.Page[fixture.Post]{Number: c.number, Pages: c.pages}
		if got := fmt.Sprint(page.Elided(c.eachSide, c.ends)); got != c.want {
			t.Errorf("page %d of %d, %d each side, %d at the ends: %s, want %s", c.number, c.pages, c.eachSide, c.ends, got, c.want)
		}
		if got := fmt.Sprint(page.Range()); c.eachSide == 3 && got != c.want {
			t.Errorf("page %d of %d: %s, want %s", c.number, c.pages, got, c.want)
		}
	}
}

func TestPaginateWith(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := orm.From(db, fixture.Posts).OrderByNames("level") // four rows
	for _, c := range []struct {
		n       int
		options orm.PageOptions
		want    string // number, pages, items, first and last; "" for a page that is not there
	}{
		{1, orm.PageOptions{Size: 3}, "1/2: 3, 1-3"},
		{2, orm.PageOptions{Size: 3}, "2/2: 1, 4-4"},
		{3, orm.PageOptions{Size: 3}, ""},
		{1, orm.PageOptions{Size: 3, Orphans: 1}, "1/1: 4, 1-4"},
		{2, orm.PageOptions{Size: 3, Orphans: 1}, ""},
		{1, orm.PageOptions{Size: 2, Orphans: 1}, "1/2: 2, 1-2"},
		{2, orm.PageOptions{Size: 2, Orphans: 1}, "2/2: 2, 3-4"},
		{99, orm.PageOptions{Size: 3, Clamp: true}, "2/2: 1, 4-4"},
		{-1, orm.PageOptions{Size: 3, Clamp: true}, "1/2: 3, 1-3"},
		{99, orm.PageOptions{Size: 3, Orphans: 1, Clamp: true}, "1/1: 4, 1-4"},
	} {
		page, err := orm.PaginateWith(t.Context(), q, c.n, c.options)
		var missing *orm.PageError
		if c.want == "" {
			if !errors.As(err, &missing) {
				t.Errorf("page %d, %+v: %v", c.n, c.options, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%d/%d: %d, %d-%d", page.Number, page.Pages, len(page.Items), page.First(), page.Last()); got != c.want {
			t.Errorf("page %d, %+v: %s, want %s", c.n, c.options, got, c.want)
		}
	}
	none := q.None()
	if page, err := orm.PaginateWith(t.Context(), none, 1, orm.PageOptions{}); err != nil || page.Pages != 1 || len(page.Items) != 0 {
		t.Errorf("an empty query: %+v, %v", page, err)
	}
	var missing *orm.PageError
	if _, err := orm.PaginateWith(t.Context(), none, 1, orm.PageOptions{NoEmptyPage: true}); !errors.As(err, &missing) {
		t.Errorf("an empty query without an empty page: %v", err)
	}
	if _, err := orm.PaginateWith(t.Context(), q, 1, orm.PageOptions{Size: 3, Orphans: 3}); err == nil {
		t.Error("as many orphans as rows were accepted")
	}
}
