package admin_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

// TestQueryCounts loads every page with few and with many rows. The number of queries must be the same, and within
// the limit of the page.
func TestQueryCounts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	var queries atomic.Int64
	stop := b.db.Observe(func(orm.Statement) { queries.Add(1) })
	defer stop()
	// The limits include the queries for session and user.
	pages := []struct {
		target string
		most   int64
	}{
		{"/admin/", 4},
		{"/admin/blog/post/", 7},
		{"/admin/blog/post/?author=1&tags=1&q=train&o=author", 7},
		{"/admin/blog/comment/", 4},
		{"/admin/blog/post/1/change/", 9},
		{"/admin/blog/post/add/", 8},
		{"/admin/blog/post/1/history/", 5},
		{"/admin/blog/author/autocomplete/?q=e", 5}, // exact matches, prefixes and the rest are separate queries
		{"/admin/blog/post/1/delete/", 6},
		{"/admin/accounts/user/", 6},
	}
	measure := func() []int64 {
		var counts []int64
		for _, page := range pages {
			client.Get(page.target).WantStatus(t, http.StatusOK) // the first request may renew the session
			queries.Store(0)
			client.Get(page.target)
			counts = append(counts, queries.Load())
		}
		return counts
	}
	few := measure()
	for n := range 40 {
		p := &Post{Title: fmt.Sprintf("Another train %d", n), Slug: fmt.Sprintf("train-%d", n), Status: "live", AuthorID: int64(n%2 + 1)}
		if err := b.db.Create(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if err := b.db.Related(p, "tags").Add(t.Context(), int64(1), int64(2)); err != nil {
			t.Fatal(err)
		}
		if err := b.db.Create(t.Context(), &Comment{PostID: 1, Text: "Again"}); err != nil {
			t.Fatal(err)
		}
	}
	many := measure()
	for i, page := range pages {
		if few[i] != many[i] {
			t.Errorf("%s: %d queries with few rows, %d with many", page.target, few[i], many[i])
		}
		if many[i] > page.most {
			t.Errorf("%s: %d queries, want at most %d", page.target, many[i], page.most)
		}
	}
}
