package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/dialect"
)

// testPlans checks that every step of a plan can be shown.
func testPlans(t *testing.T, s suite) {
	db := s.open(t)
	planner, ok := db.Dialect().(dialect.Planner)
	if !ok {
		t.Fatal("the dialect is no dialect.Planner")
	}
	old := &dialect.Table{Name: "thing", Columns: []dialect.Column{{Name: "id", Type: dialect.TypeBigInt, PrimaryKey: true, Auto: true}}}
	with := &dialect.Table{Name: "thing", Columns: append(slices.Clone(old.Columns), dialect.Column{Name: "name", Type: dialect.TypeText})}
	for _, change := range []dialect.TableChange{
		{New: old},
		{Old: old},
		{Old: old, New: with, Columns: []dialect.ColumnChange{
			{Old: &old.Columns[0], New: &with.Columns[0]},
			{New: &with.Columns[1], Fill: "x"},
		}},
	} {
		list, err := planner.Plan([]dialect.TableChange{change})
		if err != nil || len(list) == 0 {
			t.Errorf("%d steps, error %v", len(list), err)
		}
		for _, step := range list {
			if strings.TrimSpace(step.String()) == "" {
				t.Errorf("a step without text: %#v", step)
			}
		}
	}
	if list, err := planner.Plan(nil); err != nil || len(list) != 0 {
		t.Errorf("no change: %d steps, error %v", len(list), err)
	}
}

// testNames checks that a name with quotation marks and one that is a word of SQL can be used.
func testNames(t *testing.T, s suite) {
	db := s.open(t)
	d := db.Dialect()
	if marks := d.Quote(""); len(marks) != 2 {
		t.Errorf("the empty name is quoted as %q", marks)
	}
	for _, name := range []string{`q"uo`, "back`tick", "select", "two words", "Ünï"} {
		w := dialect.NewWriter(d)
		w.Text("CREATE TABLE ")
		w.Name(name)
		w.Text(" (")
		w.Name("order " + name)
		w.Text(" integer)")
		exec(t, db, w)
		w = dialect.NewWriter(d)
		w.Text("INSERT INTO ")
		w.Name(name)
		w.Text(" (")
		w.Names("order " + name)
		w.Text(") VALUES (")
		w.Bind(5)
		w.Text(")")
		exec(t, db, w)
		if n := number(t, db, "SELECT count(*) FROM "+d.Quote(name)+" WHERE "+d.Quote("order "+name)+" = 5"); n != 1 {
			t.Errorf("%q: %d rows", name, n)
		}
	}
}

func testEstimates(t *testing.T, s suite) {
	db := s.models(t)
	if n, err := db.EstimateRows(t.Context(), "driver_record"); err != nil || n < 0 {
		t.Errorf("an empty table: %d, %v", n, err)
	}
}
