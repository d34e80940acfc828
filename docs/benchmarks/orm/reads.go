package main

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/quintetgo/quintet/docs/benchmarks/orm/blog"
	"github.com/quintetgo/quintet/orm"
)

// postColumns are all columns of a post.
const postColumns = "p.id, p.title, p.slug, p.body, p.views, p.published, p.created_at, p.author_id"

func getByKey(t *target) (contenders, error) {
	stmt, err := t.prepare("SELECT " + postColumns + " FROM blog_post p WHERE p.id = ?")
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			var p blog.Post
			err := stmt.QueryRowContext(ctx, t.key(i)).Scan(
				&p.ID, &p.Title, &p.Slug, &p.Body, &p.Views, &p.Published, &p.CreatedAt, &p.AuthorID)
			return p.Views, err
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			p, err := orm.From(t.db, blog.Posts).Filter(blog.Posts.ID.Eq(t.key(i))).Get(ctx)
			if err != nil {
				return 0, err
			}
			return p.Views, nil
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			var p blog.Post
			err := t.gorm.WithContext(ctx).Take(&p, t.key(i)).Error
			return p.Views, err
		},
	}, err
}

func getByUnique(t *target) (contenders, error) {
	stmt, err := t.prepare("SELECT " + postColumns + " FROM blog_post p WHERE p.slug = ?")
	slug := func(i int) string { return fmt.Sprintf("post-%d", t.key(i)-1) }
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			var p blog.Post
			err := stmt.QueryRowContext(ctx, slug(i)).Scan(
				&p.ID, &p.Title, &p.Slug, &p.Body, &p.Views, &p.Published, &p.CreatedAt, &p.AuthorID)
			return p.Views, err
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			p, err := orm.From(t.db, blog.Posts).Filter(blog.Posts.Slug.Eq(slug(i))).Get(ctx)
			if err != nil {
				return 0, err
			}
			return p.Views, nil
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			var p blog.Post
			err := t.gorm.WithContext(ctx).Where("slug = ?", slug(i)).Take(&p).Error
			return p.Views, err
		},
	}, err
}

// list reads n posts, the newest first.
func list(t *target, n int) (contenders, error) {
	stmt, err := t.prepare(fmt.Sprintf(
		"SELECT %s FROM blog_post p WHERE p.published = ? AND p.id < ? ORDER BY p.id DESC LIMIT %d", postColumns, n))
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			rows, err := stmt.QueryContext(ctx, true, t.below(i))
			if err != nil {
				return 0, err
			}
			posts, err := readPosts(rows, n)
			return views(posts), err
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			q := blog.Posts
			posts, err := orm.From(t.db, q).Filter(q.Published.Eq(true), q.ID.Lt(t.below(i))).OrderBy(q.ID.Desc()).Limit(n).All(ctx)
			return views(posts), err
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			var posts []*blog.Post
			err := t.gorm.WithContext(ctx).Where("published = ? AND id < ?", true, t.below(i)).Order("id DESC").Limit(n).Find(&posts).Error
			return views(posts), err
		},
	}, err
}

// readPosts reads n rows of all columns of posts.
func readPosts(rows *sql.Rows, n int) ([]*blog.Post, error) {
	defer rows.Close()
	posts := make([]*blog.Post, 0, n)
	for rows.Next() {
		p := &blog.Post{}
		if err := rows.Scan(&p.ID, &p.Title, &p.Slug, &p.Body, &p.Views, &p.Published, &p.CreatedAt, &p.AuthorID); err != nil {
			return nil, err
		}
		posts = append(posts, p)
	}
	return posts, rows.Err()
}

// views returns a number that differs if the posts do.
func views(posts []*blog.Post) (sum int64) {
	for _, p := range posts {
		sum += p.Views
	}
	return sum
}

func count(t *target) (contenders, error) {
	stmt, err := t.prepare("SELECT COUNT(*) FROM blog_post p WHERE p.id < ?")
	return contenders{
		sql: func(ctx context.Context, i int) (n int64, err error) {
			return n, stmt.QueryRowContext(ctx, i%100+100).Scan(&n)
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			return orm.From(t.db, blog.Posts).Filter(blog.Posts.ID.Lt(int64(i%100 + 100))).Count(ctx)
		},
		gorm: func(ctx context.Context, i int) (n int64, err error) {
			return n, t.gorm.WithContext(ctx).Model(&blog.Post{}).Where("id < ?", i%100+100).Count(&n).Error
		},
	}, err
}
