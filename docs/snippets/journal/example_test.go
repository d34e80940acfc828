//go:build !cgo || purego || sqlite_fts5

package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/journal"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/mysql"
	"github.com/quintetgo/quintet/orm/postgres"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// open returns a database in memory with three articles.
func open(ctx context.Context) *orm.DB {
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	must(migrate.Register(db, journal.App{}))
	must(migrate.CreateTables(ctx, db))
	ada, bob := &journal.Writer{Name: "Ada Lee"}, &journal.Writer{Name: "Bob Lee"}
	must(db.CreateAll(ctx, []*journal.Writer{ada, bob}))
	must(db.CreateAll(ctx, []*journal.Article{
		{Title: "Swing in Paris", Text: "A guitar, a violin, and no drums. The guitar plays the rhythm.", WriterID: ada.ID},
		{Title: "How to tune a guitar", Text: "Start with the lowest string of the guitar.", WriterID: bob.ID},
		{Title: "Drums", Text: "Every band has a drummer, but not this one. It has a bass guitar.", WriterID: bob.ID},
	}))
	return db
}

// must ends the program after an error. Databases of dialects.Each that are not connected run nothing, which is none.
func must(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

// titles returns the titles of articles.
func titles(q orm.Query[journal.Article]) []string {
	all, err := q.All(context.Background())
	must(err)
	list := []string{}
	for _, a := range all {
		list = append(list, a.Title)
	}
	return list
}

func Example() {
	ctx := context.Background()
	db := open(ctx)
	articles, err := journal.Find(ctx, db, "guitar -bass")
	fmt.Println(articles, err)
	dialects.Each(ctx, db, journal.App{}, func(_ context.Context, db *orm.DB) dialects.Statement {
		text := "guitar -bass"
		return orm.From(db, journal.Articles).
			Filter(journal.Articles.Search(text)).
			OrderBy(journal.Articles.SearchRank(text).Desc(), journal.Articles.ID.Asc()).
			Limit(20)
	})
	// Output:
	// [How to tune a guitar Swing in Paris] <nil>
	// SQLite: FROM "journal_article" AS t0 WHERE t0."id" IN (SELECT rowid FROM "journal_article_title_text_search" WHERE "journal_article_title_text_search" MATCH ?) ORDER BY COALESCE((SELECT found.score FROM (SELECT rowid AS id, -bm25("journal_article_title_text_search") AS score FROM "journal_article_title_text_search" WHERE "journal_article_title_text_search" MATCH ? LIMIT -1) AS found WHERE found.id = t0."id"), 0.0) DESC, t0."id" LIMIT 20
	// PostgreSQL: FROM "journal_article" AS t0 WHERE t0."journal_article_title_text_search" @@ to_tsquery('simple', ?) ORDER BY COALESCE(ts_rank(t0."journal_article_title_text_search", to_tsquery('simple', ?))::float8, 0) DESC, t0."id" LIMIT 20
	// MariaDB: FROM "journal_article" AS t0 WHERE MATCH (t0."journal_article_title_text_search") AGAINST (LOWER(?) IN BOOLEAN MODE) ORDER BY COALESCE(MATCH (t0."journal_article_title_text_search") AGAINST (LOWER(?) IN BOOLEAN MODE), 0) DESC, t0."id" LIMIT 20
}

func Example_texts() {
	db := open(context.Background())
	for _, text := range []string{
		"guitar drums", `"bass guitar"`, "guitar -drums", "drum*", "GUITAR", "-guitar", `"; DROP TABLE journal_article`,
	} {
		fmt.Println(text, titles(orm.From(db, journal.Articles).Filter(journal.Articles.Search(text)).OrderBy(journal.Articles.ID.Asc())))
	}
	// Output:
	// guitar drums [Swing in Paris Drums]
	// "bass guitar" [Drums]
	// guitar -drums [How to tune a guitar]
	// drum* [Swing in Paris Drums]
	// GUITAR [Swing in Paris How to tune a guitar Drums]
	// -guitar []
	// "; DROP TABLE journal_article []
}

func Example_field() {
	ctx := context.Background()
	dialects.Each(ctx, open(ctx), journal.App{}, func(_ context.Context, db *orm.DB) dialects.Statement {
		return orm.From(db, journal.Articles).Filter(journal.Articles.Title.Search("guitar"))
	})
	// Output:
	// SQLite: FROM "journal_article" AS t0 WHERE t0."id" IN (SELECT rowid FROM "journal_article_title_search" WHERE "journal_article_title_search" MATCH ?)
	// PostgreSQL: FROM "journal_article" AS t0 WHERE t0."journal_article_title_search" @@ to_tsquery('simple', ?)
	// MariaDB: FROM "journal_article" AS t0 WHERE MATCH (t0."journal_article_title_search") AGAINST (LOWER(?) IN BOOLEAN MODE)
}

func Example_relations() {
	ctx := context.Background()
	dialects.Each(ctx, open(ctx), journal.App{}, func(_ context.Context, db *orm.DB) dialects.Statement {
		return orm.From(db, journal.Writers).Filter(journal.Writers.Articles().Search("drums"))
	})
	// Output:
	// SQLite: FROM "journal_writer" AS t0 WHERE EXISTS (SELECT 1 FROM "journal_article" AS t1 WHERE t1."writer_id" = t0."id" AND t1."id" IN (SELECT rowid FROM "journal_article_title_text_search" WHERE "journal_article_title_text_search" MATCH ?))
	// PostgreSQL: FROM "journal_writer" AS t0 WHERE EXISTS (SELECT 1 FROM "journal_article" AS t1 WHERE t1."writer_id" = t0."id" AND t1."journal_article_title_text_search" @@ to_tsquery('simple', ?))
	// MariaDB: FROM "journal_writer" AS t0 WHERE EXISTS (SELECT 1 FROM "journal_article" AS t1 WHERE t1."writer_id" = t0."id" AND MATCH (t1."journal_article_title_text_search") AGAINST (LOWER(?) IN BOOLEAN MODE))
}

func Example_ranks() {
	ctx := context.Background()
	db := open(ctx)
	text := "drums"
	best := journal.Articles.Title.SearchRank(text).Mul(4).AddExpr(journal.Articles.SearchRank(text))
	fmt.Println(titles(orm.From(db, journal.Articles).Filter(journal.Articles.Search(text)).OrderBy(best.Desc())))
	// Output:
	// [Drums Swing in Paris]
}

func Example_untyped() {
	ctx := context.Background()
	db := open(ctx)
	found, err := dynamic.From(db, "journal.Writer").Where("articles__search", "drums -rhythm").Count(ctx)
	fmt.Println(found, err)
	// Output:
	// 1 <nil>
}

func Example_missing() {
	ctx := context.Background()
	db := open(ctx)
	_, err := orm.From(db, journal.Writers).Filter(journal.Writers.Search("lee")).Count(ctx)
	fmt.Println(err)
	// Output:
	// orm: Writer: lookup "search": journal.Writer has no index for full-text search; add one to Meta and run makemigrations: Indexes: []orm.Index{{Fields: []string{"name"}, Search: true}}
}

// history is the app before and after the index was declared.
type history struct{}

func (history) Name() string { return "journal" }

func (history) Migrations() []migrate.Migration {
	return []migrate.Migration{
		{Name: "0001_initial", Operations: []m.Operation{m.CreateModel{
			Name: "Article", Fields: []m.Field{m.BigAuto("id"), m.Char("title", 200), m.Text("text")},
		}}},
		{Name: "0002_search", Depends: []m.Dependency{m.On("journal", "0001_initial")}, Operations: []m.Operation{
			m.AddIndex{Model: "Article", Index: m.Index{
				Name: "journal_article_title_text_search", Fields: []string{"title", "text"}, Search: true,
			}},
		}},
	}
}

func printSQL(url string) {
	db := orm.MustOpen(url, sqlite.Driver, postgres.Driver, mysql.Driver)
	defer db.Close()
	project := framework.New(framework.Settings{Debug: true}, migrate.New(db), history{})
	call := command.Call{In: &bytes.Buffer{}, Out: os.Stdout, Err: os.Stdout}
	if status := project.Run(context.Background(), []string{"sqlmigrate", "journal", "0002"}, call); status != 0 {
		fmt.Println("exit status", status)
	}
}

func Example_sqlmigrateSQLite() {
	printSQL("sqlite::memory:")
	// Output:
	// PRAGMA foreign_keys = OFF;
	// BEGIN;
	// --
	// -- Create index journal_article_title_text_search on Article
	// --
	// CREATE VIRTUAL TABLE "journal_article_title_text_search" USING fts5(text, content='', tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'");
	// INSERT INTO "journal_article_title_text_search" (rowid, text) SELECT "id", substr(coalesce("title", '') || ' ' || coalesce("text", ''), 1, 200000) FROM "journal_article";
	// CREATE TRIGGER "journal_article_title_text_search_insert" AFTER INSERT ON "journal_article" BEGIN
	//     INSERT INTO "journal_article_title_text_search" (rowid, text) VALUES (new."id", substr(coalesce(new."title", '') || ' ' || coalesce(new."text", ''), 1, 200000));
	// END;
	// CREATE TRIGGER "journal_article_title_text_search_update" AFTER UPDATE OF "id", "title", "text" ON "journal_article" BEGIN
	//     INSERT INTO "journal_article_title_text_search" ("journal_article_title_text_search", rowid, text) VALUES ('delete', old."id", substr(coalesce(old."title", '') || ' ' || coalesce(old."text", ''), 1, 200000));
	//     INSERT INTO "journal_article_title_text_search" (rowid, text) VALUES (new."id", substr(coalesce(new."title", '') || ' ' || coalesce(new."text", ''), 1, 200000));
	// END;
	// CREATE TRIGGER "journal_article_title_text_search_delete" AFTER DELETE ON "journal_article" BEGIN
	//     INSERT INTO "journal_article_title_text_search" ("journal_article_title_text_search", rowid, text) VALUES ('delete', old."id", substr(coalesce(old."title", '') || ' ' || coalesce(old."text", ''), 1, 200000));
	// END;
	// COMMIT;
	// PRAGMA foreign_keys = ON;
}

func Example_sqlmigratePostgreSQL() {
	printSQL("postgres://guide@127.0.0.1:1/guide")
	// Output:
	// BEGIN;
	// --
	// -- Create index journal_article_title_text_search on Article
	// --
	// ALTER TABLE "journal_article" ADD COLUMN "journal_article_title_text_search" tsvector GENERATED ALWAYS AS (to_tsvector('simple', translate(left(coalesce("title", '') || ' ' || coalesce("text", ''), 200000), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', '                                '))) STORED;
	// CREATE INDEX "journal_article_title_text_search" ON "journal_article" USING gin ("journal_article_title_text_search");
	// COMMIT;
}

func Example_sqlmigrateMariaDB() {
	printSQL("mysql://guide@127.0.0.1:1/guide")
	// Output:
	// --
	// -- Create index journal_article_title_text_search on Article
	// --
	// ALTER TABLE `journal_article`
	//     ADD COLUMN `journal_article_title_text_search` longtext GENERATED ALWAYS AS (LOWER(CONCAT(REGEXP_REPLACE(LEFT(CONCAT_WS(' ', `title`, `text`), 200000), '[^\\p{L}\\p{M}\\p{N}]+', '__ '), '__'))) STORED INVISIBLE,
	//     ADD FULLTEXT KEY `journal_article_title_text_search` (`journal_article_title_text_search`);
}
