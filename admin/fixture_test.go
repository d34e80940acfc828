package admin_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// User is the project's user model.
type User struct {
	auth.Base
	Phone string `gorm:"size:40"`
}

func (u *User) Fields(f *orm.Fields) { orm.Describe(f, &u.Phone).Blank() }

type accounts struct{}

func (accounts) Name() string  { return "accounts" }
func (accounts) Models() []any { return []any{&User{}} }

// Author is protected by its posts.
type Author struct {
	ID   int64
	Name string `gorm:"size:200"`
}

func (Author) Meta() orm.Meta   { return orm.Meta{Ordering: []string{"name"}} }
func (a Author) String() string { return a.Name }

// Tag is related to many posts.
type Tag struct {
	ID   int64
	Name string `gorm:"size:200;uniqueIndex"`
}

func (Tag) Meta() orm.Meta   { return orm.Meta{Ordering: []string{"name"}} }
func (t Tag) String() string { return t.Name }

// Post has a field of most kinds.
type Post struct {
	ID        int64
	Title     string `gorm:"size:200"`
	Slug      string `gorm:"size:200;uniqueIndex"`
	Body      string `gorm:"type:text"`
	Status    string `gorm:"size:10"`
	Featured  bool
	Reads     int
	APIToken  string `gorm:"size:100"`
	AuthorID  int64
	Author    *Author
	Tags      []Tag `gorm:"many2many:blog_post_tags"`
	Published *time.Time
	CreatedAt time.Time
}

func (p *Post) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Title).Help("Shown in lists")
	orm.Describe(f, &p.Body).Blank()
	orm.Describe(f, &p.APIToken).Blank()
	orm.Describe(f, &p.Status).Choices(orm.Choice{Value: "draft", Label: "Draft"}, orm.Choice{Value: "live", Label: "Live"}).Default(func() string { return "draft" })
	orm.FK(f, &p.Author).OnDelete(orm.Protect).Related("posts")
	orm.M2M(f, &p.Tags).Blank().Related("posts")
	orm.Describe(f, &p.Published).Blank()
	orm.Describe(f, &p.CreatedAt).AutoNowAdd()
}
func (Post) Meta() orm.Meta     { return orm.Meta{Ordering: []string{"title"}} }
func (p Post) String() string   { return p.Title }
func (p Post) Shouting() string { return strings.ToUpper(p.Title) }

// Comment is deleted with its post.
type Comment struct {
	ID     int64
	PostID int64
	Post   *Post
	Text   string `gorm:"type:text"`
}

func (c *Comment) Fields(f *orm.Fields) { orm.FK(f, &c.Post).OnDelete(orm.Cascade).Related("comments") }
func (c Comment) String() string        { return c.Text }

type blog struct{ models []admin.Model }

func (blog) Name() string                 { return "blog" }
func (blog) Models() []any                { return []any{&Author{}, &Tag{}, &Post{}, &Comment{}} }
func (b blog) AdminModels() []admin.Model { return b.models }

func registered() []admin.Model {
	return []admin.Model{
		admin.For[Post](admin.Options{
			List:     []string{"title", "author", "status", "featured", "reads", "tags", "shouting", "published"},
			Filter:   []string{"status", "featured", "author", "tags", "published"},
			Search:   []string{"title", "body", "author__name"},
			ReadOnly: []string{"created_at", "shouting"},
		}),
		admin.For[Comment](admin.Options{List: []string{"text", "post"}, Search: []string{"text"}}),
		admin.For[Author](admin.Options{Search: []string{"name"}}),
		admin.For[Tag](admin.Options{}),
	}
}

// bundle is a running project with an admin.
type bundle struct {
	db      *orm.DB
	project *framework.Project
	staff   *admin.App
	root    *User // a superuser
}

var clock = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func setup(t testing.TB, models ...admin.Model) *bundle {
	t.Helper()
	return setupWith(t, admin.Config{}, models...)
}

// setupWith is setup with a configuration.
func setupWith(t testing.TB, config admin.Config, models ...admin.Model) *bundle {
	t.Helper()
	if models == nil {
		models = registered()
	}
	posts := blog{models: models}
	db := ormtest.Open(t, auth.New[User](nil), accounts{}, admin.New(nil, admin.Config{}), posts)
	users := auth.New[User](db)
	if config.Title == "" {
		config.Title = "Blog staff"
	}
	config.Now = func() time.Time { return clock }
	staff := admin.New(db, config)
	var s framework.Settings
	s.Routes = func(r *web.Router) {
		r.Include("/admin/", staff)
		r.Include("/accounts/", users)
	}
	b := &bundle{db: db, staff: staff, project: framework.New(s, users, accounts{}, staff, posts)}
	b.root = authtest.Create(t, db, &User{Base: auth.Base{Username: "root", Name: "Rosa Root", IsStaff: true, IsSuperuser: true}})
	return b
}

// as returns a client that is logged in as the user.
func (b *bundle) as(t testing.TB, user *User) *webtest.Client {
	t.Helper()
	client := webtest.New(t, b.project)
	authtest.Login(t, client, user)
	client.Get("/admin/") // sets the CSRF cookie
	return client
}

// staffWith creates a staff user with permissions.
func (b *bundle) staffWith(t testing.TB, name string, permissions ...string) *User {
	t.Helper()
	user := authtest.Create(t, b.db, &User{Base: auth.Base{Username: name, IsStaff: true}})
	authtest.Grant(t, b.db, user, permissions...)
	return user
}

// createRows creates two authors, two tags, two posts and a comment on the first post.
func (b *bundle) createRows(t testing.TB) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	for _, name := range []string{"Ella", "Jonas"} {
		must(b.db.Create(ctx, &Author{Name: name}))
	}
	for _, name := range []string{"guitar", "swing"} {
		must(b.db.Create(ctx, &Tag{Name: name}))
	}
	must(b.db.Create(ctx, &Post{Title: "Night train", Slug: "night-train", Body: "Slow.", Status: "draft", AuthorID: 1, Reads: 1200, APIToken: "sesame"}))
	must(b.db.Create(ctx, &Post{Title: "Market day", Slug: "market-day", Status: "live", Featured: true, AuthorID: 2}))
	must(b.db.Related(&Post{ID: 1}, "tags").Add(ctx, int64(1)))
	must(b.db.Create(ctx, &Comment{PostID: 1, Text: "I was there"}))
}

// post returns a valid form of a post with changes: pairs of field and value.
func post(changes ...string) url.Values {
	values := url.Values{
		"title": {"A new post"}, "slug": {"a-new-post"}, "body": {"Text"}, "status": {"draft"}, "author": {"1"}, "reads": {"3"}, "published": {""}, "api_token": {""},
	}
	for i := 0; i < len(changes); i += 2 {
		values[changes[i]] = strings.Split(changes[i+1], "|")
	}
	return values
}

func count[T any](t testing.TB, b *bundle, lookups ...any) int {
	t.Helper()
	query := orm.Objects[T](b.db)
	for i := 0; i+1 < len(lookups); i += 2 {
		query = query.Where(lookups[i].(string), lookups[i+1])
	}
	n, err := query.Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}
