package executor_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// adopt makes a table that another program made out of lib_book, and returns the operations that rebuild it.
func adoptedModels(change ...operations.Operation) [][]operations.Operation {
	book := operations.CreateModel{Name: "Book", Fields: []operations.Field{
		operations.BigAuto("id"), operations.Char("title", 50), operations.Int("n").Null(), operations.Char("note", 10).Null(), operations.ForeignKey("other", "lib.Other").Null(),
	}, Checks: []operations.Check{{Name: "own", SQL: "n <> 13"}}}
	return [][]operations.Operation{{operations.CreateModel{Name: "Other", Fields: []operations.Field{operations.BigAuto("id")}}, book}, change}
}

// What a table has beyond the models outlives every rebuild, forwards and backwards.
func TestRebuildsKeepPropertiesOfAdoptedTables(t *testing.T) {
	t.Parallel()
	const head, tail = `CREATE TABLE lib_book (id integer NOT NULL PRIMARY KEY, title varchar(50) NOT NULL, `, `note text, other_id integer REFERENCES lib_other (id)`
	tables := map[string]struct{ text, want string }{
		"check of a column":   {head + `n int CHECK (n > 0), ` + tail + `)`, "CHECK (n > 0)"},
		"check of the table":  {head + `n int, ` + tail + `, CONSTRAINT "at least" CHECK (lib_book.n > 0 OR title <> ''))`, `CONSTRAINT "at least" CHECK (n > 0 OR title <> '')`},
		"two checks":          {head + `n int CHECK (n > 0) CHECK (n < 9), ` + tail + `)`, "CHECK (n < 9)"},
		"default":             {head + `n int DEFAULT 7, ` + tail + `)`, `DEFAULT (7)`},
		"default text":        {head + `n int DEFAULT (abs(-1)), ` + tail + `)`, `DEFAULT (abs(-1))`},
		"collation":           {head + `n int COLLATE RTRIM, ` + tail + `)`, `COLLATE "RTRIM"`},
		"foreign key":         {head + `n int REFERENCES lib_other (id) ON DELETE CASCADE, ` + tail + `)`, `FOREIGN KEY ("n") REFERENCES "lib_other" ("id") ON UPDATE NO ACTION ON DELETE CASCADE`},
		"foreign key to keys": {head + `n int REFERENCES lib_other ON UPDATE CASCADE, ` + tail + `)`, `FOREIGN KEY ("n") REFERENCES "lib_other" ON UPDATE CASCADE`},
		"several columns":     {head + `n int, ` + tail + `, FOREIGN KEY (n, title) REFERENCES pair (a, b) ON DELETE SET NULL)`, `FOREIGN KEY ("n", "title") REFERENCES "pair" ("a", "b")`},
		"without row ids":     {head + `n int CHECK (n > 0), ` + tail + `) WITHOUT ROWID`, "CHECK (n > 0)"},
		"capitals":            {strings.ToUpper(head) + `N INT DEFAULT 7, ` + strings.ToUpper(tail) + `, CHECK (TITLE <> ''))`, `CHECK (TITLE <> '')`},
	}
	changes := map[string][]operations.Operation{
		"add":    {operations.AddField{Model: "Book", Field: operations.Bool("fresh").Backfill(true)}},
		"alter":  {operations.AlterField{Model: "Book", Field: operations.BigInt("n").Null()}},
		"remove": {operations.RemoveField{Model: "Book", Name: "note"}},
		"twice":  {operations.RemoveField{Model: "Book", Name: "note"}, operations.AlterField{Model: "Book", Field: operations.Char("title", 99)}, operations.AddField{Model: "Book", Field: operations.Int("m").Backfill(1)}},
	}
	for name, table := range tables {
		for change, list := range changes {
			t.Run(name+", "+change, func(t *testing.T) {
				t.Parallel()
				db := open(t)
				g := graph(t, chain("lib", adoptedModels(list...)...))
				mustMigrate(t, db, g, "lib", "0001")
				statements(t, db, `DROP TABLE lib_book`, `CREATE TABLE pair (a, b, UNIQUE (a, b))`, table.text)
				for _, target := range []string{"0002", "0001", "0002"} {
					mustMigrate(t, db, g, "lib", target)
					got := query(t, db, `SELECT sql FROM sqlite_master WHERE name = 'lib_book'`)[0]
					if strings.Count(got, table.want) != 1 {
						t.Errorf("after %s: got %s\nwant it with %s", target, got, table.want)
					}
					if strings.Count(got, "REFERENCES \"lib_other\" (\"id\") DEFERRABLE") != 1 {
						t.Errorf("after %s the models' own reference is not there once: %s", target, got)
					}
				}
			})
		}
	}
}

func TestRebuildsRefuseToLoseProperties(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"strict":       {`CREATE TABLE lib_book (id integer PRIMARY KEY, title text NOT NULL, n int, note text, other_id int) STRICT`, "is STRICT"},
		"conflict":     {`CREATE TABLE lib_book (id integer PRIMARY KEY, title text NOT NULL UNIQUE ON CONFLICT REPLACE, n int, note text, other_id int)`, "ON CONFLICT"},
		"generated":    {`CREATE TABLE lib_book (id integer PRIMARY KEY, title text NOT NULL, n int AS (length(title)), note text, other_id int)`, `generated column "n"`},
		"stored":       {`CREATE TABLE lib_book (id integer PRIMARY KEY, title text NOT NULL, n int GENERATED ALWAYS AS (1) STORED, note text, other_id int)`, `generated column "n"`},
		"check":        {`CREATE TABLE lib_book (id integer PRIMARY KEY, title text NOT NULL, n int, note text CHECK (note <> ''), other_id int)`, `check note <> ''`},
		"table check":  {`CREATE TABLE lib_book (id integer PRIMARY KEY, title text NOT NULL, n int, note text, other_id int, CHECK (n > 0 OR "NOTE" IS NULL))`, `"note", which this operation removes`},
		"other column": {`CREATE TABLE lib_book (id integer PRIMARY KEY, title text NOT NULL, n int, note text, other_id int, up AS (upper(title)))`, `column "up"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			g := graph(t, chain("lib", adoptedModels(operations.RemoveField{Model: "Book", Name: "note"})...))
			mustMigrate(t, db, g, "lib", "0001")
			statements(t, db, `DROP TABLE lib_book`, tc.text)
			before := query(t, db, `SELECT sql FROM sqlite_master WHERE name = 'lib_book'`)
			if err := migrate(t, db, g, "lib", ""); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got error %v, want one with %q", err, tc.want)
			}
			want(t, "the table", query(t, db, `SELECT sql FROM sqlite_master WHERE name = 'lib_book'`), before)
		})
	}
}
