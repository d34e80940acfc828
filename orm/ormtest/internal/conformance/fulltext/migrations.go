package fulltext

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// history is an app with migrations that follow each other.
type history struct{ list []migrate.Migration }

func (history) Name() string                      { return "lib" }
func (h history) Migrations() []migrate.Migration { return h.list }

// steps returns an app with one migration for each list of operations, called "0001" and so on.
func steps(lists ...[]operations.Operation) history {
	var h history
	for i, list := range lists {
		m := migrate.Migration{Name: fmt.Sprintf("%04d_step", i+1), Operations: list}
		if i > 0 {
			m.Depends = []operations.Dependency{operations.On("lib", h.list[i-1].Name)}
		}
		h.list = append(h.list, m)
	}
	return h
}

// insert adds rows with one column.
func insert(t *testing.T, db *orm.DB, table, column string, values ...string) {
	t.Helper()
	d := db.Dialect()
	for _, v := range values {
		query := "INSERT INTO " + d.Quote(table) + " (" + d.Quote(column) + ") VALUES (" + d.Placeholder(1) + ")"
		if _, err := db.Exec(t.Context(), query, v); err != nil {
			t.Fatal(err)
		}
	}
}

// inTable returns the keys of the rows of a table that a text finds in an index.
func inTable(t *testing.T, db *orm.DB, table string, x search.Index, text string) string {
	t.Helper()
	x.Alias, x.Key = "t0", "id"
	w := dialect.NewWriter(db.Dialect())
	w.Text("SELECT t0.id FROM ")
	w.Name(table)
	w.Text(" AS t0 WHERE ")
	searcher, err := search.Of(db.Dialect())
	if err != nil {
		t.Fatal(err)
	}
	searcher.MatchSearch(w, x, search.Parse(text).Terms)
	w.Text(" ORDER BY 1")
	return list(numbers(t, db, w.SQL(), w.Args()...))
}

func numbers(t *testing.T, db *orm.DB, query string, args ...any) (found []int64) {
	t.Helper()
	rows, err := db.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		found = append(found, n)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

// indexes describes the indexes for full-text search of a table, and its columns.
func indexes(t *testing.T, db *orm.DB, table string) string {
	t.Helper()
	introspector, ok := db.Dialect().(dialect.Introspector)
	if !ok {
		t.Fatal("the dialect is no dialect.Introspector")
	}
	described, err := introspector.Table(t.Context(), db.Writer(), table)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, c := range described.Columns {
		parts = append(parts, c.Name)
	}
	for _, x := range described.Indexes {
		if x.Search {
			names := make([]string, len(x.Columns))
			for i, c := range x.Columns {
				names[i] = c.Name
			}
			slices.Sort(names)
			parts = append(parts, x.Name+"("+strings.Join(names, " ")+")")
		}
	}
	return strings.Join(parts, " ")
}

// page creates a model of pages with rows.
func page(t *testing.T, db *orm.DB, second []operations.Operation) history {
	t.Helper()
	app := steps([]operations.Operation{operations.CreateModel{Name: "Page", Fields: []operations.Field{
		operations.BigAuto("id"), operations.Char("title", 40), operations.Text("body").Null(), operations.Int("views").Null(),
	}}}, second)
	if err := migrate.To(t.Context(), db, "lib", "0001", app); err != nil {
		t.Fatal(err)
	}
	insert(t, db, "lib_page", "title", "alpha one", "beta two", "alpha three")
	return app
}

var added = operations.AddIndex{
	Model: "Page", Index: operations.Index{Name: "lib_page_search", Fields: []string{"title", "body"}, Search: true},
}

// testMigrations adds and removes an index, and renames what it is of, forward and backward. It finds the same rows after each
// step, and new rows too.
func testMigrations(t *testing.T, db *orm.DB) {
	app := page(t, db, []operations.Operation{added})
	app.list = append(app.list, steps(nil, nil,
		[]operations.Operation{operations.RenameField{Model: "Page", From: "title", To: "headline"}},
		[]operations.Operation{operations.RenameModel{From: "Page", To: "Leaf"}},
		[]operations.Operation{operations.AlterModelTable{Name: "Leaf", Table: "leaves"}},
		[]operations.Operation{operations.RemoveIndex{Model: "Leaf", Name: "lib_page_search"}},
		[]operations.Operation{operations.AddIndex{Model: "Leaf", Index: operations.Index{
			Name: "leaf_headline_search", Fields: []string{"headline"}, Search: true,
		}}},
		[]operations.Operation{operations.DeleteModel{Name: "Leaf"}},
	).list[2:]...)
	x := search.Index{Name: "lib_page_search", Columns: []string{"title", "body"}}
	renamed := search.Index{Name: "lib_page_search", Columns: []string{"headline", "body"}}
	last := search.Index{Name: "leaf_headline_search", Columns: []string{"headline"}}
	states := []struct {
		table, title string
		index        search.Index
		want         string
	}{
		{"lib_page", "title", search.Index{}, "id title body views"},
		{"lib_page", "title", x, "id title body views lib_page_search(body title)"},
		{"lib_page", "headline", renamed, "id headline body views lib_page_search(body headline)"},
		{"lib_leaf", "headline", renamed, "id headline body views lib_page_search(body headline)"},
		{"leaves", "headline", renamed, "id headline body views lib_page_search(body headline)"},
		{"leaves", "headline", search.Index{}, "id headline body views"},
		{"leaves", "headline", last, "id headline body views leaf_headline_search(headline)"},
	}
	rows := []int64{1, 3}
	visit := func(i int, direction string) {
		t.Helper()
		if err := migrate.To(t.Context(), db, "lib", fmt.Sprintf("%04d", i+1), app); err != nil {
			t.Fatalf("%s to %d: %v", direction, i+1, err)
		}
		s := states[i]
		if got := indexes(t, db, s.table); got != s.want {
			t.Errorf("%s to %d: got %s, want %s", direction, i+1, got, s.want)
		}
		insert(t, db, s.table, s.title, fmt.Sprintf("alpha %s %d", direction, i))
		newest := numbers(t, db, "SELECT MAX(id) FROM "+s.table)
		rows = append(rows, newest...)
		if s.index.Name == "" {
			return
		}
		if got := inTable(t, db, s.table, s.index, "alpha"); got != list(rows) {
			t.Errorf("%s to %d: got [%s], want [%s]", direction, i+1, got, list(rows))
		}
		if _, err := db.Exec(t.Context(), "DELETE FROM "+s.table+" WHERE id = "+list(newest)); err != nil {
			t.Fatal(err)
		}
		rows = rows[:len(rows)-1]
		if got := inTable(t, db, s.table, s.index, "alpha"); got != list(rows) {
			t.Errorf("%s to %d, after a deletion: got [%s], want [%s]", direction, i+1, got, list(rows))
		}
	}
	for i := range states {
		visit(i, "forward")
	}
	for i := len(states) - 2; i >= 0; i-- {
		visit(i, "backward")
	}
	if err := migrate.Up(t.Context(), db, app); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, db)
}

// nothingLeft checks that nothing is left of an index once its table has been dropped: a table of the same name can be
// created again with it.
func nothingLeft(t *testing.T, db *orm.DB) {
	t.Helper()
	introspector, _ := db.Dialect().(dialect.Introspector)
	names, err := introspector.Tables(t.Context(), db.Writer())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.Contains(name, "leaf") || strings.Contains(name, "page") {
			t.Errorf("the table %s is left", name)
		}
	}
}

// testAlteredFields changes how the fields of an index are stored, and back.
func testAlteredFields(t *testing.T, db *orm.DB) {
	app := page(t, db, []operations.Operation{added})
	app.list = append(app.list, steps(nil, nil,
		[]operations.Operation{operations.AlterField{Model: "Page", Field: operations.Text("title")}},
		[]operations.Operation{operations.AlterField{Model: "Page", Field: operations.Text("body").Backfill("filled")}},
		[]operations.Operation{operations.AlterField{Model: "Page", Field: operations.Char("title", 80).Using("title || ' used'")}},
		[]operations.Operation{operations.AlterField{Model: "Page", Field: operations.Int("views").Backfill(0)}},
		[]operations.Operation{operations.RemoveField{Model: "Page", Name: "views"}},
		[]operations.Operation{operations.AddField{Model: "Page", Field: operations.Char("extra", 10).Backfill("none")}},
	).list[2:]...)
	if mysql := db.Dialect().Quote("") == "``"; mysql { // which reads || as OR
		app.list[4].Operations = []operations.Operation{
			operations.AlterField{Model: "Page", Field: operations.Char("title", 80).Using("concat(title, ' used')")},
		}
	}
	x := search.Index{Name: "lib_page_search", Columns: []string{"title", "body"}}
	for i, step := range []struct{ text, want string }{
		{"alpha", "1 3"},
		{"alpha", "1 3"},
		{"alpha filled", "1 3"},
		{"alpha filled used", "1 3"},
		{"alpha filled", "1 3"},
		{"used", "1 2 3"},
		{"used", "1 2 3"},
	} {
		if err := migrate.To(t.Context(), db, "lib", fmt.Sprintf("%04d", i+2), app); err != nil {
			t.Fatalf("step %d: %v", i+2, err)
		}
		if got := inTable(t, db, "lib_page", x, step.text); got != step.want {
			t.Errorf("step %d: %q finds [%s], want [%s]", i+2, step.text, got, step.want)
		}
	}
	for i := 6; i >= 0; i-- {
		if err := migrate.To(t.Context(), db, "lib", fmt.Sprintf("%04d", i+1), app); err != nil {
			t.Fatalf("back to step %d: %v", i+1, err)
		}
		if i == 0 {
			continue
		}
		if got := inTable(t, db, "lib_page", x, "alpha"); got != "1 3" {
			t.Errorf("back to step %d: got [%s]", i+1, got)
		}
	}
	if got := indexes(t, db, "lib_page"); got != "id title body views" {
		t.Errorf("at the end: %s", got)
	}
}

// testRebuilt has an index beside references, which SQLite has to keep while it creates the table again, and refuses to remove
// what the index needs.
func testRebuilt(t *testing.T, db *orm.DB) {
	app := page(t, db, []operations.Operation{
		added,
		operations.CreateModel{Name: "Line", Fields: []operations.Field{operations.BigAuto("id"), operations.ForeignKey("page", "lib.Page")}},
	})
	app.list = append(app.list, steps(nil, nil,
		[]operations.Operation{operations.AlterField{Model: "Page", Field: operations.BigInt("views").Null()}},
		[]operations.Operation{operations.AddConstraint{Model: "Page", Constraint: operations.Check{Name: "lib_page_views", SQL: "views >= 0"}}},
	).list[2:]...)
	if err := migrate.To(t.Context(), db, "lib", "0002", app); err != nil {
		t.Fatal(err)
	}
	insert(t, db, "lib_line", "page_id", "3")
	if err := migrate.Up(t.Context(), db, app); err != nil {
		t.Fatal(err)
	}
	x := search.Index{Name: "lib_page_search", Columns: []string{"title", "body"}}
	if got := inTable(t, db, "lib_page", x, "alpha"); got != "1 3" {
		t.Errorf("got [%s]", got)
	}
	if _, err := db.Exec(t.Context(), "UPDATE lib_page SET title = 'gamma' WHERE id = 3"); err != nil {
		t.Fatal(err)
	}
	if got := inTable(t, db, "lib_page", x, "alpha") + ", " + inTable(t, db, "lib_page", x, "gamma"); got != "1, 3" {
		t.Errorf("after a change: got [%s]", got)
	}
	app.list = append(app.list, steps(nil, nil, nil, nil,
		[]operations.Operation{operations.RemoveField{Model: "Page", Name: "body"}},
	).list[4:]...)
	if err := migrate.Up(t.Context(), db, app); err == nil || !strings.Contains(err.Error(), "lib_page_search") {
		t.Errorf("a field of the index was removed, error %v", err)
	}
}
