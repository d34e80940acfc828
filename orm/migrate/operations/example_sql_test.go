package operations_test

import (
	"fmt"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate/executor"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// printSQL prints the SQL of operations that follow the creation of a model Post.
func printSQL(operations ...m.Operation) {
	initial := m.Migration{Name: "0001_initial", Operations: []m.Operation{
		m.CreateModel{Name: "Post", Fields: []m.Field{m.BigAuto("id"), m.Char("title", 200), m.Int("views").Null()}},
	}}
	next := m.Migration{Name: "0002_next", Depends: []m.Dependency{m.On("blog", "0001_initial")}, Operations: operations}
	g, err := executor.NewGraph([]executor.App{{Name: "blog", Migrations: []m.Migration{initial, next}}}, executor.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	node, err := g.Find("blog", "0002")
	if err != nil {
		fmt.Println(err)
		return
	}
	planned, err := g.SQL(db.Dialect(), executor.Step{Node: node})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range planned {
		fmt.Println("--", p.Operation.Describe())
		for _, line := range p.Lines {
			fmt.Println(line)
		}
	}
}

func ExampleCreateModel() {
	printSQL(m.CreateModel{
		Name: "Comment",
		Fields: []m.Field{
			m.BigAuto("id"),
			m.ForeignKey("post", "blog.Post"),
			m.Text("text"),
			m.Decimal("rating", 3, 1).Null(),
		},
		Checks: []m.Check{{Name: "blog_comment_rating_max", SQL: "rating <= 10"}},
	})
	// Output:
	// -- Create model Comment
	// CREATE TABLE "blog_comment" (
	//     "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
	//     "post_id" bigint NOT NULL REFERENCES "blog_post" ("id") DEFERRABLE INITIALLY DEFERRED,
	//     "text" text NOT NULL,
	//     "rating" decimal(3,1) NULL,
	//     CONSTRAINT "blog_comment_rating_max" CHECK (rating <= 10)
	// );
	// CREATE INDEX "blog_comment_post_id_idx" ON "blog_comment" ("post_id");
}

func ExampleDeleteModel() {
	printSQL(m.DeleteModel{Name: "Post"})
	// Output:
	// -- Delete model Post
	// DROP TABLE "blog_post";
}

func ExampleRenameModel() {
	printSQL(m.RenameModel{From: "Post", To: "Article"})
	// Output:
	// -- Rename model Post to Article
	// ALTER TABLE "blog_post" RENAME TO "blog_article";
}

func ExampleAlterModelTable() {
	printSQL(m.AlterModelTable{Name: "Post", Table: "posts"})
	// Output:
	// -- Move model Post to table posts
	// ALTER TABLE "blog_post" RENAME TO "posts";
}

// A column that allows NULL is added without touching the rows. SQLite rebuilds the table for any other column.
func ExampleAddField() {
	printSQL(m.AddField{Model: "Post", Field: m.Char("lang", 5).Null().Index()})
	// Output:
	// -- Add field lang to Post
	// ALTER TABLE "blog_post" ADD COLUMN "lang" varchar(5) NULL;
	// CREATE INDEX "blog_post_lang_idx" ON "blog_post" ("lang");
}

// Existing rows get the Backfill, which may be an expression over the row.
func ExampleField_Backfill() {
	printSQL(m.AddField{Model: "Post", Field: m.Text("slug").Backfill(m.SQL("lower(title)"))})
	// Output:
	// -- Add field slug to Post
	// -- every index and trigger of "blog_post" is remembered
	// PRAGMA legacy_alter_table = ON;
	// CREATE TABLE "quintet_new_blog_post" (
	//     "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
	//     "title" varchar(200) NOT NULL,
	//     "views" integer NULL,
	//     "slug" text NOT NULL
	// );
	// INSERT INTO "quintet_new_blog_post" ("id", "title", "views", "slug") SELECT "id", "title", "views", (lower(title)) FROM "blog_post";
	// DELETE FROM sqlite_sequence WHERE name = 'quintet_new_blog_post';
	// INSERT INTO sqlite_sequence (name, seq) SELECT 'quintet_new_blog_post', seq FROM sqlite_sequence WHERE name = 'blog_post';
	// DROP TABLE "blog_post";
	// ALTER TABLE "quintet_new_blog_post" RENAME TO "blog_post";
	// PRAGMA legacy_alter_table = OFF;
	// -- every index and trigger of "blog_post" is created again
}

// An index is created without a rebuild, also if the field itself stays as it is.
func ExampleAlterField() {
	printSQL(m.AlterField{Model: "Post", Field: m.Char("title", 200).Unique()})
	// Output:
	// -- Alter field title on Post
	// CREATE UNIQUE INDEX "blog_post_title_uniq" ON "blog_post" ("title");
}

func ExampleRenameField() {
	printSQL(m.RenameField{Model: "Post", From: "views", To: "hits"})
	// Output:
	// -- Rename field views on Post to hits
	// ALTER TABLE "blog_post" RENAME COLUMN "views" TO "hits";
}

func ExampleAddIndex() {
	printSQL(m.AddIndex{Model: "Post", Index: m.Index{Name: "blog_post_top", Fields: m.Names("-views", "title"), Where: "views > 0"}})
	// Output:
	// -- Create index blog_post_top on Post
	// CREATE INDEX "blog_post_top" ON "blog_post" ("views" DESC, "title") WHERE views > 0;
}

func ExampleAddConstraint() {
	printSQL(m.AddConstraint{Model: "Post", Constraint: m.Unique{Name: "blog_post_once", Fields: m.Names("title", "views")}})
	// Output:
	// -- Create constraint blog_post_once on Post
	// CREATE UNIQUE INDEX "blog_post_once" ON "blog_post" ("title", "views");
}

// SQL that only one database understands belongs in Dialects.
func ExampleRunSQL() {
	printSQL(m.RunSQL{
		Forward:  `CREATE INDEX blog_post_lower ON blog_post (lower(title))`,
		Backward: `DROP INDEX blog_post_lower`,
		Dialects: map[string]m.SQLPair{
			"mysql": {Forward: `CREATE INDEX blog_post_lower ON blog_post ((lower(title)))`, Backward: `DROP INDEX blog_post_lower ON blog_post`},
		},
	})
	// Output:
	// -- Run SQL
	// CREATE INDEX blog_post_lower ON blog_post (lower(title));
}
