package executor_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// blog is an app whose tables point at each other, for changes of tables with rows.
func blog(more ...[]operations.Operation) executor.App {
	return chain("blog", append([][]operations.Operation{{
		operations.CreateModel{Name: "Author", Fields: []operations.Field{operations.BigAuto("id"), operations.Char("name", 50).Unique(), operations.Int("age").Null()}},
		operations.CreateModel{Name: "Post", Fields: []operations.Field{
			operations.BigAuto("id"), operations.Char("title", 200), operations.BigInt("views"), operations.ForeignKey("author", "blog.Author"),
			operations.ManyToMany("related", "blog.Post"),
		}},
	}}, more...)...)
}

func blogRows(t *testing.T, db *sql.DB) {
	t.Helper()
	statements(t, db,
		`INSERT INTO blog_author (id, name, age) VALUES (1, 'Django', 43), (2, 'Stéphane', NULL)`,
		`INSERT INTO blog_post (id, title, views, author_id) VALUES (1, 'Nuages', 10, 1), (2, 'It''s "Minor Swing"', 20, 2), (3, '', 0, 1)`,
		`INSERT INTO blog_post_related (from_post_id, to_post_id) VALUES (1, 2), (2, 3)`,
		`DELETE FROM blog_post WHERE id = 3 AND 0`)
}

func TestChangingAReferencedTableKeepsRows(t *testing.T) {
	t.Parallel()
	g := graph(t, blog(
		[]operations.Operation{operations.RemoveField{Model: "Author", Name: "age", Backfill: 1}},
		[]operations.Operation{operations.AddField{Model: "Author", Field: operations.Char("country", 2).Backfill("fr")}},
		[]operations.Operation{operations.RenameField{Model: "Post", From: "views", To: "hits"}},
		[]operations.Operation{operations.RenameModel{From: "Post", To: "Tune"}},
	))
	db := open(t)
	mustMigrate(t, db, g, "blog", "0001")
	blogRows(t, db)
	mustMigrate(t, db, g, "blog", "")
	want(t, "authors", query(t, db, `SELECT id || ':' || name || ':' || country FROM blog_author`), []string{"1:Django:fr", "2:Stéphane:fr"})
	want(t, "tunes", query(t, db, `SELECT title || ':' || hits || ':' || author_id FROM blog_tune`), []string{"Nuages:10:1", `It's "Minor Swing":20:2`, ":0:1"})
	want(t, "pairs", query(t, db, `SELECT from_tune_id || '-' || to_tune_id FROM blog_tune_related`), []string{"1-2", "2-3"})
	mustMigrate(t, db, g, "blog", "0001")
	want(t, "authors back", query(t, db, `SELECT id || ':' || name || ':' || ifnull(age, 'NULL') FROM blog_author`), []string{"1:Django:1", "2:Stéphane:1"})
	want(t, "posts back", query(t, db, `SELECT title || ':' || views || ':' || author_id FROM blog_post`), []string{"Nuages:10:1", `It's "Minor Swing":20:2`, ":0:1"})
	want(t, "pairs back", query(t, db, `SELECT from_post_id || '-' || to_post_id FROM blog_post_related`), []string{"1-2", "2-3"})
	want(t, "foreign keys", query(t, db, `PRAGMA foreign_keys`), []string{"1"})
}

func TestRebuildKeepsTriggersViewsAndAssignedKeys(t *testing.T) {
	t.Parallel()
	g := graph(t, blog([]operations.Operation{operations.AddField{Model: "Post", Field: operations.Char("lang", 2).Backfill("en")}}))
	db := open(t)
	mustMigrate(t, db, g, "blog", "0001")
	blogRows(t, db)
	statements(t, db, `DELETE FROM blog_post_related`, `DELETE FROM blog_post WHERE id = 3`, `CREATE VIEW titles AS SELECT title FROM blog_post`,
		`CREATE TRIGGER seen AFTER UPDATE OF views ON blog_post BEGIN UPDATE blog_author SET age = 1 WHERE id = new.author_id; END`)
	mustMigrate(t, db, g, "blog", "")
	statements(t, db, `UPDATE blog_post SET views = 11 WHERE id = 1`)
	want(t, "the trigger's work", query(t, db, `SELECT age FROM blog_author WHERE id = 1`), []string{"1"})
	want(t, "the view", query(t, db, `SELECT count(*) FROM titles`), []string{"2"})
	statements(t, db, `INSERT INTO blog_post (title, views, author_id, lang) VALUES ('new', 1, 1, 'en')`)
	want(t, "the next id", query(t, db, `SELECT max(id) FROM blog_post`), []string{"4"})
}

func TestFailingMigrationChangesNothing(t *testing.T) {
	t.Parallel()
	broken := rows.RunGo{
		Forward: func(ctx context.Context, h *rows.History) error {
			if _, err := h.Exec(ctx, `DELETE FROM blog_post`); err != nil {
				return err
			}
			return errors.New("out of tea")
		},
		Backward: rows.NoOp,
	}
	for name, tc := range map[string]struct {
		ops  []operations.Operation
		want string
	}{
		"Go code":         {[]operations.Operation{operations.RenameField{Model: "Post", From: "views", To: "hits"}, broken}, "operation 2 (Run Go code): out of tea"},
		"SQL":             {[]operations.Operation{operations.RenameField{Model: "Post", From: "views", To: "hits"}, operations.RunSQL{Forward: "DELETE FROM blog_pst"}}, "no such table: blog_pst"},
		"unique":          {[]operations.Operation{operations.AddConstraint{Model: "Post", Constraint: operations.Unique{Name: "u", Fields: []string{"author"}}}}, "Create constraint u on Post"},
		"NOT NULL":        {[]operations.Operation{operations.AddField{Model: "Post", Field: operations.Char("lang", 2)}}, "column lang, which is NOT NULL, has no value for them; give the field a Backfill"},
		"becomes NULLs":   {[]operations.Operation{operations.AlterField{Model: "Author", Field: operations.Int("age")}}, "rows without a value in column age"},
		"type":            {[]operations.Operation{operations.AlterField{Model: "Post", Field: operations.Int("title")}}, "has values in column title that are no Int"},
		"broken pointers": {[]operations.Operation{operations.RunSQL{Forward: "DELETE FROM blog_author WHERE id = 2"}}, "row 2 of blog_post points at a row of blog_author that does not exist"},
		"model":           {[]operations.Operation{operations.AddField{Model: "Pst", Field: operations.Int("x").Null()}}, `there is no model "blog.Pst"`},
		"field":           {[]operations.Operation{operations.RemoveField{Model: "Post", Name: "veiws"}}, `did you mean "views"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			g := graph(t, blog(tc.ops))
			mustMigrate(t, db, g, "blog", "0001")
			blogRows(t, db)
			before := structure(t, db)
			err := migrate(t, db, g, "blog", "")
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "blog.0002_step") {
				t.Errorf("got error %v, want one with %q", err, tc.want)
			}
			if after := structure(t, db); after != before {
				t.Errorf("the tables changed to\n%s", after)
			}
			want(t, "posts", query(t, db, `SELECT count(*) FROM blog_post`), []string{"3"})
			want(t, "migrations", query(t, db, `SELECT name FROM quintet_migrations`), []string{"0001_step"})
			want(t, "foreign keys", query(t, db, `PRAGMA foreign_keys`), []string{"1"})
			statements(t, db, `UPDATE blog_post SET views = 1`)
		})
	}
}

func TestIrreversibleMigrationsFailBeforeAnythingIsUndone(t *testing.T) {
	t.Parallel()
	g := graph(t, blog(
		[]operations.Operation{operations.RunSQL{Forward: "UPDATE blog_post SET views = 0"}},
		[]operations.Operation{operations.RunSQL{Forward: "UPDATE blog_post SET views = 1", Backward: operations.NoSQL}},
	))
	db := open(t)
	mustMigrate(t, db, g, "blog", "")
	err := migrate(t, db, g, "blog", "0001")
	if err == nil || !strings.Contains(err.Error(), "blog.0002_step cannot be undone: operation 1 (Run SQL) has no Backward") {
		t.Errorf("got %v", err)
	}
	want(t, "migrations", query(t, db, `SELECT count(*) FROM quintet_migrations`), []string{"3"})
	mustMigrate(t, db, g, "blog", "0002")
}

func TestManyAtOnceApplyEachMigrationOnce(t *testing.T) {
	t.Parallel()
	slow := rows.RunGo{Forward: func(ctx context.Context, h *rows.History) error {
		time.Sleep(50 * time.Millisecond)
		_, err := h.Exec(ctx, `INSERT INTO blog_author (name) SELECT 'author ' || count(*) FROM blog_author`)
		return err
	}}
	g := graph(t, blog([]operations.Operation{slow}, []operations.Operation{operations.RemoveField{Model: "Author", Name: "age"}}, []operations.Operation{slow}))
	file := filepath.Join(t.TempDir(), "shared.sqlite3")
	var wg sync.WaitGroup
	errs := make(chan error, 6)
	for range cap(errs) {
		db := openFile(t, file) // each pool behaves like another process
		wg.Go(func() {
			r := executor.Runner{DB: db, Dialect: dialectOf(t), Graph: g}
			errs <- r.Run(t.Context(), g.All(nil), executor.Options{})
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	db := openFile(t, file)
	want(t, "migrations", query(t, db, `SELECT count(*) FROM quintet_migrations`), []string{"4"})
	want(t, "rows", query(t, db, `SELECT name FROM blog_author`), []string{"author 0", "author 1"})
}

// TestCrashInTheMiddleLeavesTheMigrationUndone ends a process of its own in the middle of a migration.
func TestCrashInTheMiddleLeavesTheMigrationUndone(t *testing.T) {
	if file := os.Getenv("QUINTET_TEST_CRASH"); file != "" {
		crash(t, file)
	}
	t.Parallel()
	file := filepath.Join(t.TempDir(), "crash.sqlite3")
	command := exec.Command(os.Args[0], "-test.run=^TestCrashInTheMiddleLeavesTheMigrationUndone$")
	command.Env = append(os.Environ(), "QUINTET_TEST_CRASH="+file)
	output, err := command.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 9 {
		t.Fatalf("the process ended with %v\n%s", err, output)
	}
	db := openFile(t, file)
	want(t, "migrations", query(t, db, `SELECT name FROM quintet_migrations`), []string{"0001_step"})
	want(t, "rows", query(t, db, `SELECT count(*) FROM blog_post`), []string{"3"})
	want(t, "integrity", query(t, db, `PRAGMA integrity_check`), []string{"ok"})
	mustMigrate(t, db, graph(t, blog(crashing(func() {}))), "blog", "")
	want(t, "rows", query(t, db, `SELECT lang FROM blog_post`), []string{"en", "en", "en"})
}

func crashing(end func()) []operations.Operation {
	return []operations.Operation{
		operations.AddField{Model: "Post", Field: operations.Char("lang", 2).Backfill("en")},
		rows.RunGo{Forward: func(context.Context, *rows.History) error { end(); return nil }},
	}
}

func crash(t *testing.T, file string) {
	db := openFile(t, file)
	g := graph(t, blog(crashing(func() { os.Exit(9) })))
	mustMigrate(t, db, g, "blog", "0001")
	blogRows(t, db)
	mustMigrate(t, db, g, "blog", "")
}

func TestFake(t *testing.T) {
	t.Parallel()
	db := open(t)
	g := graph(t, blog([]operations.Operation{operations.AddField{Model: "Post", Field: operations.Int("x").Null()}}))
	r := executor.Runner{DB: db, Dialect: dialectOf(t), Graph: g}
	s, err := graph(t, blog()).State(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := executor.Create(t.Context(), db, dialectOf(t), s, nil); err != nil {
		t.Fatal(err)
	}
	var outcomes []executor.Outcome
	r.Finish = func(_ executor.Step, o executor.Outcome, _ time.Duration) { outcomes = append(outcomes, o) }
	if err := r.Run(t.Context(), g.All(nil), executor.Options{FakeInitial: true}); err != nil {
		t.Fatal(err)
	}
	want(t, "outcomes", outcomes, []executor.Outcome{executor.Faked, executor.Done})
	want(t, "the new column", query(t, db, `SELECT count(*) FROM pragma_table_info('blog_post') WHERE name = 'x'`), []string{"1"})
	undo := []executor.Step{{Node: g.Nodes[1], Backward: true}}
	if err := r.Run(t.Context(), undo, executor.Options{Fake: true}); err != nil {
		t.Fatal(err)
	}
	want(t, "the column after a faked way back", query(t, db, `SELECT count(*) FROM pragma_table_info('blog_post') WHERE name = 'x'`), []string{"1"})
	want(t, "migrations", query(t, db, `SELECT name FROM quintet_migrations`), []string{"0001_step"})
}

func TestInterruptedMigrationLeavesACleanConnection(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	endless := rows.RunGo{Forward: func(ctx context.Context, h *rows.History) error {
		if _, err := h.Exec(ctx, `DELETE FROM blog_post`); err != nil {
			return err
		}
		time.AfterFunc(50*time.Millisecond, cancel)
		_, err := h.Exec(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO blog_author (name) SELECT 'author ' || i FROM n WHERE i < 0`)
		return err
	}}
	g := graph(t, blog([]operations.Operation{endless}))
	mustMigrate(t, db, g, "blog", "0001")
	blogRows(t, db)
	r := executor.Runner{DB: db, Dialect: dialectOf(t), Graph: g}
	if err := r.Run(ctx, g.All(executor.Applied{{App: "blog", Name: "0001_step"}: {}}), executor.Options{}); err == nil {
		t.Fatal("the migration went on")
	}
	want(t, "posts", query(t, db, `SELECT count(*) FROM blog_post`), []string{"3"})
	want(t, "foreign keys", query(t, db, `PRAGMA foreign_keys`), []string{"1"})
	statements(t, db, `UPDATE blog_post SET views = 1`)
}

func TestMigrateWaitsForAnotherWriter(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "busy.sqlite3")
	other := openFile(t, file)
	tx, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(300*time.Millisecond, func() { tx.Rollback() })
	mustMigrate(t, openFile(t, file), graph(t, blog()), "blog", "")
}
