// Package blog holds the models that the benchmarks read and write: by hand, with Quintet and with GORM.
package blog

import (
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Author writes posts.
type Author struct {
	ID    int64
	Name  string `gorm:"size:100"`
	Email string `gorm:"size:200;uniqueIndex"`
}

// Tag marks posts.
type Tag struct {
	ID   int64
	Name string `gorm:"size:50"`
}

// Post has eight columns of the usual types.
type Post struct {
	ID        int64
	Title     string `gorm:"size:200"`
	Slug      string `gorm:"size:200;uniqueIndex"`
	Body      string `gorm:"type:text"`
	Views     int64
	Published bool
	CreatedAt time.Time
	AuthorID  int64
	Author    *Author
	Tags      []Tag `gorm:"many2many:blog_post_tags"`
	Comments  []Comment
}

// Fields configures the relations.
func (p *Post) Fields(f *orm.Fields) {
	orm.FK(f, &p.Author).OnDelete(orm.Cascade).Related("posts")
	orm.M2M(f, &p.Tags).Related("posts")
}

// Comment is a comment on a post.
type Comment struct {
	ID       int64
	Text     string `gorm:"type:text"`
	Stars    int64
	Approved bool
	PostID   int64
	Post     *Post
}

// Fields configures the relation.
func (c *Comment) Fields(f *orm.Fields) {
	orm.FK(f, &c.Post).OnDelete(orm.Cascade).Related("comments")
}

// Message is what the benchmarks of writes insert and update.
type Message struct {
	ID      int64
	Subject string `gorm:"size:200"`
	Sender  string `gorm:"size:200"`
	Body    string `gorm:"type:text"`
	Size    int64
	Score   float64
	Unread  bool
	SentAt  time.Time
}

// App lists the models.
type App struct{}

// Name is the app's label.
func (App) Name() string { return "blog" }

// Models lists the models.
func (App) Models() []any {
	return []any{&Author{}, &Tag{}, &Post{}, &Comment{}, &Message{}}
}
