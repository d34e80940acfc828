// Package shelf holds models and their generated columns, for the tests of queries.
package shelf

import (
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/internal/shelf/people"
)

// Status is how far a post is.
type Status string

// The states of posts.
const (
	Draft Status = "draft"
	Live  Status = "live"
)

// Level is a small number with a type of its own.
type Level int16

// Post is what most queries of the tests ask for.
type Post struct {
	ID         int64
	Title      string `gorm:"size:200"`
	Body       string `gorm:"type:text"`
	Status     Status `gorm:"size:10"`
	Level      Level
	Views      int64
	Likes      int
	Score      *float64
	Published  bool
	CreatedAt  time.Time
	Day        time.Time `gorm:"type:date"`
	SeenAt     *time.Time
	Extra      map[string]any `gorm:"serializer:json"`
	AuthorID   int64
	Author     *people.Author
	EditorID   *int64
	Editor     *people.Author
	CategoryID *int64
	Category   *Category
	Tags       []Tag `gorm:"many2many:shelf_post_tags"`
	Comments   []Comment
	Cover      *Cover
}

// Fields names the ways back.
func (p *Post) Fields(f *orm.Fields) {
	orm.FK(f, &p.Author).OnDelete(orm.Cascade).Related("posts")
	orm.FK(f, &p.Editor).OnDelete(orm.SetNull).Related("edited").Blank()
	orm.FK(f, &p.Category).OnDelete(orm.SetNull).Related("posts").Blank()
	orm.M2M(f, &p.Tags).Related("posts")
}

// String is the post's title.
func (p Post) String() string { return p.Title }

// Tag marks posts.
type Tag struct {
	ID   int64
	Name string `gorm:"size:40;uniqueIndex"`
	Slug string `gorm:"size:40"`
}

// Meta orders tags by name.
func (Tag) Meta() orm.Meta { return orm.Meta{Ordering: []string{"name"}} }

// Comment is what somebody says about a post.
type Comment struct {
	ID       int64
	Text     string `gorm:"type:text"`
	Note     *string
	Approved bool
	Ups      int64
	Downs    int64
	PostID   int64
	Post     *Post
	AuthorID *int64
	Author   *people.Author
}

// Fields names the ways back.
func (c *Comment) Fields(f *orm.Fields) {
	orm.FK(f, &c.Post).OnDelete(orm.Cascade).Related("comments")
	orm.FK(f, &c.Author).OnDelete(orm.SetNull).Related("comments").Blank()
}

// Category is a tree.
type Category struct {
	ID       int64
	Name     string `gorm:"size:40"`
	ParentID *int64
	Parent   *Category
	Children []Category `gorm:"foreignKey:ParentID"`
}

// Fields names the way back.
func (c *Category) Fields(f *orm.Fields) {
	orm.FK(f, &c.Parent).OnDelete(orm.Cascade).Related("children").Blank()
}

// Cover belongs to one post.
type Cover struct {
	ID     int64
	File   string `gorm:"size:80"`
	PostID int64
	Post   *Post
}

// Fields makes the key unique.
func (c *Cover) Fields(f *orm.Fields) {
	orm.FK(f, &c.Post).OneToOne().OnDelete(orm.Cascade).Related("cover")
}

// App lists the models.
type App struct{}

// Name is the app's label.
func (App) Name() string { return "shelf" }

// Models lists the models.
func (App) Models() []any { return []any{&Category{}, &Tag{}, &Post{}, &Comment{}, &Cover{}} }
