package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/docs/benchmarks/orm/blog"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
)

// target is a database with rows, opened by each contender.
type target struct {
	engine engine
	posts  int
	db     *orm.DB
	sql    *sql.DB
	gorm   *gorm.DB
	closes []func() error
}

// open creates the tables in an empty database and fills them.
func open(ctx context.Context, e engine, posts int) (t *target, err error) {
	t = &target{engine: e, posts: posts}
	defer func() {
		if err != nil {
			t.close()
		}
	}()
	location, remove, err := e.create(ctx)
	if err != nil {
		return nil, err
	}
	t.closes = append(t.closes, remove)
	if t.db, err = orm.Open(location.url, e.driver); err != nil {
		return nil, err
	}
	t.closes = append(t.closes, t.db.Close)
	if err := migrate.Register(t.db, blog.App{}); err != nil {
		return nil, err
	}
	if err := migrate.CreateTables(ctx, t.db); err != nil {
		return nil, err
	}
	if t.sql, err = sql.Open(e.sqlDriver, location.dsn); err != nil {
		return nil, err
	}
	t.closes = append(t.closes, t.sql.Close)
	if t.gorm, err = gorm.Open(e.dialector(location.dsn), tuned()); err != nil {
		return nil, err
	}
	t.closes = append(t.closes, func() error {
		pool, err := t.gorm.DB()
		if err != nil {
			return err
		}
		return pool.Close()
	})
	return t, errors.Join(t.fill(ctx), t.analyze(ctx))
}

// tuned is how GORM is at its fastest, with the table names of Quintet.
func tuned() *gorm.Config {
	return &gorm.Config{
		PrepareStmt: true, SkipDefaultTransaction: true, Logger: logger.Discard,
		NamingStrategy: naming{schema.NamingStrategy{TablePrefix: "blog_", SingularTable: true}},
		NowFunc:        func() time.Time { return time.Now().UTC() },
	}
}

// naming leaves the name of a through table as the tag has it.
type naming struct{ schema.NamingStrategy }

func (naming) JoinTableName(name string) string { return name }

// close closes the database, the last opened first.
func (t *target) close() {
	var errs []error
	for i := len(t.closes) - 1; i >= 0; i-- {
		errs = append(errs, t.closes[i]())
	}
	if err := errors.Join(errs...); err != nil {
		fmt.Println("orm: close:", err)
	}
}

const (
	authors = 500
	tags    = 100
	// chunk is how many rows are created at a time.
	chunk = 5000
)

// fill creates the rows: each post has 3 tags and 6 comments, one for each number of stars and one more.
func (t *target) fill(ctx context.Context) error {
	db := t.db.SkipValidation()
	if err := create(ctx, db, authors, func(i int) blog.Author {
		return blog.Author{Name: fmt.Sprintf("Author %d", i), Email: fmt.Sprintf("author%d@example.org", i)}
	}); err != nil {
		return err
	}
	if err := create(ctx, db, tags, func(i int) blog.Tag { return blog.Tag{Name: fmt.Sprintf("tag %d", i)} }); err != nil {
		return err
	}
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := create(ctx, db, t.posts, func(i int) blog.Post {
		return blog.Post{
			Title: fmt.Sprintf("The post with the number %d", i), Slug: fmt.Sprintf("post-%d", i), Body: strings.Repeat("words ", 30),
			Views: int64(i), Published: i%10 != 0, CreatedAt: began.Add(time.Duration(i) * time.Minute), AuthorID: int64(i%authors + 1),
		}
	}); err != nil {
		return err
	}
	if err := create(ctx, db, t.posts*6, func(i int) blog.Comment {
		return blog.Comment{Text: "A comment of some words.", Stars: int64(i % 6), Approved: i%7 != 0, PostID: int64(i/6 + 1)}
	}); err != nil {
		return err
	}
	return t.link(ctx)
}

func create[T any](ctx context.Context, db *orm.DB, n int, row func(i int) T) error {
	for from := 0; from < n; from += chunk {
		rows := make([]T, min(chunk, n-from))
		for i := range rows {
			rows[i] = row(from + i)
		}
		if err := db.CreateAll(ctx, rows); err != nil {
			return err
		}
	}
	return nil
}

// analyze updates the statistics that the database plans with.
func (t *target) analyze(ctx context.Context) error {
	for _, m := range t.db.Models() {
		if _, err := t.db.Exec(ctx, t.engine.analyze+m.Table); err != nil {
			return err
		}
	}
	return nil
}

// link adds three tags to each post.
func (t *target) link(ctx context.Context) error {
	for from := 0; from < t.posts; from += chunk {
		var text strings.Builder
		text.WriteString("INSERT INTO blog_post_tags (post_id, tag_id) VALUES ")
		for i := from; i < min(from+chunk, t.posts); i++ {
			for j := range 3 {
				if i > from || j > 0 {
					text.WriteString(", ")
				}
				fmt.Fprintf(&text, "(%d, %d)", i+1, (i+j*7)%tags+1)
			}
		}
		if _, err := t.db.Exec(ctx, text.String()); err != nil {
			return err
		}
	}
	return nil
}

// key returns the primary key of one of the posts, a different one for each i.
func (t *target) key(i int) int64 { return int64(i*7919%t.posts + 1) }

// prepare prepares a hand-written statement, whose placeholders are question marks.
func (t *target) prepare(text string) (*sql.Stmt, error) { return t.sql.Prepare(t.placeholders(text)) }

// placeholders writes the placeholders as the database takes them.
func (t *target) placeholders(text string) string {
	if !t.engine.numbered {
		return text
	}
	var out strings.Builder
	n := 0
	for part := range strings.SplitSeq(text, "?") {
		if n > 0 {
			out.WriteString("$" + strconv.Itoa(n))
		}
		out.WriteString(part)
		n++
	}
	return out.String()
}
