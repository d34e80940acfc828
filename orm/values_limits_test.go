package orm_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

func TestNaNAndInfinity(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	row := &Gauge{F: 1}
	mustCreate(t, db, row)
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		what := fmt.Sprint(bad)
		wantInvalid(t, db.Create(t.Context(), &Gauge{F: bad}), "f", what)
		wantInvalid(t, db.Create(t.Context(), &Gauge{Null: &bad}), "null", what)
		wantInvalid(t, db.Create(t.Context(), &Gauge{Wrap: sql.NullFloat64{Float64: bad, Valid: true}}), "wrap", what)
		wantInvalid(t, db.SkipValidation().Create(t.Context(), &Gauge{Null: &bad}), "null", what)
		wantInvalid(t, db.CreateAll(t.Context(), []*Gauge{{}, {Null: &bad}}), "null", what)
		wantInvalid(t, db.Save(t.Context(), &Gauge{ID: row.ID, F: bad}), "f", what)
		wantInvalid(t, db.SaveFields(t.Context(), &Gauge{ID: row.ID, Null: &bad}, "null"), "null", what)
		for _, field := range []string{"f", "null", "wrap"} {
			_, err := dynamic.From(db, "vault.Gauge").Update(t.Context(), map[string]any{field: bad})
			wantInvalid(t, err, field, "Update "+what)
			wantLookup(t, dynamic.From(db, "vault.Gauge").Where(field+"__gt", bad), field+" "+what)
			wantLookup(t, dynamic.From(db, "vault.Gauge").Where(field+"__in", []float64{1, bad}), field+" in "+what)
			wantLookup(t, dynamic.From(db, "vault.Gauge").Where(field+"__lt", what), field+" as text "+what)
		}
		if _, err := dynamic.From(db, "vault.Gauge").Update(t.Context(), map[string]any{"f": dynamic.F("f").Add(bad)}); err == nil {
			t.Errorf("%s in an expression was taken", what)
		}
	}
	wantCount(t, dynamic.From(db, "vault.Gauge"), 1, "nothing was stored")
	for _, good := range []float64{0, math.MaxFloat64, math.SmallestNonzeroFloat64, -1.5} {
		mustCreate(t, db, &Gauge{F: good, Null: &good})
		wantCount(t, dynamic.From(db, "vault.Gauge").Where("f", good), 1, fmt.Sprint(good))
	}
}

// A comparison with a value that no row can have selects no rows or all of them, without an error.
func TestValuesOutOfRange(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	mustCreate(t, db, &Gauge{Small: -5, Byte: 0}, &Gauge{Small: 300, Byte: 255})
	q := dynamic.From(db, "vault.Gauge")
	huge, _ := new(big.Int).SetString("1000000000000000000000000000000", 10)
	for _, tt := range []struct {
		field      string
		value      any
		eq, gt, lt int64
	}{
		{"small", 70000, 0, 0, 2},
		{"small", -70000, 0, 2, 0},
		{"small", "70000", 0, 0, 2},
		{"small", uint64(math.MaxUint64), 0, 0, 2},
		{"id", "1000000000000000000000000000000", 0, 0, 2},
		{"id", huge, 0, 0, 2},
		{"id", 1e30, 0, 0, 2},
		{"id", "-1000000000000000000000000000000", 0, 2, 0},
		{"byte", -1, 0, 2, 0},
		{"byte", 256, 0, 0, 2},
		{"f", "1e400", 0, 0, 2},
		{"f", "-1e400", 0, 2, 0},
	} {
		what := fmt.Sprintf("%s and %v", tt.field, tt.value)
		wantCount(t, q.Where(tt.field, tt.value), tt.eq, what)
		wantCount(t, q.WhereNot(tt.field, tt.value), 2-tt.eq, "not "+what)
		wantCount(t, q.Where(tt.field+"__gt", tt.value), tt.gt, "gt "+what)
		wantCount(t, q.Where(tt.field+"__gte", tt.value), tt.gt, "gte "+what)
		wantCount(t, q.Where(tt.field+"__lt", tt.value), tt.lt, "lt "+what)
		wantCount(t, q.Where(tt.field+"__lte", tt.value), tt.lt, "lte "+what)
		wantCount(t, q.Where(tt.field+"__in", []any{tt.value}), 0, "in "+what)
	}
	wantCount(t, q.Where("small__in", "300,70000"), 1, "one of the list")
	wantCount(t, q.Where("small__range", []int{-70000, 70000}), 2, "range around all")
	wantCount(t, q.Where("small__range", []int{60000, 70000}), 0, "range above all")
	wantLookup(t, q.Where("small", "x"), "no number")
	wantLookup(t, q.Where("small", 1.5), "no whole number")
	var invalid *orm.ValidationError
	if _, err := q.Update(t.Context(), map[string]any{"small": 70000}); !errors.As(err, &invalid) {
		t.Errorf("Update: got %v, want a ValidationError", err)
	}
}

func TestManyConditions(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	for i := range 4 {
		mustCreate(t, db, &Keeper{Name: fmt.Sprint("k", i)}, &Crate{Code: fmt.Sprint("c", i), OwnerID: int64(i + 1)})
	}
	const many = 1500
	keepers := dynamic.From(db, "vault.Keeper")
	var or, related []dynamic.Condition
	nots, narrowed, chain, both := keepers, keepers, dynamic.Is("name", "k0"), dynamic.Is("pk__gt", 0)
	for i := range many {
		name := fmt.Sprint("k", i)
		or = append(or, dynamic.And(dynamic.Is("name", name), dynamic.Is("pk__lt", 1000)))
		related = append(related, dynamic.Is("crates__code", fmt.Sprint("c", i)))
		chain = chain.Or(dynamic.Is("name", name))
		both = both.And(dynamic.Is("pk__lt", 5000+i))
		nots = nots.WhereNot("name", fmt.Sprint("k", i+2))
		narrowed = narrowed.Where("pk__lt", 4000-i)
	}
	wantCount(t, keepers.Filter(dynamic.Or(or...)), 4, "OR")
	wantCount(t, keepers.Filter(chain), 4, "a chain of Or")
	wantCount(t, keepers.Filter(both), 4, "a chain of And")
	wantCount(t, keepers.Filter(dynamic.Not(or...)), 4, "NOT of many")
	wantCount(t, keepers.Exclude(dynamic.Or(or...)), 0, "NOT of OR")
	wantCount(t, nots, 2, "WhereNot in a loop")
	wantCount(t, narrowed, 4, "Where in a loop")
	wantCount(t, keepers.Filter(dynamic.Or(related...)), 4, "OR of related rows")
	wantCount(t, keepers.Filter(dynamic.And(related...)), 0, "AND of one related row")
	loop := keepers
	for i := range 600 {
		loop = loop.Where("crates__code__in", []string{"c0", "c1", fmt.Sprint("x", i)})
	}
	wantCount(t, loop, 2, "related rows in a loop")
	wantCount(t, keepers.Annotate("n", dynamic.Count("crates").Where(dynamic.Or(related...))).Where("n", 1), 4, "OR in an aggregate")
}

func TestDeeplyNestedConditions(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	mustCreate(t, db, &Keeper{Name: "k"})
	q := dynamic.From(db, "vault.Keeper")
	not, alternating, single := dynamic.Is("name", "k"), dynamic.Is("name", "k"), dynamic.Is("name", "k")
	for i := range 2000 {
		not, single = not.Not(), dynamic.And(dynamic.Or(single))
		alternating = alternating.And(dynamic.Is("pk__gt", -i)).Or(dynamic.Is("pk", -i))
	}
	wantCount(t, q.Filter(not), 1, "an even number of Not")
	wantCount(t, q.Filter(not.Not()), 0, "an odd number of Not")
	wantCount(t, q.Filter(single), 1, "And and Or of one condition")
	wantLookup(t, q.Filter(alternating), "And in Or, 2,000 deep")
	inner, in := q, q
	for range 200 {
		inner, in = q.Filter(dynamic.Exists(inner)), q.Where("pk__in", in)
	}
	wantLookup(t, inner, "EXISTS in EXISTS")
	wantLookup(t, in, "IN in IN")
	inner, in = q, q
	for range 40 {
		inner, in = q.Filter(dynamic.Exists(inner)), q.Where("pk__in", in)
	}
	for what, query := range map[string]dynamic.Query{"EXISTS": inner, "IN": in} {
		var lookup *schema.LookupError
		if n, err := query.Count(t.Context()); !errors.As(err, &lookup) && (err != nil || n != 1) {
			t.Errorf("%s: got %d, %v, want the row or a LookupError", what, n, err)
		}
	}
	var values []dynamic.Condition
	for i := range 40000 {
		values = append(values, dynamic.Is("pk", i))
	}
	wantLookup(t, q.Filter(dynamic.Or(values...)), "more values than a statement takes")
}

func TestLongLists(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	const many = 40000
	at := time.Date(2026, 7, 1, 10, 20, 30, 500000000, time.UTC)
	random := rand.New(rand.NewPCG(1, 2))
	floats, decimals, times, days, texts, mixed := []float64{}, []string{}, []time.Time{}, []string{}, []string{}, []any{}
	rows := make([]*Gauge, 0, 2000)
	for len(floats) < many {
		f := math.Float64frombits(random.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		if len(rows) < cap(rows) {
			rows = append(rows, &Gauge{F: f})
		}
		i := len(floats)
		floats = append(floats, f)
		decimals = append(decimals, fmt.Sprintf("%d.%02d", i, i%100))
		times = append(times, at.Add(time.Duration(i)*time.Minute))
		days = append(days, at.AddDate(0, 0, i%3000).Format(time.DateOnly))
		texts = append(texts, fmt.Sprintf("k\x01%d", i))
		mixed = append(mixed, i, fmt.Sprint("t", i), float64(i)+0.5, i%2 == 0)
	}
	if err := db.CreateAll(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	mustCreate(t, db, &Bill{Sum: "7.07"}, &Bill{Sum: "0.01"}, &Instant{At: at.Add(time.Hour), Day: at}, &Instant{At: at.Add(time.Second)}, &Paper{Map: map[string]any{"v": "t5"}, Text: `1`}, &Paper{Map: map[string]any{"v": 5.5}, Text: `1`},
		&Keeper{Name: "k"})
	if err := db.SkipValidation().Create(t.Context(), &Keeper{Name: "k\x015"}); err != nil {
		t.Fatal(err)
	}
	wantCount(t, dynamic.From(db, "vault.Gauge").Where("f__in", floats), int64(len(rows)), "floats, to the last bit")
	wantCount(t, dynamic.From(db, "vault.Gauge").WhereNot("f__in", floats), 0, "not in floats")
	wantCount(t, dynamic.From(db, "vault.Bill").Where("sum__in", decimals), 1, "decimals")
	wantCount(t, dynamic.From(db, "vault.Instant").Where("at__in", times), 1, "times")
	wantCount(t, dynamic.From(db, "vault.Instant").Where("day__in", days), 1, "days")
	wantCount(t, dynamic.From(db, "vault.Paper").Where("map__v__in", mixed), 2, "mixed values")
	wantCount(t, dynamic.From(db, "vault.Keeper").Where("name__in", texts), 1, "texts with a control character")
	wantCount(t, dynamic.From(db, "vault.Keeper").Where("pk__in", append([]string{"99999999999999999999"}, strings.Split(strings.Repeat("1,", many)+"1", ",")...)), 1, "keys beyond the range")
	mustCreate(t, db, &Gauge{Blob: []byte{7, 1, 0xff}}, &Gauge{Blob: []byte{7, 1, 0xfe}})
	wantCount(t, dynamic.From(db, "vault.Gauge").Where("blob__in", bytesUpTo(many)), 1, "bytes")
}

func bytesUpTo(n int) [][]byte {
	list := make([][]byte, n)
	for i := range list {
		list[i] = []byte{byte(i), byte(i >> 8), 0xff}
	}
	return list
}

func TestPagesOfALimitedQuery(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	for i := range 10 {
		mustCreate(t, db, &Keeper{Name: fmt.Sprint(i)})
	}
	all := orm.Objects[Keeper](db).OrderByNames("name")
	for name, tt := range map[string]struct {
		q       orm.Query[Keeper]
		n, size int
		want    string
	}{
		"last page of a limit":        {all.Limit(3), 2, 2, "3: 2"},
		"first page of a limit":       {all.Limit(3), 1, 2, "3: 0 1"},
		"limit below the size":        {all.Limit(3), 1, 5, "3: 0 1 2"},
		"limit beyond the rows":       {all.Limit(30), 2, 8, "10: 8 9"},
		"offset":                      {all.Offset(7), 1, 2, "3: 7 8"},
		"last page of an offset":      {all.Offset(7), 2, 2, "3: 9"},
		"offset and limit":            {all.Offset(2).Limit(5), 2, 3, "5: 5 6"},
		"offset beyond the rows":      {all.Offset(20), 1, 3, "0:"},
		"limit of zero":               {all.Limit(0), 1, 3, "0:"},
		"none":                        {all.None(), 1, 3, "0:"},
		"neither":                     {all, 4, 3, "10: 9"},
		"reversed before it is paged": {all.Reverse().Limit(4), 2, 3, "4: 6"},
	} {
		typed, err := orm.Paginate(t.Context(), tt.q, tt.n, tt.size)
		untyped, err2 := dynamic.Paginate(t.Context(), tt.q.Dynamic(), tt.n, tt.size)
		if err != nil || err2 != nil {
			t.Errorf("%s: %v, %v", name, err, err2)
			continue
		}
		got, gotAny := fmt.Sprintf("%d:", typed.Total), fmt.Sprintf("%d:", untyped.Total)
		for _, k := range typed.Items {
			got += " " + k.Name
		}
		for _, k := range untyped.Items {
			gotAny += " " + k.(*Keeper).Name
		}
		if got != tt.want || gotAny != tt.want {
			t.Errorf("%s: got %q and %q, want %q", name, got, gotAny, tt.want)
		}
	}
	var page *orm.PageError
	if _, err := orm.Paginate(t.Context(), all.Limit(3), 3, 2); !errors.As(err, &page) || page.Pages != 2 {
		t.Errorf("a page beyond the limit: %v", err)
	}
}

func TestFirstErrorOfQueryIsKept(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	q := dynamic.From(db, "vault.Nothing").Limit(-1).Annotate("", dynamic.Value(1)).Using("nowhere")
	if _, err := q.Count(t.Context()); err == nil || !strings.Contains(err.Error(), "Nothing") {
		t.Errorf("got %v, want the error of the model", err)
	}
	if _, err := dynamic.From(db, "vault.Keeper").Limit(-1).Offset(-2).Count(t.Context()); err == nil || !strings.Contains(err.Error(), "Limit(-1)") {
		t.Errorf("got %v, want that of Limit", err)
	}
	wantCount(t, dynamic.From(db, "vault.Keeper").Using("default"), 0, "the default database")
}
