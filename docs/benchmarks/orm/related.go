package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/docs/benchmarks/orm/blog"
	"github.com/quintetgo/quintet/orm"
	"gorm.io/gorm"
)

const joinedPosts = "SELECT " + postColumns + ", a.id, a.name, a.email " +
	"FROM blog_post p JOIN blog_author a ON a.id = p.author_id WHERE p.id < ? ORDER BY p.id DESC LIMIT 20"

func joined(t *target) (contenders, error) {
	stmt, err := t.prepare(joinedPosts)
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			posts, err := readJoined(ctx, stmt, t.below(i))
			return authorsOf(posts), err
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			q := blog.Posts
			posts, err := orm.From(t.db, q).SelectRelated(q.Author()).Filter(q.ID.Lt(t.below(i))).OrderBy(q.ID.Desc()).Limit(20).All(ctx)
			return authorsOf(posts), err
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			var posts []*blog.Post
			err := t.gormJoined(ctx, i).Find(&posts).Error
			return authorsOf(posts), err
		},
	}, err
}

// below returns a key with at least 20 posts before it.
func (t *target) below(i int) int64 { return t.key(i)/2 + int64(t.posts/2) }

func (t *target) gormJoined(ctx context.Context, i int) *gorm.DB {
	return t.gorm.WithContext(ctx).Joins("Author").Where("blog_post.id < ?", t.below(i)).Order("blog_post.id DESC").Limit(20)
}

func readJoined(ctx context.Context, stmt *sql.Stmt, below int64) ([]*blog.Post, error) {
	rows, err := stmt.QueryContext(ctx, below)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	posts := make([]*blog.Post, 0, 20)
	for rows.Next() {
		p, a := &blog.Post{}, &blog.Author{}
		if err := rows.Scan(&p.ID, &p.Title, &p.Slug, &p.Body, &p.Views, &p.Published, &p.CreatedAt, &p.AuthorID,
			&a.ID, &a.Name, &a.Email); err != nil {
			return nil, err
		}
		p.Author = a
		posts = append(posts, p)
	}
	return posts, rows.Err()
}

func authorsOf(posts []*blog.Post) int64 {
	sum := views(posts)
	for _, p := range posts {
		sum += p.Author.ID
	}
	return sum
}

func joinedAndPrefetched(t *target) (contenders, error) {
	stmt, err := t.prepare(joinedPosts)
	if err != nil {
		return contenders{}, err
	}
	tagged, err := t.prepare("SELECT pt.post_id, t.id, t.name FROM blog_tag t JOIN blog_post_tags pt ON pt.tag_id = t.id " +
		"WHERE pt.post_id IN (" + questionMarks(20) + ")")
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			posts, err := readJoined(ctx, stmt, t.below(i))
			if err == nil {
				err = readTags(ctx, tagged, posts)
			}
			return tagsOf(posts), err
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			q := blog.Posts
			posts, err := orm.From(t.db, q).SelectRelated(q.Author()).Prefetch(q.Tags()).
				Filter(q.ID.Lt(t.below(i))).OrderBy(q.ID.Desc()).Limit(20).All(ctx)
			return tagsOf(posts), err
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			var posts []*blog.Post
			err := t.gormJoined(ctx, i).Preload("Tags").Find(&posts).Error
			return tagsOf(posts), err
		},
	}, err
}

func questionMarks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// readTags reads the tags of posts, by one statement for all of them.
func readTags(ctx context.Context, stmt *sql.Stmt, posts []*blog.Post) error {
	byID := make(map[int64]*blog.Post, len(posts))
	keys := make([]any, len(posts))
	for i, p := range posts {
		byID[p.ID], keys[i] = p, p.ID
	}
	rows, err := stmt.QueryContext(ctx, keys...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var post int64
		var tag blog.Tag
		if err := rows.Scan(&post, &tag.ID, &tag.Name); err != nil {
			return err
		}
		p := byID[post]
		p.Tags = append(p.Tags, tag)
	}
	return rows.Err()
}

func tagsOf(posts []*blog.Post) int64 {
	sum := authorsOf(posts)
	for _, p := range posts {
		for _, tag := range p.Tags {
			sum += tag.ID
		}
	}
	return sum
}

func commentsPrefetched(t *target) (contenders, error) {
	stmt, err := t.prepare("SELECT " + postColumns + " FROM blog_post p WHERE p.id < ? ORDER BY p.id DESC LIMIT 20")
	if err != nil {
		return contenders{}, err
	}
	comments, err := t.prepare("SELECT c.id, c.text, c.stars, c.approved, c.post_id FROM blog_comment c WHERE c.post_id IN (" +
		questionMarks(20) + ")")
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			rows, err := stmt.QueryContext(ctx, t.below(i))
			if err != nil {
				return 0, err
			}
			posts, err := readPosts(rows, 20)
			if err == nil {
				err = readComments(ctx, comments, posts)
			}
			return starsOf(posts), err
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			q := blog.Posts
			posts, err := orm.From(t.db, q).Prefetch(q.Comments()).Filter(q.ID.Lt(t.below(i))).OrderBy(q.ID.Desc()).Limit(20).All(ctx)
			return starsOf(posts), err
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			var posts []*blog.Post
			err := t.gorm.WithContext(ctx).Preload("Comments").Where("id < ?", t.below(i)).Order("id DESC").Limit(20).Find(&posts).Error
			return starsOf(posts), err
		},
	}, err
}

func readComments(ctx context.Context, stmt *sql.Stmt, posts []*blog.Post) error {
	byID := make(map[int64]*blog.Post, len(posts))
	keys := make([]any, len(posts))
	for i, p := range posts {
		byID[p.ID], keys[i] = p, p.ID
	}
	rows, err := stmt.QueryContext(ctx, keys...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c blog.Comment
		if err := rows.Scan(&c.ID, &c.Text, &c.Stars, &c.Approved, &c.PostID); err != nil {
			return err
		}
		p := byID[c.PostID]
		p.Comments = append(p.Comments, c)
	}
	return rows.Err()
}

func starsOf(posts []*blog.Post) int64 {
	sum := views(posts)
	for _, p := range posts {
		for _, c := range p.Comments {
			sum += c.Stars * c.ID
		}
	}
	return sum
}

func countByAuthor(t *target) (contenders, error) {
	stmt, err := t.prepare("SELECT COUNT(*) FROM blog_post p JOIN blog_author a ON a.id = p.author_id WHERE a.email = ?")
	email := func(i int) string { return fmt.Sprintf("author%d@example.org", i%authors) }
	return contenders{
		sql: func(ctx context.Context, i int) (n int64, err error) {
			return n, stmt.QueryRowContext(ctx, email(i)).Scan(&n)
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			return orm.From(t.db, blog.Posts).Filter(blog.Posts.Author().Email.Eq(email(i))).Count(ctx)
		},
		gorm: func(ctx context.Context, i int) (n int64, err error) {
			return n, t.gorm.WithContext(ctx).Model(&blog.Post{}).
				Joins("JOIN blog_author a ON a.id = blog_post.author_id").Where("a.email = ?", email(i)).Count(&n).Error
		},
	}, err
}

func countByTag(t *target) (contenders, error) {
	const tagged = "EXISTS (SELECT 1 FROM blog_post_tags pt WHERE pt.post_id = blog_post.id AND pt.tag_id = ?)"
	stmt, err := t.prepare("SELECT COUNT(*) FROM blog_post WHERE id < ? AND " + tagged)
	return contenders{
		sql: func(ctx context.Context, i int) (n int64, err error) {
			return n, stmt.QueryRowContext(ctx, 200, i%tags+1).Scan(&n)
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			q := blog.Posts
			return orm.From(t.db, q).Filter(q.ID.Lt(200), q.Tags().ID.Eq(int64(i%tags+1))).Count(ctx)
		},
		gorm: func(ctx context.Context, i int) (n int64, err error) {
			return n, t.gorm.WithContext(ctx).Model(&blog.Post{}).Where("id < ? AND "+tagged, 200, i%tags+1).Count(&n).Error
		},
	}, err
}

// countByComment filters all posts by their comments.
func countByComment(t *target) (contenders, error) {
	const commented = "EXISTS (SELECT 1 FROM blog_comment c WHERE c.post_id = blog_post.id AND c.stars = ? AND c.approved = ?)"
	stmt, err := t.prepare("SELECT COUNT(*) FROM blog_post WHERE " + commented)
	return contenders{
		sql: func(ctx context.Context, i int) (n int64, err error) {
			return n, stmt.QueryRowContext(ctx, i%6, true).Scan(&n)
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			c := blog.Posts.Comments()
			return orm.From(t.db, blog.Posts).Filter(c.Stars.Eq(int64(i%6)), c.Approved.Eq(true)).Count(ctx)
		},
		gorm: func(ctx context.Context, i int) (n int64, err error) {
			return n, t.gorm.WithContext(ctx).Model(&blog.Post{}).Where(commented, i%6, true).Count(&n).Error
		},
	}, err
}
