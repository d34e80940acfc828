package ormtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

type Author struct {
	ID   int64
	Name string `gorm:"size:100;uniqueIndex"`
}

type Tag struct {
	ID   int64
	Name string `gorm:"size:50"`
}

type Post struct {
	ID        int64
	Title     string `gorm:"size:200"`
	AuthorID  int64
	Author    *Author
	ParentID  *int64
	Parent    *Post
	Tags      []Tag `gorm:"many2many:blog_post_tags"`
	Live      bool
	CreatedAt time.Time
}

func (p *Post) Fields(f *orm.Fields) {
	orm.FK(f, &p.Author).OnDelete(orm.Cascade)
	orm.FK(f, &p.Parent).OnDelete(orm.SetNull)
}

type app struct{}

func (app) Name() string  { return "blog" }
func (app) Models() []any { return []any{&Author{}, &Tag{}, &Post{}} }

func TestOpenMakesTheTablesOfTheModels(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, app{})
	ctx := t.Context()
	for _, statement := range []string{
		`INSERT INTO blog_author (name) VALUES ('Django')`,
		`INSERT INTO blog_tag (name) VALUES ('swing')`,
		`INSERT INTO blog_post (title, author_id, live, created_at) VALUES ('Nuages', 1, 1, '2026-01-02 03:04:05+00:00')`,
		`INSERT INTO blog_post_tags (post_id, tag_id) VALUES (1, 1)`,
	} {
		if _, err := db.Exec(ctx, statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if _, err := db.Exec(ctx, `INSERT INTO blog_author (name) VALUES ('Django')`); err == nil {
		t.Error("a second author of that name was accepted")
	}
	if _, err := db.Exec(ctx, `INSERT INTO blog_post (title, author_id, live, created_at) VALUES ('x', 99, 1, '')`); err == nil {
		t.Error("a post of an unknown author was accepted")
	}
	if _, err := db.Exec(ctx, `INSERT INTO blog_post_tags (post_id, tag_id) VALUES (1, 1)`); err == nil {
		t.Error("a pair was accepted twice")
	}
}

func TestEveryTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	a, b := ormtest.Open(t, app{}), ormtest.Open(t, app{})
	if _, err := a.Exec(t.Context(), `INSERT INTO blog_tag (name) VALUES ('swing')`); err != nil {
		t.Fatal(err)
	}
	rows, err := b.Query(t.Context(), `SELECT count(*) FROM blog_tag`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var n int
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	if n != 0 {
		t.Errorf("the other database has %d tags", n)
	}
}

type partial struct{}

func (partial) Name() string  { return "blog" }
func (partial) Models() []any { return []any{&Tag{}, &Post{}} }

// stopped is a test that only notes why it would have ended.
type stopped struct {
	testing.TB
	message string
}

func (s *stopped) Helper() {}
func (s *stopped) Fatalf(format string, args ...any) {
	s.message = fmt.Sprintf(format, args...)
	panic(s)
}

func TestOpenNamesTheModelThatIsMissing(t *testing.T) {
	t.Parallel()
	s := &stopped{TB: t}
	func() {
		defer func() { _ = recover() }()
		ormtest.Open(s, partial{})
	}()
	if want := "blog.Post.author points at"; !strings.Contains(s.message, want) || !strings.Contains(s.message, "pass the app that has that model too") {
		t.Errorf("got %q", s.message)
	}
}
