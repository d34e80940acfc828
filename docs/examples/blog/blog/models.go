package blog

import (
	"time"

	"github.com/quintetgo/quintet/docs/examples/blog/accounts"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// Status determines who can see a post.
type Status string

// The states of a post.
const (
	Draft Status = "draft"
	Live  Status = "live"
)

// Post is an article.
type Post struct {
	ID          int64
	Title       string `gorm:"size:200"`
	Slug        string `gorm:"size:200;uniqueIndex"`
	Summary     string `gorm:"size:300"`
	Body        string `gorm:"type:text"`
	Status      Status `gorm:"size:10;index"`
	AuthorID    int64
	Author      *accounts.User
	Tags        []Tag     `gorm:"many2many:blog_post_tags"`
	PublishedAt time.Time `gorm:"index"`
	UpdatedAt   time.Time
}

// Fields configures validation, labels and relations.
func (p *Post) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Title).Help("Shown in lists and feeds.")
	orm.Describe(f, &p.Slug).Slug().Help("The end of the post's address.")
	orm.Describe(f, &p.Status).Choices(statuses()...).Default(func() Status { return Draft })
	orm.Describe(f, &p.PublishedAt).Default(time.Now)
	orm.FK(f, &p.Author).OnDelete(orm.Protect).Related("posts")
	orm.M2M(f, &p.Tags).Blank().Related("posts")
}

// Meta orders posts by date, the newest first.
func (*Post) Meta() orm.Meta { return orm.Meta{Ordering: []string{"-published_at"}} }

func (p Post) String() string { return p.Title }

// Route returns the page of the post.
func (p Post) Route() web.Ref { return web.Reverse("blog:detail", p.Slug) }

func statuses() []orm.Choice {
	return []orm.Choice{{Value: Draft, Label: "Draft"}, {Value: Live, Label: "Live"}}
}

// Tag is a topic of posts.
type Tag struct {
	ID   int64
	Name string `gorm:"size:50;uniqueIndex"`
	Slug string `gorm:"size:50;uniqueIndex"`
}

// Fields configures validation, labels and relations.
func (t *Tag) Fields(f *orm.Fields) {
	orm.Describe(f, &t.Slug).Slug()
}

// Meta orders tags by name.
func (*Tag) Meta() orm.Meta { return orm.Meta{Ordering: []string{"name"}} }

func (t Tag) String() string { return t.Name }

// Route returns the page with the posts of the tag.
func (t Tag) Route() web.Ref { return web.Reverse("blog:tag", t.Slug) }

// Comment is a reader's comment on a post.
type Comment struct {
	ID        int64
	PostID    int64
	Post      *Post
	Name      string `gorm:"size:80"`
	Body      string `gorm:"type:text"`
	Hidden    bool
	CreatedAt time.Time `gorm:"index"`
}

// Fields configures validation, labels and relations.
func (c *Comment) Fields(f *orm.Fields) {
	orm.FK(f, &c.Post).OnDelete(orm.Cascade).Related("comments")
	orm.Describe(f, &c.Hidden).Help("Takes the comment off the page.")
	orm.Describe(f, &c.CreatedAt).AutoNowAdd()
}

// Meta orders comments by date.
func (*Comment) Meta() orm.Meta { return orm.Meta{Ordering: []string{"created_at"}} }

func (c Comment) String() string { return c.Name + ", " + c.CreatedAt.Format(time.DateOnly) }
