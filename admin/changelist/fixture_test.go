package changelist_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/registry"
)

type Author struct {
	ID   int64
	Name string `gorm:"size:100"`
}

func (Author) Meta() orm.Meta   { return orm.Meta{Ordering: []string{"name"}} }
func (a Author) String() string { return a.Name }

type Tag struct {
	ID   int64
	Name string `gorm:"size:50"`
}

func (t Tag) String() string { return t.Name }

type Post struct {
	ID        int64
	Title     string `gorm:"size:200"`
	Body      string `gorm:"type:text"`
	Status    string `gorm:"size:10"`
	Featured  bool
	Reads     int
	Secret    string `gorm:"size:100"`
	AuthorID  *int64
	Author    *Author
	Tags      []Tag `gorm:"many2many:blog_post_tags"`
	CreatedAt time.Time
}

func (p *Post) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Status).Choices(orm.Choice{Value: "d", Label: "Draft"}, orm.Choice{Value: "l", Label: "Live"})
	orm.Describe(f, &p.Body).Blank()
	orm.Describe(f, &p.Secret).Blank()
	orm.FK(f, &p.Author).OnDelete(orm.SetNull).Related("posts")
	orm.M2M(f, &p.Tags).Blank().Related("posts")
}
func (Post) Meta() orm.Meta    { return orm.Meta{Ordering: []string{"-created_at"}} }
func (p Post) String() string  { return p.Title }
func (p Post) WordCount() int  { return len(p.Body) / 5 }
func (p *Post) IsNew() bool    { return p.Reads == 0 }
func (p Post) With(int) string { return "" }

type blog struct{}

func (blog) Name() string  { return "blog" }
func (blog) Models() []any { return []any{&Author{}, &Tag{}, &Post{}} }

var start = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// fixture is a list of 30 posts of two authors. Post n has n*10 reads and was created on the n-th of November.
type fixture struct {
	db     *orm.DB
	config *changelist.Config
	env    changelist.Env
}

var full = changelist.Options{
	List:   []string{"title", "author", "status", "featured", "reads", "tags", "author__name", "word_count", "created_at"},
	Filter: []string{"status", "featured", "author", "tags", "created_at", "reads", "author__name"},
	Search: []string{"title", "body", "author__name", "=reads"},
}

func setup(t *testing.T, o changelist.Options) fixture {
	t.Helper()
	db := ormtest.Open(t, blog{})
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	authors := []*Author{{Name: "Ella"}, {Name: "Jonas"}}
	for _, a := range authors {
		must(db.Create(ctx, a))
	}
	swing := &Tag{Name: "swing"}
	must(db.Create(ctx, swing))
	for n := 1; n <= 30; n++ {
		p := &Post{Title: fmt.Sprintf("Post %02d", n), Body: "about strings", Status: "d", Reads: n * 10, Secret: "sesame", CreatedAt: start.AddDate(0, 0, n-1)}
		if n%2 == 0 {
			p.Status, p.Featured = "l", true
		}
		if n%3 != 0 {
			p.AuthorID = &authors[n%3-1].ID
		}
		must(db.Create(ctx, p))
		if n <= 5 {
			must(db.Related(p, "tags").Add(ctx, swing))
		}
	}
	model, err := db.Model("blog.Post")
	must(err)
	config, problems := changelist.New(model, o)
	for _, p := range problems {
		t.Errorf("%s %q: %s (%s)", p.Option, p.Name, p.Message, p.Hint)
	}
	return fixture{db: db, config: config, env: changelist.Env{Base: "/admin/blog/post/", Env: env.Env{
		DB:           db,
		CanView:      func(*orm.Model) bool { return true },
		Printer:      display.Printer{Limit: 100, Now: func() time.Time { return start.AddDate(0, 0, 22) }},
		Link:         func(m *orm.Model, pk any) string { return fmt.Sprintf("/admin/%s/%v/", m.Key(), pk) },
		Autocomplete: func(m *orm.Model) string { return "/admin/" + m.Key() + "/autocomplete/" },
	}}}
}

// texts returns the messages in English.
func texts(messages []message.Message) []string {
	var texts []string
	for _, m := range messages {
		texts = append(texts, m.String())
	}
	return texts
}

func (f fixture) page(t *testing.T, query string) (*changelist.View, *changelist.State) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	state := f.config.Parse(values)
	view, err := f.config.Page(t.Context(), f.env, state)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return view, state
}

// fuzzConfig returns a list without a database.
func fuzzConfig(t *testing.T) *changelist.Config {
	t.Helper()
	models := &registry.Registry{}
	if err := models.Register("blog", &Author{}, &Tag{}, &Post{}); err != nil {
		t.Fatal(err)
	}
	model, err := models.Model("blog.Post")
	if err != nil {
		t.Fatal(err)
	}
	config, _ := changelist.New(model, full)
	return config
}
