package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// exec runs a written statement.
func exec(t *testing.T, db *orm.DB, w *dialect.Writer) {
	t.Helper()
	if _, err := db.Exec(t.Context(), w.SQL(), w.Args()...); err != nil {
		t.Fatalf("%v\n%s", err, w.SQL())
	}
}

// number reads one whole number.
func number(t *testing.T, db *orm.DB, query string) (n int64) {
	t.Helper()
	rows, err := db.Query(t.Context(), query)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

// table describes a table of the database, nil if it does not exist.
func table(t *testing.T, db *orm.DB, name string) *dialect.Table {
	t.Helper()
	introspector, ok := db.Dialect().(dialect.Introspector)
	if !ok {
		t.Fatal("the dialect is no dialect.Introspector")
	}
	has, err := introspector.HasTable(t.Context(), db.Writer(), name)
	if err != nil {
		t.Fatal(err)
	}
	found, err := introspector.Table(t.Context(), db.Writer(), name)
	if has != (err == nil) || !has && !errors.Is(err, dialect.ErrNoTable) {
		t.Fatalf("HasTable of %q is %v, Table returns the error %v", name, has, err)
	}
	return found
}

// shape writes what a test compares of a table: columns with "?" for NULL and "*" for the key, then indexes.
func shape(x *dialect.Table) string {
	if x == nil {
		return "none"
	}
	var columns, indexes []string
	for _, c := range x.Columns {
		text := c.Name
		if c.PrimaryKey {
			text += "*"
		}
		if c.Null {
			text += "?"
		}
		if c.References.Table != "" {
			text += ">" + c.References.Table
		}
		columns = append(columns, text)
	}
	for _, i := range x.Indexes {
		text := ""
		for _, c := range i.Columns {
			text += "," + c.Name
		}
		if text = text[1:]; i.Unique {
			text += "!"
		}
		indexes = append(indexes, text)
	}
	slices.Sort(indexes)
	return strings.Join(columns, " ") + " | " + strings.Join(slices.Compact(indexes), " ")
}

func testIntrospection(t *testing.T, s suite) {
	db := s.models(t)
	introspector, ok := db.Dialect().(dialect.Introspector)
	if !ok {
		t.Fatal("the dialect is no dialect.Introspector")
	}
	names, err := introspector.Tables(t.Context(), db.Writer())
	if err != nil || !slices.Contains(names, "driver_owner") || !slices.Contains(names, "driver_record") || !slices.IsSorted(names) {
		t.Errorf("tables %v, error %v", names, err)
	}
	const want = "id* code text? count small price? ratio active day? at? data? blob owner_id?>driver_owner | code! owner_id small,count!"
	x := table(t, db, "driver_record")
	if got := shape(x); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, c := range x.Columns {
		switch c.Name {
		case "id":
			if !c.Auto || c.Type != dialect.TypeBigInt {
				t.Errorf("the key is %+v", c)
			}
		case "code":
			if c.Type != dialect.TypeChar || c.Size != 40 {
				t.Errorf("the code is %+v", c)
			}
		case "price":
			if c.Type != dialect.TypeDecimal || c.Precision != 10 || c.Scale != 2 {
				t.Errorf("the price is %+v", c)
			}
		}
	}
	if len(x.Checks) != 1 || x.Checks[0].Name != "driver_record_count_min" {
		t.Errorf("checks %v", x.Checks)
	}
	if shape(table(t, db, "nowhere")) != "none" {
		t.Error("a table that does not exist was found")
	}
}

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

// start creates an author and a book.
func start() []operations.Operation {
	return []operations.Operation{
		operations.CreateModel{Name: "Author", Fields: []operations.Field{operations.BigAuto("id"), operations.Char("name", 40)}},
		operations.CreateModel{
			Name: "Book",
			Fields: []operations.Field{
				operations.BigAuto("id"), operations.Char("title", 40), operations.Int("pages").Null(), operations.ForeignKey("author",
					"lib.Author"),
			},
		},
	}
}

// testChanges applies and undoes every operation and compares the tables.
func testChanges(t *testing.T, s suite) {
	const before = "id* title pages? author_id>lib_author | author_id"
	for name, test := range map[string]struct {
		operation operations.Operation
		want      string
	}{
		"add a field": {
			operations.AddField{Model: "Book", Field: operations.Char("lang", 5).Null()},
			"id* title pages? author_id>lib_author lang? | author_id",
		},
		"add a required field": {
			operations.AddField{Model: "Book", Field: operations.Int("n").Backfill(3)},
			"id* title pages? author_id>lib_author n | author_id",
		},
		"add a reference": {
			operations.AddField{Model: "Book", Field: operations.OneToOne("editor", "lib.Author").Null()},
			"id* title pages? author_id>lib_author editor_id?>lib_author | author_id editor_id!",
		},
		"remove a field": {operations.RemoveField{Model: "Book", Name: "pages"}, "id* title author_id>lib_author | author_id"},
		"alter a field": {
			operations.AlterField{Model: "Book", Field: operations.BigInt("pages").Backfill(0)},
			"id* title pages author_id>lib_author | author_id",
		},
		"a unique field": {
			operations.AlterField{Model: "Book", Field: operations.Char("title", 40).Unique()},
			"id* title pages? author_id>lib_author | author_id title!",
		},
		"rename a field": {
			operations.RenameField{Model: "Book", From: "title", To: "name"},
			"id* name pages? author_id>lib_author | author_id",
		},
		"rename a reference": {
			operations.RenameField{Model: "Book", From: "author", To: "writer"},
			"id* title pages? writer_id>lib_author | writer_id",
		},
		"add an index": {operations.AddIndex{
			Model: "Book",
			Index: operations.Index{Name: "lib_book_top", Fields: []string{
				"-pages",
				"title",
			}},
		}, "id* title pages? author_id>lib_author | author_id pages,title"},
		"add a unique pair": {operations.AddConstraint{
			Model: "Book",
			Constraint: operations.Unique{Name: "lib_book_once", Fields: []string{
				"title",
				"author",
			}},
		}, "id* title pages? author_id>lib_author | author_id title,author_id!"},
		"add a check": {operations.AddConstraint{
			Model:      "Book",
			Constraint: operations.Check{Name: "lib_book_pages_min", SQL: "pages > 0"},
		}, before},
		"many-to-many":   {operations.AddField{Model: "Book", Field: operations.ManyToMany("readers", "lib.Author")}, before},
		"delete a model": {operations.DeleteModel{Name: "Book"}, "none"},
		"rename the other table": {
			operations.RenameModel{From: "Author", To: "Person"},
			"id* title pages? author_id>lib_person | author_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			db := s.open(t)
			app := steps(start(), []operations.Operation{test.operation})
			if err := migrate.To(t.Context(), db, "lib", "0001", app); err != nil {
				t.Fatal(err)
			}
			if got := shape(table(t, db, "lib_book")); got != before {
				t.Fatalf("at first: got %s, want %s", got, before)
			}
			if err := migrate.Up(t.Context(), db, app); err != nil {
				t.Fatal(err)
			}
			if got := shape(table(t, db, "lib_book")); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if name == "many-to-many" && shape(table(t, db, "lib_book_readers")) == "none" {
				t.Error("the table of the many-to-many field is missing")
			}
			if name == "add a check" && len(table(t, db, "lib_book").Checks) != 1 {
				t.Error("the check is missing")
			}
			if err := migrate.To(t.Context(), db, "lib", "0001", app); err != nil {
				t.Fatal(err)
			}
			if got := shape(table(t, db, "lib_book")); sorted(got) != sorted(before) {
				t.Errorf("undone: got %s, want %s", got, before)
			}
			if err := migrate.To(t.Context(), db, "lib", "zero", app); err != nil {
				t.Fatal(err)
			}
			if table(t, db, "lib_book") != nil || table(t, db, "lib_author") != nil {
				t.Error("undoing everything left tables")
			}
		})
	}
}

// sorted is a shape without the order of its columns, as some databases add a column at the end only.
func sorted(shape string) string {
	return strings.Join(slices.Sorted(strings.FieldsSeq(shape)), " ")
}

// testKeptRows checks that changes of tables keep the rows, the references to them and the numbers given to keys, and that
// Go code in a migration reads and writes rows.
func testKeptRows(t *testing.T, s suite) {
	db := s.open(t)
	app := steps(start(),
		[]operations.Operation{
			rows.RunGo{Backward: rows.NoOp, Forward: func(ctx context.Context, h *rows.History) error {
				author := rows.Row{"name": "Ada"}
				if err := h.Create(ctx, "lib.Author", author); err != nil {
					return err
				}
				for i := range 3 {
					if err := h.Create(ctx, "lib.Book", rows.Row{"title": fmt.Sprint("Book ", i), "author_id": author["id"]}); err != nil {
						return err
					}
				}
				_, err := h.Delete(ctx, "lib.Book", "title", "Book 2")
				return err
			}},
		},
		[]operations.Operation{
			operations.AlterField{Model: "Author", Field: operations.Text("name")},
			operations.RenameField{Model: "Author", From: "name", To: "title"},
			operations.AlterField{Model: "Book", Field: operations.BigInt("pages").Backfill(100)},
			operations.AddField{Model: "Book", Field: operations.Text("slug").Backfill(operations.SQL("lower(title)"))},
			operations.RemoveField{Model: "Book", Name: "title", Backfill: "lost"},
		},
		[]operations.Operation{
			rows.RunGo{Backward: rows.NoOp, Forward: func(ctx context.Context, h *rows.History) error {
				type book struct {
					ID    int64
					Slug  string
					Pages int64
				}
				n := 0
				for b, err := range rows.Each[book](ctx, h, "lib.Book", "pages", 100) {
					if err != nil {
						return err
					}
					n++
					b.Slug = strings.ReplaceAll(b.Slug, " ", "-")
					if err := h.Save(ctx, "lib.Book", &b, "slug"); err != nil {
						return err
					}
				}
				if n != 2 {
					return fmt.Errorf("%d books were read", n)
				}
				next := rows.Row{"slug": "next", "pages": 1, "author_id": int64(1)}
				if err := h.Create(ctx, "lib.Book", next); err != nil {
					return err
				}
				if id, _ := next["id"].(int64); id != 4 {
					return fmt.Errorf("the new key is %v; numbers of deleted rows must not be used again", next["id"])
				}
				return nil
			}},
		},
	)
	if err := migrate.Up(t.Context(), db, app); err != nil {
		t.Fatal(err)
	}
	if n := number(t, db, "SELECT count(*) FROM lib_book WHERE slug IN ('book-0', 'book-1') AND pages = 100 AND author_id = 1"); n != 2 {
		t.Errorf("%d books are as they should be", n)
	}
	if err := migrate.To(t.Context(), db, "lib", "0002", app); err != nil {
		t.Fatal(err)
	}
	if n := number(t, db, "SELECT count(*) FROM lib_book WHERE title = 'lost'"); n != 3 {
		t.Errorf("%d books have the value of the undone operation", n)
	}
}

// testFailedMigration checks that a migration that fails leaves no record, and can be applied once its cause is gone.
func testFailedMigration(t *testing.T, s suite) {
	db := s.open(t)
	app := steps(start(), []operations.Operation{operations.AddConstraint{
		Model:      "Author",
		Constraint: operations.Unique{Name: "lib_author_once", Fields: []string{"name"}},
	}})
	if err := migrate.To(t.Context(), db, "lib", "0001", app); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := db.Exec(t.Context(), "INSERT INTO lib_author (name) VALUES ('twice')"); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrate.Up(t.Context(), db, app); err == nil || !strings.Contains(err.Error(), "lib.0002_step") {
		t.Errorf("rows that break the new constraint: got %v", err)
	}
	if _, err := db.Exec(t.Context(), "DELETE FROM lib_author WHERE id = 2"); err != nil {
		t.Fatal(err)
	}
	if err := migrate.Up(t.Context(), db, app); err != nil {
		t.Error(err)
	}
}
