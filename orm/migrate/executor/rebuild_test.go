package executor_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// byHand makes objects that no model has, over a column title that every test keeps.
var byHand = operations.RunSQL{ //nolint:gochecknoglobals // one operation of many tests
	Forward: `
		CREATE INDEX hand_plain ON lib_book (title);
		CREATE UNIQUE INDEX hand_unique ON lib_book (title);
		CREATE INDEX hand_expression ON lib_book (lower(title));
		CREATE UNIQUE INDEX hand_partial ON lib_book (title) WHERE isbn <> '';
		CREATE INDEX hand_collation ON lib_book (title COLLATE NOCASE DESC);
		CREATE INDEX "hand_quoted" ON "lib_book" ("title", [isbn]);
		CREATE TRIGGER hand_trigger AFTER UPDATE OF title ON lib_book BEGIN INSERT INTO log (text) VALUES (NEW.title); END;
		CREATE TRIGGER hand_foreign AFTER INSERT ON log BEGIN UPDATE lib_book SET title = NEW.text WHERE isbn = 'never'; END;
		CREATE VIEW hand_view AS SELECT title, count(*) AS n FROM lib_book GROUP BY title;`,
	Backward: `DROP INDEX hand_plain; DROP INDEX hand_unique; DROP INDEX hand_expression; DROP INDEX hand_partial; DROP INDEX hand_collation;
		DROP INDEX hand_quoted; DROP TRIGGER hand_trigger; DROP TRIGGER hand_foreign; DROP VIEW hand_view`,
}

func bookModel() operations.Operation {
	return operations.CreateModel{Name: "Book", Fields: []operations.Field{
		operations.BigAuto("id"), operations.Char("title", 50), operations.Char("isbn", 20), operations.Int("pages").Null(), operations.Text("note").Null(),
	}}
}

func TestRebuildsKeepObjectsMadeByHand(t *testing.T) {
	t.Parallel()
	changes := map[string][]operations.Operation{
		"alter another field":    {operations.AlterField{Model: "Book", Field: operations.Text("note").Backfill("")}},
		"alter the same field":   {operations.AlterField{Model: "Book", Field: operations.Char("title", 200).Null()}},
		"add a field":            {operations.AddField{Model: "Book", Field: operations.Char("lang", 5).Backfill("en")}},
		"remove another field":   {operations.RemoveField{Model: "Book", Name: "note"}},
		"add a check":            {operations.AddConstraint{Model: "Book", Constraint: operations.Check{Name: "c", SQL: "title <> '-'"}}},
		"rename the field":       {operations.RenameField{Model: "Book", From: "title", To: "name"}},
		"rename the model":       {operations.RenameModel{From: "Book", To: "Tome"}},
		"alter, then rename":     {operations.AlterField{Model: "Book", Field: operations.Char("title", 99)}, operations.RenameField{Model: "Book", From: "title", To: "name"}},
		"rename, then alter":     {operations.RenameField{Model: "Book", From: "title", To: "name"}, operations.AlterField{Model: "Book", Field: operations.Text("name")}},
		"rename all, then alter": {operations.RenameModel{From: "Book", To: "Tome"}, operations.RenameField{Model: "Tome", From: "isbn", To: "code"}, operations.AlterField{Model: "Tome", Field: operations.Text("code")}},
		"another column":         {operations.AlterField{Model: "Book", Field: operations.Text("title").Column("headline")}},
		"another table":          {operations.AlterModelTable{Name: "Book", Table: "books"}, operations.AlterField{Model: "Book", Field: operations.Text("title")}},
	}
	const names, texts = `SELECT name FROM sqlite_master WHERE name LIKE 'hand%' ORDER BY name`, `SELECT sql FROM sqlite_master WHERE name LIKE 'hand%' ORDER BY name`
	for name, list := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			g := graph(t, chain("lib", []operations.Operation{bookModel()}, []operations.Operation{byHand}, list))
			statements(t, db, `CREATE TABLE log (text text)`)
			mustMigrate(t, db, g, "lib", "0001")
			statements(t, db, `INSERT INTO lib_book (title, isbn) VALUES ('a', '1')`)
			mustMigrate(t, db, g, "lib", "0002")
			made, before := query(t, db, names), query(t, db, texts)
			mustMigrate(t, db, g, "lib", "")
			want(t, "forward", query(t, db, names), made)
			statements(t, db, `INSERT INTO log (text) VALUES ('x')`) // fires the trigger of another table
			mustMigrate(t, db, g, "lib", "0002")
			if after := query(t, db, texts); plainSQL(after) != plainSQL(before) {
				t.Errorf("forward and back changed something:\n got %v\nwant %v", after, before)
			}
			mustMigrate(t, db, g, "lib", "0001")
			mustMigrate(t, db, g, "lib", "")
		})
	}
}

// plainSQL leaves out the quotes that SQLite adds to renamed names.
func plainSQL(list []string) string {
	return strings.NewReplacer(`\"`, "", `"`, "", "[", "", "]", "").Replace(strings.Join(list, "\n"))
}

func TestRebuildsRefuseToRemoveWhatIsInUse(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"index":            {`CREATE INDEX by_hand ON lib_book (note)`, "index \"by_hand\" uses column \"note\""},
		"quoted":           {`CREATE INDEX by_hand ON lib_book ("note")`, "m.RunSQL{Forward: `DROP INDEX \"by_hand\"`"},
		"expression":       {`CREATE INDEX by_hand ON lib_book (upper(title || note))`, "by_hand"},
		"condition":        {`CREATE UNIQUE INDEX by_hand ON lib_book (title) WHERE note IS NOT NULL`, "by_hand"},
		"trigger":          {`CREATE TRIGGER by_hand AFTER INSERT ON lib_book BEGIN INSERT INTO log (text) VALUES (NEW.note); END`, "trigger by_hand"},
		"trigger on it":    {`CREATE TRIGGER by_hand AFTER UPDATE OF note ON lib_book BEGIN INSERT INTO log (text) VALUES ('x'); END`, "by_hand"},
		"foreign trigger":  {`CREATE TRIGGER by_hand AFTER INSERT ON log BEGIN UPDATE lib_book SET note = 'x'; END`, "by_hand"},
		"view":             {`CREATE VIEW by_hand AS SELECT note FROM lib_book`, "view by_hand"},
		"quoted view":      {`CREATE VIEW by_hand AS SELECT "note" FROM lib_book`, "view \"by_hand\" uses"},
		"quoted through":   {`CREATE VIEW every AS SELECT * FROM lib_book; CREATE VIEW by_hand AS SELECT "note" FROM every`, "by_hand"},
		"a view of a view": {`CREATE VIEW every AS SELECT * FROM lib_book; CREATE VIEW by_hand AS SELECT note FROM every`, "view by_hand"},
		"a column":         {`ALTER TABLE lib_book ADD COLUMN by_hand text`, `column "by_hand" that no migration created`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			g := graph(t, chain("lib", []operations.Operation{bookModel()}, []operations.Operation{operations.RemoveField{Model: "Book", Name: "note"}}))
			statements(t, db, `CREATE TABLE log (text text)`)
			mustMigrate(t, db, g, "lib", "0001")
			statements(t, db, tc.text)
			before := structure(t, db)
			err := migrate(t, db, g, "lib", "")
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got error %v, want one with %q", err, tc.want)
			}
			if after := structure(t, db); after != before {
				t.Errorf("the refusal changed the database:\n%s\nbefore:\n%s", after, before)
			}
		})
	}
}

func TestDeletingAModelRefusesWhileAViewReadsIt(t *testing.T) {
	t.Parallel()
	db := open(t)
	g := graph(t, chain("lib", []operations.Operation{bookModel()}, []operations.Operation{operations.DeleteModel{Name: "Book"}}))
	mustMigrate(t, db, g, "lib", "0001")
	statements(t, db, `CREATE VIEW by_hand AS SELECT title FROM lib_book`)
	if err := migrate(t, db, g, "lib", ""); err == nil || !strings.Contains(err.Error(), "view by_hand") {
		t.Errorf("got error %v", err)
	}
	statements(t, db, `DROP VIEW by_hand`)
	mustMigrate(t, db, g, "lib", "")
}

// Objects that were broken before, or whose names only look like a removed column, do not stop a rebuild.
func TestRebuildsRefuseOnlyWhatTheyBreak(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a function of the same name": `CREATE INDEX by_hand ON lib_book (lower(title))`,
		"a collation":                 `CREATE INDEX by_hand ON lib_book (title COLLATE nocase)`,
		"a text":                      `CREATE INDEX by_hand ON lib_book (title || 'lower')`,
		"another table's column":      `CREATE VIEW by_hand AS SELECT l.lower, b.title FROM lib_book b, log l`,
		"an alias":                    `CREATE VIEW by_hand AS SELECT title AS "lower" FROM lib_book`,
		"another's in quotes":         `CREATE VIEW by_hand AS SELECT "lower" FROM log, lib_book`,
		"another's trigger":           `CREATE TRIGGER by_hand AFTER DELETE ON lib_book BEGIN UPDATE log SET lower = OLD.title; END`,
		"a view that is broken":       `CREATE VIEW by_hand AS SELECT gone FROM nowhere`,
		"a text in double quotes":     `CREATE VIEW by_hand AS SELECT "some text" AS t FROM lib_book`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			book := operations.CreateModel{Name: "Book", Fields: []operations.Field{operations.BigAuto("id"), operations.Char("title", 50), operations.Text("lower"), operations.Text("nocase")}}
			g := graph(t, chain("lib", []operations.Operation{book}, []operations.Operation{
				operations.RemoveField{Model: "Book", Name: "lower"}, operations.RemoveField{Model: "Book", Name: "nocase"},
			}))
			statements(t, db, `CREATE TABLE log (lower text)`)
			mustMigrate(t, db, g, "lib", "0001")
			statements(t, db, text)
			mustMigrate(t, db, g, "lib", "")
			if got := query(t, db, `SELECT name FROM sqlite_master WHERE name = 'by_hand'`); len(got) != 1 {
				t.Error("by_hand is gone")
			}
		})
	}
}

// A table that another program made has its unique constraints inside; they come along as indexes.
func TestRebuildsKeepConstraintsOfAdoptedTables(t *testing.T) {
	t.Parallel()
	db := open(t)
	book := operations.CreateModel{Name: "Book", Fields: []operations.Field{operations.BigAuto("id"), operations.Char("title", 50).Unique(), operations.Char("isbn", 20)}}
	g := graph(t, chain("lib", []operations.Operation{book}, []operations.Operation{operations.AddField{Model: "Book", Field: operations.Bool("new").Backfill(true)}},
		[]operations.Operation{operations.AlterField{Model: "Book", Field: operations.Text("title")}}))
	mustMigrate(t, db, g, "lib", "0001")
	statements(t, db, `DROP TABLE lib_book`,
		`CREATE TABLE lib_book (id integer PRIMARY KEY AUTOINCREMENT, title varchar(50) NOT NULL UNIQUE, isbn varchar(20) NOT NULL COLLATE NOCASE, UNIQUE (isbn, title))`)
	mustMigrate(t, db, g, "lib", "0002")
	if got := query(t, db, `SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'lib_book' ORDER BY name`); strings.Join(got, " ") != "lib_book_isbn_title_uniq lib_book_title_uniq" {
		t.Errorf("after a rebuild there are %v", got)
	}
	mustMigrate(t, db, g, "lib", "0003")
	if got := query(t, db, `SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'lib_book'`); strings.Join(got, " ") != "lib_book_isbn_title_uniq" {
		t.Errorf("after title is no longer unique there are %v", got)
	}
}

func TestChecksThatNameTheirTableSurviveRebuilds(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"plain": "lib_book.pages > 0", "quoted": `"lib_book"."pages" > 0`, "capitals": "LIB_BOOK.pages > 0",
		"brackets": "[lib_book].[pages] > 0", "a text": "lib_book.title <> 'lib_book.pages' AND pages > 0",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book := bookModel().(operations.CreateModel)
			book.Checks = []operations.Check{{Name: "c", SQL: sql}}
			db := open(t)
			g := graph(t, chain("lib", []operations.Operation{book}, []operations.Operation{
				operations.AlterField{Model: "Book", Field: operations.Text("title")},
				operations.RenameModel{From: "Book", To: "Tome"},
				operations.AlterField{Model: "Tome", Field: operations.Text("isbn")},
				operations.RenameField{Model: "Tome", From: "pages", To: "leaves"},
				operations.AlterField{Model: "Tome", Field: operations.Text("title").Null()},
			}))
			mustMigrate(t, db, g, "lib", "")
			for _, table := range []string{"lib_tome (title, isbn, leaves)", "lib_book (title, isbn, pages, note)"} {
				values := " VALUES ('a', '1', -1"
				if strings.Contains(table, "note") {
					mustMigrate(t, db, g, "lib", "0001")
					values += ", ''"
				}
				if _, err := db.ExecContext(t.Context(), "INSERT INTO "+table+values+")"); err == nil || !strings.Contains(err.Error(), "CHECK") {
					t.Errorf("%s: the check is gone: %v", table, err)
				}
			}
		})
	}
}
