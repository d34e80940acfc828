package ddl_test

import (
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/ddl"
	"github.com/quintetgo/quintet/orm/migrate/state"
	sqliteddl "github.com/quintetgo/quintet/orm/sqlite/internal/ddl"
)

// start has two models, one of which points at the other.
func start(t *testing.T) *state.State {
	t.Helper()
	s := state.New(nil)
	for _, op := range []state.Operation{
		state.CreateModel{Name: "Tag", Fields: []state.Field{state.BigAuto("id"), state.Char("name", 10).Unique(), state.Text("code").Null()}},
		state.CreateModel{Name: "Post", Fields: []state.Field{state.BigAuto("id"), state.BigInt("views"), state.ForeignKey("tag", "blog.Tag"), state.ManyToMany("tags", "blog.Tag")}},
	} {
		if err := op.Apply("blog", s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// sql returns the statements of one operation, a line each.
func sql(t *testing.T, op state.Operation, backward bool) (string, error) {
	t.Helper()
	before := start(t)
	after := before.Clone()
	if err := op.Apply("blog", after); err != nil {
		t.Fatal(err)
	}
	c := ddl.NewChange("blog", op, before, after)
	if backward {
		c = c.Reverse("blog", op)
	}
	tables, err := c.Tables()
	if err != nil {
		return "", err
	}
	list, err := sqliteddl.Migrations{}.Plan(tables)
	var lines []string
	for _, s := range list {
		lines = append(lines, strings.Join(strings.Fields(s.String()), " "))
	}
	return strings.Join(lines, "\n"), err
}

func TestWhatSQLiteCanAlterIsAltered(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		op            state.Operation
		forward, back string
	}{
		"add a NULL column": {
			state.AddField{Model: "Post", Field: state.Text("note").Null().Index()},
			`ALTER TABLE "blog_post" ADD COLUMN "note" text NULL;` + "\n" + `CREATE INDEX "blog_post_note_idx" ON "blog_post" ("note");`, "",
		},
		"add a NULL reference": {
			state.AddField{Model: "Post", Field: state.OneToOne("main", "blog.Tag").Null()},
			`ALTER TABLE "blog_post" ADD COLUMN "main_id" bigint NULL REFERENCES "blog_tag" ("id") DEFERRABLE INITIALLY DEFERRED;` + "\n" +
				`CREATE UNIQUE INDEX "blog_post_main_id_uniq" ON "blog_post" ("main_id");`, "",
		},
		"rename a field": {
			state.RenameField{Model: "Post", From: "views", To: "hits"},
			`ALTER TABLE "blog_post" RENAME COLUMN "views" TO "hits";`, `ALTER TABLE "blog_post" RENAME COLUMN "hits" TO "views";`,
		},
		"rename a reference": {
			state.RenameField{Model: "Post", From: "tag", To: "main"},
			`DROP INDEX "blog_post_tag_id_idx";` + "\n" + `ALTER TABLE "blog_post" RENAME COLUMN "tag_id" TO "main_id";` + "\n" + `CREATE INDEX "blog_post_main_id_idx" ON "blog_post" ("main_id");`,
			`DROP INDEX "blog_post_main_id_idx";` + "\n" + `ALTER TABLE "blog_post" RENAME COLUMN "main_id" TO "tag_id";` + "\n" + `CREATE INDEX "blog_post_tag_id_idx" ON "blog_post" ("tag_id");`,
		},
		"rename many-to-many": {
			state.RenameField{Model: "Post", From: "tags", To: "labels"},
			`ALTER TABLE "blog_post_tags" RENAME TO "blog_post_labels";` + "\n" +
				`DROP INDEX "blog_post_tags_post_id_tag_id_uniq";` + "\n" + `DROP INDEX "blog_post_tags_tag_id_idx";` + "\n" +
				`CREATE UNIQUE INDEX "blog_post_labels_post_id_tag_id_uniq" ON "blog_post_labels" ("post_id", "tag_id");` + "\n" +
				`CREATE INDEX "blog_post_labels_tag_id_idx" ON "blog_post_labels" ("tag_id");`, "",
		},
		"index": {
			state.AddIndex{Model: "Post", Index: state.Index{Name: "top", Fields: []string{"-views", "tag"}, Where: "views > 0"}},
			`CREATE INDEX "top" ON "blog_post" ("views" DESC, "tag_id") WHERE views > 0;`, `DROP INDEX "top";`,
		},
		"unique": {
			state.AddConstraint{Model: "Post", Constraint: state.Unique{Name: "once", Fields: []string{"views", "tag"}}},
			`CREATE UNIQUE INDEX "once" ON "blog_post" ("views", "tag_id");`, `DROP INDEX "once";`,
		},
		"table": {state.AlterModelTable{Name: "Tag", Table: "words"}, `ALTER TABLE "blog_tag" RENAME TO "words";` + "\n" +
			`DROP INDEX "blog_tag_name_uniq";` + "\n" + `CREATE UNIQUE INDEX "words_name_uniq" ON "words" ("name");`, ""},
		"only the index of a field": {
			state.AlterField{Model: "Post", Field: state.BigInt("views").Index()},
			`CREATE INDEX "blog_post_views_idx" ON "blog_post" ("views");`, `DROP INDEX "blog_post_views_idx";`,
		},
		"delete": {state.DeleteModel{Name: "Post"}, `DROP TABLE "blog_post_tags";` + "\n" + `DROP TABLE "blog_post";`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, way := range []struct {
				backward bool
				want     string
			}{{false, tc.forward}, {true, tc.back}} {
				if got, err := sql(t, tc.op, way.backward); err != nil || way.want != "" && got != way.want {
					t.Errorf("backward %v: %v, got\n%s\nwant\n%s", way.backward, err, got, way.want)
				}
			}
		})
	}
}

func TestRebuildCopiesEveryColumn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		op   state.Operation
		want []string
	}{
		"NOT NULL with a backfill": {state.AddField{Model: "Tag", Field: state.Char("lang", 2).Backfill("e'n")}, []string{
			`INSERT INTO "quintet_new_blog_tag" ("id", "name", "code", "lang") SELECT "id", "name", "code", 'e''n' FROM "blog_tag";`,
		}},
		"from another column":     {state.AddField{Model: "Tag", Field: state.Text("slug").Backfill(state.SQL("lower(name)"))}, []string{`SELECT "id", "name", "code", (lower(name)) FROM`}},
		"becomes NOT NULL":        {state.AlterField{Model: "Tag", Field: state.Text("code").Backfill("")}, []string{`SELECT "id", "name", COALESCE("code", '') FROM`}},
		"a type with Using":       {state.AlterField{Model: "Tag", Field: state.Int("name").Using("length(name)")}, []string{`SELECT "id", (length(name)), "code" FROM`, `typeof("name") NOT IN ('integer', 'null')`}},
		"a NULL column is gone":   {state.RemoveField{Model: "Tag", Name: "code"}, []string{`("id", "name") SELECT "id", "name" FROM "blog_tag";`, `DROP TABLE "blog_tag";`, `PRAGMA legacy_alter_table = ON`}},
		"a check":                 {state.AddConstraint{Model: "Tag", Constraint: state.Check{Name: "c", SQL: "name <> ''"}}, []string{`CONSTRAINT "c" CHECK (name <> '')`}},
		"a time":                  {state.AddField{Model: "Tag", Field: state.DateTime("at").Backfill(time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600)))}, []string{`'2026-01-02 02:04:05+00:00'`}},
		"the moment":              {state.AddField{Model: "Tag", Field: state.DateTime("at").Backfill(state.Now)}, []string{`strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')`}},
		"JSON":                    {state.AddField{Model: "Tag", Field: state.JSON("data").Backfill(map[string]int{"a": 1})}, []string{`'{"a":1}'`}},
		"true":                    {state.AddField{Model: "Tag", Field: state.Bool("live").Backfill(true)}, []string{`"code", 1 FROM`}},
		"numbers given so far":    {state.RemoveField{Model: "Tag", Name: "code"}, []string{`INSERT INTO sqlite_sequence (name, seq) SELECT 'quintet_new_blog_tag', seq FROM sqlite_sequence WHERE name = 'blog_tag';`}},
		"a default of the column": {state.AddField{Model: "Tag", Field: state.Int("n").DBDefault("3")}, []string{`"n" integer NOT NULL DEFAULT (3)`, `("id", "name", "code") SELECT`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sql(t, tc.op, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("got\n%s\nwant %s", got, want)
				}
			}
		})
	}
}

func TestBackfillsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, f := range []state.Field{
		state.Int("n").Backfill("many"), state.Bool("b").Backfill("maybe"), state.DateTime("at").Backfill("soon"),
		state.Text("t").Backfill(state.Now), state.Text("t").Backfill(struct{}{}), state.JSON("j").Backfill(func() {}),
	} {
		if got, err := sql(t, state.AddField{Model: "Tag", Field: f}, false); err == nil {
			t.Errorf("%s with %v gave\n%s", f.Kind, f.Options.Fill, got)
		}
	}
}
