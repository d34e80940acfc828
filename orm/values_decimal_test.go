package orm_test

import (
	"database/sql"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

func TestDecimalsKeepDeclaredPlaces(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	for sum, want := range map[string]string{
		"9.50": "9.50", "9.5": "9.50", "9": "9.00", "0": "0.00", "-0.00": "0.00", "1234567.89": "1234567.89", "-1234567.80": "-1234567.80", "10000000.01": "10000000.01",
		"9999999999999.99": "9999999999999.99", "100000000000000000.00": "100000000000000000.00", "0.01": "0.01", "-0.05": "-0.05", "+3.10": "3.10",
	} {
		rate := "0.00001"
		b := &Bill{Sum: sum, Rate: &rate, Tip: sql.NullString{String: "1.5", Valid: true}, Exact: Money{"1234567.80"}}
		mustCreate(t, db, b)
		got, err := orm.Objects[Bill](db).Where("pk", b.ID).Get(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got.Sum != want || *got.Rate != rate || got.Tip.String != "1.500" || got.Exact.Text != "1234567.80" {
			t.Errorf("%s: came back as %s, %s, %s, %s", sum, got.Sum, *got.Rate, got.Tip.String, got.Exact.Text)
		}
		if err := db.Refresh(t.Context(), got); err != nil || got.Sum != want {
			t.Errorf("%s: refreshed to %s, %v", sum, got.Sum, err)
		}
		if err := db.Save(t.Context(), got); err != nil {
			t.Errorf("%s: what was read cannot be saved: %v", sum, err)
		}
		values, err := dynamic.From(db, "vault.Bill").Where("pk", b.ID).Values(t.Context(), "sum", "rate")
		if err != nil || values[0]["sum"] != want || values[0]["rate"] != rate {
			t.Errorf("%s: Values are %v, %v", sum, values, err)
		}
		wantCount(t, dynamic.From(db, "vault.Bill").Where("pk", b.ID).Where("sum", sum), 1, sum)
	}
}

func TestInvalidDecimals(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	row := &Bill{Sum: "1.00"}
	mustCreate(t, db, row)
	for _, bad := range []string{
		"", "abc", "NaN", "Inf", "-Infinity", "1,5", "1e400", "1e3", "12 EUR", "0x10", "1_000", "٣", "--1", "1.2.3", "99999999999999.99", "123456789012345678.91", "1.234", "1000000000000000000",
	} {
		wantInvalid(t, db.Create(t.Context(), &Bill{Sum: bad}), "sum", "Create "+bad)
		wantInvalid(t, db.CreateAll(t.Context(), []*Bill{{Sum: "1"}, {Sum: bad}}), "sum", "CreateAll "+bad)
		changed := &Bill{ID: row.ID, Sum: bad}
		wantInvalid(t, db.Save(t.Context(), changed), "sum", "Save "+bad)
		wantInvalid(t, db.SaveFields(t.Context(), changed, "sum"), "sum", "SaveFields "+bad)
		if bad == "1.234" || bad == "1000000000000000000" || bad == "1e3" { // digits, without validation's rules for people
			continue
		}
		wantInvalid(t, db.SkipValidation().Create(t.Context(), &Bill{Sum: bad}), "sum", "Create without validation "+bad)
		_, err := dynamic.From(db, "vault.Bill").Update(t.Context(), map[string]any{"sum": bad})
		wantInvalid(t, err, "sum", "Update "+bad)
	}
	wantInvalid(t, db.Create(t.Context(), &Bill{Sum: "1", Tip: sql.NullString{String: "abc", Valid: true}}), "tip", "NullString")
	wantInvalid(t, db.Create(t.Context(), &Bill{Sum: "1", Exact: Money{"12 EUR"}}), "exact", "Money")
	bad := "NaN"
	wantInvalid(t, db.Create(t.Context(), &Bill{Sum: "1", Rate: &bad}), "rate", "*string")
	wantCount(t, dynamic.From(db, "vault.Bill"), 1, "nothing was stored")
}

func TestLookupsOnDecimals(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	for _, s := range []string{"3.00", "9.50", "1234567.89"} {
		mustCreate(t, db, &Bill{Sum: s})
	}
	q := dynamic.From(db, "vault.Bill")
	for _, bad := range []any{"abc", "NaN", "1,5", "12 EUR", math.NaN(), math.Inf(1), true} {
		for _, lookup := range []string{"sum", "sum__gte", "sum__lt"} {
			wantLookup(t, q.Where(lookup, bad), lookup)
		}
	}
	wantLookup(t, q.Where("sum__range", "1,abc"), "range")
	wantLookup(t, q.Where("sum__in", []string{"1", "abc"}), "in")
	for _, tt := range []struct {
		lookup string
		value  any
		want   int64
	}{
		{"sum", "3", 1},
		{"sum", "9.5", 1},
		{"sum", 9.5, 1},
		{"sum", 3, 1},
		{"sum__gte", "9.50", 2},
		{"sum__in", "3.0,9.50,7", 2},
		{"sum__range", []string{"3", "9.5"}, 2},
		{"sum", Money{"3.00"}, 1},
		{"sum", "99999999999999999.99", 0},
		{"sum__gt", "99999999999999999.99", 0},
		{"sum__lt", "99999999999999999.99", 3},
		{"sum__gte", "-99999999999999999.99", 3},
		{"sum__gt", "2.99999999999999999999", 3},
		{"sum__gt", "3.00000000000000000001", 2},
		{"sum__lte", "2.99999999999999999999", 0},
	} {
		wantCount(t, q.Where(tt.lookup, tt.value), tt.want, tt.lookup)
	}
}

func TestArithmeticOfDecimals(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	rate := "2.00000"
	mustCreate(t, db, &Bill{Sum: "3.00", People: 2, Rate: &rate}, &Bill{Sum: "3.10", People: 2}, &Bill{Sum: "0.10", People: 4})
	first := dynamic.From(db, "vault.Bill").Where("pk", 1)
	for name, tt := range map[string]struct {
		expr dynamic.Expression
		want string
	}{
		"decimal by int column":    {dynamic.F("sum").Div(dynamic.F("people")), "1.5"},
		"int by decimal":           {dynamic.F("people").Div(dynamic.F("sum")), "0.666666666666667"},
		"decimal by a number":      {dynamic.F("sum").Div(2), "1.5"},
		"decimal by decimal":       {dynamic.F("sum").Div(dynamic.F("rate")), "1.5"},
		"decimal by a text":        {dynamic.F("sum").Div("0.8"), "3.75"},
		"decimal and text":         {dynamic.F("sum").Add("0.20"), "3.20"},
		"decimal less a number":    {dynamic.F("sum").Sub(1), "2.00"},
		"decimal times a decimal":  {dynamic.F("sum").Mul("1.1"), "3.300"},
		"remainder":                {dynamic.F("sum").Mod("0.7"), "0.20"},
		"in several steps":         {dynamic.F("sum").Div(2).Div(4), "0.375"},
		"int times a text":         {dynamic.F("people").Mul("0.15"), "0.30"},
		"decimal times a float":    {dynamic.F("sum").Mul(0.5), "1.5"},
		"quotient of an operation": {dynamic.F("people").Add(1).Div(dynamic.F("rate")), "1.5"},
	} {
		values, err := first.Annotate("x", tt.expr).Values(t.Context(), "x")
		if err != nil || values[0]["x"] != tt.want {
			t.Errorf("%s: got %v, %v, want %s", name, values, err, tt.want)
		}
	}
	if values, err := first.Annotate("x", dynamic.F("people").Div(4)).Values(t.Context(), "x"); err != nil || values[0]["x"] != int64(0) {
		t.Errorf("whole numbers: got %v, %v, want 0", values, err)
	}
	all := dynamic.From(db, "vault.Bill")
	wantCount(t, all.Where("sum__gt", dynamic.F("people").Div(dynamic.F("sum"))), 2, "an expression on the right side")
	wantCount(t, all.Where("sum", dynamic.F("sum").Div(dynamic.F("people")).Mul(dynamic.F("people"))), 3, "divided and multiplied again")
	wantCount(t, all.Annotate("x", dynamic.F("sum").Add("0.20")).Where("x", "0.3"), 1, "0.1 + 0.2")
	wantCount(t, all.Annotate("x", dynamic.F("sum").Div(2)).Where("x__gte", "1.50"), 2, "an annotation compared with a text")
	wantLookup(t, all.Annotate("x", dynamic.F("sum").Div(2)).Where("x__gte", "abc"), "an annotation compared with no number")
	wantLookup(t, all.Annotate("x", dynamic.F("sum").Add("abc")).Where("x__gte", 1), "no number in an expression")
}

func TestAggregatesOfDecimals(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	for _, s := range []string{"0.10", "0.20", "1234567.89"} {
		mustCreate(t, db, &Bill{Sum: s, People: 1})
	}
	small := dynamic.From(db, "vault.Bill").Where("sum__lt", 1)
	got, err := small.Aggregate(t.Context(), map[string]dynamic.Annotation{"sum": dynamic.Sum("sum"), "avg": dynamic.Avg("sum"), "min": dynamic.Min("sum"), "max": dynamic.Max("sum")})
	if err != nil || got["sum"] != "0.30" || got["avg"] != "0.15" || got["min"] != "0.10" || got["max"] != "0.20" {
		t.Errorf("got %v, %v", got, err)
	}
	type group struct {
		People int
		Total  string
	}
	groups, err := dynamic.Select[group](t.Context(), dynamic.From(db, "vault.Bill").GroupBy("people").Annotate("total", dynamic.Sum("sum")).Where("total__gte", "1234568.19"))
	if err != nil || len(groups) != 1 || groups[0].Total != "1234568.19" {
		t.Errorf("groups: %v, %v", groups, err)
	}
	wantCount(t, dynamic.From(db, "vault.Bill").GroupBy("people").Annotate("total", dynamic.Sum("sum")).Where("total__gt", "1234568.19"), 0, "groups above their sum")
	many := make([]*Bill, 200)
	for i := range many {
		many[i] = &Bill{Sum: "9999999999999.99", People: 9}
	}
	if err := db.CreateAll(t.Context(), many); err != nil {
		t.Fatal(err)
	}
	if got, err := dynamic.From(db, "vault.Bill").Where("people", 9).Aggregate(t.Context(), map[string]dynamic.Annotation{"s": dynamic.Sum("sum")}); err == nil || !strings.Contains(err.Error(), "exactly") {
		t.Errorf("a sum with more digits than SQLite keeps: got %v, %v, want an error", got, err)
	}
}

func TestUpdateRoundsToTheDeclaredPlaces(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	row := &Bill{Sum: "3.00", Exact: Money{"1.00"}}
	mustCreate(t, db, row)
	q := dynamic.From(db, "vault.Bill")
	for _, step := range []struct {
		expr dynamic.Expression
		want string
	}{
		{dynamic.F("sum").Div(2), "1.50"},
		{dynamic.F("sum").Div(7), "0.21"},
		{dynamic.F("sum").Add("0.795"), "1.01"}, // half away from zero
		{dynamic.F("sum").Mul(-1), "-1.01"},
		{dynamic.F("id").Div(4), "0.00"},
	} {
		if _, err := q.Update(t.Context(), map[string]any{"sum": step.expr}); err != nil {
			t.Fatal(err)
		}
		if err := db.Refresh(t.Context(), row); err != nil || row.Sum != step.want {
			t.Errorf("got %s, %v, want %s", row.Sum, err, step.want)
		}
	}
	var broken *orm.IntegrityError
	_, err := q.Update(t.Context(), map[string]any{"exact": dynamic.F("exact").Mul(1e11)})
	if !errors.As(err, &broken) || broken.Kind != orm.IntegrityCheck || strings.Join(broken.Fields, "") != "exact" {
		t.Errorf("a result too large for the column: got %v", err)
	}
}

func TestInvalidStoredDecimal(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	mustCreate(t, db, &Bill{Sum: "1.00"})
	for _, stored := range []string{"'12 EUR'", "1e999", "'NaN'"} {
		if _, err := db.Exec(t.Context(), "UPDATE vault_bill SET sum = "+stored); err != nil {
			t.Fatal(err)
		}
		if _, err := orm.Objects[Bill](db).All(t.Context()); err == nil || !strings.Contains(err.Error(), `column "sum" of the table "vault_bill"`) {
			t.Errorf("%s: got %v, want an error that names table and column", stored, err)
		}
	}
}
