package modelforms_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/ormtest"
)

type status string

type Author struct {
	ID   int64
	Name string `gorm:"size:50"`
}

func (a Author) String() string { return a.Name }

type Tag struct {
	ID   int64
	Name string
}

func (t Tag) String() string { return "#" + t.Name }

type Post struct {
	ID        int64
	Title     string `gorm:"size:20"`
	Slug      string `gorm:"size:20;uniqueIndex"`
	Body      string `gorm:"type:text"`
	Status    status `gorm:"size:10"`
	Rating    int16
	Price     *float64
	Day       time.Time
	Shown     *bool
	AuthorID  int64
	Author    *Author
	EditorID  *int64
	Editor    *Author
	Tags      []Tag `gorm:"many2many:blog_post_tags"`
	Secret    string
	LiveAt    *time.Time
	CreatedAt time.Time
}

func (p *Post) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Slug).Slug()
	orm.Describe(f, &p.Body).Blank()
	orm.Describe(f, &p.Status).Choices(orm.Choice{Value: status("draft"), Label: "Draft"}, orm.Choice{Value: status("live"), Label: "Live"}).Default(func() status { return "draft" })
	orm.Describe(f, &p.Day).Date()
	orm.Describe(f, &p.Secret).Blank()
	orm.FK(f, &p.Author).OnDelete(orm.Cascade).Related("posts")
	orm.FK(f, &p.Editor).OnDelete(orm.SetNull).Related("edited").Label("edited by")
	orm.M2M(f, &p.Tags).Related("posts")
}

func (p *Post) Clean() error {
	if p.Title == p.Slug {
		return orm.Invalid("slug", "Slug and title must differ.")
	}
	if p.Title == "secret" {
		return orm.Invalid("secret", "This needs a secret.")
	}
	return nil
}

type blog struct{}

func (blog) Name() string  { return "blog" }
func (blog) Models() []any { return []any{&Author{}, &Tag{}, &Post{}} }

// open returns a database with two authors (1, 2) and three tags (1, 2, 3).
func open(t *testing.T) *orm.DB {
	t.Helper()
	db := ormtest.Open(t, blog{})
	for _, obj := range []any{&Author{Name: "Ann"}, &Author{Name: "Bob"}, &Tag{Name: "a"}, &Tag{Name: "b"}, &Tag{Name: "c"}} {
		if err := db.Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func sent(pairs ...string) url.Values {
	values := url.Values{
		"title": {"Hello"}, "slug": {"hello"}, "body": {"line\r\nline"}, "status": {"live"}, "rating": {"3"}, "price": {"1.5"},
		"day": {"2026-01-31"}, "shown": {"false"}, "author": {"2"}, "editor": {""}, "tags": {"1", "3"}, "secret": {"no"},
	}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = strings.Split(pairs[i+1], "|")
	}
	return values
}

var all = []string{"title", "slug", "body", "status", "rating", "price", "day", "shown", "author", "editor", "tags"}

func TestAddAndChange(t *testing.T) {
	t.Parallel()
	db := open(t)
	var p Post
	form, err := modelforms.New(t.Context(), db, &p, all...)
	if err != nil {
		t.Fatal(err)
	}
	if !form.Adding || !form.ParseValues(sent()) {
		t.Fatal(form.Errors())
	}
	if err := form.Save(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p.ID == 0 || p.Title != "Hello" || p.Body != "line\nline" || p.Status != "live" || p.Rating != 3 || p.Price == nil || *p.Price != 1.5 ||
		p.Shown == nil || *p.Shown || p.AuthorID != 2 || p.EditorID != nil || p.Day.Format(time.DateOnly) != "2026-01-31" {
		t.Errorf("got %+v", p)
	}
	if p.Secret != "" {
		t.Error("a field that is not in the form was filled")
	}

	again := Post{ID: p.ID}
	if err := db.Refresh(t.Context(), &again); err != nil {
		t.Fatal(err)
	}
	form, err = modelforms.New(t.Context(), db, &again, "title", "author", "tags", "shown", "price")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]string{"title": "Hello", "author": "2", "tags": "1,3", "shown": "false", "price": "1.5"}
	for name, want := range shown {
		field, err := form.Field(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(field.Values(), ","); got != want {
			t.Errorf("%s shows %q, want %q", name, got, want)
		}
	}
	if form.ParseValues(sent("title", "Other", "tags", "2|3", "author", "1", "slug", "ignored", "shown", "", "price", "")) == false {
		t.Fatal(form.Errors())
	}
	if got := form.Changed(); !slices.Equal(got, []string{"title", "author", "tags", "shown", "price"}) {
		t.Errorf("changed: %v", got)
	}
	if err := form.Save(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys, err := db.Related(&again, "tags").IDs(t.Context())
	if err != nil || len(keys) != 2 {
		t.Errorf("tags %v, %v", keys, err)
	}
	if again.Slug != "hello" || again.AuthorID != 1 || again.Shown != nil || again.Price != nil {
		t.Errorf("got %+v", again)
	}
}

func TestErrorsAreShownAtFields(t *testing.T) {
	t.Parallel()
	db := open(t)
	first := Post{Title: "First", Slug: "taken", Status: "live", Day: time.Now(), AuthorID: 1}
	if err := db.Create(t.Context(), &first); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ name, value, field, want string }{
		"required":        {"title", " ", "title", "fill in"},
		"too long":        {"title", strings.Repeat("x", 21), "title", "at most 20"},
		"slug":            {"slug", "a b", "slug", "letters"},
		"bad choice":      {"status", "gone", "status", "not one of"},
		"overflow":        {"rating", "40000", "rating", "32767 or less"},
		"no such author":  {"author", "99", "author", "not one of"},
		"missing author":  {"author", "", "author", "choose"},
		"no such tag":     {"tags", "1|99", "tags", "not one of"},
		"injected key":    {"author", "1 OR 1=1", "author", "not one of"},
		"date":            {"day", "tomorrow", "day", "like 2026-01-31"},
		"unique":          {"slug", "taken", "slug", "A post with this slug already exists."},
		"clean":           {"title", "hello", "slug", "must differ"},
		"clean elsewhere": {"title", "secret", "", "Secret: This needs a secret."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p Post
			form, err := modelforms.New(t.Context(), db, &p, all...)
			if err != nil {
				t.Fatal(err)
			}
			request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(sent(test.name, test.value).Encode()))
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			saved, err := form.Submit(request)
			if saved || err != nil {
				t.Fatalf("saved %v, error %v", saved, err)
			}
			if got := fmt.Sprint(form.Errors()[test.field]); !strings.Contains(got, test.want) || len(form.Errors()) != 1 {
				t.Errorf("got %v, want %q at %q", form.Errors(), test.want, test.field)
			}
		})
	}
	if n, err := dynamic.From(db, "blog.post").Count(t.Context()); err != nil || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
}

func TestConstraintsAfterValidation(t *testing.T) {
	t.Parallel()
	db := open(t)
	var p Post
	form, err := modelforms.New(t.Context(), db, &p, all...)
	if err != nil {
		t.Fatal(err)
	}
	if !form.ParseValues(sent()) {
		t.Fatal(form.Errors())
	}
	p.AuthorID = 77 // gone in the meantime
	err = form.Save(t.Context())
	if _, ok := errors.AsType[forms.Errors](err); !ok {
		t.Errorf("got %v", err)
	}
	if n, _ := dynamic.From(db, "blog.post").Count(t.Context()); n != 0 {
		t.Error("something was written")
	}
}

func TestKeyInputForManyObjects(t *testing.T) {
	t.Parallel()
	db := open(t)
	var p Post
	form, err := modelforms.NewWithOptions(t.Context(), db, &p, modelforms.Options{Fields: all, ChoiceLimit: 2})
	if err != nil {
		t.Fatal(err)
	}
	if form.HasKeyInput("author") || !form.HasKeyInput("tags") {
		t.Error("want the two authors listed and the three tags by key")
	}
	if form.ParseValues(sent("tags", "1, 9")) || !strings.Contains(form.Errors().Error(), "There is no tag with key 9") {
		t.Error(form.Errors())
	}
	if form.ParseValues(sent("tags", "x")) {
		t.Error("a key that is no number was taken")
	}
	if !form.ParseValues(sent("tags", "1, 3")) {
		t.Fatal(form.Errors())
	}
	if err := form.Save(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys, err := db.Related(&p, "tags").IDs(t.Context())
	if err != nil || len(keys) != 2 {
		t.Errorf("tags %v, %v", keys, err)
	}
}

func TestOptionsChoices(t *testing.T) {
	t.Parallel()
	db := open(t)
	var p Post
	form, err := modelforms.NewWithOptions(t.Context(), db, &p, modelforms.Options{Fields: all, Choices: func(f *orm.Field, q dynamic.Query) dynamic.Query {
		if f.Name == "author" {
			return q.Where("name", "Ann")
		}
		return q
	}})
	if err != nil {
		t.Fatal(err)
	}
	if form.ParseValues(sent("author", "2")) {
		t.Error("an author outside of the choices was taken")
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	db := open(t)
	model, err := db.Model("blog.post")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"titel": `"title"`, "id": "generates", "created_at": "current time"} {
		if err := modelforms.Check(model, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	form, err := modelforms.New(t.Context(), db, &Post{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, field := range form.Fields() {
		names = append(names, field.Name())
	}
	if want := append(slices.Clone(all[:10]), "secret", "live_at", "tags"); !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

func TestTimesUseTheZoneOfTheForm(t *testing.T) {
	t.Parallel()
	db := open(t)
	zone := time.FixedZone("CET", 3600)
	at := time.Date(2026, 1, 31, 23, 30, 0, 0, time.UTC)
	p := Post{LiveAt: &at}
	form, err := modelforms.New(t.Context(), db, &p, "live_at")
	if err != nil {
		t.Fatal(err)
	}
	form.Location = zone
	field, err := form.Field("live_at")
	if err != nil {
		t.Fatal(err)
	}
	if got := field.Value(); got != "2026-02-01T00:30" {
		t.Errorf("shows %s", got)
	}
	if !form.ParseValues(url.Values{"live_at": {"2026-02-01T00:30"}}) || !p.LiveAt.Equal(at) || len(form.Changed()) > 0 {
		t.Errorf("read %v, changed %v, %v", p.LiveAt, form.Changed(), form.Errors())
	}
}
