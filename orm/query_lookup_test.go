package orm_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
)

// keys runs a query on posts and returns the primary keys that it selects, in order.
func keys(t *testing.T, q dynamic.Query) []int64 {
	t.Helper()
	values, err := q.OrderBy("pk").PKs(t.Context())
	if err != nil {
		text, args, _ := q.SQL()
		t.Fatalf("%v\n%s\n%v", err, text, args)
	}
	list := []int64{}
	for _, v := range values {
		list = append(list, v.(int64))
	}
	return list
}

func TestLookups(t *testing.T) {
	t.Parallel()
	db := library(t)
	utc := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	tests := []struct {
		lookup string
		value  any
		want   []int64
	}{
		{"title", "Åland", []int64{1}},
		{"title__exact", "åland", nil},
		{"title__iexact", "ÅLAND", []int64{1}},
		{"title__iexact", "ALAND", []int64{4}},
		{"title__contains", "land", []int64{1, 4}},
		{"title__contains", "Land", nil},
		{"title__icontains", "LAND", []int64{1, 4}},
		{"title__icontains", "å", []int64{1}},
		{"title__icontains", "国", []int64{3}},
		{"title__icontains", "中国", []int64{3}},
		{"title__icontains", "NOTES", []int64{3}},
		{"body__icontains", "ÖSTERREICH", []int64{1}},
		{"body__istartswith", "öst", []int64{1}},
		{"body__iendswith", "REICH", []int64{1}},
		{"title__contains", "%", []int64{2}},
		{"title__contains", "_", []int64{2}},
		{"title__icontains", "100%", []int64{2}},
		{"title__icontains", "%sure", nil},
		{"body__contains", `\`, []int64{2}},
		{"body__icontains", `K\S`, []int64{2}},
		{"title__contains", "' OR 1=1 --", nil},
		{"title__contains", "", []int64{1, 2, 3, 4}},
		{"title__startswith", "Å", []int64{1}},
		{"title__startswith", "a", []int64{4}},
		{"title__startswith", "100%", []int64{2}},
		{"title__istartswith", "å", []int64{1}},
		{"title__endswith", "land", []int64{1, 4}},
		{"title__endswith", "_sure_", []int64{2}},
		{"title__endswith", "", []int64{1, 2, 3, 4}},
		{"title__endswith", "a title longer than any there is", nil},
		{"title__iendswith", "LAND", []int64{1, 4}},
		{"title__iendswith", "", []int64{1, 2, 3, 4}},
		{"title__iexact", "100% _SURE_", []int64{2}},
		{"title__iexact", "100_ _sure_", nil},
		{"title__istartswith", "100%", []int64{2}},
		{"title__istartswith", "1%", nil},
		{"title__iendswith", "SURE_", []int64{2}},
		{"body__iendswith", `K\SLASH`, []int64{2}},
		{"title__icontains", "\u212b", []int64{1}},      // the sign for angstrom is the letter Å
		{"title__icontains", "A\u030aLAND", []int64{1}}, // so is an A with a ring beside it
		{"title__icontains", "\u017fure", []int64{2}},   // a long s is an s
		{"title__iexact", "", nil},
		{"title__icontains", strings.Repeat("x", 60000), nil},
		{"title__icontains", "\x00", nil},
		{"title__regex", `^\d+%`, []int64{2}},
		{"title__regex", `^A`, nil},
		{"title__iregex", `^A`, []int64{4}},
		{"title__in", []string{"Åland", "aland", "none"}, []int64{1, 4}},
		{"title__in", []string{}, nil},
		{"id__in", []int64{1, 2, 3}, []int64{1, 2, 3}},
		{"id__in", []any{1, nil, "3"}, []int64{1, 3}},
		{"id__in", "1,3, 4", []int64{1, 3, 4}},
		{"id__in", many(1000), []int64{1, 2, 3, 4}},
		{"title__in", manyText(1000), nil},
		{"pk", 2, []int64{2}},
		{"id", "2", []int64{2}},
		{"status", fixture.Live, []int64{1, 3}},
		{"status", "draft", []int64{2, 4}},
		{"level", fixture.Level(3), []int64{3, 4}},
		{"level__gt", 1, []int64{2, 3, 4}},
		{"views__gte", 10, []int64{1, 4}},
		{"views__lt", "10", []int64{2, 3}},
		{"views__lte", int8(5), []int64{2, 3}},
		{"views__range", [2]int{5, 10}, []int64{1, 2}},
		{"views__range", []int64{5, 10}, []int64{1, 2}},
		{"score__gt", 4, []int64{1}},
		{"score", nil, []int64{2, 3, 4}},
		{"score__isnull", true, []int64{2, 3, 4}},
		{"score__isnull", "false", []int64{1}},
		{"title__isnull", true, nil},
		{"title__isnull", false, []int64{1, 2, 3, 4}},
		{"published", true, []int64{1, 2, 4}},
		{"published", "false", []int64{3}},
		{"created_at__year", 2025, []int64{1}},
		{"created_at__year", "2026", []int64{2, 3, 4}},
		{"created_at__year__gt", 2025, []int64{2, 3, 4}},
		{"created_at__year__lte", 2025, []int64{1}},
		{"created_at__year__in", []int{2025, 2027}, []int64{1}},
		{"created_at__year__range", []int{2025, 2027}, []int64{1, 2, 3, 4}},
		{"created_at__month", 7, []int64{3, 4}},
		{"created_at__day__gte", 28, []int64{1, 2}},
		{"created_at__quarter", 3, []int64{3, 4}},
		{"created_at__week", 28, []int64{4}},
		{"created_at__week_day", 1, []int64{3}},
		{"created_at__hour", 22, []int64{1}},
		{"created_at__minute", 20, []int64{3}},
		{"created_at__second__gt", 29, []int64{2, 3}},
		{"created_at__date", utc(2026, 2, 28), []int64{2}},
		{"created_at__date", "2026-02-28", []int64{2}},
		{"created_at__date__gt", "2026-02-28", []int64{3, 4}},
		{"created_at__date__gte", "2026-02-28", []int64{2, 3, 4}},
		{"created_at__date__lt", "2026-02-28", []int64{1}},
		{"created_at__date__lte", "2026-02-28", []int64{1, 2}},
		{"created_at__date__in", []string{"2026-02-28", "2026-07-06"}, []int64{2, 4}},
		{"created_at__time", "10:20:30", []int64{3}},
		{"created_at", time.Date(2025, 12, 31, 22, 0, 0, 123456000, time.UTC), []int64{1}},
		{"created_at", time.Date(2026, 1, 1, 3, 0, 0, 123456789, time.FixedZone("east", 5*3600)), []int64{1}},
		{"created_at__gt", "2026-02-28 23:59:59", []int64{3, 4}},
		{"created_at__lt", utc(2026, 7, 6), []int64{1, 2, 3}},
		{"day", utc(2026, 2, 28), []int64{2}},
		{"day", "2026-02-28", []int64{2}},
		{"day__gte", "2026-02-28", []int64{2, 3, 4}},
		{"day__year", 2026, []int64{2, 3, 4}},
		{"day__month", 12, []int64{1}},
		{"seen_at__isnull", false, []int64{1}},
		{"seen_at__year", 2025, []int64{1}},
		{"extra__lang", "sv", []int64{1}},
		{"extra__n__gte", 3, []int64{1}},
		{"extra__lang__icontains", "S", []int64{1}},
		{"extra__has_key", "lang", []int64{1}},
		{"extra__has_key", "gone", nil},
		{"author", 1, []int64{1, 4}},
		{"author_id", 1, []int64{1, 4}},
		{"author__id", 1, []int64{1, 4}},
		{"author__pk__in", []int{1, 2}, []int64{1, 2, 4}},
		{"author", &people.Author{ID: 2}, []int64{2}},
		{"author", people.Author{ID: 2}, []int64{2}},
		{"author__in", []*people.Author{{ID: 2}, {ID: 3}}, []int64{2, 3}},
		{"author__name", "Åsa", []int64{1, 4}},
		{"author__name__icontains", "å", []int64{1, 4}},
		{"author__email__isnull", true, []int64{2, 3}},
		{"author__company__name", "Süd", []int64{2}},
		{"author__company__isnull", true, []int64{3}},
		{"author__company__country__in", []string{"fi", "hu"}, []int64{1, 2, 4}},
		{"editor__isnull", true, []int64{2, 3}},
		{"editor", nil, []int64{2, 3}},
		{"editor__name", "Åsa", []int64{4}},
		{"category__parent__name", "root", []int64{1}},
		{"cover__file", "a.png", []int64{1}},
		{"cover__isnull", true, []int64{2, 3, 4}},
		{"cover__isnull", false, []int64{1}},
		{"tags", 1, []int64{1, 4}},
		{"tags", &fixture.Tag{ID: 3}, []int64{4}},
		{"tags__name", "orm", []int64{1, 2}},
		{"tags__name__in", []string{"go", "web"}, []int64{1, 4}},
		{"tags__in", []int{1, 3}, []int64{1, 4}},
		{"tags__isnull", true, []int64{3}},
		{"tags__isnull", false, []int64{1, 2, 4}},
		{"comments__text", "nice", []int64{1, 4}},
		{"comments__isnull", true, []int64{3}},
		{"comments__isnull", false, []int64{1, 2, 4}},
		{"comments__author__name", "Béla", []int64{1}},
		{"comments__author__company__name", "Süd", []int64{1}},
		{"comments", 3, []int64{2}},
		{"author__posts__title", "aland", []int64{1, 4}},
		{"author__posts__tags__name", "web", []int64{1, 4}},
		{"tags__posts__author__name", "Béla", []int64{1, 2}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s=%.40v", tt.lookup, tt.value), func(t *testing.T) {
			t.Parallel()
			q := dynamic.From(db, "shelf.Post").Where(tt.lookup, tt.value)
			if got := keys(t, q); !slices.Equal(got, tt.want) {
				text, args, _ := q.SQL()
				t.Errorf("got %v, want %v\n%s\n%v", got, tt.want, text, args)
			}
			n, err := q.Count(t.Context())
			if err != nil || n != int64(len(tt.want)) {
				t.Errorf("Count = %d, %v; want %d", n, err, len(tt.want))
			}
			// What a lookup keeps and what its exclusion keeps is everything, with NULLs and relations of any kind.
			rest := []int64{}
			for id := int64(1); id <= 4; id++ {
				if !slices.Contains(tt.want, id) {
					rest = append(rest, id)
				}
			}
			excluded := dynamic.From(db, "shelf.Post").WhereNot(tt.lookup, tt.value)
			if got := keys(t, excluded); !slices.Equal(got, rest) {
				text, args, _ := excluded.SQL()
				t.Errorf("excluded: got %v, want %v\n%s\n%v", got, rest, text, args)
			}
		})
	}
}

func many(n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(i)
	}
	return list
}

func manyText(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("it's \"%d\"", i)
	}
	return list
}
