package schema_test

import (
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/schema"
)

type Stamps struct {
	CreatedAt time.Time
	UpdatedAt time.Time
}

type User struct {
	ID    int64
	Name  string `gorm:"size:80"`
	Posts []Post `gorm:"foreignKey:AuthorID"`
}

type Status string

func (Status) Choices() []schema.Choice {
	return []schema.Choice{{Value: "draft", Label: "Draft"}, {Value: Status("live"), Label: "Live"}}
}

type Tag struct {
	ID   int64
	Name string `gorm:"size:40;uniqueIndex"`
}

type Post struct {
	ID       int64
	Title    string `gorm:"size:200;index:post_title_views"`
	Body     string `gorm:"type:text"`
	Status   Status `gorm:"size:10;default:draft"`
	Views    int    `gorm:"index:post_title_views"`
	AuthorID int64
	Author   *User
	EditorID *int64
	Editor   *User
	Tags     []Tag `gorm:"many2many:blog_post_tags"`
	Price    float64
	Done     bool
	Extra    map[string]any `gorm:"serializer:json"`
	Stamps
	Home Place  `gorm:"embedded;embeddedPrefix:home_"`
	Skip func() `gorm:"-"`
}

type Place struct{ Street, City string }

type Comment struct {
	ID     int64
	PostID int64
	Post   Post
	UserID int64
	Text   string
}

func (c *Comment) Fields(f *schema.Fields) {
	schema.FK(f, &c.Post).OnDelete(schema.Cascade).Related("comments")
	schema.FKTo(f, &c.UserID, "auth.User").OnDelete(schema.Cascade).Related("comments")
	schema.Of(f, &c.Text).Label("What you think").Text()
}

func (p *Post) Fields(f *schema.Fields) {
	schema.FK(f, &p.Author).OnDelete(schema.Cascade).Related("posts")
	schema.FK(f, &p.Editor).OnDelete(schema.SetNull).Related("edited")
	schema.M2M(f, &p.Tags).Related("posts")
	schema.Of(f, &p.Stamps.CreatedAt).Help("When it was made")
}

func (Post) Meta() schema.Meta { return schema.Meta{Ordering: []string{"-created_at", "author__name"}} }

func registry(t *testing.T) *schema.Registry {
	t.Helper()
	var r schema.Registry
	if err := r.Register("blog", &Post{}, &Tag{}, &Comment{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Register("accounts", &User{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Alias("auth.User", "accounts.User"); err != nil {
		t.Fatal(err)
	}
	return &r
}

func model(t *testing.T, r *schema.Registry, name string) *schema.Model {
	t.Helper()
	m, err := r.Model(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRegister(t *testing.T) {
	t.Parallel()
	r := registry(t)
	post := model(t, r, "blog.post")
	var lines []string
	for _, f := range post.Fields {
		lines = append(lines, strings.Join([]string{f.Name, f.Attr, f.GoName, f.Column, f.Kind.String(), f.ColumnKind().String(), f.Label}, " "))
	}
	t.Log("\n" + strings.Join(lines, "\n"))
	for _, p := range r.Check() {
		t.Log(p)
	}
	for _, m := range r.Models() {
		t.Log(m, m.Table, m.Names(), m.Indexes, m.Unique)
	}
}

func TestResolveErrors(t *testing.T) {
	t.Parallel()
	post := model(t, registry(t), "blog.Post")
	for _, path := range []string{"auhtor__name", "title__icontain", "views__icontains", "author__nme", "author__id__in", "tags__name__icontains", "comments__user__name", "created_at__year__gte", "author__in", "tags", "tags__isnull", "author_id", "editor__isnull", "extra__a__b__icontains", "title__exact__exact", "pk__in"} {
		p, err := post.Resolve(path)
		if err != nil {
			t.Log(err)
			continue
		}
		t.Log(path, len(p.Steps), p.Field, p.Transforms, p.Keys, p.Lookup, p.Relation, p.ToMany())
	}
}
