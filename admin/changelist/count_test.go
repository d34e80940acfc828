package changelist_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/orm/dynamic"
)

func labels(pages []changelist.Page) string {
	var parts []string
	for _, page := range pages {
		switch {
		case page.Gap:
			parts = append(parts, "…")
		case page.Current:
			parts = append(parts, "["+page.Label+"]")
		default:
			parts = append(parts, page.Label)
		}
	}
	return strings.Join(parts, " ")
}

// createPosts adds posts up to n in all.
func createPosts(t *testing.T, f fixture, n int) {
	t.Helper()
	for from := 31; from <= n; from += 5000 {
		var posts []*Post
		for i := from; i < min(from+5000, n+1); i++ {
			posts = append(posts, &Post{Title: fmt.Sprintf("Post %d", i), Body: "b", Status: "d", CreatedAt: start})
		}
		if err := f.db.SkipValidation().CreateAll(t.Context(), posts); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExactCounts(t *testing.T) {
	t.Parallel()
	f := setup(t, changelist.Options{List: []string{"title"}, Search: []string{"title"}, Order: []string{"id"}, PerPage: 50})
	createPosts(t, f, 12_345)
	f.config.CountTimeout = time.Hour
	for query, want := range map[string][]string{
		"":               {"1–50 of 12,345 posts", "[1] 2 … 247"},
		"p=2":            {"51–100 of 12,345 posts", "1 [2] 3 … 247"},
		"p=246":          {"12,251–12,300 of 12,345 posts", "1 … 245 [246] 247"},
		"p=247":          {"12,301–12,345 of 12,345 posts", "1 … 246 [247]"},
		"p=99999":        {"12,301–12,345 of 12,345 posts", "1 … 246 [247]", "There is no page 99,999: this is the last one."},
		"q=Post+123":     {"1–50 of 79 posts", "[1] 2"},
		"q=Post+123&p=2": {"51–79 of 79 posts", "1 [2]"},
		"q=nothing&p=7":  {"No posts", ""},
	} {
		view, state := f.page(t, query)
		got := append([]string{view.Summary.String(), labels(view.Pages)}, texts(slices.Concat(view.Notices, state.Problems))...)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// If counting exceeds the timeout, the page shows neither an exact number nor the last page.
func TestCountTimeout(t *testing.T) {
	t.Parallel()
	f := setup(t, changelist.Options{List: []string{"title"}, Search: []string{"title"}, Order: []string{"id"}, PerPage: 50})
	createPosts(t, f, 12_345)
	f.config.CountTimeout = time.Nanosecond
	check := func(query string, want ...string) {
		t.Helper()
		view, _ := f.page(t, query)
		if got := append([]string{view.Summary.String(), labels(view.Pages)}, texts(view.Notices)...); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	check("", "1–50 of more than 10,000 posts", "[1] 2 …")
	check("p=3", "101–150 of more than 10,000 posts", "1 2 [3] 4 …")
	check("p=230", "11,451–11,500 of more than 11,500 posts", "1 … 229 [230] 231 …")
	check("p=247", "12,301–12,345 of 12,345 posts", "1 … 246 [247]")
	check("p=9999", "12,301–12,345 of 12,345 posts", "1 … 246 [247]", "There is no page 9,999: this is the last one.")
	check("q=Post", "1–50 of more than 50 posts", "[1] 2 …")
	check("q=Post+1234", "8 posts", "")
	if _, err := f.db.Exec(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	check("", "1–50 of about 12,300 posts", "[1] 2 …")
	check("p=246", "12,251–12,300 of more than 12,300 posts", "1 … 245 [246] 247 …")
}

func TestFindRanking(t *testing.T) {
	t.Parallel()
	f := setup(t, changelist.Options{List: []string{"title"}, Search: []string{"title", "body"}, Order: []string{"title"}})
	for _, title := range []string{"abs-guide (bash)", "a rebash", "Bash", "bash-doc", "bash builtins", "big bash", "zsh"} {
		p := &Post{Title: title, Body: "x", Status: "d"}
		if title == "zsh" {
			p.Body = "not bash"
		}
		if err := f.db.Create(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	find := func(limit, skip int) (titles []string, ranks []int) {
		found, err := f.config.Find(t.Context(), f.env.Env, " bash ", dynamic.Condition{}, limit, skip)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range found {
			titles, ranks = append(titles, match.Object.(*Post).Title), append(ranks, match.Rank)
		}
		return titles, ranks
	}
	want := []string{"Bash", "bash builtins", "bash-doc", "abs-guide (bash)", "big bash", "a rebash", "zsh"}
	titles, ranks := find(10, 0)
	if !slices.Equal(titles, want) || !slices.Equal(ranks, []int{0, 1, 1, 2, 2, 3, 3}) {
		t.Errorf("found %q with ranks %v", titles, ranks)
	}
	for skip := range want {
		titles, _ := find(2, skip)
		if !slices.Equal(titles, want[skip:min(skip+2, len(want))]) {
			t.Errorf("after %d: %q", skip, titles)
		}
	}
	if titles, _ := find(2, 20); len(titles) > 0 {
		t.Errorf("after all: %q", titles)
	}
}

func TestForeignParameters(t *testing.T) {
	t.Parallel()
	f := setup(t, full)
	for query, want := range map[string]struct {
		problems int
		refused  bool
	}{
		"utm_source=mail&utm_campaign=x&fbclid=1&_=2": {0, false},
		"statsu=d":                  {1, false},
		"ref=mail":                  {1, false},
		"p=x":                       {1, false},
		"o=nothing":                 {1, false},
		"secret__startswith=s":      {1, true},
		"created_at__gte=yesterday": {1, true},
		"reads__gte=abc":            {1, true},
		"status=d":                  {0, false},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if state := f.config.Parse(values); len(state.Problems) != want.problems || state.Refused != want.refused {
			t.Errorf("%s: problems %q, refused %v", query, state.Problems, state.Refused)
		}
	}
}
