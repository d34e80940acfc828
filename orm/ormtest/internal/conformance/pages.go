package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// uneven returns a database with records whose values repeat, are NULL, or differ in the last digit only.
func (s suite) uneven(t *testing.T) *orm.DB {
	t.Helper()
	db := s.models(t)
	owners := []*Owner{{Name: "x"}, {Name: "y"}}
	if err := db.CreateAll(t.Context(), owners); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var list []*Record
	for i := range 24 {
		r := &Record{Code: fmt.Sprintf("%02d", i), Small: int16(i % 3), Count: int64(i / 2), Ratio: float64(i%5) / 3, Active: i%2 == 0}
		if i%4 != 0 {
			r.Text = ptr(strings.Repeat("é", i%3))
			r.At = ptr(at.Add(time.Duration(i%7) * time.Microsecond))
			r.Price = ptr(fmt.Sprintf("%d.10", i%2))
		}
		if i%5 != 0 {
			r.OwnerID, r.Day = &owners[i%2].ID, ptr(time.Date(2026, 1, 1+i%3, 0, 0, 0, 0, time.UTC))
		}
		list = append(list, r)
	}
	for _, r := range list {
		r.Count += int64(r.Small) * 100 // unique together
	}
	create(t, db, list...)
	return db
}

// testCursors checks that pages by cursor, forward and back, are the slices of the whole list, in every order.
func testCursors(t *testing.T, s suite) {
	db := s.uneven(t)
	ctx := t.Context()
	for _, order := range [][]string{
		nil,
		{"code"},
		{"-code"},
		{"small", "-count"},
		{"text"},
		{"-text", "small"},
		{"at", "-price"},
		{"-at", "text", "-code"},
		{"ratio", "active"},
		{"-day", "price"},
		{"owner__name", "-at"},
		{"-owner__name", "text", "-pk"},
		{"owner_id"},
		{"double", "-text"},
	} {
		q := dynamic.From(db, "driver.Record").Annotate("double", dynamic.F("small").Mul(2)).OrderBy(order...)
		whole, err := q.OrderBy(append(slices.Clone(order), "pk")...).Values(ctx, "code")
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, row := range whole {
			want = append(want, fmt.Sprint(row["code"]))
		}
		if slices.Contains(order, "-pk") {
			want = codesOf(t, q)
		}
		var got []string
		var pages []*dynamic.CursorPage[any]
		for cursor := ""; len(pages) < 10; {
			page, err := dynamic.PaginateAfter(ctx, q, cursor, 5)
			if err != nil {
				t.Fatalf("%q: %v", order, err)
			}
			pages = append(pages, page)
			for _, item := range page.Items {
				got = append(got, item.(*Record).Code)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if !slices.Equal(got, want) || len(pages) != 5 || len(pages[4].Items) != 4 {
			t.Errorf("%q: got  %s in %d pages\nwant %s", order, got, len(pages), want)
		}
		for i := len(pages) - 1; i > 0; i-- {
			back, err := dynamic.PaginateAfter(ctx, q, pages[i].Previous, 5)
			if err != nil || fmt.Sprint(recordCodes(back.Items)) != fmt.Sprint(recordCodes(pages[i-1].Items)) {
				t.Errorf("%q: back from page %d: %v, %v", order, i, recordCodes(back.Items), err)
				break
			}
			if (back.Previous == "") != (i == 1) || back.Next == "" {
				t.Errorf("%q: back from page %d: %+v", order, i, back)
			}
		}
		if pages[0].Previous != "" {
			t.Errorf("%q: there is a page before the first", order)
		}
	}
}

func recordCodes(items []any) []string {
	var list []string
	for _, item := range items {
		list = append(list, item.(*Record).Code)
	}
	return list
}

func codesOf(t *testing.T, q dynamic.Query) []string {
	t.Helper()
	all, err := q.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return recordCodes(all)
}

// testCursorErrors checks that cursors that were changed, and orders that have no cursors, are refused.
func testCursorErrors(t *testing.T, s suite) {
	db := s.uneven(t)
	ctx := t.Context()
	q := records(db).OrderByNames("code")
	page, err := orm.PaginateAfter(ctx, q, "", 3)
	if err != nil {
		t.Fatal(err)
	}
	for name, cursor := range map[string]string{
		"of no form": "'; DROP TABLE driver_record; --", "cut": page.Next[:len(page.Next)-4], "too long": strings.Repeat("a", 3000),
		"of JSON": "e30", "of another type": "eyJvIjoiIiwidiI6W3t9XX0",
	} {
		refused(t, db, "the cursor of the page is not valid", func() error {
			_, err := orm.PaginateAfter(ctx, q, cursor, 3)
			if _, ok := errors.AsType[*orm.CursorError](err); !ok {
				t.Errorf("%s: %v", name, err)
			}
			return err
		})
	}
	for want, other := range map[string]orm.Query[Record]{
		"in another order":                  q.Reverse(),
		"this one is random":                q.OrderByNames("?"),
		"without Limit and Offset":          q.Limit(3),
		"leads into JSON":                   q.OrderByNames("data__k"),
		`no field "cde"`:                    q.OrderByNames("cde"),
		"PaginateAfter takes an order by v": q.OrderByNames("data"),
	} {
		refused(t, db, want, func() error { _, err := orm.PaginateAfter(ctx, other, page.Next, 3); return err })
	}
	other := dynamic.From(db, "driver.Owner").OrderBy("records__code")
	refused(t, db, "leads to many rows", func() error { _, err := dynamic.PaginateAfter(ctx, other, "", 3); return err })
	if page, err := orm.PaginateAfter(ctx, q.None(), "", 3); err != nil || len(page.Items) != 0 || page.Next != "" {
		t.Errorf("no rows: %+v, %v", page, err)
	}
}

// testChunks checks that chunks are complete while their rows change, and hold no connection.
func testChunks(t *testing.T, s suite) {
	db := s.uneven(t)
	ctx := t.Context()
	var sizes []int
	seen := map[string]bool{}
	for chunk, err := range records(db).Where("small__lt", 2).InChunks(ctx, 6) {
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(chunk))
		for _, r := range chunk {
			seen[r.Code] = true
			r.Small, r.Count = 5, r.Count+1000
			if err := db.SkipValidation().Save(ctx, r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !slices.Equal(sizes, []int{6, 6, 4}) || len(seen) != 16 {
		t.Errorf("chunks of %d, %d records", sizes, len(seen))
	}
	for range records(db).InChunks(ctx, 5) {
		break
	}
	for want, q := range map[string]orm.Query[Record]{
		"remove OrderBy":           records(db).OrderByNames("code"),
		"without Limit and Offset": records(db).Limit(3),
		"rows of DistinctOn":       records(db).DistinctOnNames("owner"),
	} {
		refused(t, db, want, func() error {
			for _, err := range q.InChunks(ctx, 5) {
				return err
			}
			return nil
		})
	}
}

// recordRow is a row with the object and values that were computed for it.
type recordRow struct {
	*Record
	Double int64
	Name   string `orm:"owner__name"`
}

// groupRow is a group of records.
type groupRow struct {
	Small   int16
	Records int64
}

// testObjectsWithValues checks rows that have an object and values, groups, and pages of both.
func testObjectsWithValues(t *testing.T, s suite) {
	db := s.uneven(t)
	ctx := t.Context()
	q := records(db).Annotate("double", dynamic.F("small").Mul(2)).OrderByNames("code").SelectRelatedNames("owner")
	rows, err := orm.Select[recordRow](ctx, q.Limit(3))
	if err != nil || len(rows) != 3 {
		t.Fatalf("%+v, %v", rows, err)
	}
	if r := rows[2]; r.Code != "02" || r.Double != 4 || r.Name != "x" || r.Owner == nil || r.Owner.Name != "x" || rows[0].Name != "" {
		t.Errorf("got %+v", r)
	}
	type byValue struct {
		Record
		Double int64
	}
	values, err := orm.Select[byValue](ctx, q.DeferNames("text").Where("code", "02"))
	if err != nil || len(values) != 1 || values[0].Code != "02" || values[0].Double != 4 {
		t.Fatalf("by value: %+v, %v", values, err)
	}
	if got := orm.DeferredFields(&values[0].Record); !slices.Equal(got, []string{"text"}) {
		t.Errorf("a copied object was read without %q", got)
	}
	page, err := orm.SelectPage[recordRow](ctx, q, 2, 10)
	if err != nil || page.Total != 24 || page.Pages != 3 || page.Items[0].Code != "10" || page.Items[0].Double != 2 {
		t.Errorf("a page: %+v, %v", page, err)
	}
	groups := records(db).OrderByNames("-records").Dynamic().GroupBy("small").Annotate("records", dynamic.Count(""))
	numbers, err := dynamic.SelectPage[groupRow](ctx, groups, 2, 2)
	if err != nil || numbers.Total != 3 || len(numbers.Items) != 1 || numbers.Items[0] != (groupRow{2, 8}) {
		t.Errorf("a page of groups: %+v, %v", numbers, err)
	}
	refused(t, db, "leave the embedded Record out", func() error { _, err := dynamic.Select[recordRow](ctx, groups); return err })
	refused(t, db, "SelectPage cannot count distinct values", func() error {
		_, err := orm.SelectPage[groupRow](ctx, records(db).Distinct(), 1, 2)
		return err
	})
}

// testMembership checks Contains and the rows of unique values.
func testMembership(t *testing.T, s suite) {
	db := s.uneven(t)
	ctx := t.Context()
	r, err := records(db).Where("code", "07").Get(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		query orm.Query[Record]
		want  bool
	}{
		"all":                {records(db), true},
		"a condition":        {records(db).Where("small", r.Small), true},
		"another condition":  {records(db).WhereNot("code", "07"), false},
		"none":               {records(db).None(), false},
		"the first eight":    {records(db).OrderByNames("code").Limit(8), true},
		"the first seven":    {records(db).OrderByNames("code").Limit(7), false},
		"a union":            {records(db).Where("code", "07").Union(records(db).Where("code", "08")), true},
		"one of each number": {records(db).OrderByNames("code").DistinctOnNames("small"), false},
	} {
		if got, err := test.query.Contains(ctx, r); err != nil || got != test.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	found, err := dynamic.From(db, "driver.Record").ByUnique(ctx, "code", "07", "nowhere", "08")
	if err != nil || len(found) != 2 || found["07"].(*Record).ID != r.ID {
		t.Errorf("by a unique field: %v, %v", found, err)
	}
	refused(t, db, `"small" is not unique`, func() error { _, err := dynamic.From(db, "driver.Record").ByUnique(ctx, "small", 1); return err })
	refused(t, db, `no field "cod"`, func() error { _, err := dynamic.From(db, "driver.Record").ByUnique(ctx, "cod", 1); return err })
	refused(t, db, "Contains takes a pointer to a Record", func() error {
		_, err := dynamic.From(db, "driver.Record").Contains(ctx, &Owner{})
		return err
	})
}

// testLoad checks that relations of objects that were read before are loaded with one statement each.
func testLoad(t *testing.T, s suite) {
	db := s.uneven(t)
	ctx := t.Context()
	all, err := records(db).OrderByNames("code").All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	list := make([]any, len(all))
	for i, r := range all {
		list[i] = r
	}
	sent := statements(db, func() { err = dynamic.Load(ctx, db, list, "owner") })
	if err != nil || strings.Count(sent, "\n") != 0 || all[0].Owner != nil || all[1].Owner == nil || all[1].Owner.Name != "y" {
		t.Errorf("%+v, %v\n%s", all[1].Owner, err, sent)
	}
	if err := dynamic.Load(ctx, db, nil, "owner"); err != nil {
		t.Error(err)
	}
	for want, run := range map[string]func() error{
		`no relation "owneer"`: func() error { return dynamic.Load(ctx, db, list, "owneer") },
		"of one model":         func() error { return dynamic.Load(ctx, db, []any{all[0], &Owner{}}, "owner") },
		"received no database": func() error { return dynamic.Load(ctx, nil, list, "owner") },
	} {
		refused(t, db, want, run)
	}
}

// testDateLists checks the distinct periods of dates and times, in UTC and in a zone.
func testDateLists(t *testing.T, s suite) {
	db := s.models(t)
	ctx := t.Context()
	moments := []string{
		"2025-12-31T23:30:00Z", "2026-01-01T00:15:00Z", "2026-03-29T00:59:59.5Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z",
		"2026-10-25T01:30:00Z", "2026-10-25T01:30:30Z", "2000-02-29T18:31:00Z",
	}
	create(t, db, &Record{Code: "none"})
	var times []time.Time
	for i, text := range moments {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		times = append(times, at)
		create(t, db, &Record{Code: fmt.Sprint(i), At: ptr(at), Day: ptr(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC))})
	}
	q := dynamic.From(db, "driver.Record")
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	kolkata := time.FixedZone("+05:30", 5*3600+1800)
	layouts := map[string]string{"year": "2006", "month": "2006-01", "day": "2006-01-02", "hour": "2006-01-02 15", "minute": "2006-01-02 15:04"}
	for _, zone := range []*time.Location{time.UTC, berlin, kolkata} {
		for unit, layout := range layouts {
			var want []string
			for _, at := range times {
				want = append(want, at.In(zone).Format(layout+" -0700"))
			}
			got, err := q.DatesIn(ctx, "at", unit, zone)
			var texts []string
			for _, start := range got {
				texts = append(texts, start.In(zone).Format(layout+" -0700"))
			}
			if unit == "hour" || unit == "minute" {
				want, texts = uniq(want), uniq(texts)
			} else { // the offset at the start of a period may be another one
				want, texts = uniq(cut(want)), uniq(cut(texts))
			}
			if err != nil || !slices.Equal(texts, want) || !slices.IsSortedFunc(got, time.Time.Compare) {
				t.Errorf("%s in %s: got %q, want %q, %v", unit, zone, texts, want, err)
			}
		}
	}
	days, err := q.DatesIn(ctx, "day", "month", berlin)
	if err != nil || len(days) != 5 || !days[0].Equal(time.Date(2000, 2, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("months of dates: %v, %v", days, err)
	}
	quarters, err := q.Where("at__year", 2026).Dates(ctx, "at", "quarter")
	if err != nil || len(quarters) != 2 || quarters[1].Month() != time.October {
		t.Errorf("quarters: %v, %v", quarters, err)
	}
	weeks, err := q.Where("at__year", 2026).Dates(ctx, "at", "week")
	if err != nil || len(weeks) != 3 || weeks[1] != time.Date(2026, 3, 23, 0, 0, 0, 0, time.UTC) {
		t.Errorf("weeks: %v, %v", weeks, err)
	}
	for want, run := range map[string]func() error{
		`no unit "mont"; did you mean "month"?`: func() error { _, err := q.Dates(ctx, "at", "mont"); return err },
		"a date has no hour":                    func() error { _, err := q.Dates(ctx, "day", "hour"); return err },
		"takes a date or time, not":             func() error { _, err := q.Dates(ctx, "code", "year"); return err },
		`no field "att"`:                        func() error { _, err := q.Dates(ctx, "att", "year"); return err },
	} {
		refused(t, db, want, run)
	}
}

// cut returns texts without their last word.
func cut(texts []string) []string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = text[:strings.LastIndex(text, " ")]
	}
	return list
}
