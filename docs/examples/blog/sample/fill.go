// Package sample fills the blog with generated content, which is the same every time.
package sample

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/docs/examples/blog/accounts"
	"github.com/quintetgo/quintet/docs/examples/blog/blog"
	"github.com/quintetgo/quintet/orm"
)

// Fill writes authors, tags, posts and comments if there is no post yet, all or nothing. Posts are dated before now.
func Fill(ctx context.Context, db *orm.DB, now time.Time) error {
	return db.Atomic(ctx, func(ctx context.Context) error {
		if filled, err := orm.From(db, blog.Posts).Exists(ctx); filled || err != nil {
			return err
		}
		list, err := topics()
		if err != nil {
			return err
		}
		w := writer{db: db, now: now.UTC().Truncate(time.Hour), random: rand.New(rand.NewPCG(1910, 1953))}
		if err := w.authors(ctx); err != nil {
			return err
		}
		if err := w.tags(ctx, list); err != nil {
			return err
		}
		if err := w.posts(ctx, list); err != nil {
			return err
		}
		// writing them set the time of the last change to now
		_, err = orm.From(db, blog.Posts).Update(ctx, blog.Posts.UpdatedAt.SetTo(blog.Posts.PublishedAt.Expr()))
		return err
	})
}

type writer struct {
	db     *orm.DB
	now    time.Time
	random *rand.Rand
	people []*accounts.User
	tagsBy map[string]*blog.Tag
}

// authors writes users who cannot log in.
func (w *writer) authors(ctx context.Context) error {
	for _, p := range authors() {
		user := &accounts.User{
			Bio:  p.bio,
			Base: auth.Base{Username: p.username, Email: p.username + "@lantern.example", Name: p.name, IsActive: true},
		}
		user.SetUnusablePassword()
		if err := w.db.Create(ctx, user); err != nil {
			return err
		}
		w.people = append(w.people, user)
	}
	return nil
}

func (w *writer) tags(ctx context.Context, list []*topic) error {
	w.tagsBy = map[string]*blog.Tag{}
	for _, t := range list {
		for _, name := range t.tags {
			if w.tagsBy[name] != nil {
				continue
			}
			tag := &blog.Tag{Name: strings.ToUpper(name[:1]) + name[1:], Slug: name}
			if err := w.db.Create(ctx, tag); err != nil {
				return err
			}
			w.tagsBy[name] = tag
		}
	}
	return nil
}

// posts writes the topics' titles in turn, the newest last, with comments.
func (w *writer) posts(ctx context.Context, list []*topic) error {
	longest := 0
	total := 0
	for _, t := range list {
		longest, total = max(longest, len(t.titles)), total+len(t.titles)
	}
	when := w.now.Add(-time.Duration(total*61) * time.Hour)
	for n := range longest {
		for i, t := range list {
			if n >= len(t.titles) {
				continue
			}
			when = when.Add(time.Duration(40+w.random.IntN(40)) * time.Hour)
			if when.After(w.now) {
				when = w.now.Add(-time.Minute)
			}
			post := w.post(t, t.titles[n], w.people[(n+i)%len(w.people)], when)
			if n == longest-1 && i == len(list)-1 {
				post.Status = blog.Draft // for the admin to find
			}
			if err := w.db.Create(ctx, post); err != nil {
				return err
			}
			for _, name := range t.tags {
				if err := w.db.Related(post, "tags").Add(ctx, w.tagsBy[name]); err != nil {
					return err
				}
			}
			if err := w.comments(ctx, post); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) post(t *topic, title string, author *accounts.User, when time.Time) *blog.Post {
	opening := t.openings[w.random.IntN(len(t.openings))]
	middles := slices.Clone(t.middles)
	w.random.Shuffle(len(middles), func(i, j int) { middles[i], middles[j] = middles[j], middles[i] })
	ending := t.endings[w.random.IntN(len(t.endings))]
	first, second := 2+w.random.IntN(2), 5+w.random.IntN(2)
	body := strings.Join([]string{
		opening + " " + strings.Join(middles[:first], " "),
		strings.Join(middles[first:second], " "),
		strings.Join(middles[second:second+2], " ") + " " + ending,
	}, "\n\n")
	return &blog.Post{
		Title: title, Slug: slug(title), Summary: opening + " " + middles[0], Body: body,
		Status: blog.Live, Author: author, PublishedAt: when, UpdatedAt: when,
	}
}

func (w *writer) comments(ctx context.Context, post *blog.Post) error {
	names, words := readers(), remarks()
	for range w.random.IntN(5) {
		comment := &blog.Comment{
			Post: post, Name: names[w.random.IntN(len(names))], Body: words[w.random.IntN(len(words))],
			CreatedAt: post.PublishedAt.Add(time.Duration(1+w.random.IntN(72)) * time.Hour),
		}
		if comment.CreatedAt.After(w.now) {
			comment.CreatedAt = w.now
		}
		if err := w.db.Create(ctx, comment); err != nil {
			return err
		}
	}
	return nil
}

// slug makes the end of an address of a title.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "-")
}
