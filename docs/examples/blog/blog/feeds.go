package blog

import (
	"context"
	"html/template"
	"strings"

	"github.com/quintetgo/quintet/contrib/feeds"
	"github.com/quintetgo/quintet/contrib/sitemaps"
	"github.com/quintetgo/quintet/docs/examples/blog/accounts"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// feedSize is the number of posts in a feed.
const feedSize = 30

func (a App) feed() feeds.Feed {
	return feeds.Feed{
		Title: "Lantern Street", Description: "Notes from a small street: repairs, bread, trains and gardens.",
		Link: web.Reverse("blog:list"), Language: "en", Items: a.feedItems,
	}
}

func (a App) feedItems(ctx context.Context) ([]feeds.Item, error) {
	posts, err := a.live().Limit(feedSize).All(ctx)
	if err != nil {
		return nil, err
	}
	items := make([]feeds.Item, len(posts))
	for i, post := range posts {
		items[i] = feeds.Item{
			Title: post.Title, Link: post.Route(), Summary: template.HTMLEscapeString(post.Summary), Content: paragraphs(post.Body),
			Published: post.PublishedAt, Updated: post.UpdatedAt,
			Author:   feeds.Person{Name: post.Author.FullName(), URL: post.Author.Route()},
			Comments: post.Route().Fragment("comments"),
		}
		for _, tag := range post.Tags {
			items[i].Categories = append(items[i].Categories, tag.Name)
		}
	}
	return items, nil
}

// paragraphs makes HTML of plain text.
func paragraphs(text string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			b.WriteString("<p>" + template.HTMLEscapeString(part) + "</p>\n")
		}
	}
	return b.String()
}

// Sitemaps lists the blog's pages for search engines.
func (a App) Sitemaps() []sitemaps.Map {
	return []sitemaps.Map{
		{Name: "pages", Source: sitemaps.Pages(web.Reverse("blog:list"), web.Reverse("blog:tags")), ChangeFreq: sitemaps.Daily},
		{Name: "posts", Source: sitemaps.Query(a.public, postItem), ChangeFreq: sitemaps.Monthly},
		{Name: "tags", Source: sitemaps.Models(a.usedTags)},
		{Name: "authors", Source: sitemaps.Models(a.writers)},
	}
}

func (a App) public() orm.Query[Post] { return orm.From(a.DB, Posts).Filter(Posts.Status.Eq(Live)) }

func (a App) usedTags() orm.Query[Tag] {
	return orm.From(a.DB, Tags).Filter(Tags.Posts().Status.Eq(Live))
}

func (a App) writers() orm.Query[accounts.User] {
	return orm.From(a.DB, accounts.Users).Where("posts__status", Live)
}

func postItem(p *Post) sitemaps.Item {
	return sitemaps.Item{Location: p.Route(), LastMod: p.UpdatedAt}
}
