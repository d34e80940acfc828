package changelist_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/admin/changelist"
)

func titles(v *changelist.View) []string {
	var out []string
	for _, row := range v.Rows {
		out = append(out, strings.TrimPrefix(row.Label, "Post "))
	}
	return out
}

func TestPageFiltersAndSorts(t *testing.T) {
	t.Parallel()
	f := setup(t, full)
	for _, test := range []struct {
		query string
		count int
		first string // numbers of the first posts
	}{
		{"", 30, "30 29 28"},
		{"q=Post+07", 1, "07"},
		{"q=strings", 30, "30 29 28"},
		{"q=ella+strings", 10, "28 25 22"},
		{"q=%22Post+1%22", 10, "19 18 17"},
		{"q=%22Post+1%22+jonas", 3, "17 14 11"},
		{"q=70", 1, "07"},
		{"q=nothing+fits", 0, ""},
		{"status=l", 15, "30 28 26"},
		{"status__exact=l&featured__exact=1", 15, "30 28 26"},
		{"status=d&status=l", 30, "30"},
		{"status__in=d,l", 30, "30"},
		{"featured=false", 15, "29 27 25"},
		{"author=1", 10, "28 25 22"},
		{"author__id__exact=1", 10, "28 25 22"},
		{"author__isnull=true", 10, "30 27 24"},
		{"tags=1", 5, "05 04 03"},
		{"author__name__icontains=JON", 10, "29 26 23"},
		{"created_at__gte=2026-11-29", 2, "30 29"},
		{"created_at__lte=2026-11-02", 2, "02 01"},
		{"created_at=2026-11-02", 1, "02"},
		{"created_at__year=2026", 30, "30"},
		{"reads__gte=280&reads__lt=300", 2, "29 28"},
		{"id=3", 1, "03"},
		{"pk__in=3,4", 2, "04 03"},
		{"o=title", 30, "01 02 03"},
		{"o=-reads", 30, "30 29 28"},
		{"o=status,-title", 30, "29 27 25"},
		{"o=3.-1", 30, "29 27 25"},
		{"o=author,title", 30, "03 06 09"},
		{"p=2", 30, "10 09 08"},
		{"p=99", 30, "10 09 08"},
	} {
		o := full
		o.PerPage = 20
		f.config, _ = changelist.New(f.config.Model, o)
		view, state := f.page(t, test.query)
		if len(state.Problems) > 0 {
			t.Errorf("%s: %v", test.query, state.Problems)
		}
		if view.Total.N != test.count {
			t.Errorf("%s: %d rows, want %d", test.query, view.Total.N, test.count)
		}
		if got := strings.Join(titles(view), " "); !strings.HasPrefix(got, test.first) {
			t.Errorf("%s: order %q, want %q first", test.query, got, test.first)
		}
		if view.Narrowed != (test.count < 30 || strings.Contains(test.query, "q=") || state.Narrowed()) {
			t.Errorf("%s: narrowed %v", test.query, view.Narrowed)
		}
	}
}

func TestCells(t *testing.T) {
	t.Parallel()
	f := setup(t, full)
	view, _ := f.page(t, "id=4")
	row := view.Rows[0]
	if row.PK != "4" || row.URL != "/admin/blog.post/4/" || row.Label != "Post 04" {
		t.Errorf("row %+v", row)
	}
	want := [][2]string{{"text", "Post 04"}, {"text", "Ella"}, {"choice", "Live"}, {"bool", "Yes"}, {"text", "40"}, {"text", "swing"}, {"text", "Ella"}, {"text", "2"}, {"time", "4 Nov, 12:00"}}
	for i, cell := range row.Cells {
		if cell.Kind != want[i][0] || cell.Text != want[i][1] {
			t.Errorf("cell %d: %s %q, want %v", i, cell.Kind, cell.Text, want[i])
		}
	}
	if row.Cells[1].URL != "/admin/blog.author/1/" || !row.Cells[4].Numeric {
		t.Errorf("cells %+v", row.Cells)
	}
	view, _ = f.page(t, "id=3")
	if cell := view.Rows[0].Cells[1]; cell.Kind != "none" || cell.URL != "" {
		t.Errorf("cell of no author %+v", cell)
	}
}

func TestChips(t *testing.T) {
	t.Parallel()
	f := setup(t, full)
	view, _ := f.page(t, "status=l&author=1&created_at__gte=2026-11-03&featured=1&reads__gte=5&author__name__icontains=x&tags__isnull=1&o=title&q=hello")
	var got []string
	for _, chip := range view.Chips {
		got = append(got, chip.Label+": "+chip.Value.String())
		if !strings.HasPrefix(chip.URL, "/admin/blog/post/?") || !strings.Contains(chip.URL, "o=title") || !strings.Contains(chip.URL, "q=hello") {
			t.Errorf("%s leads to %s", chip.Label, chip.URL)
		}
	}
	slices.Sort(got)
	want := []string{"Author name: contains x", "Author: Ella", "Created at: from 3 Nov 2026", "Featured: Yes", "Reads: at least 5", "Status: Live", "Tags: empty"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestFilterViews(t *testing.T) {
	t.Parallel()
	f := setup(t, full)
	view, _ := f.page(t, "status=l&o=title")
	got := map[string]string{}
	for _, filter := range view.Filters {
		var parts []string
		for _, link := range filter.Links {
			label := link.Label
			if link.Current {
				label = "[" + label + "]"
			}
			parts = append(parts, label)
		}
		if filter.Form != nil {
			for _, input := range filter.Form.Inputs {
				parts = append(parts, "<"+input.Label+" "+input.Name+">")
			}
			if !slices.Contains(filter.Form.Keep, changelist.Param{Name: "status", Value: "l"}) {
				t.Errorf("%s forgets the other filters: %v", filter.Label, filter.Form.Keep)
			}
		}
		got[filter.Label] = strings.Join(parts, " | ")
	}
	for label, want := range map[string]string{
		"Status":      "Any | Draft | [Live]",
		"Featured":    "[Any] | Yes | No",
		"Author":      "[Any] | Ella | Jonas | Empty | Not empty",
		"Tags":        "[Any] | swing",
		"Reads":       "[Any] | <At least reads__gte> | <At most reads__lte>",
		"Author name": "[Any] | <Contains author__name__icontains>",
	} {
		if got[label] != want {
			t.Errorf("%s: %q, want %q", label, got[label], want)
		}
	}
}

func TestHostileParameters(t *testing.T) {
	t.Parallel()
	f := setup(t, full)
	payloads := []string{
		"(CASE WHEN 1=1 THEN id ELSE title END)", "id;DROP TABLE blog_post", "title' OR '1'='1", `title") OR ("1"="1`, "../../etc/passwd",
		"secret", "secret__startswith", "author__password", "title__regex", "tags__posts__secret", "-", "--", "\x00", "title\x00",
		"🙂", strings.Repeat("a", 10_000), "__", "pk__pk", "title__nothing", "0", "-1", "99999999999999999999", "<script>alert(1)</script>",
	}
	for _, payload := range payloads {
		for _, name := range []string{"o", "p"} {
			view, state := f.page(t, url.Values{name: {payload}}.Encode())
			if view.Total.N != 30 {
				t.Errorf("%s=%q: %d rows", name, payload, view.Total.N)
			}
			if len(state.Problems) == 0 && (name != "o" || strings.Trim(payload, "-01,.") != "") {
				t.Errorf("%s=%q was taken without a word", name, payload)
			}
		}
		view, state := f.page(t, url.Values{payload: {"1"}}.Encode())
		if view.Total.N != 30 || len(state.Problems) == 0 && !strings.HasPrefix(payload, "_") {
			t.Errorf("filter %q: %d rows, problems %v", payload, view.Total.N, state.Problems)
		}
		for _, key := range []string{"author", "author__in", "featured", "created_at", "created_at__lte", "reads__gte", "tags", "pk"} {
			view, state := f.page(t, url.Values{key: {payload}}.Encode())
			if len(state.Problems) > 0 && view.Total.N != 30 {
				t.Errorf("%s=%q: refused, yet %d rows", key, payload, view.Total.N)
			}
		}
		if view, _ := f.page(t, url.Values{"q": {payload}}.Encode()); len(view.Query) > 2000 {
			t.Errorf("query of %d bytes", len(view.Query))
		}
	}
}

func TestUnlistedFieldsCannotBeCompared(t *testing.T) {
	t.Parallel()
	f := setup(t, changelist.Options{List: []string{"title", "author"}, Filter: []string{"author"}, Search: []string{"title"}})
	for _, query := range []string{"secret=sesame", "secret__startswith=s", "author__posts__secret=sesame", "body__icontains=x", "author__name=Ella"} {
		if _, state := f.page(t, query); len(state.Problems) != 1 {
			t.Errorf("%s: problems %v", query, state.Problems)
		}
	}
	for _, query := range []string{"author=1", "title__icontains=post", "id=1", "author__id=1"} {
		if _, state := f.page(t, query); len(state.Problems) != 0 {
			t.Errorf("%s: problems %v", query, state.Problems)
		}
	}
}

func TestNewReportsUnknownNames(t *testing.T) {
	t.Parallel()
	f := setup(t, full)
	_, problems := changelist.New(f.config.Model, changelist.Options{
		List:   []string{"titel", "author__nme", "tags__name", "word_cont", "With"},
		Filter: []string{"statsu", "status__exact"},
		Search: []string{"boddy", "author"},
		Order:  []string{"-created"},
	})
	var got []string
	for _, p := range problems {
		got = append(got, p.Option+" "+p.Name+": "+p.Message+" / "+p.Hint)
	}
	for i, want := range []string{
		`List titel: there is no field "titel" in blog.Post / Did you mean "title"?`,
		`Did you mean "author__name"?`,
		`"tags__name" is a field of many objects`,
		`Did you mean "word_count"?`,
		`List With:`,
		`Did you mean "status"?`,
		`"status__exact" is a comparison`,
		`Did you mean "body"?`,
		`Write "author__name"`,
		`"-created": there is no field`,
	} {
		if i >= len(got) {
			t.Fatalf("only %d problems: %q", len(got), got)
		}
		if i < 9 && !strings.Contains(got[i], want) {
			t.Errorf("problem %d: %s\nwant %s", i, got[i], want)
		}
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for q, want := range map[string][]string{
		"":                       nil,
		"  a  b ":                {"a", "b"},
		`"two words" three`:      {"two words", "three"},
		`open "quote at end`:     {"open", "quote at end"},
		"\x00a\x01b\nc":          {"a", "b", "c"},
		`""`:                     nil,
		`a"b c"d`:                {"a", "b c", "d"},
		"\xff\xfe":               nil,
		strings.Repeat("w ", 50): slices.Repeat([]string{"w"}, 12),
	} {
		if got := changelist.Terms(q); !slices.Equal(got, want) {
			t.Errorf("Terms(%q) = %q, want %q", q, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("q=a&o=title&p=2&status=l")
	f.Add("o=-1.2&author__in=1,2&created_at__range=2026-01-01,2026-02-02")
	f.Add("a__b__c=%00&status__isnull=maybe")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		config := fuzzConfig(t)
		state := config.Parse(values)
		again, err := url.ParseQuery(strings.TrimPrefix(strings.TrimPrefix(config.Address("/", state), "/"), "?"))
		if err != nil {
			t.Fatal(err)
		}
		second := config.Parse(again)
		if len(second.Problems) > 0 || config.Address("/", second) != config.Address("/", state) {
			t.Errorf("%q gives %q, which gives %q with %v", query, config.Address("/", state), config.Address("/", second), second.Problems)
		}
	})
}

func TestPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		current, last int
		want          string
	}{
		{1, 1, ""},
		{1, 2, "[1] 2"},
		{1, 10, "[1] 2 … 10"},
		{5, 10, "1 … 4 [5] 6 … 10"},
		{3, 5, "1 2 [3] 4 5"},
		{10, 10, "1 … 9 [10]"},
		{4, 10, "1 2 3 [4] 5 … 10"},
		{400, 1000, "1 … 399 [400] 401 … 1000"},
	} {
		var parts []string
		for _, page := range changelist.Pages(test.current, test.last, func(int) string { return "" }) {
			switch {
			case page.Gap:
				parts = append(parts, "…")
			case page.Current:
				parts = append(parts, "["+page.Label+"]")
			default:
				parts = append(parts, page.Label)
			}
		}
		if got := strings.Join(parts, " "); got != test.want {
			t.Errorf("page %d of %d: %q, want %q", test.current, test.last, got, test.want)
		}
	}
}
