package ddl_test

import (
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/ddl"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	sqliteddl "github.com/quintetgo/quintet/orm/sqlite/internal/ddl"
)

// start has two models, one of which points at the other.
func start(t *testing.T) *operations.State {
	t.Helper()
	s := operations.NewState(nil)
	for _, op := range []operations.Operation{
		operations.CreateModel{Name: "Tag", Fields: []operations.Field{operations.BigAuto("id"), operations.Char("name", 10).Unique(), operations.Text("code").Null()}},
		operations.CreateModel{Name: "Post", Fields: []operations.Field{operations.BigAuto("id"), operations.BigInt("views"), operations.ForeignKey("tag", "blog.Tag"), operations.ManyToMany("tags", "blog.Tag")}},
	} {
		if err := op.Apply("blog", s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// sql returns the statements of one operation, a line each.
func sql(t *testing.T, op operations.Operation, backward bool) (string, error) {
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

func TestAlterTable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		op            operations.Operation
		forward, back string
	}{
		"add a NULL column": {
			operations.AddField{Model: "Post", Field: operations.Text("note").Null().Index()},
			`ALTER TABLE "blog_post" ADD COLUMN "note" text NULL;` + "\n" + `CREATE INDEX "blog_post_note_idx" ON "blog_post" ("note");`, "",
		},
		"add a NULL reference": {
			operations.AddField{Model: "Post", Field: operations.OneToOne("main", "blog.Tag").Null()},
			`ALTER TABLE "blog_post" ADD COLUMN "main_id" bigint NULL REFERENCES "blog_tag" ("id") DEFERRABLE INITIALLY DEFERRED;` + "\n" +
				`CREATE UNIQUE INDEX "blog_post_main_id_uniq" ON "blog_post" ("main_id");`, "",
		},
		"rename a field": {
			operations.RenameField{Model: "Post", From: "views", To: "hits"},
			`ALTER TABLE "blog_post" RENAME COLUMN "views" TO "hits";`, `ALTER TABLE "blog_post" RENAME COLUMN "hits" TO "views";`,
		},
		"rename a reference": {
			operations.RenameField{Model: "Post", From: "tag", To: "main"},
			`DROP INDEX "blog_post_tag_id_idx";` + "\n" + `ALTER TABLE "blog_post" RENAME COLUMN "tag_id" TO "main_id";` + "\n" + `CREATE INDEX "blog_post_main_id_idx" ON "blog_post" ("main_id");`,
			`DROP INDEX "blog_post_main_id_idx";` + "\n" + `ALTER TABLE "blog_post" RENAME COLUMN "main_id" TO "tag_id";` + "\n" + `CREATE INDEX "blog_post_tag_id_idx" ON "blog_post" ("tag_id");`,
		},
		"rename many-to-many": {
			operations.RenameField{Model: "Post", From: "tags", To: "labels"},
			`ALTER TABLE "blog_post_tags" RENAME TO "blog_post_labels";` + "\n" +
				`DROP INDEX "blog_post_tags_post_id_tag_id_uniq";` + "\n" + `DROP INDEX "blog_post_tags_tag_id_idx";` + "\n" +
				`CREATE UNIQUE INDEX "blog_post_labels_post_id_tag_id_uniq" ON "blog_post_labels" ("post_id", "tag_id");` + "\n" +
				`CREATE INDEX "blog_post_labels_tag_id_idx" ON "blog_post_labels" ("tag_id");`, "",
		},
		"index": {
			operations.AddIndex{Model: "Post", Index: operations.Index{Name: "top", Fields: []string{"-views", "tag"}, Where: "views > 0"}},
			`CREATE INDEX "top" ON "blog_post" ("views" DESC, "tag_id") WHERE views > 0;`, `DROP INDEX "top";`,
		},
		"unique": {
			operations.AddConstraint{Model: "Post", Constraint: operations.Unique{Name: "once", Fields: []string{"views", "tag"}}},
			`CREATE UNIQUE INDEX "once" ON "blog_post" ("views", "tag_id");`, `DROP INDEX "once";`,
		},
		"table": {operations.AlterModelTable{Name: "Tag", Table: "words"}, `ALTER TABLE "blog_tag" RENAME TO "words";` + "\n" +
			`DROP INDEX "blog_tag_name_uniq";` + "\n" + `CREATE UNIQUE INDEX "words_name_uniq" ON "words" ("name");`, ""},
		"only the index of a field": {
			operations.AlterField{Model: "Post", Field: operations.BigInt("views").Index()},
			`CREATE INDEX "blog_post_views_idx" ON "blog_post" ("views");`, `DROP INDEX "blog_post_views_idx";`,
		},
		"delete": {operations.DeleteModel{Name: "Post"}, `DROP TABLE "blog_post_tags";` + "\n" + `DROP TABLE "blog_post";`, ""},
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
		op   operations.Operation
		want []string
	}{
		"NOT NULL with a backfill": {operations.AddField{Model: "Tag", Field: operations.Char("lang", 2).Backfill("e'n")}, []string{
			`INSERT INTO "quintet_new_blog_tag" ("id", "name", "code", "lang") SELECT "id", "name", "code", 'e''n' FROM "blog_tag";`,
		}},
		"from another column":     {operations.AddField{Model: "Tag", Field: operations.Text("slug").Backfill(operations.SQL("lower(name)"))}, []string{`SELECT "id", "name", "code", (lower(name)) FROM`}},
		"becomes NOT NULL":        {operations.AlterField{Model: "Tag", Field: operations.Text("code").Backfill("")}, []string{`SELECT "id", "name", COALESCE("code", '') FROM`}},
		"a type with Using":       {operations.AlterField{Model: "Tag", Field: operations.Int("name").Using("length(name)")}, []string{`SELECT "id", (length(name)), "code" FROM`, `typeof("name") NOT IN ('integer', 'null')`}},
		"a NULL column is gone":   {operations.RemoveField{Model: "Tag", Name: "code"}, []string{`("id", "name") SELECT "id", "name" FROM "blog_tag";`, `DROP TABLE "blog_tag";`, `PRAGMA legacy_alter_table = ON`}},
		"a check":                 {operations.AddConstraint{Model: "Tag", Constraint: operations.Check{Name: "c", SQL: "name <> ''"}}, []string{`CONSTRAINT "c" CHECK (name <> '')`}},
		"a time":                  {operations.AddField{Model: "Tag", Field: operations.DateTime("at").Backfill(time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600)))}, []string{`'2026-01-02 02:04:05+00:00'`}},
		"the moment":              {operations.AddField{Model: "Tag", Field: operations.DateTime("at").Backfill(operations.Now)}, []string{`strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')`}},
		"JSON":                    {operations.AddField{Model: "Tag", Field: operations.JSON("data").Backfill(map[string]int{"a": 1})}, []string{`'{"a":1}'`}},
		"true":                    {operations.AddField{Model: "Tag", Field: operations.Bool("live").Backfill(true)}, []string{`"code", 1 FROM`}},
		"numbers given so far":    {operations.RemoveField{Model: "Tag", Name: "code"}, []string{`INSERT INTO sqlite_sequence (name, seq) SELECT 'quintet_new_blog_tag', seq FROM sqlite_sequence WHERE name = 'blog_tag';`}},
		"a default of the column": {operations.AddField{Model: "Tag", Field: operations.Int("n").DBDefault("3")}, []string{`"n" integer NOT NULL DEFAULT (3)`, `("id", "name", "code") SELECT`}},
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
	for _, f := range []operations.Field{
		operations.Int("n").Backfill("many"), operations.Bool("b").Backfill("maybe"), operations.DateTime("at").Backfill("soon"),
		operations.Text("t").Backfill(operations.Now), operations.Text("t").Backfill(struct{}{}), operations.JSON("j").Backfill(func() {}),
	} {
		if got, err := sql(t, operations.AddField{Model: "Tag", Field: f}, false); err == nil {
			t.Errorf("%s with %v gave\n%s", f.Kind, f.Options.Fill, got)
		}
	}
}
