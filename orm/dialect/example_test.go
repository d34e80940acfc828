package dialect_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// standard is a database with numbered arguments that has no capabilities.
type standard struct{}

func (standard) Name() string             { return "standard" }
func (standard) Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
func (standard) Placeholder(n int) string { return "$" + strconv.Itoa(n) }
func (standard) MaxArguments() int        { return 65535 }

func ExampleWriter() {
	w := dialect.NewWriter(standard{})
	w.Text("SELECT ")
	w.Names("id", `odd "name"`)
	w.Text(" FROM ")
	w.Name("blog_post")
	w.Text(" WHERE ")
	w.Name("id")
	w.Text(" > ")
	w.Bind(7)
	w.Limit(20, 40)
	fmt.Println(w.SQL())
	fmt.Println(w.Args()...)
	// Output:
	// SELECT "id", "odd ""name""" FROM "blog_post" WHERE "id" > $1 LIMIT 20 OFFSET $2
	// 7 40
}

func ExampleWriter_OnConflict() {
	w := dialect.NewWriter(standard{})
	w.OnConflict(dialect.Conflict{Columns: []string{"slug"}, Update: []string{"title"}})
	fmt.Println(w.SQL())
	// Output: ON CONFLICT ("slug") DO UPDATE SET "title" = excluded."title"
}

func ExampleWriter_Lock() {
	w := dialect.NewWriter(standard{})
	fmt.Println(w.Lock(dialect.Lock{SkipLocked: true, Of: []string{"t0"}}))
	fmt.Println(w.SQL())
	// Output:
	// <nil>
	//  FOR UPDATE OF t0 SKIP LOCKED
}

// Captured SQL can be put behind text that is known later only.
func ExampleWriter_Capture() {
	w := dialect.NewWriter(standard{})
	condition, err := w.Capture(func() error {
		w.Name("age")
		w.Text(" > ")
		w.Bind(17)
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	w.Text("SELECT 1 WHERE ")
	w.Put(condition)
	fmt.Println(w.SQL(), w.Args())
	// Output: SELECT 1 WHERE "age" > $1 [17]
}

// A capability that the dialect lacks, and for which there is no standard SQL, is an error that names the database.
func ExampleUnsupportedError() {
	w := dialect.NewWriter(standard{})
	fmt.Println(w.MatchText(dialect.TextMatch{Left: []byte("t0.title"), Operation: dialect.TextContains, Value: "go"}))
	// Output: orm: the database "standard" does not support lookups in text
}

func ExampleTextMatcher() {
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	w := dialect.NewWriter(db.Dialect())
	err := w.MatchText(dialect.TextMatch{Left: []byte("t0.title"), Repeatable: true, Operation: dialect.TextStartsWith, Value: "100%"})
	fmt.Println(w.SQL(), w.Args(), err)
	// Output: instr(t0.title, ?) = 1 [100%] <nil>
}

func ExampleIntrospector() {
	ctx := context.Background()
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	if _, err := db.Exec(ctx, `CREATE TABLE note (id integer PRIMARY KEY AUTOINCREMENT, title varchar(80) NOT NULL, body text)`); err != nil {
		fmt.Println(err)
		return
	}
	introspector, ok := db.Dialect().(dialect.Introspector)
	if !ok {
		return
	}
	t, err := introspector.Table(ctx, db.Writer(), "note")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range t.Columns {
		fmt.Println(c.Name, c.Type, c.Size, c.Null, c.PrimaryKey)
	}
	// Output:
	// id BigInt 0 false true
	// title Char 80 false false
	// body Text 0 true false
}
