package registry_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/declare"
	"github.com/quintetgo/quintet/orm/registry"
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

func (c *Comment) Fields(f *declare.Fields) {
	declare.FK(f, &c.Post).OnDelete(schema.Cascade).Related("comments")
	declare.FKTo(f, &c.UserID, "auth.User").OnDelete(schema.Cascade).Related("comments")
	declare.Describe(f, &c.Text).Label("What you think").Text()
}

func (p *Post) Fields(f *declare.Fields) {
	declare.FK(f, &p.Author).OnDelete(schema.Cascade).Related("posts")
	declare.FK(f, &p.Editor).OnDelete(schema.SetNull).Related("edited")
	declare.M2M(f, &p.Tags).Related("posts")
	declare.Describe(f, &p.Stamps.CreatedAt).Help("When it was made")
}

func (Post) Meta() declare.Meta {
	return declare.Meta{Ordering: []string{"-created_at", "author__name"}}
}

func newRegistry(t *testing.T) *registry.Registry {
	t.Helper()
	var r registry.Registry
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

func model(t *testing.T, r *registry.Registry, name string) *schema.Model {
	t.Helper()
	m, err := r.Model(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// describe returns one line for each field: names, column, kinds, and what is special.
func describe(m *schema.Model) string {
	var b strings.Builder
	for _, f := range slices.Concat(m.Fields, m.ManyToMany) {
		fmt.Fprintf(&b, "%s %s %q %v", f.Name, f.GoName, f.Column, f.Kind)
		for _, note := range []struct {
			on   bool
			text string
		}{
			{f.ColumnKind() != f.Kind, "of " + f.ColumnKind().String()},
			{f.Size > 0, fmt.Sprint(f.Size)},
			{f.PrimaryKey, "pk"},
			{f.Auto, "auto"},
			{f.Null, "null"},
			{f.Blank, "blank"},
			{f.Unique, "unique"},
			{f.Index, "index"},
			{!f.Editable, "hidden"},
			{f.AutoNow, "now"},
			{f.AutoNowAdd, "added"},
			{f.Default != nil, "default"},
			{f.HasChoices(), "choices"},
		} {
			if note.on {
				b.WriteString(" " + note.text)
			}
		}
		if r := f.Relation; r != nil {
			fmt.Fprintf(&b, " → %v %v as %s", r.To, r.OnDelete, r.QueryName)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestRegister(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	want := `id ID "id" BigInt pk auto blank hidden
title Title "title" Char 200
body Body "body" Text
status Status "status" Char 10 default choices
views Views "views" BigInt
author AuthorID "author_id" ForeignKey of BigInt → accounts.User Cascade as posts
editor EditorID "editor_id" ForeignKey of BigInt null blank → accounts.User SetNull as edited
price Price "price" Float
done Done "done" Bool blank
extra Extra "extra" JSON blank
created_at CreatedAt "created_at" DateTime blank hidden added
updated_at UpdatedAt "updated_at" DateTime blank hidden now
home_street Home.Street "home_street" Char
home_city Home.City "home_city" Char
tags Tags "" ManyToMany blank → blog.Tag  as posts
`
	post := model(t, r, "BLOG.post")
	if got := describe(post); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if through := model(t, r, "blog.PostTags"); !through.Auto || through.Table != "blog_post_tags" || describe(through) !=
		"id ID \"id\" BigInt pk auto blank hidden\npost PostID \"post_id\" ForeignKey of BigInt index → blog.Post Cascade as \ntag TagID \"tag_id\" ForeignKey of BigInt index → blog.Tag Cascade as \n" {
		t.Errorf("through model: %s", describe(through))
	}
	if got := fmt.Sprint(post.Table, post.Label, post.LabelPlural, post.Key(),
		post.Indexes); got != "blog_postpostpostsblog.post[{post_title_views [title views] []  [] []  false }]" {
		t.Error(got)
	}
	if problems := r.Check(); len(problems) != 0 {
		t.Error(problems)
	}
	if _, err := r.Model("blog.Pots"); err == nil || !strings.Contains(err.Error(), `no model "blog.Pots"; did you mean "blog.Post"?`) {
		t.Error(err)
	}
	user := model(t, r, "auth.user")
	if user.String() != "accounts.User" || strings.Join(user.Names(), " ") != "comments edited id name posts" {
		t.Error(user, user.Names())
	}
	if author := post.Lookup("author_id"); author == nil || author != post.Lookup("author") || author.Label != "Author" || author.Relation.ReverseGoName != "Posts" {
		t.Errorf("author: %+v", author)
	}
	if f := model(t, r, "blog.Comment").Lookup("text"); f.Label != "What you think" || f.Kind != schema.KindText {
		t.Errorf("text: %q %v", f.Label, f.Kind)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	post := model(t, newRegistry(t), "blog.Post")
	for path, want := range map[string]string{
		"title":                    "blog.Post.title exact",
		"title__icontains":         "blog.Post.title icontains",
		"author":                   "blog.Post.author exact relation",
		"author_id":                "blog.Post.author exact",
		"author__id__in":           "blog.Post.author in",
		"author__pk":               "blog.Post.author exact",
		"author__in":               "blog.Post.author in relation",
		"editor__isnull":           "blog.Post.editor isnull relation",
		"author__name__startswith": "author accounts.User.name startswith",
		"tags":                     "tags blog.Tag.id exact relation to-many",
		"tags__isnull":             "tags blog.Tag.id isnull relation to-many",
		"tags__name__in":           "tags blog.Tag.name in to-many",
		"comments__user__name":     "comments user accounts.User.name exact to-many",
		"author__edited__title":    "author edited blog.Post.title exact to-many",
		"created_at__year__gte":    "blog.Post.created_at [year] gte",
		"created_at__date":         "blog.Post.created_at [date] exact",
		"extra__a__b__icontains":   "blog.Post.extra .a.b icontains",
		"pk__in":                   "blog.Post.id in",
		"home_street__iexact":      "blog.Post.home_street iexact",
	} {
		p, err := post.Resolve(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		var got string
		for _, step := range p.Steps {
			got += step.Name() + " "
		}
		got += p.Field.String()
		if p.Transforms != nil {
			got += fmt.Sprint(" ", p.Transforms)
		}
		if p.Keys != nil {
			got += " ." + strings.Join(p.Keys, ".")
		}
		got += " " + p.Lookup
		if p.Relation {
			got += " relation"
		}
		if p.ToMany() {
			got += " to-many"
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestResolveErrors(t *testing.T) {
	t.Parallel()
	post := model(t, newRegistry(t), "blog.Post")
	for path, want := range map[string]string{
		"auhtor__name":        `orm: Post: lookup "auhtor__name": no field "auhtor"; did you mean "author"? Choices: author, author_id, body, comments, created_at,`,
		"title__icontain":     `orm: Post: lookup "title__icontain": unknown lookup "icontain"; did you mean "contains" or "icontains"?`,
		"views__icontains":    `"icontains" does not fit "views", which is a whole number; choices: exact, in, gt, gte, lt, lte, range, isnull`,
		"author__nme":         `no field "nme" in accounts.User; did you mean "name"? Choices: comments, edited, id, name, posts`,
		"title__exact__exact": `nothing can follow the lookup "exact"`,
		"":                    `no field ""; choices: author, `,
		"title__":             `unknown lookup ""; choices: exact, `,
		"tags__":              `no field "" in blog.Tag; choices: id, name, posts`,
	} {
		_, err := post.Resolve(path)
		var lookup *schema.LookupError
		if !errors.As(err, &lookup) || !strings.Contains(err.Error(), want) || lookup.HTTPStatus() != 400 {
			t.Errorf("%q: got %v, want %s", path, err, want)
		}
	}
	if _, err := post.ResolveRelation("author__name"); err == nil || !strings.Contains(err.Error(),
		`"name" is not a relation in accounts.User`) {
		t.Error(err)
	}
	if p, err := post.ResolveRelation("comments__user"); err != nil || len(p.Steps) != 2 || p.Steps[1].To().Name != "User" {
		t.Error(p, err)
	}
}

func FuzzResolve(f *testing.F) {
	var r registry.Registry
	if err := errors.Join(r.Register("blog", &Post{}, &Tag{}, &Comment{}), r.Register("accounts", &User{}),
		r.Alias("auth.User", "accounts.User")); err != nil {
		f.Fatal(err)
	}
	post, err := r.Model("blog.Post")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"title", "author__name__in", "tags__posts__tags", "created_at__year", "extra__x", "__", "pk"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		p, err := post.Resolve(path)
		if (err == nil) == (p == nil || p.Field == nil) {
			t.Errorf("%q: path %v, error %v", path, p, err)
		}
		if err != nil && err.Error() == "" {
			t.Errorf("%q: an error without text", path)
		}
	})
}

// Columns of a join table can be named like columns, as in GORM.
func TestJoinColumnsInLowerCase(t *testing.T) {
	t.Parallel()
	type Singer struct{ ID int64 }
	type Band struct {
		ID      int64
		Singers []Singer `gorm:"many2many:lineup;joinForeignKey:band_id;joinReferences:singer_ref"`
	}
	var r registry.Registry
	if err := r.Register("music", &Singer{}, &Band{}); err != nil {
		t.Fatal(err)
	}
	m, err := r.ModelOf(&Band{})
	if err != nil {
		t.Fatal(err)
	}
	through := m.Lookup("singers").Relation.Through
	var columns []string
	for _, f := range through.Fields {
		columns = append(columns, f.Column)
	}
	if got := strings.Join(columns, " "); got != "id band_id singer_ref" {
		t.Errorf("columns %s", got)
	}
}
